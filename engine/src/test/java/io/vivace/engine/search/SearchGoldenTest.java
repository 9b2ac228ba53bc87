package io.vivace.engine.search;

import static io.vivace.engine.search.SpanSpec.search;
import static io.vivace.engine.search.SpanSpec.span;
import static io.vivace.engine.search.SpanSpec.spanIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.engine.MemorySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries over a small data set, with the ids of the spans that must come out.
///
/// Trace 1 is a tree: 1 ─ 2 ─ 3, 1 ─ 4 ─ {5, 6}. Trace 2 has typed attributes, trace 3 events,
/// trace 4 orphans (no root), trace 5 a cycle.
class SearchGoldenTest {
  private static final MemorySource SOURCE = SpanSpec.source("golden", spans());

  private static List<SpanSpec> spans() {
    List<SpanSpec> all = new ArrayList<>();
    all.add(span(1, 1, 0, "web", "root").kind(2).resource("zone", "a").with("depth", 0L));
    all.add(span(1, 2, 1, "api", "left").kind(3).with("depth", 1L).with("flag", true));
    all.add(
        span(1, 3, 2, "db", "query")
            .status(2)
            .with("depth", 2L)
            .with("rows", 10L)
            .with("ratio", 0.5));
    all.add(span(1, 4, 1, "api", "right").with("depth", 1L).with("flag", false));
    all.add(span(1, 5, 4, "db", "query").with("depth", 2L).with("rows", 20L));
    all.add(span(1, 6, 4, "db", "query").status(1).with("depth", 2L).with("rows", 30L));

    all.add(span(2, 11, 0, "types", "t").with("v", "one").resource("zone", "b"));
    all.add(span(2, 12, 11, "types", "t").with("v", 1L).resource("zone", "b"));
    all.add(span(2, 13, 11, "types", "t").with("v", 1.5).resource("zone", "b"));
    all.add(span(2, 14, 11, "types", "t").with("v", true).resource("zone", "b"));
    all.add(span(2, 15, 11, "types", "t").with("v", List.of("red", "green")).resource("zone", "b"));
    all.add(span(2, 16, 11, "types", "t").with("v", List.of(1L, 5L)).resource("zone", "b"));
    all.add(span(2, 17, 11, "types", "t").with("zone", "own").resource("zone", "b"));
    all.add(span(2, 18, 11, "types", "t").with("zone", 7L).resource("zone", "b"));

    all.add(
        span(3, 21, 0, "events", "e")
            .event("first", Map.of("n", 1L, "kind", "x"))
            .event("second", Map.of("n", 2L, "kind", "y")));
    all.add(span(3, 22, 21, "events", "e").event("first", Map.of("n", 2L)));
    all.add(span(3, 23, 21, "events", "none"));

    all.add(span(4, 31, 99, "orphans", "o1"));
    all.add(span(4, 32, 31, "orphans", "o2"));
    all.add(span(4, 33, 32, "orphans", "o3"));
    all.add(span(4, 34, 99, "orphans", "o4"));

    all.add(span(5, 41, 42, "cycle", "c1"));
    all.add(span(5, 42, 41, "cycle", "c2"));
    all.add(span(5, 43, 42, "cycle", "c3"));
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // intrinsics and attributes
        "{ name = \"query\" } | 3 5 6",
        "{ name != \"query\" && resource.service.name = \"db\" } | ",
        "{ name =~ \"q.*\" && span.rows > 10 } | 5 6",
        "{ name =~ \"quer\" } | ",
        "{ name =~ \"c[12]\" } | 41 42",
        "{ name !~ \"[a-zA-Z].+\" } | 11 12 13 14 15 16 17 18 21 22",
        "{ status = error } | 3",
        "{ status != unset } | 3 6",
        "{ kind = server || kind = client } | 1 2",
        "{ statusMessage = \"message 2\" } | 3",
        "{ duration = 3ms } | 3",
        "{ duration > 40ms && duration <= 42ms } | 41 42",
        "{ 40ms < duration && 42ms >= duration } | 41 42",
        "{ duration > 41.5 && duration < 2500000.5 } | 1 2",
        "{ span:id = \"0000000000000003\" } | 3",
        "{ span:id = \"3\" } | ",
        "{ span:parentID = \"0000000000000004\" } | 5 6",
        "{ trace:id = \"1\" && name = \"root\" } | 1",
        "{ rootName = \"root\" && span.depth = 1 } | 2 4",
        "{ rootServiceName = \"web\" && status = error } | 3",
        "{ span:childCount = 2 } | 1 4 21",
        "{ nestedSetParent = -1 } | 1 11 21",
        "{ resource.service.name = \"web\" } | 1",
        "{ resource.service.name = \"nowhere\" } | ",
        "{ instrumentation:name = \"lib\" && span.depth = 0 } | 1",
        "{ instrumentation:version != \"1.2\" } | ",
        // typing
        "{ span.v = \"one\" } | 11",
        "{ span.v = 1 } | 12 16",
        "{ span.v = 1.5 } | 13",
        "{ span.v > 1 } | 16",
        "{ span.v > 1.0 } | 13",
        "{ span.v = true } | 14",
        "{ span.v != true && span.v != nil } | ",
        "{ span.v != \"one\" } | 15",
        "{ span.v = \"green\" } | 15",
        "{ span.v != \"green\" } | 11",
        "{ span.v =~ \"gr.*\" } | 15",
        "{ span.v !~ \"gr.*\" } | 11",
        "{ span.v = 5 || span.v = \"red\" } | 15 16",
        "{ span.v != nil } | 11 12 13 14 15 16",
        "{ span.v = nil && resource.zone = \"b\" } | 17 18",
        "{ span.v >= 1 && span.v < 2 } | 12 16",
        "{ span.v + 0 > 1 } | 13",
        "{ span.v + 0 >= 1 } | 12 13",
        // unscoped: the span's key hides the resource's
        "{ .zone = \"b\" } | 11 12 13 14 15 16",
        "{ .zone = \"own\" || .zone = 7 } | 17 18",
        "{ .zone = nil && resource.service.name = \"types\" } | ",
        "{ .zone != nil && span.zone != nil } | 17 18",
        "{ .service.name = \"web\" } | 1",
        // logic and booleans
        "{ span.flag } | 2",
        "{ !span.flag } | 4",
        "{ span.flag = false } | 4",
        "{ !(span.depth = 1) && resource.service.name = \"api\" } | ",
        "{ !(span.depth = 2) && rootName = \"root\" } | 1 2 4",
        "{ (span.depth = 2) = false && rootName = \"root\" } | 1 2 4",
        "{ span.depth = 0 || span.depth = 1 && span.flag = true } | 2",
        "{ span.flag || span.depth >= 0 } | 2 4",
        "{ span.depth >= 0 || span.flag } | 1 2 3 4 5 6",
        "{ true } | 1 2 3 4 5 6 11 12 13 14 15 16 17 18 21 22 23 31 32 33 34 41 42 43",
        "{ false } | ",
        // arithmetic
        "{ span.rows * 2 = 40 } | 5",
        "{ span.rows / span.depth = 5 } | 3",
        "{ span.depth ^ 3 = 8 && span.rows > 25 } | 6",
        "{ 2 ^ span.depth = 4 && span.rows = 10 } | 3",
        "{ span.rows / (span.depth - span.depth) = 1 } | ",
        "{ -span.rows = -30 } | 6",
        "{ -span.v = -1 } | 12",
        "{ span.ratio * span.rows = 5 } | 3",
        "{ duration / 1000000 = span.rows - 7 } | 3",
        "{ span.rows % 20 = 10 } | 3 6",
        "{ name = rootName } | 1 11 12 13 14 15 16 17 18 21 22",
        // events
        "{ event:name = \"first\" } | 21 22",
        "{ event.n = 2 } | 21 22",
        "{ event:name = \"first\" && event.n = 2 } | 22",
        "{ event:name = \"second\" && event.n = 2 } | 21",
        "{ event.n = 2 && event.kind = \"x\" } | ",
        "{ (event.n = 1 || event.n = 3) && event.kind = \"x\" } | 21",
        "{ event.kind = nil } | 22",
        "{ event.n != 1 } | 21 22",
        "{ event:timeSinceStart > 1us } | 21",
        "{ event.n = 9 || name = \"none\" } | 23",
        "{ event:name = \"first\" || status = error } | 3 21 22",
        // spanset operators
        "{ name = \"left\" } && { name = \"right\" } | 2 4",
        "{ name = \"left\" } && { name = \"nothing\" } | ",
        "{ name = \"left\" } || { name = \"nothing\" } | 2",
        "{ name = \"root\" } > { true } | 2 4",
        "{ name = \"root\" } >> { name = \"query\" } | 3 5 6",
        "{ name = \"right\" } >> { name = \"query\" } | 5 6",
        "{ name = \"query\" } << { true } | 1 2 4",
        "{ name = \"query\" } < { true } | 2 4",
        "{ name = \"left\" } ~ { true } | 4",
        "{ name = \"query\" } ~ { name = \"query\" } | 5 6",
        "{ name = \"left\" } !>> { name = \"query\" } | 5 6",
        "{ name = \"left\" } !> { name = \"query\" } | 5 6",
        "{ name = \"query\" } !<< { span.depth < 2 } | ",
        "{ name = \"left\" } !~ { span.depth = 1 } | 2",
        "{ name = \"left\" } &> { name = \"query\" } | 2 3",
        "{ name = \"root\" } &>> { span.rows > 15 } | 1 5 6",
        "{ name = \"query\" } &< { name = \"right\" } | 4 5 6",
        "{ name = \"query\" } &<< { name = \"root\" } | 1 3 5 6",
        "{ name = \"left\" } &~ { name = \"right\" } | 2 4",
        "{ name = \"root\" } > { name = \"right\" } > { name = \"query\" } | 5 6",
        "{ name = \"nothing\" } !>> { name = \"query\" } | 3 5 6",
        "({ name = \"left\" } || { name = \"right\" }) > { status = error } | 3",
        "({ name = \"query\" } | count() > 2) && ({ name = \"root\" }) | 1 3 5 6",
        // structure without root, by ids
        "{ name = \"o1\" } >> { name =~ \"o.\" } | 32 33",
        "{ name = \"o2\" } > { name =~ \"o.\" } | 33",
        "{ name = \"o3\" } << { name =~ \"o.\" } | 31 32",
        "{ name = \"o1\" } ~ { name =~ \"o.\" } | 34",
        "{ name = \"o1\" } !>> { name =~ \"o.\" } | 31 34",
        "{ name = \"c1\" } >> { name =~ \"c.\" } | 42 43",
        "{ name = \"c3\" } << { name =~ \"c.\" } | 41 42",
        // pipelines
        "{ name = \"query\" } | count() = 3 | 3 5 6",
        "{ name = \"query\" } | count() > 3 | ",
        "{ name = \"query\" } | avg(span.rows) = 20 | 3 5 6",
        "{ name = \"query\" } | sum(span.rows) = 60 | 3 5 6",
        "{ name = \"query\" } | min(span.rows) < 10 | ",
        "{ name = \"query\" } | max(duration) = 6ms | 3 5 6",
        "{ name = \"query\" } | max(duration) > 6ms | ",
        "{ span.rows > 0 } | by(status) | count() = 1 | 3 5 6",
        "{ span.depth >= 0 } | by(span.depth) | count() > 1 | 2 3 4 5 6",
        "{ span.depth >= 0 } | by(span.depth) | count() > 1 | coalesce() | count() = 5 | 2 3 4 5 6",
        "{ span.depth >= 0 } | by(name) | { status = error } | 3",
        "{ name = \"query\" } | { span.rows > 10 } | 5 6",
        "{ name = \"query\" } | select(span.depth) | { span.depth = 2 && span.rows = 30 } | 6",
        "by(span.rows) | count() = 1 | 3 5 6",
        "{ name = \"query\" } | avg(span.nothing) > 0 | ",
        "{ name = \"query\" } | rate() | 3 5 6",
      })
  void findsTheseSpans(String line) {
    int split = line.lastIndexOf('|');
    String query = line.substring(0, split).strip();
    assertThat(spanIds(search(query, SOURCE))).isEqualTo(ids(line.substring(split + 1)));
  }

  private static TreeSet<Long> ids(String text) {
    TreeSet<Long> ids = new TreeSet<>();
    for (String id : text.strip().split(" ")) {
      if (!id.isEmpty()) {
        ids.add(Long.valueOf(id));
      }
    }
    return ids;
  }
}
