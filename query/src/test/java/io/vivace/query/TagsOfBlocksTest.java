package io.vivace.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.block.BlockCache;
import io.vivace.block.BlockId;
import io.vivace.block.BlockMeta;
import io.vivace.block.BlockReader;
import io.vivace.block.BlockWriter;
import io.vivace.block.BlockWriterOptions;
import io.vivace.engine.MemorySource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.tags.Tag;
import io.vivace.engine.tags.TagNames;
import io.vivace.engine.tags.TagScope;
import io.vivace.engine.tags.TagValue;
import io.vivace.engine.tags.TagValues;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.query.StoredData.StoredBlock;
import io.vivace.testkit.objectstore.InMemoryObjectStore;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpTrace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names and values of tags over blocks and recent data.
class TagsOfBlocksTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final long NOW_SECONDS = 1_700_000_000;
  private static final long NANOS = 1_000_000_000;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final List<StoredBlock> blocks = new ArrayList<>();
  private int maxBlocks;

  /// Attributes with columns of their own (`k8s.pod.name`, `http.route`, `http.status_code`) and
  /// generic ones, on many spans so that there are several row groups and batches.
  private static TraceColumns columns(String service, long startSeconds, int traces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (int i = 0; i < traces; i++) {
      OtlpTrace trace = OtlpTrace.trace(Long.toHexString(startSeconds * 1000 + i));
      OtlpResource resource = trace.service(service).attr("k8s.pod.name", service + "-pod");
      long start = startSeconds * NANOS + i;
      resource
          .span(service + "-" + i % 3, start, NANOS)
          .attr("http.route", "/" + service)
          .attr("http.status_code", 200 + i % 2)
          .attr("n" + i % 2, i % 5)
          .attr("list", List.of("a", service))
          .event("ev", start)
          .eventAttr("at", i % 2 == 0);
      byte[] otlp = trace.toTracesData();
      builder.add(trace.id(), otlp, 0, otlp.length);
    }
    return builder.build();
  }

  private void addBlock(TraceColumns columns) throws IOException {
    BlockWriterOptions options =
        BlockWriterOptions.DEFAULT.withRowGroupSizeBytes(20_000).withPageSpanLimit(50);
    BlockMeta meta =
        new BlockWriter(store, options)
            .write(TENANT, BlockId.random(), List.of(columns), TimeRange.ALL);
    blocks.add(
        new StoredBlock(
            UUID.randomUUID(), BlockReader.open(store, meta, new BlockCache(16 << 20))));
  }

  private QueryFrontend frontend(TraceColumns live) {
    RecentData recent =
        new RecentData() {
          @Override
          public View view(TenantId tenant) {
            return new View(List.of(new MemorySource("live", live)), Set.of());
          }

          @Override
          public List<TraceColumns> find(TenantId tenant, TraceId traceId) {
            return List.of();
          }
        };
    TenantQueryLimits limits =
        new TenantQueryLimits() {
          @Override
          public Duration maxSearchDuration(TenantId tenant) {
            return Duration.ZERO;
          }

          @Override
          public long maxBytesPerTrace(TenantId tenant) {
            return 0;
          }

          @Override
          public int maxBlocksPerTagValuesQuery(TenantId tenant) {
            return maxBlocks;
          }
        };
    return new QueryFrontend(
        QueryConfig.defaults(),
        limits,
        recent,
        _ -> blocks,
        InstantSource.fixed(Instant.ofEpochSecond(NOW_SECONDS)));
  }

  private QueryFrontend threeSources() throws IOException {
    addBlock(columns("old", NOW_SECONDS - 600, 300));
    addBlock(columns("mid", NOW_SECONDS - 300, 300));
    return frontend(columns("new", NOW_SECONDS - 10, 20));
  }

  private static List<String> values(QueryFrontend frontend, String tag, String query) {
    TagValuesCall call = new TagValuesCall(Tag.parse(tag), query, 0, 0, null, null, null);
    TagValues found = frontend.tagValues(List.of(TENANT), call, QueryScope.unbounded());
    List<String> texts = new ArrayList<>();
    for (TagValue value : found.values()) {
      texts.add(value.value());
    }
    return texts;
  }

  private static TagNames names(QueryFrontend frontend, String query) {
    TagNamesCall call = new TagNamesCall(TagScope.named("", false), query, 0, 0, null, null, null);
    return frontend.tagNames(List.of(TENANT), call, QueryScope.unbounded());
  }

  @Test
  void namesComeFromAllColumns() throws IOException {
    QueryFrontend frontend = threeSources();
    for (String query : List.of("", "{ resource.service.name = \"old\" }", "{ .list = \"mid\" }")) {
      assertThat(names(frontend, query).byScope().toString())
          .as(query)
          .isEqualTo(
              "{RESOURCE=[k8s.pod.name, service.name], SPAN=[http.route, http.status_code, list, n0,"
                  + " n1], EVENT=[at]}");
    }
    assertThat(names(frontend, "{ name = \"old-0\" && span.n0 = 4 }").byScope().get(TagScope.SPAN))
        .containsExactly("http.route", "http.status_code", "list", "n0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "resource.service.name@@[mid, new, old]",
        "resource.k8s.pod.name@@[mid-pod, new-pod, old-pod]",
        ".http.status_code@@[200, 201]",
        "span.list@@[a, mid, new, old]",
        "event.at@@[false, true]",
        "span.n1@@[0, 1, 2, 3, 4]",
        "name@{ span.http.route = \"/old\" && span.http.status_code = 201 }@[old-0, old-1, old-2]",
        "span.list@{ resource.k8s.pod.name = \"mid-pod\" }@[a, mid]",
        "resource.service.name@{ .n0 = 4 && name =~ \"old.*|new.*\" }@[new, old]",
        "event.at@{ span.n1 != nil }@[false]",
        "rootServiceName@{ name = \"mid-1\" }@[mid]",
        "name@{ rootName = \"new-2\" }@[new-2]"
      })
  void valuesComeFromAllSources(String tag, String query, String expected) throws IOException {
    assertThat(values(threeSources(), tag, query == null ? "" : query).toString())
        .isEqualTo(expected);
  }

  @Test
  void onlyTheNewestBlocksAreAskedIfTheirNumberIsLimited() throws IOException {
    QueryFrontend frontend = threeSources();
    maxBlocks = 1;
    assertThat(values(frontend, "resource.service.name", "")).containsExactly("mid", "new");
    assertThat(names(frontend, "").byScope().get(TagScope.RESOURCE)).hasSize(2);
  }
}
