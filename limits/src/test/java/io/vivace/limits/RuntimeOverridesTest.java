package io.vivace.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.limits.TenantLimits.Global;
import io.vivace.model.TenantId;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeOverridesTest {
  private static final TenantLimits OWN = TenantLimits.DEFAULTS.withGlobal(new Global(1));
  private static final TenantLimits OTHERS = TenantLimits.DEFAULTS.withGlobal(new Global(2));
  private static final TenantId TENANT = new TenantId("t");

  @Test
  void ownEntryBeforeWildcardBeforeDefaults() throws Exception {
    RuntimeOverrides overrides = new RuntimeOverrides(TenantLimits.DEFAULTS);
    assertThat(overrides.forTenant(TENANT)).isSameAs(TenantLimits.DEFAULTS);
    overrides.reload(() -> Map.of("t", OWN, "*", OTHERS));
    assertThat(overrides.forTenant(TENANT)).isSameAs(OWN);
    assertThat(overrides.forTenant(new TenantId("u"))).isSameAs(OTHERS);
    assertThat(overrides.defaults()).isSameAs(TenantLimits.DEFAULTS);
  }

  @Test
  void badFileKeepsTheLastGoodEntries() throws Exception {
    RuntimeOverrides overrides = new RuntimeOverrides(TenantLimits.DEFAULTS);
    overrides.reload(() -> Map.of("t", OWN));
    assertThatThrownBy(() ->
            overrides.reload(() -> {
              throw new IOException("bad");
            }))
        .hasMessage("bad");
    assertThat(overrides.isLastReloadGood()).isFalse();
    assertThat(overrides.forTenant(TENANT)).isSameAs(OWN);
    overrides.reload(Map::of);
    assertThat(overrides.isLastReloadGood()).isTrue();
    assertThat(overrides.forTenant(TENANT)).isSameAs(TenantLimits.DEFAULTS);
  }

  @Test
  void budgetIsNeverExceededAndComesBack() {
    ByteBudget budget = new ByteBudget(10);
    assertThat(budget.tryReserve(6)).isTrue();
    assertThat(budget.tryReserve(5)).isFalse();
    assertThatThrownBy(() -> budget.reserve(5)).hasMessageContaining("try again later");
    assertThatThrownBy(() -> budget.reserve(11)).hasMessageContaining("expected: at most 10");
    budget.release(6);
    budget.reserve(10);
    assertThat(budget.usedBytes()).isEqualTo(10);
  }
}
