package io.vivace.engine.spanset;

import io.vivace.batch.Bitmap;
import io.vivace.batch.BytesColumn;
import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.SpanBatch;
import io.vivace.traceql.ast.SpansetOp;
import java.util.Arrays;

/// Who is whose child in the traces of one batch. Works on nested-set bounds; in traces where a
/// span in question has none (its root is missing) it follows span ids and parent ids instead.
/// Confined to one thread.
final class Structure {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;

  private final SpanBatch batch;
  private final int[] lefts;
  private final int[] rights;
  private final int[] parents;

  Structure(SpanBatch batch) {
    this.batch = batch;
    this.lefts = batch.ints(IntField.NESTED_SET_LEFT);
    this.rights = batch.ints(IntField.NESTED_SET_RIGHT);
    this.parents = batch.ints(IntField.NESTED_SET_PARENT);
  }

  /// The relation as seen from the other side.
  static SpansetOp.Relation inverse(SpansetOp.Relation relation) {
    return switch (relation) {
      case CHILD -> SpansetOp.Relation.PARENT;
      case PARENT -> SpansetOp.Relation.CHILD;
      case DESCENDANT -> SpansetOp.Relation.ANCESTOR;
      case ANCESTOR -> SpansetOp.Relation.DESCENDANT;
      case SIBLING, AND, OR -> relation;
    };
  }

  /// Adds to `out` those of `right` that are in the relation to some span of `left`. All spans
  /// belong to one trace, whose spans are `[from, to)`.
  void select(SpansetOp.Relation relation, int[] left, int[] right, int from, int to, Bitmap out) {
    if (left.length == 0 || right.length == 0) {
      return;
    }
    if (arePlaced(left) && arePlaced(right)) {
      switch (relation) {
        case DESCENDANT -> descendants(left, right, out);
        case ANCESTOR -> ancestors(left, right, out);
        case CHILD -> children(left, right, out);
        case PARENT -> parents(left, right, out);
        case SIBLING -> siblings(left, right, out);
        case AND, OR -> throw new IllegalArgumentException("relation: " + relation);
      }
    } else {
      new IdTree(from, to).select(relation, left, right, out);
    }
  }

  private boolean arePlaced(int[] spans) {
    for (int span : spans) {
      if (lefts[span] == 0 || rights[span] == 0) {
        return false;
      }
    }
    return true;
  }

  private int[] sorted(int[] spans, int[] bounds) {
    int[] values = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      values[i] = bounds[spans[i]];
    }
    Arrays.sort(values);
    return values;
  }

  private static boolean contains(int[] sorted, int value) {
    return Arrays.binarySearch(sorted, value) >= 0;
  }

  /// The bounds of two spans either nest or do not touch, so a span lies below some span of `left`
  /// if, of those that open before it, the one that closes last closes behind it.
  private void descendants(int[] left, int[] right, Bitmap out) {
    long[] intervals = new long[left.length];
    for (int i = 0; i < left.length; i++) {
      intervals[i] = (long) lefts[left[i]] << 32 | rights[left[i]];
    }
    Arrays.sort(intervals);
    int[] opens = new int[left.length];
    int[] closes = new int[left.length];
    int lastClose = 0;
    for (int i = 0; i < left.length; i++) {
      opens[i] = (int) (intervals[i] >>> 32);
      lastClose = Math.max(lastClose, (int) intervals[i]);
      closes[i] = lastClose;
    }
    for (int span : right) {
      int before = below(opens, lefts[span]);
      if (before > 0 && closes[before - 1] > rights[span]) {
        out.set(span);
      }
    }
  }

  private void ancestors(int[] left, int[] right, Bitmap out) {
    int[] opens = sorted(left, lefts);
    for (int span : right) {
      int next = below(opens, lefts[span] + 1);
      if (next < opens.length && opens[next] < rights[span]) {
        out.set(span);
      }
    }
  }

  /// How many of the sorted values are less than `bound`.
  private static int below(int[] sorted, int bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void children(int[] left, int[] right, Bitmap out) {
    int[] opens = sorted(left, lefts);
    for (int span : right) {
      if (contains(opens, parents[span])) {
        out.set(span);
      }
    }
  }

  private void parents(int[] left, int[] right, Bitmap out) {
    int[] wanted = sorted(left, parents);
    for (int span : right) {
      if (contains(wanted, lefts[span])) {
        out.set(span);
      }
    }
  }

  private void siblings(int[] left, int[] right, Bitmap out) {
    int[] parentsOfLeft = sorted(left, parents);
    int[] members = left.clone();
    Arrays.sort(members);
    for (int span : right) {
      int first = below(parentsOfLeft, parents[span]);
      int others = below(parentsOfLeft, parents[span] + 1) - first;
      if (contains(members, span)) {
        others--;
      }
      if (others > 0) {
        out.set(span);
      }
    }
  }

  /// One trace by span ids and parent ids. Orphans of one missing parent are siblings, and so are
  /// all roots. Cycles end where they began; a span is never its own relative.
  private final class IdTree {
    private static final int NONE = -1;

    private final int from;
    private final int size;

    /// Per span: the position of its parent, or NONE.
    private final int[] parent;

    /// Per span: equal for siblings.
    private final long[] family;

    IdTree(int from, int to) {
      this.from = from;
      this.size = to - from;
      this.parent = new int[size];
      this.family = new long[size];
      BytesColumn ids = batch.bytes(BytesField.SPAN_ID);
      BytesColumn parentIds = batch.bytes(BytesField.PARENT_SPAN_ID);
      int[] kinds = batch.ints(IntField.SPAN_KIND);
      long[] idOf = new long[size];
      for (int i = 0; i < size; i++) {
        idOf[i] = number(ids, from + i);
      }
      IdChains chains = new IdChains(idOf);
      for (int i = 0; i < size; i++) {
        boolean isRoot = parentIds.length(from + i) == 0 || number(parentIds, from + i) == 0;
        long parentId = isRoot ? 0 : number(parentIds, from + i);
        parent[i] = isRoot ? NONE : parentOf(i, parentId, chains, kinds);
        family[i] = parent[i] == NONE ? Long.hashCode(parentId) + (1L << 40) : parent[i];
      }
    }

    private static long number(BytesColumn column, int row) {
      long value = 0;
      for (int k = column.offsets()[row]; k < column.offsets()[row + 1]; k++) {
        value = value << 8 | column.data()[k] & 0xff;
      }
      return value;
    }

    /// Of two spans that share the id (client and server side of one call), a server span is the
    /// child of the client side and any other span of the server side.
    private int parentOf(int child, long parentId, IdChains chains, int[] kinds) {
      int first = chains.first(parentId);
      if (first == NONE || chains.next(first) == NONE) {
        return first;
      }
      int wanted = kinds[from + child] == SERVER ? CLIENT : SERVER;
      for (int twin = first; twin != NONE; twin = chains.next(twin)) {
        if (kinds[from + twin] == wanted && twin != child) {
          return twin;
        }
      }
      return NONE;
    }

    void select(SpansetOp.Relation relation, int[] left, int[] right, Bitmap out) {
      boolean[] isLeft = new boolean[size];
      for (int span : left) {
        isLeft[span - from] = true;
      }
      switch (relation) {
        case CHILD -> {
          for (int span : right) {
            int above = parent[span - from];
            set(out, span, above != NONE && above != span - from && isLeft[above]);
          }
        }
        case PARENT -> {
          boolean[] isParent = new boolean[size];
          for (int span : left) {
            int above = parent[span - from];
            if (above != NONE && above != span - from) {
              isParent[above] = true;
            }
          }
          for (int span : right) {
            set(out, span, isParent[span - from]);
          }
        }
        case SIBLING -> siblings(left, right, isLeft, out);
        case DESCENDANT -> {
          boolean[] below = belowLeft(isLeft);
          for (int span : right) {
            set(out, span, below[span - from]);
          }
        }
        case ANCESTOR -> {
          boolean[] above = aboveLeft(isLeft);
          for (int span : right) {
            set(out, span, above[span - from]);
          }
        }
        case AND, OR -> throw new IllegalArgumentException("relation: " + relation);
      }
    }

    private static void set(Bitmap out, int span, boolean isWanted) {
      if (isWanted) {
        out.set(span);
      }
    }

    private void siblings(int[] left, int[] right, boolean[] isLeft, Bitmap out) {
      long[] families = new long[left.length];
      for (int i = 0; i < left.length; i++) {
        families[i] = family[left[i] - from];
      }
      Arrays.sort(families);
      for (int span : right) {
        long own = family[span - from];
        int others = count(families, own) - (isLeft[span - from] ? 1 : 0);
        set(out, span, others > 0);
      }
    }

    private static int count(long[] sorted, long value) {
      int at = Arrays.binarySearch(sorted, value);
      if (at < 0) {
        return 0;
      }
      int low = at;
      int high = at;
      while (low > 0 && sorted[low - 1] == value) {
        low--;
      }
      while (high + 1 < sorted.length && sorted[high + 1] == value) {
        high++;
      }
      return high - low + 1;
    }

    /// Per span, whether another span of the left side is above it.
    private boolean[] belowLeft(boolean[] isLeft) {
      boolean[] below = new boolean[size];
      // 0 not seen, 1 on the path, 2 done
      byte[] state = new byte[size];
      int[] path = new int[size];
      for (int start = 0; start < size; start++) {
        int depth = 0;
        int at = start;
        while (at != NONE && state[at] == 0) {
          state[at] = 1;
          path[depth++] = at;
          at = parent[at];
        }
        if (at != NONE && state[at] == 1) {
          depth = closeCycle(path, depth, at, isLeft, below, state);
        }
        while (depth > 0) {
          int span = path[--depth];
          int above = parent[span];
          below[span] = above != NONE && (isLeft[above] || below[above]);
          state[span] = 2;
        }
      }
      return below;
    }

    /// Decides the spans of the cycle that ends the path, and returns what is left of the path.
    private int closeCycle(
        int[] path, int depth, int entry, boolean[] isLeft, boolean[] below, byte[] state) {
      int first = depth - 1;
      while (path[first] != entry) {
        first--;
      }
      int members = 0;
      for (int k = first; k < depth; k++) {
        members += isLeft[path[k]] ? 1 : 0;
      }
      for (int k = first; k < depth; k++) {
        int span = path[k];
        below[span] = members - (isLeft[span] ? 1 : 0) > 0;
        state[span] = 2;
      }
      return first;
    }

    /// Per span, whether another span of the left side is below it: counts rise from the leaves;
    /// what remains are cycles, whose spans all lie below each other.
    private boolean[] aboveLeft(boolean[] isLeft) {
      int[] children = new int[size];
      for (int i = 0; i < size; i++) {
        if (parent[i] != NONE) {
          children[parent[i]]++;
        }
      }
      int[] queue = new int[size];
      int end = 0;
      for (int i = 0; i < size; i++) {
        if (children[i] == 0) {
          queue[end++] = i;
        }
      }
      int[] under = new int[size];
      for (int begin = 0; begin < end; begin++) {
        int span = queue[begin];
        int above = parent[span];
        if (above != NONE) {
          under[above] += under[span] + (isLeft[span] ? 1 : 0);
          if (--children[above] == 0) {
            queue[end++] = above;
          }
        }
      }
      for (int i = 0; i < size; i++) {
        if (children[i] > 0) {
          spreadOverCycle(i, isLeft, children, under);
        }
      }
      boolean[] above = new boolean[size];
      for (int i = 0; i < size; i++) {
        above[i] = under[i] > 0;
      }
      return above;
    }

    private void spreadOverCycle(int entry, boolean[] isLeft, int[] children, int[] under) {
      int total = 0;
      int at = entry;
      do {
        total += under[at] + (isLeft[at] ? 1 : 0);
        at = parent[at];
      } while (at != entry);
      do {
        under[at] = total - (isLeft[at] ? 1 : 0);
        children[at] = 0;
        at = parent[at];
      } while (at != entry);
    }
  }
}
