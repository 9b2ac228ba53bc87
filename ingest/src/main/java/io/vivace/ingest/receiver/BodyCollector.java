package io.vivace.ingest.receiver;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import io.netty.buffer.ByteBuf;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// Copies the body of a request into a [BodyBuffer] as it arrives. A body that breaks a bound ends
/// the request at once and gives its memory back. Runs on the request's event loop.
final class BodyCollector implements Subscriber<HttpObject> {
  private final BodyBuffer body;
  private final Consumer<BodyBuffer> check;
  private final CompletableFuture<BodyBuffer> result = new CompletableFuture<>();
  private @Nullable Subscription subscription;

  /// @param check called after each piece; throws a [RequestException] to refuse the request
  BodyCollector(BodyBuffer body, Consumer<BodyBuffer> check) {
    this.body = body;
    this.check = check;
  }

  /// Completes with the whole body, which the receiver must release, or with the reason why there
  /// is none, in which case it is released already.
  CompletableFuture<BodyBuffer> result() {
    return result;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(HttpObject object) {
    if (!(object instanceof HttpData data)) {
      return;
    }
    try (data) {
      if (!result.isDone()) {
        append(data);
      }
    }
  }

  private void append(HttpData data) {
    try {
      ByteBuf bytes = data.byteBuf();
      int length = bytes.readableBytes();
      body.ensure(length);
      bytes.readBytes(body.array(), body.size(), length);
      body.advance(length);
      check.accept(body);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    body.release();
    result.completeExceptionally(failure);
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!result.isDone()) {
      body.release();
      result.completeExceptionally(
          new RequestException(
              ErrorCategory.CANCELLED, "request ended before its body was complete", failure));
    }
  }

  @Override
  public void onComplete() {
    if (!result.isDone()) {
      result.complete(body);
    }
  }
}
