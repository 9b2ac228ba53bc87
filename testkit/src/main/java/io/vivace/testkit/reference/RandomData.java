package io.vivace.testkit.reference;

import io.vivace.model.TraceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Makes small, nasty traces.
final class RandomData {
  static final long START_EPOCH_NANOS = 1_700_000_000_000_000_000L;
  static final long SPREAD_NANOS = 600_000_000_000L;

  static final String[] SERVICES = {"web", "api", "db"};
  static final String[] NAMES = {"GET /", "query", "charge", ""};
  static final String[] TEXTS = {"a", "b", "c", "", "A b", "ü"};
  static final long[] INTS = {-1, 0, 1, 2, 100};
  // Sums of these are exact in any order.
  static final double[] REALS = {-1.5, 0.5, 1.0, 2.0, 100.0};
  static final String[] EVENT_NAMES = {"start", "retry", "exception"};

  private final Random random;

  RandomData(long seed) {
    random = new Random(seed * 31 + 7);
  }

  List<RefTrace> traces() {
    Map<TraceId, RefTrace> traces = new LinkedHashMap<>();
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      TraceId id =
          random.nextInt(4) == 0
              ? new TraceId(0, 1L + random.nextInt(1 << 20))
              : new TraceId(random.nextLong(), random.nextLong());
      traces.put(id, trace(id));
    }
    return List.copyOf(traces.values());
  }

  private RefTrace trace(TraceId id) {
    List<RefTrace.Resource> resources = new ArrayList<>();
    List<List<RefTrace.Span>> homes = new ArrayList<>();
    for (int r = random.nextInt(3); r >= 0; r--) {
      List<RefTrace.Scope> scopes = new ArrayList<>();
      for (int s = random.nextInt(2); s >= 0; s--) {
        List<RefTrace.Span> spans = new ArrayList<>();
        homes.add(spans);
        Map<String, Object> attributes = new LinkedHashMap<>();
        maybe(attributes, "team", pick(TEXTS), 2);
        maybe(attributes, "i", pick(INTS), 4);
        scopes.add(
            new RefTrace.Scope(
                pick(new String[] {"lib.a", "lib.b", ""}),
                pick(new String[] {"1", "2.0", ""}),
                attributes,
                spans));
      }
      resources.add(new RefTrace.Resource(resourceAttributes(), scopes));
    }
    fill(homes, 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 8));
    List<RefTrace.Resource> kept = new ArrayList<>();
    for (RefTrace.Resource resource : resources) {
      List<RefTrace.Scope> scopes = new ArrayList<>(resource.scopes());
      scopes.removeIf(scope -> scope.spans().isEmpty());
      if (!scopes.isEmpty()) {
        kept.add(new RefTrace.Resource(resource.attributes(), scopes));
      }
    }
    return new RefTrace(id, kept);
  }

  private Map<String, Object> resourceAttributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("service.name", pick(SERVICES));
    maybe(attributes, "region", pick(TEXTS), 2);
    maybe(attributes, "both", pick(TEXTS), 2);
    maybe(attributes, "i", pick(INTS), 3);
    maybe(attributes, "m", mixed(), 3);
    maybe(attributes, "k8s.pod.name", pick(TEXTS), 3);
    maybe(attributes, "arr", array(), 4);
    return attributes;
  }

  private void fill(List<List<RefTrace.Span>> homes, int count) {
    int shape = random.nextInt(5);
    int sharing = random.nextInt(3) == 0 ? Math.max(1, count / 2) : 1 << 20;
    Set<String> used = new HashSet<>();
    List<Long> ids = new ArrayList<>();
    while (ids.size() < count) {
      long id = 1L + random.nextInt(sharing);
      int kind = random.nextInt(6);
      if (!used.add(id + "/" + kind)) {
        // At most six spans can share an id; widen the choice.
        sharing++;
        continue;
      }
      ids.add(id);
      String parent = parent(shape, ids);
      boolean root = parent.isEmpty();
      homes
          .get(root ? 0 : random.nextInt(homes.size()))
          .add(span(hex(id), parent, kind, root ? "root" : pick(NAMES)));
    }
  }

  private static String hex(long id) {
    return String.format("%016x", id * 0x9E3779B97F4A7C15L);
  }

  /// Shape 0, 1: a tree; 2: several roots and orphans; 3: no root; 4: anything, cycles too.
  private String parent(int shape, List<Long> ids) {
    int count = ids.size();
    String earlier = count == 1 ? "" : hex(ids.get(random.nextInt(count - 1)));
    return switch (shape) {
      case 0, 1 -> earlier;
      case 2 -> random.nextInt(5) == 0 ? "" : random.nextInt(5) == 0 ? hex(5_000_000) : earlier;
      case 3 -> count == 1 ? hex(5_000_000) : earlier;
      default -> random.nextInt(8) == 0 ? "" : hex(1 + random.nextInt(Math.max(3, count)));
    };
  }

  private RefTrace.Span span(String id, String parent, int kind, String name) {
    long start = START_EPOCH_NANOS + Math.floorMod(random.nextLong(), SPREAD_NANOS);
    long duration =
        switch (random.nextInt(6)) {
          case 0 -> 0;
          case 1 -> 1_000_000L * random.nextInt(5);
          case 2 -> 1L << random.nextInt(33);
          default -> random.nextInt(2_000_000_000);
        };
    List<RefTrace.Event> events = new ArrayList<>();
    for (int i = random.nextInt(8) - 4; i > 0; i--) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      maybe(attributes, "e", pick(TEXTS), 1);
      maybe(attributes, "i", pick(INTS), 1);
      maybe(attributes, "m", mixed(), 3);
      events.add(
          new RefTrace.Event(
              start + random.nextInt(3_000_000) - 1_000_000, pick(EVENT_NAMES), attributes));
    }
    List<RefTrace.Link> links = new ArrayList<>();
    for (int i = random.nextInt(8) - 5; i > 0; i--) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      maybe(attributes, "l", pick(TEXTS), 1);
      maybe(attributes, "i", pick(INTS), 2);
      links.add(
          new RefTrace.Link(
              String.format("%032x", 1 + random.nextInt(3)),
              hex(1 + random.nextInt(5)),
              attributes));
    }
    return new RefTrace.Span(
        id,
        parent,
        name,
        kind,
        random.nextInt(3),
        random.nextInt(3) == 0 ? pick(TEXTS) : "",
        "",
        start,
        start + duration,
        spanAttributes(),
        events,
        links);
  }

  private Map<String, Object> spanAttributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    maybe(attributes, "s", pick(TEXTS), 1);
    maybe(attributes, "i", pick(INTS), 1);
    maybe(attributes, "f", pick(REALS), 1);
    maybe(attributes, "b", random.nextBoolean(), 1);
    maybe(attributes, "both", pick(TEXTS), 2);
    maybe(attributes, "m", mixed(), 1);
    maybe(attributes, "arr", array(), 2);
    maybe(attributes, "http.status_code", random.nextInt(5) == 0 ? "200" : (Object) 200L, 2);
    maybe(attributes, "http.method", random.nextInt(5) == 0 ? (Object) 7L : "GET", 3);
    return attributes;
  }

  private void maybe(Map<String, Object> attributes, String key, Object value, int rarity) {
    if (random.nextInt(rarity + 1) == 0) {
      attributes.put(key, value);
    }
  }

  private Object mixed() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> pick(TEXTS);
      case 2, 3 -> pick(INTS);
      case 4 -> pick(REALS);
      case 5 -> random.nextBoolean();
      case 6 -> array();
      default -> Map.of("inner", "a");
    };
  }

  private Object array() {
    List<Object> elements = new ArrayList<>();
    int type = random.nextInt(5);
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(
          switch (type) {
            case 0 -> pick(TEXTS);
            case 1 -> (Object) pick(INTS);
            case 2 -> pick(REALS);
            case 3 -> random.nextBoolean();
            default -> i % 2 == 0 ? pick(TEXTS) : (Object) pick(INTS);
          });
    }
    return elements;
  }

  private String pick(String[] values) {
    return values[random.nextInt(values.length)];
  }

  private Long pick(long[] values) {
    return values[random.nextInt(values.length)];
  }

  private Double pick(double[] values) {
    return values[random.nextInt(values.length)];
  }
}
