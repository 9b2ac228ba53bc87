package io.vivace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0s, 0",
    "1ns, 1",
    "1.5µs, 1500",
    "20ms, 20000000",
    "1.5s, 1500000000",
    "1m0s, 60000000000",
    "168h0m0s, 604800000000000",
    "2h45m0.5s, 9900500000000",
    "-3s, -3000000000"
  })
  void formatsAndParses(String text, long nanos) {
    assertThat(GoDuration.format(nanos)).isEqualTo(text);
    assertThat(GoDuration.parse(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "5", "1x", "s", ".s", "1..5s", "9999999h", "1 s", "1d"})
  void refusesWhatIsNotADuration(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1.5h, 5400000000000", "1h1h, 7200000000000", "0, 0", ".5s, 500000000", "1us, 1000"})
  void parsesOtherSpellings(String text, long nanos) {
    assertThat(GoDuration.parse(text)).isEqualTo(nanos);
  }
}
