package io.vivace.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.QueryParams;
import io.vivace.query.MetricsCall;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsParametersTest {
  @ParameterizedTest
  @CsvSource({
    "1700000000, 1700000000000000000",
    "1700000000123456789, 1700000000123456789",
    "1700000000.5, 1700000000500000000",
    "1700000000.1236, 1700000000124000000",
    "2023-11-14T22:13:20Z, 1700000000000000000",
    "2023-11-14T23:13:20.25+01:00, 1700000000250000000"
  })
  void readsTimes(String text, long nanos) {
    MetricsCall call = parse("start=" + text.replace("+", "%2B") + "&end=1700009999");
    assertThat(call.startEpochNanos()).isEqualTo(nanos);
    assertThat(call.endEpochNanos()).isEqualTo(1_700_009_999_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({"15, 15000000000", "0.5, 500000000", "1m30s, 90000000000", "1e1, 10000000000"})
  void readsSteps(String text, long nanos) {
    assertThat(parse("step=" + text).stepNanos()).isEqualTo(nanos);
  }

  @Test
  void readsTheRest() {
    MetricsCall call = parse("q={}&query={false}&since=1d&exemplars=5&maxSeries=9");
    assertThat(call).isEqualTo(new MetricsCall("{}", null, null, Duration.ofDays(1), null, 5, 9));
    assertThat(parse("query={false}&exemplars=many").query()).isEqualTo("{false}");
    assertThat(parse("exemplars=many").exemplars()).isZero();
  }

  @Test
  void namesWhatItCannotRead() {
    assertThatThrownBy(() -> parse("start=yesterday"))
        .hasMessageStartingWith("could not parse 'start' parameter: ");
    assertThatThrownBy(() -> parse("end=99999999999999999999"))
        .hasMessageStartingWith("could not parse 'end' parameter: ");
    assertThatThrownBy(() -> parse("end=1e999999999"))
        .hasMessageStartingWith("could not parse 'end' parameter: ");
    assertThatThrownBy(() -> parse("since=1x"))
        .hasMessageStartingWith("could not parse 'since' parameter: ");
    assertThatThrownBy(() -> parse("step=soon"))
        .hasMessage("cannot parse \"soon\" to a valid duration");
    assertThatThrownBy(() -> parse("step=1e99999999"))
        .hasMessage("cannot parse \"1e99999999\" to a valid duration");
    assertThatThrownBy(() -> parse("step=-1s"))
        .hasMessage("cannot parse \"-1s\": step must be positive");
  }

  private static MetricsCall parse(String query) {
    return MetricsParameters.parse(new Parameters(QueryParams.fromQueryString(query)), false);
  }
}
