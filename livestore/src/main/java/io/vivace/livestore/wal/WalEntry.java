package io.vivace.livestore.wal;

import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Something to be appended to the log. The log's thread calls either [#apply] and then
/// [#acknowledge], or [#fail], once; none of them may block or throw.
public abstract sealed class WalEntry {
  private static final byte[] NO_TENANT = {};

  private WalEntry() {}

  /// The entry is durable; makes it visible. Called in log order.
  protected abstract void apply(long sequence);

  /// The entry, and everything before it, is durable and visible.
  protected abstract void acknowledge();

  /// The entry is not known to be durable and was not applied.
  protected abstract void fail(RequestException reason);

  abstract byte type();

  byte[] tenantBytes() {
    return NO_TENANT;
  }

  long arrivalEpochNanos() {
    return 0;
  }

  /// The payload of the entry at `sequence`.
  abstract byte[] payload(long sequence);

  /// The log may delete what is older, and is not needed, up to this sequence number.
  abstract long neededUntil(long sequence);

  /// Spans.
  public abstract static non-sealed class Data extends WalEntry {
    private final byte[] tenant;
    private final byte[] payload;
    private final long arrivalEpochNanos;

    /// @param payload not to be changed any more
    protected Data(TenantId tenant, byte[] payload, long arrivalEpochNanos) {
      this.tenant = tenant.value().getBytes(StandardCharsets.US_ASCII);
      this.payload = payload;
      this.arrivalEpochNanos = arrivalEpochNanos;
    }

    @Override
    final byte type() {
      return WalFormat.DATA;
    }

    @Override
    final byte[] tenantBytes() {
      return tenant;
    }

    @Override
    final long arrivalEpochNanos() {
      return arrivalEpochNanos;
    }

    @Override
    final byte[] payload(long sequence) {
      return payload;
    }

    @Override
    final long neededUntil(long sequence) {
      return sequence + 1;
    }
  }

  /// The end of a range.
  public abstract static non-sealed class Close extends WalEntry {
    private final long startInclusive;
    private final long endExclusiveOrNegative;
    private final java.util.UUID salt;
    private @Nullable LogRange range;

    /// @param endExclusiveOrNegative negative: the range ends at this entry
    protected Close(long startInclusive, long endExclusiveOrNegative, java.util.UUID salt) {
      this.startInclusive = startInclusive;
      this.endExclusiveOrNegative = endExclusiveOrNegative;
      this.salt = salt;
    }

    /// Makes the closed range visible.
    protected abstract void apply(LogRange closed);

    @Override
    protected final void apply(long sequence) {
      apply(rangeAt(sequence));
    }

    private LogRange rangeAt(long sequence) {
      LogRange known = range;
      if (known == null) {
        long end = endExclusiveOrNegative < 0 ? sequence : endExclusiveOrNegative;
        known = new LogRange(startInclusive, end, salt);
        range = known;
      }
      return known;
    }

    @Override
    final byte type() {
      return WalFormat.CLOSE;
    }

    @Override
    final byte[] payload(long sequence) {
      return rangeAt(sequence).encode();
    }

    @Override
    final long neededUntil(long sequence) {
      return rangeAt(sequence).endExclusive();
    }
  }

  /// All ranges up to a sequence number are in blocks.
  public abstract static non-sealed class Done extends WalEntry {
    private final long endExclusive;

    protected Done(long endExclusive) {
      this.endExclusive = endExclusive;
    }

    final long endExclusive() {
      return endExclusive;
    }

    @Override
    protected void apply(long sequence) {}

    @Override
    final byte type() {
      return WalFormat.DONE;
    }

    @Override
    final byte[] payload(long sequence) {
      return encode(endExclusive);
    }

    @Override
    final long neededUntil(long sequence) {
      return 0;
    }

    static byte[] encode(long endExclusive) {
      return ByteBuffer.allocate(WalFormat.DONE_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(endExclusive)
          .array();
    }

    static long decode(byte[] payload) {
      return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
  }
}
