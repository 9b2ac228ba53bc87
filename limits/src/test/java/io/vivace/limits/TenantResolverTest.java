package io.vivace.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantResolverTest {
  private final TenantResolver resolver = new TenantResolver(true);

  @Test
  void headerIsIgnoredWithoutMultitenancy() {
    assertThat(new TenantResolver(false).resolve(List.of("a", "|")))
        .isEqualTo(TenantId.SINGLE_TENANT);
    assertThat(new TenantResolver(false).resolve(List.of())).isEqualTo(TenantId.SINGLE_TENANT);
  }

  @ParameterizedTest
  @CsvSource({"a,a", "a|a,a", "a:k=v,a", "a:k=v|a,a", "A-z_0.9!*(),A-z_0.9!*()"})
  void findsTheTenant(String header, String tenant) {
    assertThat(resolver.resolve(List.of(header))).isEqualTo(new TenantId(tenant));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a|b; INVALID_ARGUMENT; multiple org IDs present",
        "a/b; INVALID_ARGUMENT; tenant ID 'a/b' contains unsupported character '/'",
        ".; INVALID_ARGUMENT; tenant ID is '.' or '..'",
        "..; INVALID_ARGUMENT; tenant ID is '.' or '..'",
        "''; UNAUTHENTICATED; no org id",
        ":k=v; UNAUTHENTICATED; no org id",
      })
  void refusesOthers(String header, ErrorCategory category, String message) {
    RequestException refused =
        catchThrowableOfType(RequestException.class, () -> resolver.resolve(List.of(header)));
    assertThat(refused).hasMessage(message);
    assertThat(refused.category()).isEqualTo(category);
  }

  @Test
  void exactlyOneValueIsNeeded() {
    for (List<String> values : List.of(List.<String>of(), List.of("a", "a"))) {
      RequestException refused =
          catchThrowableOfType(RequestException.class, () -> resolver.resolve(values));
      assertThat(refused).hasMessage("no org id");
      assertThat(refused.category()).isEqualTo(ErrorCategory.UNAUTHENTICATED);
    }
  }

  @Test
  void lengthIsBounded() {
    assertThat(resolver.resolve(List.of("a".repeat(150))).value()).hasSize(150);
    RequestException refused =
        catchThrowableOfType(
            RequestException.class, () -> resolver.resolve(List.of("a".repeat(151))));
    assertThat(refused).hasMessage("tenant ID is too long: max 150 characters");
  }
}
