package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.traceql.ast.GoDuration;
import io.vivace.traceql.ast.Numbers;
import io.vivace.traceql.ast.Query;
import io.vivace.traceql.ast.Static;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderingTest {
  @Test
  void randomTreesParseBackToThemselves() {
    for (long seed = 0; seed < 4_000; seed++) {
      Query query = new RandomQueries(seed).query();
      String text = RoundTrip.readable(query.toString());
      assertThat(TraceQl.parse(text)).as("seed %d: %s", seed, text).isEqualTo(query);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "1,1ns",
    "1500,1.5µs",
    "750000,750µs",
    "1500000,1.5ms",
    "1000000000,1s",
    "1500000000,1.5s",
    "60000000000,1m0s",
    "5400000000000,1h30m0s",
    "-15000000,-15ms",
    "3600000000001,1h0m0.000000001s",
    "-9223372036854775808,-2562047h47m16.854775808s"
  })
  void durations(long nanos, String text) {
    assertThat(GoDuration.format(nanos)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "100,100",
    "0.5,0.5",
    "2000000000,2e+09",
    "123456,123456",
    "1234567,1.234567e+06",
    "0.0001,0.0001",
    "0.00001,1e-05",
    "-3,-3",
    "1e300,1e+300",
    "1.5e-7,1.5e-07"
  })
  void numbers(double value, String text) {
    assertThat(Numbers.shortest(value)).isEqualTo(text);
  }

  @Test
  void stringsKeepTheirBytes() {
    Static value =
        TraceQl.parse("{ .a = \"\\x80\\xff\" }").toString().contains("\\x80\\xff")
            ? new Static.StringValue(new byte[] {(byte) 0x80, (byte) 0xff})
            : Static.NIL;
    assertThat(value).hasToString("\"\\x80\\xff\"");
    assertThat(Static.of("a`b\r")).hasToString("\"a`b\\x0d\"");
    assertThat(((Static.StringValue) Static.of("ü")).utf8())
        .isEqualTo("ü".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ } | compare({ span.a })",
        "{ } | compare({ span.a }, 11)",
        "{ } | compare({ span.a }, 10, 1, 2)",
        "{ } | quantile_over_time(duration, 0.9999999)",
        "{ } | quantile_over_time(duration, 0.99999)",
        "{ } | quantile_over_time(duration, 1)",
        "{ } | rate() > 1",
        "{ } | rate() > 1 with(sample=true)"
      })
  void queriesThatDifferLookDifferent(String text) {
    String canonical = TraceQl.parse(text).toString();
    assertThat(TraceQl.parse(canonical)).isEqualTo(TraceQl.parse(text));
    assertThat(TraceQl.parse("{ } | quantile_over_time(duration, 0.99999)").toString())
        .isNotEqualTo(TraceQl.parse("{ } | quantile_over_time(duration, 0.999991)").toString());
  }
}
