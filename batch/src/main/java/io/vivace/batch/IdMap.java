package io.vivace.batch;

/// String ids of one pool as ids of another, translated when first met.
final class IdMap {
  private final StringPool from;
  private final InternPool to;

  /// 0 is "not yet"; id 0 is the empty string in both.
  private final int[] ids;

  IdMap(StringPool from, InternPool to) {
    this.from = from;
    this.to = to;
    this.ids = new int[from.size()];
  }

  int map(int id) {
    int mapped = ids[id];
    return mapped != 0 || id == 0 ? mapped : translate(id);
  }

  private int translate(int id) {
    int mapped;
    if (from instanceof InternPool pool) {
      mapped = to.intern(pool, id);
    } else {
      byte[] bytes = from.bytes(id);
      mapped = to.intern(bytes, 0, bytes.length);
    }
    ids[id] = mapped;
    return mapped;
  }

  void mapAll(int[] source, int first, int end, IntArray target) {
    target.ensure(end - first);
    for (int i = first; i < end; i++) {
      target.a[target.size++] = map(source[i]);
    }
  }
}
