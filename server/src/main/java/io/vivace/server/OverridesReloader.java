package io.vivace.server;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.limits.RuntimeOverrides;
import io.vivace.server.config.OverridesConfig;
import io.vivace.server.config.RuntimeOverridesFile;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the tenants' limits at start and whenever their file has changed. A bad file ends the
/// start; later it leaves the last good limits in force.
final class OverridesReloader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OverridesReloader.class);

  private final RuntimeOverrides overrides;
  private final @Nullable RuntimeOverridesFile file;
  private final @Nullable ScheduledExecutorService scheduler;
  private FileTime lastModified = FileTime.fromMillis(0);
  private long lastSizeBytes = -1;

  OverridesReloader(OverridesConfig config, PrometheusRegistry registry) throws Exception {
    overrides = new RuntimeOverrides(config.defaults());
    file = config.runtimeFile();
    GaugeWithCallback.builder()
        .name("tempo_runtime_config_last_reload_successful")
        .help("Whether the last read of the runtime overrides succeeded.")
        .callback(callback -> callback.call(overrides.isLastReloadGood() ? 1 : 0))
        .register(registry);
    if (file == null) {
      scheduler = null;
      return;
    }
    readIfChanged(file);
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("overrides").factory());
    long periodMillis = Math.max(1, config.reloadPeriod().toMillis());
    timer.scheduleWithFixedDelay(this::reload, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    scheduler = timer;
  }

  RuntimeOverrides overrides() {
    return overrides;
  }

  private void reload() {
    if (file == null) {
      return;
    }
    try {
      readIfChanged(file);
    } catch (Exception e) {
      log.error(
          "the runtime overrides stay as they are, because their file is bad: {}", e.getMessage());
    }
  }

  private void readIfChanged(RuntimeOverridesFile source) throws Exception {
    // A file that is missing is left to the reading, which says so.
    boolean exists = Files.exists(source.path());
    FileTime modified = exists ? Files.getLastModifiedTime(source.path()) : FileTime.fromMillis(1);
    long sizeBytes = exists ? Files.size(source.path()) : 0;
    if (modified.equals(lastModified) && sizeBytes == lastSizeBytes) {
      return;
    }
    lastModified = modified;
    lastSizeBytes = sizeBytes;
    overrides.reload(source);
    log.info(
        "read the runtime overrides of {} tenants from {}",
        overrides.entries().size(),
        source.path());
  }

  @Override
  public void close() {
    if (scheduler != null) {
      scheduler.shutdownNow();
    }
  }
}
