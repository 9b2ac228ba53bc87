package io.vivace.batch;

import io.vivace.model.TraceId;
import io.vivace.model.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts the fragments of one trace, as several sources hold them, together into the OTLP message
/// that a client gets.
///
/// A span that an earlier fragment has, by (span id, kind), is left out. Spans of a server that
/// share the id of the calling client's span, as Zipkin's do, get an id of their own. Only when
/// more than one fragment has spans to give, spans are sorted by (start, span id), groups by their
/// first span, events and links too; groups are not merged.
public final class TraceAssembler {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;

  private TraceAssembler() {}

  /// An assembled trace.
  ///
  /// @param otlp a `TracesData` message
  /// @param spanCount spans in it
  /// @param truncated true if spans are missing because the limit was reached
  public record Assembled(byte[] otlp, int spanCount, boolean truncated) {}

  /// The row of trace `id` in `columns`, or -1.
  public static int find(TraceColumns columns, TraceId id) {
    long[] high = columns.traceIdsHigh();
    long[] low = columns.traceIdsLow();
    int from = 0;
    int to = columns.count(Level.TRACE) - 1;
    while (from <= to) {
      int middle = from + to >>> 1;
      int order = Long.compareUnsigned(high[middle], id.high());
      if (order == 0) {
        order = Long.compareUnsigned(low[middle], id.low());
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }

  /// The trace as a message, or null if no part has it.
  public static byte @Nullable [] assemble(List<TraceColumns> parts, TraceId id) {
    Assembled assembled = assemble(parts, id, Long.MAX_VALUE);
    return assembled == null ? null : assembled.otlp();
  }

  /// The trace as a message of about `maxBytes` at most (the span that passes the limit is the last
  /// one), or null if no part has it. Parts may hold other traces too; of equal spans the first
  /// part's counts.
  public static @Nullable Assembled assemble(List<TraceColumns> parts, TraceId id, long maxBytes) {
    List<Group> groups = new ArrayList<>();
    SeenSpans seen = new SeenSpans();
    int sources = 0;
    int found = 0;
    for (TraceColumns part : parts) {
      int row = find(part, id);
      if (row >= 0) {
        found++;
        sources += collect(part, row, found, groups, seen) ? 1 : 0;
      }
    }
    if (found == 0) {
      return null;
    }
    boolean sorted = sources > 1;
    if (sorted) {
      sort(groups);
    }
    Shared shared = Shared.find(groups, seen);
    return write(groups, id, shared, sorted, maxBytes);
  }

  /// The spans of one resource and scope that one part gives.
  private record Scope(TraceColumns part, int row, int[] spans) {
    long start(int i) {
      return part.longs(LongField.SPAN_START)[spans[i]];
    }
  }

  private record Group(TraceColumns part, int row, List<Scope> scopes) {}

  private static boolean collect(
      TraceColumns part, int trace, int number, List<Group> groups, SeenSpans seen) {
    boolean any = false;
    int[] resources = part.offsets(Level.RESOURCE);
    int[] scopes = part.offsets(Level.SCOPE);
    int[] spans = part.offsets(Level.SPAN);
    for (int r = resources[trace]; r < resources[trace + 1]; r++) {
      List<Scope> kept = new ArrayList<>();
      for (int s = scopes[r]; s < scopes[r + 1]; s++) {
        IntArray rows = new IntArray(Math.max(1, spans[s + 1] - spans[s]));
        for (int i = spans[s]; i < spans[s + 1]; i++) {
          if (seen.add(key(part, i), length(part, i), kind(part, i), number) == number) {
            rows.add(i);
          }
        }
        if (rows.size > 0) {
          kept.add(new Scope(part, s, rows.toArray()));
        }
      }
      if (!kept.isEmpty()) {
        groups.add(new Group(part, r, kept));
        any = true;
      }
    }
    return any;
  }

  private static long key(TraceColumns part, int span) {
    BytesColumn ids = part.bytes(BytesField.SPAN_ID);
    return ByteStrings.key(ids.data(), ids.offsets()[span], ids.length(span));
  }

  private static int length(TraceColumns part, int span) {
    return part.bytes(BytesField.SPAN_ID).length(span);
  }

  private static int kind(TraceColumns part, int span) {
    return part.ints(IntField.SPAN_KIND)[span];
  }

  private static void sort(List<Group> groups) {
    for (Group group : groups) {
      for (Scope scope : group.scopes()) {
        TraceColumns part = scope.part();
        int[] rows = scope.spans();
        IndexSort.sort(rows, 0, rows.length, (a, b) -> compare(part, a, part, b));
      }
      group.scopes().sort(TraceAssembler::compareFirst);
    }
    groups.sort((a, b) -> compareFirst(a.scopes().getFirst(), b.scopes().getFirst()));
  }

  private static int compareFirst(Scope a, Scope b) {
    return compare(a.part(), a.spans()[0], b.part(), b.spans()[0]);
  }

  private static int compare(TraceColumns partA, int a, TraceColumns partB, int b) {
    int byStart =
        Long.compareUnsigned(
            partA.longs(LongField.SPAN_START)[a], partB.longs(LongField.SPAN_START)[b]);
    if (byStart != 0) {
      return byStart;
    }
    BytesColumn idsA = partA.bytes(BytesField.SPAN_ID);
    BytesColumn idsB = partB.bytes(BytesField.SPAN_ID);
    return Arrays.compareUnsigned(
        idsA.data(),
        idsA.offsets()[a],
        idsA.offsets()[a + 1],
        idsB.data(),
        idsB.offsets()[b],
        idsB.offsets()[b + 1]);
  }

  private static Assembled write(
      List<Group> groups, TraceId id, Shared shared, boolean sorted, long maxBytes) {
    ProtoWriter out = new ProtoWriter(4096);
    byte[] traceId = id.toBytes();
    int spanCount = 0;
    boolean truncated = false;
    for (int g = 0; g < groups.size() && !truncated; g++) {
      Group group = groups.get(g);
      SpanWriter writer = new SpanWriter(group.part(), out);
      int resourceMark = writer.beginResource(group.row());
      for (int s = 0; s < group.scopes().size() && !truncated; s++) {
        Scope scope = group.scopes().get(s);
        int scopeMark = writer.beginScope(scope.row());
        for (int row : scope.spans()) {
          if (out.size() > maxBytes) {
            truncated = true;
            break;
          }
          byte[] newId = shared.newId(group.part(), row);
          writer.span(row, traceId, newId, shared.newParent(group.part(), row, newId), sorted);
          spanCount++;
        }
        out.endMessage(scopeMark);
      }
      out.endMessage(resourceMark);
    }
    return new Assembled(out.toByteArray(), spanCount, truncated || out.size() > maxBytes);
  }

  /// Server spans that share their id with the client's span, and the ids that they get.
  private record Shared(Map<Long, Long> newIds) {
    static Shared find(List<Group> groups, SeenSpans seen) {
      List<Long> shared = new ArrayList<>();
      Set<Long> done = new HashSet<>();
      for (Group group : groups) {
        for (Scope scope : group.scopes()) {
          for (int row : scope.spans()) {
            if (kind(scope.part(), row) == SERVER) {
              long key = key(scope.part(), row);
              if (seen.contains(key, length(scope.part(), row), CLIENT) && done.add(key)) {
                shared.add(key);
              }
            }
          }
        }
      }
      if (shared.isEmpty()) {
        return new Shared(Map.of());
      }
      Set<Long> used = new HashSet<>();
      for (long id : seen.ids()) {
        used.add(id);
      }
      Map<Long, Long> newIds = new HashMap<>();
      long next = 1;
      for (long id : shared) {
        while (!used.add(next)) {
          next++;
        }
        newIds.put(id, next);
      }
      return new Shared(newIds);
    }

    byte @Nullable [] newId(TraceColumns part, int row) {
      if (newIds.isEmpty() || part.ints(IntField.SPAN_KIND)[row] != SERVER) {
        return null;
      }
      Long id = newIds.get(key(part, row));
      return id == null ? null : bytes(id);
    }

    byte @Nullable [] newParent(TraceColumns part, int row, byte @Nullable [] newId) {
      if (newId != null) {
        return bytes(key(part, row));
      }
      BytesColumn parents = part.bytes(BytesField.PARENT_SPAN_ID);
      int length = parents.length(row);
      if (newIds.isEmpty() || length == 0) {
        return null;
      }
      Long id = newIds.get(ByteStrings.key(parents.data(), parents.offsets()[row], length));
      return id == null ? null : bytes(id);
    }

    private static byte[] bytes(long value) {
      byte[] bytes = new byte[8];
      for (int i = 0; i < 8; i++) {
        bytes[i] = (byte) (value >>> 56 - 8 * i);
      }
      return bytes;
    }
  }
}
