package io.vivace.api.http;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Whose data a query reads: the constant tenant while multitenancy is off, else the header's,
/// which may name several (`a|b`); their data is then read as one. Immutable.
public final class QueryTenants {
  private final boolean isMultitenant;
  private final boolean mayCombine;

  /// @param isMultitenant `multitenancy_enabled`
  /// @param mayCombine `query_frontend.multi_tenant_queries_enabled`
  public QueryTenants(boolean isMultitenant, boolean mayCombine) {
    this.isMultitenant = isMultitenant;
    this.mayCombine = mayCombine;
  }

  /// The tenants of a request, ascending and distinct. Several headers are accepted if they say the
  /// same.
  ///
  /// @param headers values of `X-Scope-OrgID`
  /// @throws RequestException UNAUTHENTICATED without a tenant, INVALID_ARGUMENT for a bad one
  public List<TenantId> of(List<String> headers) {
    if (!isMultitenant) {
      return List.of(TenantId.SINGLE_TENANT);
    }
    String header = headers.isEmpty() ? "" : headers.getFirst();
    if (header.isEmpty() || headers.stream().anyMatch(other -> !other.equals(header))) {
      throw new RequestException(ErrorCategory.UNAUTHENTICATED, "no org id");
    }
    TreeSet<TenantId> tenants = new TreeSet<>();
    for (String name : header.split("\\|", -1)) {
      int metadata = name.indexOf(':');
      tenants.add(new TenantId(metadata < 0 ? name : name.substring(0, metadata)));
    }
    if (tenants.size() > 1 && !mayCombine) {
      throw new RequestException(ErrorCategory.INVALID_ARGUMENT, "multiple org IDs present");
    }
    return new ArrayList<>(tenants);
  }
}
