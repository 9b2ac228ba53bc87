package io.vivace.server;

import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.server.config.BuildInfo;

/// Metrics of the process as such: the JVM and the build.
final class ProcessMetrics {
  private ProcessMetrics() {}

  static void register(PrometheusRegistry registry, BuildInfo build) {
    JvmMetrics.builder().register(registry);
    Info info =
        Info.builder()
            .name("tempo_build_info")
            .help("What this build is.")
            .labelNames("version", "revision", "branch", "goversion", "goos", "goarch", "tags")
            .register(registry);
    info.addLabelValues(
        BuildInfo.COMPATIBLE_VERSION,
        build.revision(),
        "vivace " + build.version(),
        "java " + Runtime.version().feature(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        "");
  }
}
