package io.vivace.server;

import com.linecorp.armeria.server.ServerBuilder;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.limits.RuntimeOverrides;
import io.vivace.server.config.VivaceConfig;
import io.vivace.server.http.ApiServer;
import io.vivace.server.http.OperationalApi;
import io.vivace.server.http.Readiness;
import io.vivace.server.http.RequestMetrics;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The role `all`: everything in one process, wired by hand in the order of the data flow.
final class SingleProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SingleProcess.class);

  private final VivaceConfig config;
  private final BuildInfo build = BuildInfo.load();
  private final Readiness readiness = new Readiness();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Resources resources = new Resources();
  private int apiPort;

  private SingleProcess(VivaceConfig config) {
    this.config = config;
  }

  /// Starts everything, or throws with nothing left running.
  static SingleProcess start(VivaceConfig config, boolean demo) throws Exception {
    SingleProcess process = new SingleProcess(config);
    try {
      process.open(demo);
      return process;
    } catch (Exception e) {
      process.resources.close();
      throw e;
    }
  }

  private void open(boolean demo) throws Exception {
    long startNanos = System.nanoTime();
    registerProcessMetrics();
    RuntimeOverrides overrides =
        resources.add("overrides", new OverridesReloader(config.overrides(), registry)).overrides();
    ServerBuilder server = ApiServer.builder(config.server());
    server.decorator(new RequestMetrics(registry).decorator());
    new OperationalApi(config, registry, overrides, readiness, build).register(server, "");
    ApiServer api = resources.add("api", ApiServer.start(server));
    apiPort = api.port();
    readiness.set(Readiness.State.RUNNING);
    log.atInfo()
        .addKeyValue("api", "http://localhost:" + apiPort)
        .addKeyValue("start_ms", Duration.ofNanos(System.nanoTime() - startNanos).toMillis())
        .log("ready");
  }

  private void registerProcessMetrics() {
    JvmMetrics.builder().register(registry);
    Info.builder()
        .name("tempo_build_info")
        .help("What this build is.")
        .labelNames("version", "revision", "branch", "goversion", "goos", "goarch", "tags")
        .register(registry)
        .addLabelValues(
            BuildInfo.COMPATIBLE_VERSION,
            build.revision(),
            "vivace " + build.version(),
            "java " + Runtime.version(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            "");
  }

  int apiPort() {
    return apiPort;
  }

  /// From now on the process says that it is not ready; it still serves.
  void announceStop() {
    readiness.set(Readiness.State.STOPPING);
  }

  @Override
  public void close() {
    announceStop();
    resources.close();
  }
}
