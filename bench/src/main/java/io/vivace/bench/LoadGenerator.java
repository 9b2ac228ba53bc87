package io.vivace.bench;

import io.vivace.model.TraceId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Sends the requests of a workload over a few connections, at a rate or as fast as the server
/// answers, for a bounded time.
final class LoadGenerator {
  private static final int KEEP_EVERY = 50;

  private final String url;
  private final ShopWorkload workload;
  private final int connections;
  private final AtomicLong nextRequest = new AtomicLong();
  private final List<TraceId> sampledIds = Collections.synchronizedList(new ArrayList<>());
  private volatile String userId = "";

  LoadGenerator(String url, ShopWorkload workload, int connections) {
    this.url = url;
    this.workload = workload;
    this.connections = connections;
  }

  /// @param acceptedSpans spans of requests that were answered with success
  /// @param refusedRequests requests with another answer, not repeated
  record Outcome(long acceptedSpans, long refusedRequests, double seconds) {}

  /// @param spansPerSecond 0 for as fast as possible
  Outcome run(double spansPerSecond, double seconds) throws InterruptedException {
    AtomicLong accepted = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    AtomicLong sent = new AtomicLong();
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < connections; c++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> connection(spansPerSecond, begin, end, sent, accepted, refused)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return new Outcome(accepted.get(), refused.get(), (System.nanoTime() - begin) / 1e9);
  }

  private void connection(
      double rate, long begin, long end, AtomicLong sent, AtomicLong accepted, AtomicLong refused) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (System.nanoTime() < end) {
        long number = nextRequest.getAndIncrement();
        ShopWorkload.Request request =
            workload.request(number, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
        if (rate > 0) {
          long due = begin + (long) (sent.getAndAdd(request.spans()) / rate * 1e9);
          while (System.nanoTime() < due) {
            LockSupport.parkNanos(due - System.nanoTime());
          }
        }
        if (post(client, request.body())) {
          accepted.addAndGet(request.spans());
          if (number % KEEP_EVERY == 0) {
            sampledIds.add(request.traceIds().getFirst());
            userId = request.userId();
          }
        } else {
          refused.incrementAndGet();
        }
      }
    }
  }

  private boolean post(HttpClient client, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ids of acknowledged traces, every fiftieth request's first.
  List<TraceId> sampledIds() {
    return List.copyOf(sampledIds);
  }

  /// A user id of one of the last acknowledged requests.
  String sampledUserId() {
    return userId;
  }
}
