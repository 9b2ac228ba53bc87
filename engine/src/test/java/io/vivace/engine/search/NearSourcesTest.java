package io.vivace.engine.search;

import static io.vivace.engine.search.SpanSpec.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.batch.SpanBatch;
import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which sources a search reads, and how much memory it takes for traces in fragments.
class NearSourcesTest {
  private static final long HOURS_AS_MILLIS = 3_600_000;

  /// Counts what is read.
  private static final class Watched implements BatchSource {
    private final BatchSource source;
    private int reads;

    Watched(BatchSource source) {
      this.source = source;
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public TimeRange timeRange() {
      return source.timeRange();
    }

    @Override
    public long traceCount() {
      return source.traceCount();
    }

    @Override
    public int batchCount() {
      return source.batchCount();
    }

    @Override
    public SpanBatch batch(int index) {
      reads++;
      return source.batch(index);
    }

    @Override
    public long sizeBytes() {
      return source.sizeBytes();
    }

    @Override
    public TraceColumns find(List<TraceId> traceIds) {
      reads++;
      return source.find(traceIds);
    }

    @Override
    public boolean mayContain(TraceId traceId) {
      return source.mayContain(traceId);
    }
  }

  /// A span's id is also its start and its duration in milliseconds.
  private static SpanSpec at(long trace, long millis, String name) {
    SpanSpec span = span(trace, millis, 0, "s", name);
    return new SpanSpec(
        trace,
        millis,
        0,
        "s",
        name,
        span.startNanos(),
        1000,
        1,
        0,
        span.resourceAttributes(),
        span.attributes(),
        span.events());
  }

  private static TimeRange millis(long from, long to) {
    return new TimeRange(SpanSpec.BASE + from * 1_000_000L, SpanSpec.BASE + to * 1_000_000L);
  }

  private static SearchRequest request(String query, int limit, TimeRange range) {
    SearchRequest whole = SpanSpec.request(query, limit, 3);
    return new SearchRequest(whole.condition(), range, limit, 3);
  }

  private static List<Long> ids(SearchResult result) {
    List<Long> ids = new ArrayList<>();
    result.traces().forEach(trace -> ids.add(trace.traceId().low()));
    ids.sort(null);
    return ids;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 1000})
  void sourcesFarFromTheRangeAreNotRead(int limit) {
    Watched old = new Watched(SpanSpec.source("old", List.of(at(1, 5, "a"), at(2, 6, "b"))));
    long now = 10 * HOURS_AS_MILLIS;
    Watched recent =
        new Watched(SpanSpec.source("recent", List.of(at(3, now, "a"), at(4, now + 5, "b"))));
    for (String query : List.of("{ name = \"a\" }", "{ name = \"a\" } | count() > 0")) {
      SearchResult found =
          new SearchEngine()
              .search(
                  request(query, limit, millis(now - 1000, now + 1000)),
                  List.of(old, recent),
                  QueryScope.unbounded());
      assertThat(ids(found)).containsExactly(3L);
    }
    assertThat(old.reads).isZero();
    assertThat(recent.reads).isPositive();
  }

  /// Trace 1 matches by a fragment before the range only, 2 by one behind it, 3 reaches over the
  /// range without a span in it, 4 lies before it and 5 behind it altogether.
  @ParameterizedTest
  @ValueSource(ints = {20, 1000})
  void fragmentsOutsideTheRangeCount(int limit) {
    BatchSource before =
        SpanSpec.source("before", List.of(at(1, 10, "a"), at(3, 20, "a"), at(4, 30, "a")));
    BatchSource within =
        SpanSpec.source("within", List.of(at(1, 1000, "b"), at(2, 1100, "b"), at(5, 2500, "a")));
    BatchSource after =
        SpanSpec.source("after", List.of(at(2, 3000, "a"), at(3, 3100, "b"), at(5, 3200, "b")));
    List<BatchSource> sources = List.of(before, within, after);
    for (String query : List.of("{ name = \"a\" }", "{ name = \"a\" } | count() > 0")) {
      QueryScope scope = QueryScope.unbounded();
      SearchResult found =
          new SearchEngine().search(request(query, limit, millis(900, 2000)), sources, scope);
      assertThat(ids(found)).as(query).containsExactly(1L, 2L, 3L);
      assertThat(scope.reservedBytes()).isZero();
    }
  }

  /// More fragments outside the range than are looked up one by one.
  @Test
  void manyFragmentsOutsideTheRange() {
    List<SpanSpec> before = new ArrayList<>();
    for (long trace = 1; trace <= 1000; trace++) {
      before.add(at(trace, trace, "a"));
    }
    List<BatchSource> sources =
        List.of(
            SpanSpec.source("before", before),
            SpanSpec.source("within", List.of(at(7, 2000, "b"), at(900, 2001, "b"))));
    QueryScope scope = QueryScope.unbounded();
    SearchResult found =
        new SearchEngine()
            .search(request("{ name = \"a\" }", 20, millis(1900, 2500)), sources, scope);
    assertThat(ids(found)).containsExactly(7L, 900L);
    assertThat(scope.reservedBytes()).isZero();
  }

  private static List<BatchSource> manySplitTraces(int traces, int spansOfFirst) {
    List<SpanSpec> left = new ArrayList<>();
    List<SpanSpec> right = new ArrayList<>();
    long id = 1;
    for (long trace = 1; trace <= traces; trace++) {
      int spans = trace == 1 ? spansOfFirst : 20;
      for (int i = 0; i < spans; i++, id++) {
        (i % 2 == 0 ? left : right).add(at(trace, id, trace == 1 ? "big" : "n" + i % 2));
      }
    }
    return List.of(SpanSpec.source("left", left), SpanSpec.source("right", right));
  }

  @Test
  void splitTracesAreJoinedInPortionsThatFit() {
    List<BatchSource> sources = manySplitTraces(900, 2);
    long bytes = sources.getFirst().sizeBytes() + sources.getLast().sizeBytes();
    QueryScope scope = QueryScope.of(Duration.ofMinutes(1), bytes / 3);
    SearchResult found =
        new SearchEngine()
            .search(
                SpanSpec.request("{ name = \"n0\" } && { name = \"n1\" }", 100, 1), sources, scope);
    assertThat(found.traces()).hasSize(100);
    assertThat(scope.reservedBytes()).isZero();
  }

  @Test
  void traceTooLargeToJoinFailsOnlyQueriesThatItMayMatch() {
    List<BatchSource> sources = manySplitTraces(40, 20_000);
    long bytes = sources.getFirst().sizeBytes() + sources.getLast().sizeBytes();
    QueryScope scope = QueryScope.of(Duration.ofMinutes(1), bytes);
    SearchResult found =
        new SearchEngine()
            .search(
                SpanSpec.request("{ name = \"n0\" } && { name = \"n1\" }", 1000, 1),
                sources,
                scope);
    assertThat(found.traces()).hasSize(39);
    assertThatThrownBy(() ->
            new SearchEngine()
                .search(
                    SpanSpec.request("{ name = \"big\" } | count() > 2", 1000, 1), sources, scope))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED));
    assertThat(scope.reservedBytes()).isZero();
  }
}
