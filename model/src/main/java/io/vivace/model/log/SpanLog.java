package io.vivace.model.log;

import io.vivace.model.TenantId;
import java.util.concurrent.CompletionStage;

/// Where a push becomes durable. Two implementations: the local write-ahead log, and Kafka.
///
/// Thread-safe. Implementations bound the bytes that wait to become durable.
public interface SpanLog {
  /// Appends a record and completes when it is durable **and** visible to queries by id in this
  /// process (local log), or acknowledged by all in-sync replicas (Kafka). Never throws; a refusal
  /// or failure completes the stage with a [io.vivace.model.RequestException]:
  /// [io.vivace.model.ErrorCategory#RESOURCE_EXHAUSTED] over the memory bound or on a full disk,
  /// [io.vivace.model.ErrorCategory#UNAVAILABLE] while closing or when a device failed; both are
  /// worth repeating. A record whose stage failed may still appear after a crash, as with every
  /// log.
  ///
  /// The stage may complete on the log's own thread: dependents must be short.
  CompletionStage<LogPosition> append(TenantId tenant, PushRecord record);
}
