package io.vivace.ingest;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.ingest.otlp.IdProblem;
import io.vivace.ingest.otlp.OtlpScanner;
import io.vivace.ingest.otlp.RecordPlan;
import io.vivace.ingest.otlp.SpanTable;
import io.vivace.limits.ByteBudget;
import io.vivace.limits.DiscardedSpans;
import io.vivace.limits.DiscardedSpans.Reason;
import io.vivace.limits.Overrides;
import io.vivace.limits.RateLimitedException;
import io.vivace.limits.RateLimiter;
import io.vivace.limits.TraceAdmission;
import io.vivace.limits.TraceAdmission.Decision;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import io.vivace.model.log.LogPosition;
import io.vivace.model.log.PushRecord;
import io.vivace.model.log.SpanLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the OTLP bytes of one tenant to the span log: rate limit, structure and ids, attribute
/// lengths, grouping by trace, trace limits, append. What every receiver ends in.
///
/// A malformed or over-rate request is refused as a whole. Spans over a trace limit are refused
/// alone, before anything is kept, and reported in the [PushResult]. Thread-safe.
public final class Distributor {
  private static final Logger log = LoggerFactory.getLogger(Distributor.class);

  // Smaller requests cannot hold enough spans for their tables to matter.
  private static final int MIN_BYTES_TO_ACCOUNT_TABLES = 64 * 1024;
  // Index entries of one span that is the only one of its trace, with room to grow.
  private static final long TABLE_BYTES_PER_SPAN = 128;

  private final Overrides overrides;
  private final RateLimiter rateLimiter;
  private final TraceAdmission admission;
  private final SpanLog spanLog;
  private final ByteBudget budget;
  private final DistributorConfig config;
  private final DiscardedSpans discarded;
  private final LongSupplier nanoClock;
  private final DistributorMetrics metrics;
  private final ScratchPool scratchPool;

  /// @param budget bounds the memory of the requests in flight, records being appended included;
  ///   shared with the receivers
  /// @param nanoClock a monotonic clock, as [System#nanoTime]
  /// @param registry where the metrics are registered; one distributor per registry
  public Distributor(
      Overrides overrides,
      RateLimiter rateLimiter,
      TraceAdmission admission,
      SpanLog spanLog,
      ByteBudget budget,
      DistributorConfig config,
      DiscardedSpans discarded,
      PrometheusRegistry registry,
      LongSupplier nanoClock) {
    this.overrides = overrides;
    this.rateLimiter = rateLimiter;
    this.admission = admission;
    this.spanLog = spanLog;
    this.budget = budget;
    this.config = config;
    this.discarded = discarded;
    this.nanoClock = nanoClock;
    metrics = new DistributorMetrics(registry);
    scratchPool = new ScratchPool(config.maxRecordBytes());
  }

  /// As [#push(TenantId, byte[], int, int, boolean, SpanOutcomes)], counting nothing for a
  /// transport.
  public CompletionStage<PushResult> push(
      TenantId tenant, byte[] otlp, int offset, int length, boolean skipsMetrics) {
    return push(tenant, otlp, offset, length, skipsMetrics, SpanOutcomes.IGNORED);
  }

  /// Keeps the spans of a decoded `ExportTraceServiceRequest` (any message with its layout). Never
  /// throws; a refusal or failure completes the stage with a [RequestException]. The stage may
  /// complete on the log's thread, so dependents must be short.
  ///
  /// @param otlp read until this method returns, not later
  /// @param skipsMetrics whether no metrics are to be generated from these spans
  public CompletionStage<PushResult> push(
      TenantId tenant,
      byte[] otlp,
      int offset,
      int length,
      boolean skipsMetrics,
      SpanOutcomes outcomes) {
    long startNanos = nanoClock.getAsLong();
    metrics.ingress(tenant, length);
    CompletionStage<PushResult> result;
    try {
      result = accept(tenant, otlp, offset, length, skipsMetrics, outcomes);
    } catch (RequestException e) {
      result = CompletableFuture.failedFuture(e);
    } catch (RuntimeException e) {
      log.error("push failed tenant={}", tenant, e);
      result = CompletableFuture.failedFuture(internal(e));
    }
    return result.whenComplete((r, e) -> metrics.pushed(nanoClock.getAsLong() - startNanos));
  }

  private static RequestException internal(Throwable cause) {
    return new RequestException(ErrorCategory.INTERNAL, "internal error: " + cause, cause);
  }

  private CompletionStage<PushResult> accept(
      TenantId tenant,
      byte[] otlp,
      int offset,
      int length,
      boolean skipsMetrics,
      SpanOutcomes outcomes) {
    if (length == 0) {
      return CompletableFuture.completedFuture(PushResult.EMPTY);
    }
    if (!isWithinRate(tenant, otlp, offset, length, outcomes)) {
      return CompletableFuture.completedFuture(PushResult.EMPTY);
    }
    long tableBytes = tableBytes(otlp, offset, length);
    budget.reserve(tableBytes);
    ScratchPool.Scratch scratch = scratchPool.take();
    Prepared prepared;
    try {
      prepared = prepare(scratch, tenant, otlp, offset, length, skipsMetrics, outcomes);
    } finally {
      scratchPool.give(scratch);
      budget.release(tableBytes);
    }
    return append(tenant, prepared, outcomes);
  }

  /// True if the request may go on, false if it has no spans, for which no rate is asked.
  private boolean isWithinRate(
      TenantId tenant, byte[] otlp, int offset, int length, SpanOutcomes outcomes) {
    try {
      rateLimiter.acquire(tenant, length);
      return true;
    } catch (RateLimitedException e) {
      int spans = OtlpScanner.countSpans(otlp, offset, length);
      if (spans == 0) {
        return false;
      }
      discarded.add(tenant, Reason.RATE_LIMITED, spans);
      outcomes.refused(spans);
      throw e;
    }
  }

  private static long tableBytes(byte[] otlp, int offset, int length) {
    if (length < MIN_BYTES_TO_ACCOUNT_TABLES) {
      return 0;
    }
    return TABLE_BYTES_PER_SPAN * OtlpScanner.countSpans(otlp, offset, length);
  }

  private Prepared prepare(
      ScratchPool.Scratch scratch,
      TenantId tenant,
      byte[] otlp,
      int offset,
      int length,
      boolean skipsMetrics,
      SpanOutcomes outcomes) {
    OtlpScanner scanner = scratch.scanner();
    scanner.scan(otlp, offset, length, maxAttributeBytes(tenant));
    int spans = scanner.spanCount();
    if (spans == 0) {
      return new Prepared(List.of(), 0, PushResult.EMPTY);
    }
    metrics.received(tenant, length, spans);
    if (scanner.idProblem() != IdProblem.NONE) {
      discarded.add(tenant, reason(scanner.idProblem()), spans);
      outcomes.refused(spans);
      throw new RequestException(ErrorCategory.INVALID_ARGUMENT, scanner.idProblem().message());
    }
    metrics.truncated(tenant, scanner.truncator());
    metrics.traces(scanner.table().traceCount());
    return group(scratch, tenant, scanner.table(), skipsMetrics, outcomes);
  }

  private int maxAttributeBytes(TenantId tenant) {
    int own = overrides.forTenant(tenant).ingestion().maxAttributeBytes();
    return own > 0 ? own : config.maxAttributeBytes();
  }

  private static Reason reason(IdProblem problem) {
    return switch (problem) {
      case NO_TRACE_ID -> Reason.INVALID_TRACE_ID;
      case NO_SPAN_ID -> Reason.INVALID_SPAN_ID;
      case NONE -> Reason.UNKNOWN_ERROR;
    };
  }

  private Prepared group(
      ScratchPool.Scratch scratch,
      TenantId tenant,
      SpanTable table,
      boolean skipsMetrics,
      SpanOutcomes outcomes) {
    RecordPlan plan = scratch.plan();
    plan.clear(table);
    Rejections rejections = new Rejections();
    long[] admittedBytes = new long[table.traceCount()];
    boolean isPrepared = false;
    try {
      for (int trace = 0; trace < table.traceCount(); trace++) {
        long sizeBytes = plan.measure(trace);
        TraceId traceId = table.traceId(trace);
        Decision decision = admission.admit(tenant, traceId, sizeBytes);
        if (decision == Decision.ADMITTED) {
          plan.keep();
          admittedBytes[trace] = sizeBytes;
        } else {
          int spans = table.traceStart(trace + 1) - table.traceStart(trace);
          rejections.add(decision, tenant, traceId, sizeBytes, spans);
        }
      }
      Prepared prepared = build(plan, table.spanCount(), rejections, skipsMetrics, outcomes);
      rejections.count(discarded, tenant);
      isPrepared = true;
      return prepared;
    } finally {
      if (!isPrepared) {
        withdraw(tenant, table, admittedBytes);
      }
    }
  }

  private Prepared build(
      RecordPlan plan,
      int spans,
      Rejections rejections,
      boolean skipsMetrics,
      SpanOutcomes outcomes) {
    int rejected = rejections.spans();
    PushResult result = new PushResult(spans - rejected, rejected, rejections.message());
    long recordBytes = plan.recordBytes();
    reserveRecords(recordBytes, spans, outcomes);
    try {
      return new Prepared(plan.build(skipsMetrics), recordBytes, result);
    } catch (Throwable e) {
      budget.release(recordBytes);
      throw e;
    }
  }

  /// A request that is refused as a whole must not count for the limits of its traces.
  private void withdraw(TenantId tenant, SpanTable table, long[] admittedBytes) {
    for (int trace = 0; trace < admittedBytes.length; trace++) {
      if (admittedBytes[trace] > 0) {
        admission.withdraw(tenant, table.traceId(trace), admittedBytes[trace]);
      }
    }
  }

  private void reserveRecords(long recordBytes, int spans, SpanOutcomes outcomes) {
    try {
      budget.reserve(recordBytes);
    } catch (RequestException e) {
      outcomes.refused(spans);
      throw e;
    }
  }

  private CompletionStage<PushResult> append(
      TenantId tenant, Prepared prepared, SpanOutcomes outcomes) {
    PushResult result = prepared.result();
    CompletableFuture<?>[] appends = new CompletableFuture<?>[prepared.records().size()];
    for (int i = 0; i < appends.length; i++) {
      appends[i] = append(tenant, prepared.records().get(i));
    }
    CompletableFuture<?> all = appends.length == 1 ? appends[0] : CompletableFuture.allOf(appends);
    return all.handle((position, failure) -> {
      budget.release(prepared.recordBytes());
      if (failure != null) {
        outcomes.refused(result.acceptedSpans() + result.rejectedSpans());
        throw requestException(failure);
      }
      outcomes.accepted(result.acceptedSpans());
      outcomes.refused(result.rejectedSpans());
      return result;
    });
  }

  private CompletableFuture<LogPosition> append(TenantId tenant, PushRecord pushRecord) {
    try {
      return spanLog.append(tenant, pushRecord).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static RequestException requestException(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RequestException known) {
      return known;
    }
    log.error("append failed", cause);
    return internal(cause);
  }

  /// Records ready to be appended, the bytes reserved for them, and the answer once they are kept.
  private record Prepared(List<PushRecord> records, long recordBytes, PushResult result) {}

  /// The spans of one push that a trace limit refused.
  private static final class Rejections {
    private int tooLargeSpans;
    private int exceededSpans;
    private @Nullable String first;

    void add(Decision decision, TenantId tenant, TraceId trace, long sizeBytes, int spans) {
      if (decision == Decision.TRACE_TOO_LARGE) {
        tooLargeSpans += spans;
      } else {
        exceededSpans += spans;
      }
      if (first == null) {
        first = explain(decision, tenant, trace, sizeBytes);
      }
    }

    private static String explain(
        Decision decision, TenantId tenant, TraceId trace, long sizeBytes) {
      return decision == Decision.TRACE_TOO_LARGE
          ? "TRACE_TOO_LARGE: trace "
              + trace
              + " of tenant "
              + tenant
              + " would exceed max_bytes_per_trace with "
              + sizeBytes
              + " more bytes"
          : "LIVE_TRACES_EXCEEDED: tenant "
              + tenant
              + " has max_traces_per_user live traces, no room for trace "
              + trace;
    }

    int spans() {
      return tooLargeSpans + exceededSpans;
    }

    @Nullable String message() {
      return first;
    }

    void count(DiscardedSpans discarded, TenantId tenant) {
      discarded.add(tenant, Reason.TRACE_TOO_LARGE, tooLargeSpans);
      discarded.add(tenant, Reason.LIVE_TRACES_EXCEEDED, exceededSpans);
    }
  }
}
