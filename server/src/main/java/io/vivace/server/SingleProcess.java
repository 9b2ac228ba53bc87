package io.vivace.server;

import com.linecorp.armeria.server.ServerBuilder;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vivace.api.http.QueryTenants;
import io.vivace.api.http.TempoHttpApi;
import io.vivace.block.BlockCache;
import io.vivace.block.BlockList;
import io.vivace.block.BlockWriter;
import io.vivace.demo.DemoShop;
import io.vivace.ingest.Distributor;
import io.vivace.ingest.DistributorConfig;
import io.vivace.ingest.receiver.OtlpReceivers;
import io.vivace.ingest.receiver.ReceiverMetrics;
import io.vivace.limits.ByteBudget;
import io.vivace.limits.DiscardedSpans;
import io.vivace.limits.RateLimiter;
import io.vivace.limits.RuntimeOverrides;
import io.vivace.limits.TenantResolver;
import io.vivace.livestore.LiveStore;
import io.vivace.livestore.LiveStoreTime;
import io.vivace.livestore.StoreBlockSink;
import io.vivace.livestore.wal.FileWalDisk;
import io.vivace.objectstore.local.LocalObjectStore;
import io.vivace.query.QueryFrontend;
import io.vivace.server.config.BuildInfo;
import io.vivace.server.config.OtlpReceiverConfig;
import io.vivace.server.config.VivaceConfig;
import io.vivace.server.http.ApiPort;
import io.vivace.server.http.HttpServers;
import io.vivace.server.http.OperationalApi;
import io.vivace.server.http.Readiness;
import io.vivace.server.http.RequestMetrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The role `all`: everything in one process, wired by hand in the order of the data flow.
final class SingleProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SingleProcess.class);
  private static final String API = "api";
  private static final String OTLP_GRPC = "otlp_grpc";
  private static final String OTLP_HTTP = "otlp_http";

  private final VivaceConfig config;
  private final BuildInfo build = BuildInfo.load();
  private final Readiness readiness = new Readiness();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Resources resources = new Resources();
  private final HttpServers servers = new HttpServers();

  private SingleProcess(VivaceConfig config) {
    this.config = config;
  }

  /// Starts everything, or throws with nothing left running.
  ///
  /// @param withDemo whether the demonstration shop runs too
  static SingleProcess start(VivaceConfig config, boolean withDemo) throws Exception {
    SingleProcess process = new SingleProcess(config);
    try {
      process.open();
      if (withDemo) {
        process.resources.add("demo", DemoShop.start(process.url(OTLP_HTTP)));
      }
      return process;
    } catch (Exception e) {
      process.resources.close();
      throw e;
    }
  }

  private void open() throws Exception {
    ProcessMetrics.register(registry, build);
    RuntimeOverrides overrides =
        resources.add("overrides", new OverridesReloader(config.overrides(), registry)).overrides();
    TenantSettings tenants = new TenantSettings(overrides);
    LocalObjectStore objects =
        resources.add("object store", new LocalObjectStore(config.storage().localPath()));
    BlockCache cache = new BlockCache(StoreSettings.cacheBytes());
    BlockList blocks = new BlockList(objects, cache);
    countSetAside(blocks);
    LiveStore store = resources.add("live store", openLiveStore(objects, blocks, cache, tenants));
    readiness.require(store::isReady);
    QueryFrontend frontend =
        new QueryFrontend(
            StoreSettings.queries(config.query()),
            tenants,
            LocalData.recent(store),
            LocalData.stored(blocks),
            InstantSource.system());
    ExecutorService queries = Executors.newVirtualThreadPerTaskExecutor();
    resources.add("queries", queries::shutdownNow);
    resources.add("ports", servers);
    servers.add(API, api(frontend, overrides, queries));
    addReceivers(store, overrides);
    servers.open();
    readiness.set(Readiness.State.RUNNING);
    logReady(blocks.size());
  }

  private void countSetAside(BlockList blocks) {
    CounterWithCallback.builder()
        .name("vivace_blocks_set_aside_total")
        .help("Blocks that could not be read and were left out; the log names them.")
        .callback(count -> count.call(blocks.setAsideCount()))
        .register(registry);
  }

  private LiveStore openLiveStore(
      LocalObjectStore objects, BlockList blocks, BlockCache cache, TenantSettings tenants)
      throws Exception {
    BlockWriter writer = new BlockWriter(objects, StoreSettings.blocks(config.storage()));
    return LiveStore.open(
        StoreSettings.liveStore(config.liveStore()),
        new FileWalDisk(),
        new StoreBlockSink(objects, writer, blocks, cache),
        tenants,
        LiveStoreTime.system(),
        registry,
        () -> takeOver(objects, blocks));
  }

  private ServerBuilder api(QueryFrontend frontend, RuntimeOverrides overrides, Executor queries) {
    ServerBuilder server = ApiPort.builder(config.server());
    server.decorator(new RequestMetrics(registry).decorator());
    new OperationalApi(config, registry, overrides, readiness, build)
        .register(server, () -> url(OTLP_HTTP));
    QueryTenants queryTenants =
        new QueryTenants(config.multitenancyEnabled(), config.query().multiTenantQueries());
    new TempoHttpApi(
            frontend,
            queryTenants,
            tenant -> overrides.forTenant(tenant).read().leftPadTraceIds(),
            queries)
        .register(server, config.httpApiPrefix());
    return server;
  }

  private void addReceivers(LiveStore store, RuntimeOverrides overrides) {
    ByteBudget budget = new ByteBudget(StoreSettings.requestBytes());
    Distributor distributor =
        new Distributor(
            overrides,
            new RateLimiter(overrides, System::nanoTime, () -> 1),
            store.admission(),
            store,
            budget,
            new DistributorConfig(
                (int) config.distributor().maxAttributeBytes(),
                DistributorConfig.DEFAULT_MAX_RECORD_BYTES),
            new DiscardedSpans(registry),
            registry,
            System::nanoTime);
    OtlpReceivers otlp =
        new OtlpReceivers(
            distributor,
            new TenantResolver(config.multitenancyEnabled()),
            overrides,
            budget,
            config.distributor().retryAfter(),
            new ReceiverMetrics(registry));
    for (OtlpReceiverConfig receiver : config.distributor().otlpReceivers()) {
      String suffix =
          receiver.name().equals("otlp") ? "" : receiver.name().substring("otlp".length());
      if (receiver.grpc() != null) {
        servers.add(OTLP_GRPC + suffix, otlp.grpc(receiver.grpc()));
      }
      if (receiver.http() != null) {
        servers.add(OTLP_HTTP + suffix, otlp.http(receiver.http()));
      }
    }
  }

  /// What may only be done while no other process uses the data: throws away what a crash left half
  /// written, and lists the blocks, after which only this process changes them.
  private static void takeOver(LocalObjectStore objects, BlockList blocks) throws IOException {
    try {
      int count = objects.sweepLeftovers(Instant.now());
      if (count > 0) {
        log.info("deleted {} unfinished uploads of a process that was stopped", count);
      }
    } catch (IOException e) {
      log.warn("unfinished uploads of earlier processes could not be deleted: {}", e.toString());
    }
    blocks.rebuild();
  }

  private void logReady(int blockCount) {
    LoggingEventBuilder line = log.atInfo();
    for (String name : servers.names()) {
      line = line.addKeyValue(name, url(name));
    }
    line.addKeyValue("blocks", blockCount)
        .addKeyValue("up_ms", ManagementFactory.getRuntimeMXBean().getUptime())
        .log("ready");
  }

  /// Where this machine reaches a port of the process; empty if there is no such port.
  String url(String name) {
    return servers.names().contains(name) ? "http://127.0.0.1:" + servers.port(name) : "";
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
