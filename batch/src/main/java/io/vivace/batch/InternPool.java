package io.vivace.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The string pool while it grows and afterwards: one byte array with all strings, and an
/// open-addressing table over it, so that interning a byte range allocates nothing.
final class InternPool implements StringPool {
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9e3779b97f4a7c15L;
  private static final long LOW = 0xffff_ffffL;

  /// Differs from pool to pool, so that a sender cannot aim at collisions.
  private final long seed = System.nanoTime() * MIX;

  private final ByteArray data = new ByteArray(1024);
  private final IntArray offsets = new IntArray(128);

  /// Upper half the hash, lower half id + 1; 0 is free. Power of two, at most half full.
  private long[] table = new long[256];

  InternPool() {
    offsets.add(0);
    intern(new byte[0], 0, 0);
  }

  @Override
  public int size() {
    return offsets.size - 1;
  }

  @Override
  public byte[] bytes(int id) {
    return Arrays.copyOfRange(data.a, offsets.a[id], offsets.a[id + 1]);
  }

  @Override
  public int lengthBytes(int id) {
    return length(id);
  }

  @Override
  public void copy(int id, byte[] target, int offset) {
    System.arraycopy(data.a, offsets.a[id], target, offset, length(id));
  }

  @Override
  public String string(int id) {
    int from = offsets.a[id];
    return new String(
        data.a, from, offsets.a[id + 1] - from, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public int find(byte[] bytes, int offset, int length) {
    int hash = hash(bytes, offset, length);
    int mask = table.length - 1;
    for (int slot = hash & mask; ; slot = slot + 1 & mask) {
      long entry = table[slot];
      if (entry == 0) {
        return -1;
      }
      if ((int) (entry >>> 32) == hash && matches((int) (entry & LOW) - 1, bytes, offset, length)) {
        return (int) (entry & LOW) - 1;
      }
    }
  }

  int intern(byte[] bytes, int offset, int length) {
    int hash = hash(bytes, offset, length);
    int mask = table.length - 1;
    int slot = hash & mask;
    while (true) {
      long entry = table[slot];
      if (entry == 0) {
        return insert(slot, hash, bytes, offset, length);
      }
      if ((int) (entry >>> 32) == hash && matches((int) (entry & LOW) - 1, bytes, offset, length)) {
        return (int) (entry & LOW) - 1;
      }
      slot = slot + 1 & mask;
    }
  }

  /// Interns string `id` of `other`.
  int intern(InternPool other, int id) {
    int from = other.offsets.a[id];
    return intern(other.data.a, from, other.offsets.a[id + 1] - from);
  }

  boolean matches(int id, byte[] bytes, int offset, int length) {
    int from = offsets.a[id];
    int to = offsets.a[id + 1];
    return to - from == length && Arrays.equals(data.a, from, to, bytes, offset, offset + length);
  }

  int compare(int idA, int idB) {
    if (idA == idB) {
      return 0;
    }
    int[] at = offsets.a;
    return Arrays.compareUnsigned(data.a, at[idA], at[idA + 1], data.a, at[idB], at[idB + 1]);
  }

  /// Gives back the spare room; the pool no longer grows.
  void freeze() {
    if (data.a.length > data.size + (data.size >> 3)) {
      data.a = data.toArray();
    }
    if (offsets.a.length > offsets.size + (offsets.size >> 3)) {
      offsets.a = offsets.toArray();
    }
  }

  long sizeBytes() {
    return data.a.length + 4L * offsets.a.length + 8L * table.length;
  }

  byte[] data() {
    return data.a;
  }

  int start(int id) {
    return offsets.a[id];
  }

  int length(int id) {
    return offsets.a[id + 1] - offsets.a[id];
  }

  private int insert(int slot, int hash, byte[] bytes, int offset, int length) {
    int id = offsets.size - 1;
    data.addAll(bytes, offset, offset + length);
    offsets.add(data.size);
    table[slot] = (long) hash << 32 | id + 1 & LOW;
    if (offsets.size > table.length >> 1) {
      rehash();
    }
    return id;
  }

  private void rehash() {
    long[] larger = new long[table.length << 1];
    int mask = larger.length - 1;
    for (long entry : table) {
      if (entry != 0) {
        int slot = (int) (entry >>> 32) & mask;
        while (larger[slot] != 0) {
          slot = slot + 1 & mask;
        }
        larger[slot] = entry;
      }
    }
    table = larger;
  }

  private int hash(byte[] bytes, int offset, int length) {
    long hash = seed ^ length;
    int at = offset;
    int left = length;
    while (left >= 8) {
      hash = (hash ^ (long) LONG.get(bytes, at)) * MIX;
      hash ^= hash >>> 32;
      at += 8;
      left -= 8;
    }
    if (left >= 4) {
      hash = (hash ^ (int) INT.get(bytes, at)) * MIX;
      hash ^= hash >>> 32;
      at += 4;
      left -= 4;
    }
    long tail = 0;
    while (left-- > 0) {
      tail = tail << 8 | bytes[at++] & 0xff;
    }
    hash = (hash ^ tail) * MIX;
    return (int) (hash ^ hash >>> 32);
  }
}
