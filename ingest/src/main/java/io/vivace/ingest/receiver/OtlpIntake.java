package io.vivace.ingest.receiver;

import io.vivace.ingest.Distributor;
import io.vivace.ingest.PushResult;
import io.vivace.ingest.SpanOutcomes;
import io.vivace.ingest.otlp.OtlpScanner;
import io.vivace.limits.ByteBudget;
import io.vivace.limits.Overrides;
import io.vivace.limits.TenantResolver;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What the OTLP receivers have in common once the bytes of a request are there: decompression,
/// JSON, tenant, push. Knows no transport. Thread-safe.
final class OtlpIntake {
  private final Distributor distributor;
  private final TenantResolver tenants;
  private final Overrides overrides;
  private final ByteBudget budget;
  private final Duration rateLimitDelay;

  /// @param rateLimitDelay what a client over its rate is told to wait; zero = nothing is said
  OtlpIntake(
      Distributor distributor,
      TenantResolver tenants,
      Overrides overrides,
      ByteBudget budget,
      Duration rateLimitDelay) {
    this.distributor = distributor;
    this.tenants = tenants;
    this.overrides = overrides;
    this.budget = budget;
    this.rateLimitDelay = rateLimitDelay;
  }

  ByteBudget budget() {
    return budget;
  }

  /// Takes one request. Never throws; failures complete the stage.
  ///
  /// @param body the bytes as received; released by this call
  /// @param offset where the message begins in the body; it ends with the body
  CompletionStage<PushResult> accept(Request request, BodyBuffer body, int offset) {
    try {
      return decode(request, body, offset);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      body.release();
    }
  }

  private CompletionStage<PushResult> decode(Request request, BodyBuffer body, int offset) {
    if (request.coding == Coding.IDENTITY) {
      return convert(request, body.array(), offset, body.size() - offset);
    }
    BodyBuffer decoded = new BodyBuffer(budget, request.maxBytes, 0);
    try {
      request.coding.decode(body.array(), offset, body.size() - offset, decoded);
      body.release();
      return convert(request, decoded.array(), 0, decoded.size());
    } finally {
      decoded.release();
    }
  }

  private CompletionStage<PushResult> convert(
      Request request, byte[] bytes, int offset, int length) {
    if (request.format == OtlpFormat.PROTOBUF) {
      return push(request, bytes, offset, length);
    }
    // OTLP bytes are shorter than their JSON; the writer may have grown by half again.
    long reserved = 2L * length;
    budget.reserve(reserved);
    try {
      OtlpJsonReader reader = new OtlpJsonReader(length);
      reader.read(bytes, offset, length);
      return push(request, reader.array(), 0, reader.size());
    } finally {
      budget.release(reserved);
    }
  }

  private CompletionStage<PushResult> push(Request request, byte[] otlp, int offset, int length) {
    TenantId tenant;
    try {
      tenant = tenants.resolve(request.tenantValues);
    } catch (RequestException e) {
      int spans = OtlpScanner.countSpans(otlp, offset, length);
      if (spans == 0) {
        return CompletableFuture.completedFuture(PushResult.EMPTY);
      }
      request.outcomes.refused(spans);
      throw e;
    }
    return distributor.push(tenant, otlp, offset, length, request.skipsMetrics, request.outcomes);
  }

  /// How the failure of a request is told to its sender.
  OtlpStatus status(Throwable failure, List<String> tenantValues) {
    return OtlpStatus.of(failure, rateLimitDelayMillis(tenantValues));
  }

  private long rateLimitDelayMillis(List<String> tenantValues) {
    if (rateLimitDelay.isZero()) {
      return 0;
    }
    try {
      TenantId tenant = tenants.resolve(tenantValues);
      return overrides.forTenant(tenant).ingestion().retryInfoEnabled()
          ? rateLimitDelay.toMillis()
          : 0;
    } catch (RequestException e) {
      return 0;
    }
  }

  /// Everything about a request but its bytes.
  ///
  /// @param maxBytes largest decoded size
  /// @param tenantValues values of the tenant header
  record Request(
      OtlpFormat format,
      Coding coding,
      int maxBytes,
      List<String> tenantValues,
      boolean skipsMetrics,
      SpanOutcomes outcomes) {}
}
