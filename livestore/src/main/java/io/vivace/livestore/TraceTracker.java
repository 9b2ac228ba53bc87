package io.vivace.livestore;

import io.vivace.limits.TraceAdmission;
import io.vivace.model.TenantId;
import io.vivace.model.TraceId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Sizes of the traces that got spans lately. A trace is forgotten when it has been silent for
/// `maxIdleNanos`.
///
/// Nothing is kept for tenants without limits. All tenants together have at most `maxEntries`
/// traces; when that is full, further traces are admitted unseen, since forgetting a limit is
/// better than refusing spans for lack of a counter.
///
/// Bytes of a trace that is refused as too large count as well, so that a trace stays refused until
/// it was silent.
final class TraceTracker implements TraceAdmission {
  private final TraceLimits limits;
  private final LiveStoreTime time;
  private final long maxIdleNanos;
  private final long maxEntries;
  private final AtomicLong entries = new AtomicLong();
  private final ConcurrentHashMap<TenantId, Tenant> tenants = new ConcurrentHashMap<>();

  TraceTracker(TraceLimits limits, LiveStoreTime time, long maxIdleNanos, long maxEntries) {
    this.limits = limits;
    this.time = time;
    this.maxIdleNanos = maxIdleNanos;
    this.maxEntries = maxEntries;
  }

  @Override
  public Decision admit(TenantId tenant, TraceId traceId, long bytes) {
    long maxBytes = limits.maxBytesPerTrace(tenant);
    long maxTraces = limits.maxTracesPerUser(tenant);
    if (maxBytes <= 0 && maxTraces <= 0) {
      return Decision.ADMITTED;
    }
    return tenants
        .computeIfAbsent(tenant, t -> new Tenant())
        .admit(traceId, bytes, maxBytes, maxTraces, time.monotonicNanos());
  }

  @Override
  public void withdraw(TenantId tenant, TraceId traceId, long bytes) {
    release(tenant, traceId, bytes);
  }

  /// Takes back an admitted piece whose append failed.
  void release(TenantId tenant, TraceId traceId, long bytes) {
    Tenant known = tenants.get(tenant);
    if (known != null) {
      known.release(traceId, bytes);
    }
  }

  /// Forgets silent traces.
  void expire() {
    long now = time.monotonicNanos();
    for (Tenant tenant : tenants.values()) {
      tenant.expire(now);
    }
  }

  /// Traces of all tenants that are counted now.
  long entryCount() {
    return entries.get();
  }

  private static final class Entry {
    private long bytes;
    private long lastNanos;
  }

  private final class Tenant {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TraceId, Entry> traces = new HashMap<>();

    Decision admit(TraceId traceId, long bytes, long maxBytes, long maxTraces, long now) {
      lock.lock();
      try {
        Entry entry = traces.get(traceId);
        if (entry == null) {
          if (maxTraces > 0 && traces.size() >= maxTraces) {
            expire(now);
            if (traces.size() >= maxTraces) {
              return Decision.LIVE_TRACES_EXCEEDED;
            }
          }
          if (entries.incrementAndGet() > maxEntries) {
            entries.decrementAndGet();
            return maxBytes > 0 && bytes > maxBytes ? Decision.TRACE_TOO_LARGE : Decision.ADMITTED;
          }
          entry = new Entry();
          traces.put(traceId, entry);
        }
        entry.bytes += bytes;
        entry.lastNanos = now;
        return maxBytes > 0 && entry.bytes > maxBytes
            ? Decision.TRACE_TOO_LARGE
            : Decision.ADMITTED;
      } finally {
        lock.unlock();
      }
    }

    void release(TraceId traceId, long bytes) {
      lock.lock();
      try {
        Entry entry = traces.get(traceId);
        if (entry != null) {
          entry.bytes -= bytes;
          if (entry.bytes <= 0) {
            traces.remove(traceId);
            entries.decrementAndGet();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    void expire(long now) {
      lock.lock();
      try {
        Iterator<Entry> all = traces.values().iterator();
        while (all.hasNext()) {
          if (now - all.next().lastNanos >= maxIdleNanos) {
            all.remove();
            entries.decrementAndGet();
          }
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
