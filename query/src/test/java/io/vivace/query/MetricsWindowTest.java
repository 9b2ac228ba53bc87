package io.vivace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.engine.metrics.Intervals;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsWindowTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW_SECONDS = 1_700_000_005;
  private static final Instant NOW = Instant.ofEpochSecond(NOW_SECONDS);
  private static final Duration DAY = Duration.ofHours(24);

  @ParameterizedTest
  @CsvSource({
    "PT0.001S, PT0.05S",
    "PT30S, PT0.1S",
    "PT59S, PT0.2S",
    "PT1M, PT1S",
    "PT4M, PT1S",
    "PT10M, PT2S",
    "PT30M, PT5S",
    "PT1H, PT15S",
    "PT3H, PT45S",
    "PT6H, PT1M",
    "PT12H, PT3M",
    "PT24H, PT5M",
    "PT168H, PT40M"
  })
  void stepIsAHandyPartOfTheRange(Duration range, Duration step) {
    assertThat(MetricsWindow.defaultStep(range.toNanos())).isEqualTo(step.toNanos());
  }

  @Test
  void widensToWholeStepsWithOneMoreInFront() {
    Intervals intervals = range(1_600_000_010L, 1_600_000_292L, 45 * SECOND);
    assertThat(intervals.startEpochNanos()).isEqualTo((1_600_000_010L / 45 - 1) * 45 * SECOND);
    assertThat(intervals.endEpochNanos()).isEqualTo((1_600_000_292L / 45 + 1) * 45 * SECOND);
    assertThat(intervals.timestampMillis(0)).isEqualTo(1_600_000_010L / 45 * 45 * 1000);
  }

  @Test
  void keepsAnAlignedEnd() {
    Intervals intervals = range(1_600_000_020L, 1_600_000_080L, 10 * SECOND);
    assertThat(intervals).isEqualTo(new Intervals(1_600_000_010L * SECOND, 10 * SECOND, 7));
  }

  @Test
  void endsWithTheLastWholeStepBeforeNow() {
    Intervals intervals = range(NOW_SECONDS - 65, NOW_SECONDS + 100, 10 * SECOND);
    assertThat(intervals.endEpochNanos()).isEqualTo(1_700_000_000L * SECOND);
  }

  @Test
  void looksAtTheLastHourByDefault() {
    Intervals intervals = range(null, null, null);
    assertThat(intervals.stepNanos()).isEqualTo(15 * SECOND);
    assertThat(intervals.endEpochNanos()).isEqualTo(NOW_SECONDS / 15 * 15 * SECOND);
    assertThat(intervals.startEpochNanos())
        .isEqualTo(((NOW_SECONDS - 3600) / 15 * 15 - 15) * SECOND);
    MetricsCall call = new MetricsCall("", null, null, Duration.ofMinutes(10), null, 0, 0);
    assertThat(MetricsWindow.range(call, QueryConfig.defaults(), DAY, NOW).count())
        .isBetween(300, 302);
  }

  @Test
  void refusesWhatCannotBeAnswered() {
    assertThatThrownBy(() -> range(100L, 100L, null)).hasMessage("end must be greater than start");
    assertThatThrownBy(() -> range(NOW_SECONDS + 1, NOW_SECONDS + 10, null))
        .hasMessage("query window falls entirely within query_end_cutoff");
    assertThatThrownBy(() -> range(NOW_SECONDS - 90_000, NOW_SECONDS, null))
        .hasMessage("metrics query time range exceeds the maximum allowed duration of 24h0m0s");
    assertThatThrownBy(() -> range(NOW_SECONDS - 1800, NOW_SECONDS, 1_000_000L))
        .hasMessage("step of 1ms is too small, minimum step for given range is 180ms");
    assertThatThrownBy(() -> range(NOW_SECONDS - 1800, NOW_SECONDS, 0L))
        .hasMessage("step of 0s is too small, minimum step for given range is 180ms");
  }

  @Test
  void instantTakesTheRangeAsItIs() {
    MetricsCall call =
        new MetricsCall("", 1_600_000_010L * SECOND + 7, 1_600_000_292L * SECOND, null, null, 0, 0);
    assertThat(MetricsWindow.instant(call, QueryConfig.defaults(), DAY, NOW))
        .isEqualTo(new Intervals(1_600_000_010L * SECOND + 7, 282 * SECOND - 7, 1));
  }

  @Test
  void instantMovesAFutureEndByWholeSeconds() {
    long end = (NOW_SECONDS + 2) * SECOND + 500;
    MetricsCall call = new MetricsCall("", (NOW_SECONDS - 10) * SECOND, end, null, null, 0, 0);
    assertThat(MetricsWindow.instant(call, QueryConfig.defaults(), DAY, NOW).endEpochNanos())
        .isEqualTo((NOW_SECONDS - 1) * SECOND + 500);
  }

  @Test
  void hintsDecideHowManyExemplars() {
    assertThat(MetricsWindow.exemplars(null, 0, 100)).isEqualTo(100);
    assertThat(MetricsWindow.exemplars(null, 7, 100)).isEqualTo(7);
    assertThat(MetricsWindow.exemplars(null, 1000, 100)).isEqualTo(100);
    assertThat(MetricsWindow.exemplars(0L, 50, 100)).isZero();
    assertThat(MetricsWindow.exemplars(20L, 50, 100)).isEqualTo(20);
  }

  private static Intervals range(
      @Nullable Long start, @Nullable Long end, @Nullable Long stepNanos) {
    MetricsCall call =
        new MetricsCall(
            "",
            start == null ? null : start * SECOND,
            end == null ? null : end * SECOND,
            null,
            stepNanos,
            0,
            0);
    return MetricsWindow.range(call, QueryConfig.defaults(), DAY, NOW);
  }
}
