package io.vivace.ingest;

import io.vivace.model.TenantId;
import io.vivace.model.log.LogPosition;
import io.vivace.model.log.PushRecord;
import io.vivace.model.log.SpanLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A log that keeps its records in memory, or fails as it is told.
public final class RecordingLog implements SpanLog {
  private final List<Appended> appended = new ArrayList<>();
  private @Nullable RuntimeException failure;

  public record Appended(TenantId tenant, PushRecord record) {}

  @Override
  public synchronized CompletionStage<LogPosition> append(TenantId tenant, PushRecord record) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    appended.add(new Appended(tenant, record));
    return CompletableFuture.completedFuture(new LogPosition(0, appended.size() - 1));
  }

  public synchronized List<Appended> appended() {
    return List.copyOf(appended);
  }

  public synchronized void clear() {
    appended.clear();
  }

  public synchronized void failWith(@Nullable RuntimeException newFailure) {
    failure = newFailure;
  }
}
