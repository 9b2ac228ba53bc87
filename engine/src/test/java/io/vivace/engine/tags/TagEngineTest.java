package io.vivace.engine.tags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.batch.TraceColumns;
import io.vivace.batch.TraceColumnsBuilder;
import io.vivace.engine.BatchSource;
import io.vivace.engine.MemorySource;
import io.vivace.engine.QueryScope;
import io.vivace.model.RequestException;
import io.vivace.model.TimeRange;
import io.vivace.testkit.otlp.OtlpResource;
import io.vivace.testkit.otlp.OtlpSpan;
import io.vivace.testkit.otlp.OtlpTrace;
import io.vivace.traceql.ConditionGroups;
import io.vivace.traceql.TraceQl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagEngineTest {
  private static final long START = 1_700_000_000_000_000_000L;
  private static final long MILLI = 1_000_000;

  private final TagEngine engine = new TagEngine();

  /// A shop (`front`, with a child in `cart`), a job without service name, and a trace whose root
  /// is missing.
  private static List<OtlpTrace> traces() {
    OtlpTrace shop = OtlpTrace.trace("a1");
    OtlpResource front = shop.service("front").attr("zone", "eu").scope("lib.http", "1.2");
    front.scopeAttr("lang", "java");
    OtlpSpan get =
        front.span("GET /", START, 9 * MILLI).kind(OtlpSpan.SERVER).attr("http.route", "/");
    get.attr("zone", "span-zone").attr("v", "text").event("cache.miss", START + 5);
    get.eventAttr("cache.key", "k1").link(new byte[16], new byte[8]).linkAttr("why", "batch");
    OtlpResource cart = shop.service("cart").attr("zone", "us");
    get.child(cart, "load", START + MILLI, 2 * MILLI).attr("v", 7).attr("rows", 3).error("boom");
    get.child(cart, "save", START + MILLI, 2 * MILLI).attr("v", 1.0).attr("flag", true);

    OtlpTrace job = OtlpTrace.trace("b2");
    OtlpSpan run = job.resource().attr("host", "h1").span("run", START + 60_000 * MILLI, MILLI);
    run.attr("v", List.of("red", "green")).attr("rows", List.of(3, 4)).attr("ratio", 1e-9);
    run.attr("blob", new byte[] {1}).attr("none", List.of());

    OtlpTrace orphan = OtlpTrace.trace("c3");
    orphan.service("late").span("tail", START + 1, MILLI).parent(77).attr("v", false);
    return List.of(shop, job, orphan);
  }

  private static TraceColumns columns(List<OtlpTrace> traces) {
    TraceColumnsBuilder builder = new TraceColumnsBuilder();
    for (OtlpTrace trace : traces) {
      byte[] otlp = trace.toTracesData();
      builder.add(trace.id(), otlp, 0, otlp.length);
    }
    return builder.build();
  }

  /// The same data as one source, as one that shows less, and with a source for each trace.
  private static List<List<BatchSource>> layouts() {
    TraceColumns all = columns(traces());
    List<BatchSource> each = new ArrayList<>();
    for (OtlpTrace trace : traces()) {
      each.add(new MemorySource(trace.id().toHex(), columns(List.of(trace))));
    }
    return List.of(
        List.of(new MemorySource("all", all)), List.of(new PlainBatch.Source("plain", all)), each);
  }

  private static ConditionGroups groups(String query) {
    return TraceQl.compileLenient(query)
        .map(it -> ConditionGroups.of(it, 100))
        .orElse(ConditionGroups.ALL);
  }

  private TagNames names(List<BatchSource> sources, String word, String query, TagLimits limits) {
    return engine.names(
        new TagNamesRequest(TagScope.named(word, false), groups(query), TimeRange.ALL, limits),
        sources,
        QueryScope.unbounded());
  }

  private static Map<String, List<String>> byLabel(TagNames names) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    names.byScope().forEach((scope, list) -> labels.put(scope.label(), list));
    return labels;
  }

  private List<String> values(List<BatchSource> sources, Tag tag, String query, TagLimits limits) {
    TagValues found =
        engine.values(
            new TagValuesRequest(tag, groups(query), TimeRange.ALL, limits),
            sources,
            QueryScope.unbounded());
    List<String> texts = new ArrayList<>();
    for (TagValue value : found.values()) {
      texts.add(value.type().label() + ":" + value.value());
    }
    return texts;
  }

  @Test
  void listsTheKeysOfEveryScope() {
    for (List<BatchSource> sources : layouts()) {
      assertThat(byLabel(names(sources, "", "", TagLimits.NONE)))
          .isEqualTo(
              Map.of(
                  "resource", List.of("host", "service.name", "zone"),
                  "span",
                      List.of("blob", "flag", "http.route", "none", "ratio", "rows", "v", "zone"),
                  "event", List.of("cache.key"),
                  "link", List.of("why"),
                  "instrumentation", List.of("lang")));
      assertThat(byLabel(names(sources, "span", "", TagLimits.NONE))).containsOnlyKeys("span");
      assertThat(names(sources, "trace", "", TagLimits.NONE).byScope()).isEmpty();
    }
  }

  @Test
  void listsTheFixedIntrinsics() {
    TagNames names = names(layouts().getFirst(), "intrinsic", "", TagLimits.NONE);
    assertThat(names.byScope().get(TagScope.INTRINSIC))
        .hasSize(25)
        .isSorted()
        .contains("duration", "span:kind", "traceDuration");
    assertThat(TagScope.named("none", true)).contains(TagScope.INTRINSIC);
    assertThatThrownBy(() -> TagScope.named("spann", true)).hasMessage("invalid scope: spann");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{ name = \"GET /\" }@{resource=[service.name, zone], span=[http.route, v, zone],"
            + " event=[cache.key], link=[why], instrumentation=[lang]}",
        "{ resource.service.name = \"cart\" }@{resource=[service.name, zone], span=[flag, rows, v]}",
        "{ .zone = \"us\" && span.rows = 3 }@{resource=[service.name, zone], span=[rows, v]}",
        "{ name = \"run\" }@{resource=[host], span=[blob, none, ratio, rows, v]}",
        "{ name = \"tail\" || span.flag }@{resource=[host, service.name, zone], span=[blob, flag,"
            + " http.route, none, ratio, rows, v, zone], event=[cache.key], link=[why],"
            + " instrumentation=[lang]}",
        "{ name = \"tail\" || span.flag = true }@{resource=[service.name, zone], span=[flag, v]}",
        "{ name = \"nowhere\" }@{}"
      })
  void filterKeepsTheKeysOfMatchingSpans(String query, String expected) {
    for (List<BatchSource> sources : layouts()) {
      assertThat(byLabel(names(sources, "", query, TagLimits.NONE)).toString()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "span.v@[bool:false, float:1.0, int:7, string:green, string:red, string:text]",
        "span.rows@[int:3, int:4]",
        "span.ratio@[float:1e-09]",
        "span.blob@[]",
        "span.none@[]",
        "span.unknown@[]",
        ".zone@[string:eu, string:span-zone, string:us]",
        "resource.zone@[string:eu, string:us]",
        "resource.service.name@[string:, string:cart, string:front, string:late]",
        "event.cache.key@[string:k1]",
        "link.why@[string:batch]",
        "instrumentation.lang@[string:java]",
        "instrumentation:name@[string:, string:lib.http]",
        "name@[string:GET /, string:load, string:run, string:save, string:tail]",
        "event:name@[string:cache.miss]",
        "statusMessage@[string:, string:boom]",
        "rootName@[string:, string:GET /, string:run]",
        "status@[keyword:error, keyword:ok, keyword:unset]",
        "span:kind@[keyword:client, keyword:consumer, keyword:internal, keyword:producer,"
            + " keyword:server, keyword:unspecified]",
        "duration@[]",
        "trace:id@[]",
        "nestedSetLeft@[]",
        "parent.x@[]"
      })
  void listsValues(String tag, String expected) {
    for (List<BatchSource> sources : layouts()) {
      assertThat(values(sources, Tag.parse(tag), "", TagLimits.NONE).toString())
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "name@{ resource.service.name = \"cart\" }@[string:load, string:save]",
        "name@{ .zone = \"us\" }@[string:load, string:save]",
        "name@{ .zone = \"us\" && .v = 7 }@[string:load]",
        "name@{ span.v = 7 || span.v = false }@[string:load, string:tail]",
        "resource.zone@{ name = \"GET /\" }@[string:eu]",
        "event:name@{ kind = server }@[string:cache.miss]",
        "event:name@{ kind = client }@[]",
        "span.v@{ span.v = \"no such\" }@[string:no such]",
        "span.v@{ 5 = span.v }@[int:5]",
        "span.v@{ span.v = 10ms }@[duration:10ms]",
        "span.v@{ name = \"tail\" || span.v = 2 }@[bool:false, int:2]",
        "span.v@{ .v = 7 }@[int:7]",
        "status@{ status = ok }@[keyword:error, keyword:ok, keyword:unset]",
        "name@{ name = }@[string:GET /, string:load, string:run, string:save, string:tail]",
        "name@{ span.flag = true && name = @[string:save]",
        "name@{ span.flag = true } && { name = \"x\" }@[string:GET /, string:load, string:run,"
            + " string:save, string:tail]",
        "name@{ span.flag != nil } | count() > 9@[string:save]",
        "name@{ event:name = \"cache.miss\" && link.why = \"batch\" }@[string:GET /]",
        "name@{ !(resource.zone = \"us\") && resource.zone != nil }@[string:GET /]"
      })
  void filterKeepsTheValuesOfMatchingSpans(String tag, String query, String expected) {
    for (List<BatchSource> sources : layouts()) {
      assertThat(values(sources, Tag.parse(tag), query, TagLimits.NONE).toString())
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "name@{ rootName = \"GET /\" }@[string:GET /, string:load, string:save]",
        "span.rows@{ rootServiceName = \"front\" && span.rows != nil }@[int:3]",
        "rootName@@[string:GET /, string:run]",
        "rootServiceName@{ name = \"load\" }@[string:front]"
      })
  void tracesInSeveralSourcesCountAsWhole(String tag, String query, String expected) {
    OtlpTrace head = OtlpTrace.trace("a1");
    OtlpSpan root = head.service("front").span("GET /", START, 9 * MILLI).id(1);
    OtlpTrace tail = OtlpTrace.trace("a1");
    OtlpResource cart = tail.service("cart");
    cart.span("load", START + 1, MILLI).id(2).parent(root.spanId()).attr("rows", 3);
    cart.span("save", START + 2, MILLI).id(3).parent(root.spanId());
    OtlpTrace other = OtlpTrace.trace("b2");
    other.service("jobs").span("run", START, MILLI).attr("rows", 4);
    List<BatchSource> sources =
        List.of(
            new PlainBatch.Source("one", columns(List.of(head))),
            new MemorySource("two", columns(List.of(tail, other))));
    assertThat(
            values(sources, Tag.parse(tag), query == null ? "" : query, TagLimits.NONE).toString())
        .isEqualTo(expected);
  }

  @Test
  void plainNamesOfTheOlderApi() {
    List<BatchSource> sources = layouts().getFirst();
    assertThat(values(sources, Tag.ofPlainName("zone"), "", TagLimits.NONE))
        .containsExactly("string:eu", "string:span-zone", "string:us");
    assertThat(values(sources, Tag.ofPlainName("root.name"), "", TagLimits.NONE))
        .containsExactly("string:", "string:GET /", "string:run");
    assertThat(values(sources, Tag.ofPlainName("status.code"), "", TagLimits.NONE))
        .containsExactly("keyword:error", "keyword:ok", "keyword:unset");
    assertThat(values(sources, Tag.ofPlainName("error"), "", TagLimits.NONE))
        .containsExactly("bool:true");
    assertThatThrownBy(() -> Tag.ofPlainName("")).hasMessage("please provide a non-empty tagName");
  }

  @ParameterizedTest
  @ValueSource(strings = {"service.name", "5", ".a = 1", "span.", ".a} | {.b"})
  void refusesWhatIsNoTag(String name) {
    assertThatThrownBy(() -> Tag.parse(name))
        .isInstanceOf(RequestException.class)
        .hasMessageStartingWith(
            "please provide a valid tagName: failed to parse identifier " + name + ": ");
  }

  @Test
  void leavesOutSourcesOutsideTheTimeRange() {
    List<BatchSource> each = layouts().getLast();
    TagValues found =
        engine.values(
            new TagValuesRequest(
                Tag.parse("name"),
                ConditionGroups.ALL,
                new TimeRange(START + 1000 * MILLI, Long.MAX_VALUE),
                TagLimits.NONE),
            each,
            QueryScope.unbounded());
    assertThat(found.values()).containsExactly(new TagValue(TagValue.Type.STRING, "run"));
    assertThat(found.inspectedBytes()).isEqualTo(each.get(1).sizeBytes());
  }

  @Test
  void limitsEndCollecting() {
    List<BatchSource> sources = layouts().getFirst();
    Tag name = Tag.parse("name");
    assertThat(values(sources, name, "", new TagLimits(2, 0, 0))).hasSize(2);
    // The type's word counts too: "string" and "GET /" are 11 bytes.
    assertThat(values(sources, name, "", new TagLimits(0, 0, 10))).isEmpty();
    assertThat(values(sources, name, "", new TagLimits(0, 0, 22))).hasSizeBetween(1, 2);
    TagNames names = names(sources, "", "", new TagLimits(2, 0, 0));
    assertThat(names.byScope().get(TagScope.SPAN)).containsExactly("blob", "flag");
    assertThat(names.byScope().get(TagScope.RESOURCE)).containsExactly("host", "service.name");
    int bytes = 0;
    for (List<String> list : names(sources, "", "", new TagLimits(0, 0, 30)).byScope().values()) {
      for (String key : list) {
        bytes += key.length();
      }
    }
    assertThat(bytes).isBetween(15, 30);
  }

  @Test
  void staleEntriesEndCollecting() {
    // The newest source knows only `run`; the second is the shop with three names; then nothing
    // new.
    List<BatchSource> sources = new ArrayList<>(layouts().getLast());
    sources.add(new MemorySource("again", columns(List.of(traces().get(1)))));
    assertThat(values(sources, Tag.parse("name"), "", new TagLimits(0, 1, 0)))
        .containsExactly("string:run");
    assertThat(values(sources, Tag.parse("name"), "", new TagLimits(0, 2, 0))).hasSize(5);
  }

  @Test
  void namesAreFoundWithoutReadingValues() {
    PlainBatch.Source source = new PlainBatch.Source("plain", columns(traces()));
    names(List.of(source), "", "", TagLimits.NONE);
    assertThat(source.plain().readKeys()).isEmpty();
    names(List.of(source), "", "{ span.v = 7 }", TagLimits.NONE);
    assertThat(source.plain().readKeys()).containsExactly("v");
  }

  @Test
  void manyValuesStayWithinTheMemoryOfTheQuery() {
    OtlpTrace trace = OtlpTrace.trace("a1");
    OtlpResource resource = trace.service("s");
    for (int i = 0; i < 20_000; i++) {
      resource.span("span-" + i, START + i, 1).attr("n", i).attr("d", i + 0.5);
    }
    List<BatchSource> sources = List.of(new MemorySource("m", columns(List.of(trace))));
    assertThat(values(sources, Tag.parse("span.n"), "", TagLimits.NONE)).hasSize(20_000);
    assertThat(values(sources, Tag.parse("span.d"), "", TagLimits.NONE)).hasSize(20_000);
    assertThat(values(sources, Tag.parse("name"), "", new TagLimits(0, 0, 100_000)))
        .hasSizeBetween(6000, 8000);
    QueryScope small = QueryScope.of(Duration.ofMinutes(1), 100_000);
    TagValuesRequest request =
        new TagValuesRequest(Tag.parse("name"), ConditionGroups.ALL, TimeRange.ALL, TagLimits.NONE);
    assertThatThrownBy(() -> engine.values(request, sources, small))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("100000 bytes");
    assertThat(small.reservedBytes()).isZero();
  }
}
