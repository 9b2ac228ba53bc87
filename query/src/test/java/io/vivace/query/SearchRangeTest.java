package io.vivace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.model.RequestException;
import io.vivace.model.TimeRange;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchRangeTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final long SECOND = 1_000_000_000L;
  private static final QueryConfig CONFIG = QueryConfig.defaults();

  @Test
  void withoutBoundsLooksAtTheLastQuarterOfAnHourAndEverythingNewer() {
    assertThat(resolve(null, null, null))
        .isEqualTo(new TimeRange((1_700_000_000 - 900) * SECOND, Long.MAX_VALUE));
  }

  @Test
  void takesBothBoundsAsTheyAre() {
    assertThat(resolve(1000L, 2000L, null)).isEqualTo(new TimeRange(1000 * SECOND, 2000 * SECOND));
  }

  @Test
  void sinceEndsNow() {
    assertThat(resolve(1L, 2L, Duration.ofHours(1)))
        .isEqualTo(new TimeRange((1_700_000_000 - 3600) * SECOND, 1_700_000_000 * SECOND));
  }

  @Test
  void refusesOneBoundAlone() {
    assertThatThrownBy(() -> resolve(1000L, null, null))
        .hasMessageContaining("only one of start and end provided");
    assertThatThrownBy(() -> resolve(null, 1000L, null))
        .hasMessageContaining("only one of start and end provided");
  }

  @Test
  void refusesAnEndThatIsNotAfterTheStart() {
    assertThatThrownBy(() -> resolve(2000L, 2000L, null))
        .isInstanceOf(RequestException.class)
        .hasMessage("http parameter start must be before end. received start=2000 end=2000");
  }

  @Test
  void refusesALongerRangeThanAllowedInTheWordsThatGrafanaMatches() {
    assertThatThrownBy(() -> resolve(0L, 168L * 3600 + 1, null))
        .hasMessage(
            "range specified by start and end exceeds 168h0m0s. received start=0 end=604801");
  }

  @Test
  void honoursAConfiguredCutoff() {
    QueryConfig config = withCutoff(Duration.ofSeconds(30));
    TimeRange range =
        SearchRange.resolve(
            1_699_999_000L, 1_700_000_100L, null, config, CONFIG.maxSearchDuration(), NOW);
    assertThat(range.endInclusiveEpochNanos()).isEqualTo((1_700_000_000 - 30) * SECOND);
  }

  private static TimeRange resolve(
      @Nullable Long start, @Nullable Long end, @Nullable Duration since) {
    return SearchRange.resolve(start, end, since, CONFIG, CONFIG.maxSearchDuration(), NOW);
  }

  private static QueryConfig withCutoff(Duration cutoff) {
    return new QueryConfig(
        CONFIG.defaultResultLimit(),
        CONFIG.maxResultLimit(),
        CONFIG.defaultSpansPerSpanSet(),
        CONFIG.maxSpansPerSpanSet(),
        CONFIG.maxSearchDuration(),
        CONFIG.queryBackendAfter(),
        cutoff,
        CONFIG.maxQueryExpressionBytes(),
        CONFIG.searchTimeout(),
        CONFIG.traceByIdTimeout(),
        CONFIG.maxConcurrentQueries(),
        CONFIG.maxQueuedQueries(),
        CONFIG.maxBytesPerQuery());
  }
}
