package io.vivace.block;

import io.vivace.model.TraceId;

/// The four hashes of a trace id from which bloom filter positions are mixed: MurmurHash3 (x64, 128
/// bits, seed 0) of the 16 bytes, and of the 16 bytes followed by a byte 1.
record TraceIdHash(long h0, long h1, long h2, long h3) {
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  static TraceIdHash of(TraceId id) {
    long k1 = Long.rotateLeft(Long.reverseBytes(id.high()) * C1, 31) * C2;
    long k2 = Long.rotateLeft(Long.reverseBytes(id.low()) * C2, 33) * C1;
    long a = (Long.rotateLeft(k1, 27)) * 5 + 0x52dce729L;
    long b = (Long.rotateLeft(k2, 31) + a) * 5 + 0x38495ab5L;
    long tail = Long.rotateLeft(C1, 31) * C2;

    long first0 = a ^ TraceId.BYTES;
    long first1 = b ^ TraceId.BYTES;
    first0 += first1;
    first1 += first0;
    first0 = mix(first0);
    first1 = mix(first1);
    first0 += first1;
    first1 += first0;

    long second0 = a ^ tail ^ (TraceId.BYTES + 1);
    long second1 = b ^ (TraceId.BYTES + 1);
    second0 += second1;
    second1 += second0;
    second0 = mix(second0);
    second1 = mix(second1);
    second0 += second1;
    second1 += second0;
    return new TraceIdHash(first0, first1, second0, second1);
  }

  /// Position `i` before the modulo.
  long location(int i) {
    long base = (i & 1) == 0 ? h0 : h1;
    long factor = ((i + (i & 1)) & 3) < 2 ? h2 : h3;
    return base + i * factor;
  }

  private static long mix(long value) {
    long k = value;
    k ^= k >>> 33;
    k *= 0xff51afd7ed558ccdL;
    k ^= k >>> 33;
    k *= 0xc4ceb9fe1a85ec53L;
    return k ^ k >>> 33;
  }
}
