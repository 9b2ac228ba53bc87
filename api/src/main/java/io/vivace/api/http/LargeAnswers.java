package io.vivace.api.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.vivace.limits.ByteBudget;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Bounds the memory of large answers, from their encoding until the client has them. Such an
/// answer may be a good part of the heap, and a slow client makes it stay. Small answers are not
/// counted, and so never refused. Thread-safe.
final class LargeAnswers {
  private static final int MIN_LARGE_BYTES = 1 << 20;

  /// JSON, as it grows, beside the message that it is made of.
  private static final long ANSWER_BYTES_PER_BYTE = 6;

  private final ByteBudget budget;

  /// @param limitBytes what all these answers together may hold; one is let in whatever its size
  LargeAnswers(long limitBytes) {
    budget = new ByteBudget(limitBytes);
  }

  /// Lets a trace in, until the request of `context` is done.
  ///
  /// @param otlpBytes its size as OTLP
  /// @throws RequestException RESOURCE_EXHAUSTED if too many large ones are being answered
  void hold(int otlpBytes, ServiceRequestContext context) {
    if (otlpBytes < MIN_LARGE_BYTES) {
      return;
    }
    long bytes = Math.min(ANSWER_BYTES_PER_BYTE * otlpBytes, budget.capacityBytes());
    if (!budget.tryReserve(bytes)) {
      throw new RequestException(
          ErrorCategory.RESOURCE_EXHAUSTED,
          "too many large traces are being read; please try again");
    }
    // Complete only when the last byte was handed to the connection, or it failed.
    context.log().whenComplete().thenRun(() -> budget.release(bytes));
  }

  /// Counts an answer while it is written, piece by piece, until the request of `context` is done.
  ///
  /// @return is given the size of each piece before it is made; throws RESOURCE_EXHAUSTED if there
  ///   is no room for it
  LongConsumer growing(ServiceRequestContext context) {
    AtomicLong uncounted = new AtomicLong();
    return bytes -> {
      if (uncounted.get() + bytes <= MIN_LARGE_BYTES) {
        uncounted.addAndGet(bytes);
      } else if (budget.tryReserve(bytes)) {
        // Runs at once if the client is gone already.
        context.log().whenComplete().thenRun(() -> budget.release(bytes));
      } else {
        throw new RequestException(
            ErrorCategory.RESOURCE_EXHAUSTED,
            "too many large answers are being made; ask for less or try again");
      }
    };
  }
}
