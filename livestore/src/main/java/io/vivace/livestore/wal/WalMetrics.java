package io.vivace.livestore.wal;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What the log tells about itself.
final class WalMetrics {
  final Histogram commitDuration;
  final Counter committedRecords;
  final Counter committedBytes;
  final Counter failures;
  final Counter damagedPlaces;
  final Gauge segments;
  final Gauge writable;

  WalMetrics(PrometheusRegistry registry) {
    commitDuration =
        Histogram.builder()
            .name("vivace_wal_commit_duration_seconds")
            .help("Time to write and force one group of records.")
            .register(registry);
    committedRecords =
        Counter.builder()
            .name("vivace_wal_records_total")
            .help("Records made durable.")
            .register(registry);
    committedBytes =
        Counter.builder()
            .name("vivace_wal_bytes_total")
            .help("Bytes made durable.")
            .register(registry);
    failures =
        Counter.builder()
            .name("vivace_wal_failures_total")
            .help("Failed writes or forces of the log; each one ends a segment.")
            .register(registry);
    damagedPlaces =
        Counter.builder()
            .name("vivace_wal_corrupt_records_total")
            .help("Damaged places in the log that were set aside at start.")
            .register(registry);
    segments =
        Gauge.builder().name("vivace_wal_segments").help("Segments on disk.").register(registry);
    writable =
        Gauge.builder()
            .name("vivace_wal_writable")
            .help("1 while the log takes records, 0 while its disk refuses them.")
            .register(registry);
  }
}
