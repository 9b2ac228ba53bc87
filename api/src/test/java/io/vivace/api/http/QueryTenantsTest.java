package io.vivace.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryTenantsTest {
  private final QueryTenants tenants = new QueryTenants(true, true);

  @Test
  void ignoresTheHeaderWhileMultitenancyIsOff() {
    assertThat(new QueryTenants(false, true).of(List.of("a")))
        .containsExactly(TenantId.SINGLE_TENANT);
  }

  @Test
  void readsSeveralTenantsSortedAndOnce() {
    assertThat(tenants.of(List.of("b|a|b:env=x")))
        .containsExactly(new TenantId("a"), new TenantId("b"));
  }

  @Test
  void acceptsEqualHeadersAndRefusesDifferentOnes() {
    assertThat(tenants.of(List.of("a", "a"))).containsExactly(new TenantId("a"));
    assertThatThrownBy(() -> tenants.of(List.of("a", "b"))).hasMessage("no org id");
  }

  @Test
  void refusesAMissingOrBadTenant() {
    assertThatThrownBy(() -> tenants.of(List.of())).hasMessage("no org id");
    assertThatThrownBy(() -> tenants.of(List.of("a/b")))
        .hasMessage("tenant ID 'a/b' contains unsupported character '/'");
    assertThatThrownBy(() -> tenants.of(List.of(".."))).hasMessage("tenant ID is '.' or '..'");
    assertThatThrownBy(() -> new QueryTenants(true, false).of(List.of("a|b")))
        .hasMessage("multiple org IDs present");
  }
}
