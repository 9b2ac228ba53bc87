package io.vivace.query;

import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.traceql.ConditionGroups;
import io.vivace.traceql.TraceQl;
import io.vivace.traceql.ast.Query;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What tag requests make of their filter and of the overrides of several tenants.
final class TagFilters {
  private TagFilters() {}

  /// The alternatives that the text names; editors send it while it is being typed, so that what
  /// cannot be read or used filters nothing.
  ///
  /// @throws RequestException INVALID_ARGUMENT if there are more than `maxGroups`
  static ConditionGroups read(@Nullable String text, int maxGroups) {
    if (text == null) {
      return ConditionGroups.ALL;
    }
    Optional<Query> query = TraceQl.compileLenient(text);
    return query.isPresent() ? ConditionGroups.of(query.get(), maxGroups) : ConditionGroups.ALL;
  }

  /// The largest bound of the tenants, 0 standing for none.
  static long maxBytes(List<TenantId> tenants, TenantQueryLimits limits) {
    long max = 0;
    for (TenantId tenant : tenants) {
      long own = limits.maxBytesPerTagValuesQuery(tenant);
      if (own == 0) {
        return 0;
      }
      max = Math.max(max, own);
    }
    return max;
  }
}
