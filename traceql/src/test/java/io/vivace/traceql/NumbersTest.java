package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.traceql.ast.Numbers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1.5, 1.5",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "123456, 123456",
    "1234567, 1.234567e+06",
    "2.5e-7, 2.5e-07",
    "4.9E-324, 5e-324",
    "9.9E-324, 1e-323",
    "-4.9E-324, -5e-324",
    "1.7976931348623157E308, 1.7976931348623157e+308"
  })
  void writesTheFewestDigits(double value, String expected) {
    assertThat(Numbers.shortest(value)).isEqualTo(expected);
    assertThat(Double.parseDouble(expected)).isEqualTo(value);
  }
}
