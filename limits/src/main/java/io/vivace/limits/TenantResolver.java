package io.vivace.limits;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the tenant of a request from the values of its tenant header (HTTP) or metadata (gRPC).
/// Stateless.
public final class TenantResolver {
  /// The header's name in lower case; names are compared without regard to case.
  public static final String HEADER = "x-scope-orgid";

  private final boolean isMultitenancyEnabled;

  /// @param isMultitenancyEnabled if false, everything belongs to [TenantId#SINGLE_TENANT] and the
  ///   header is ignored
  public TenantResolver(boolean isMultitenancyEnabled) {
    this.isMultitenancyEnabled = isMultitenancyEnabled;
  }

  public boolean isMultitenancyEnabled() {
    return isMultitenancyEnabled;
  }

  /// The one tenant that a request names.
  ///
  /// @param values all values of the header; none if it is absent
  /// @throws RequestException `UNAUTHENTICATED` (`no org id`) without exactly one value,
  ///   `INVALID_ARGUMENT` if it is not a tenant id or names several tenants
  public TenantId resolve(List<String> values) {
    if (!isMultitenancyEnabled) {
      return TenantId.SINGLE_TENANT;
    }
    if (values.size() != 1) {
      throw new RequestException(ErrorCategory.UNAUTHENTICATED, "no org id");
    }
    return parse(values.getFirst());
  }

  private static TenantId parse(String value) {
    TenantId found = null;
    int start = 0;
    while (start <= value.length()) {
      int bar = value.indexOf('|', start);
      int end = bar < 0 ? value.length() : bar;
      found = sameOrFirst(found, new TenantId(withoutMetadata(value.substring(start, end))));
      start = end + 1;
    }
    if (found == null) {
      throw new RequestException(ErrorCategory.UNAUTHENTICATED, "no org id");
    }
    return found;
  }

  private static TenantId sameOrFirst(@Nullable TenantId first, TenantId next) {
    if (first != null && !first.equals(next)) {
      throw new RequestException(ErrorCategory.INVALID_ARGUMENT, "multiple org IDs present");
    }
    return next;
  }

  private static String withoutMetadata(String id) {
    int colon = id.indexOf(':');
    return colon < 0 ? id : id.substring(0, colon);
  }
}
