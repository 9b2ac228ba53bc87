package io.vivace.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.ingest.receiver.ListenAddress;
import io.vivace.limits.TenantLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private final ConfigLoader loader = new ConfigLoader(Map.of("PORT", "3999", "NAME", "wal"));

  private VivaceConfig read(String yaml) throws ConfigException {
    return loader.parse(yaml, "tempo.yaml", false, false, Map.of());
  }

  private List<String> errors(String yaml) {
    try {
      read(yaml);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = ConfigLoaderTest.class.getResourceAsStream("/io/vivace/server/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void withoutFileEverythingIsOnLocalhostAndInData() throws Exception {
    VivaceConfig config = loader.load(null, false, Map.of());

    assertThat(config.target()).isEqualTo("all");
    assertThat(config.server().httpListenAddress()).isEqualTo("localhost");
    assertThat(config.server().httpListenPort()).isEqualTo(3200);
    assertThat(config.server().logFormat()).isEqualTo("logfmt");
    OtlpReceiverConfig otlp = config.distributor().otlpReceivers().getFirst();
    assertThat(otlp.grpc().endpoint()).isEqualTo(new ListenAddress("localhost", 4317));
    assertThat(otlp.http().endpoint()).isEqualTo(new ListenAddress("localhost", 4318));
    assertThat(config.liveStore().walPath()).isEqualTo(Path.of("./data/wal"));
    assertThat(config.storage().localPath()).isEqualTo(Path.of("./data/blocks"));
    assertThat(config.liveStore().maxBlockDuration()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.query().queryEndCutoff()).isEqualTo(Duration.ZERO);
    assertThat(config.overrides().defaults())
        .isEqualTo(TenantLimits.DEFAULTS.withIngestion(config.overrides().defaults().ingestion()));
    assertThat(config.overrides().defaults().ingestion().rateLimitBytes()).isEqualTo(30_000_000);
    assertThat(config.warnings()).isEmpty();
    assertThat(config.withoutEffect()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tempo-2x.yaml", "tempo-3x.yaml"})
  void filesOfBothGenerationsAreRead(String file) throws Exception {
    VivaceConfig config = read(resource(file));

    assertThat(config.liveStore().maxBlockDuration()).isEqualTo(Duration.ofMinutes(5));
    OtlpReceiverConfig otlp = config.distributor().otlpReceivers().getFirst();
    assertThat(otlp.grpc().endpoint()).isEqualTo(new ListenAddress("", 4317));
    assertThat(otlp.http().endpoint()).isEqualTo(new ListenAddress("", 4318));
    assertThat(config.server().httpListenAddress()).isEmpty();
    assertThat(config.withoutEffect())
        .extracting(Problem::path)
        .contains(
            "query_frontend.search.duration_slo", "query_frontend.search.throughput_bytes_slo");
  }

  @Test
  void oldKeysAreReadAsTheirSuccessorsWithAWarning() throws Exception {
    VivaceConfig config =
        read(
            """
            ingester:
              trace_idle_period: 20s
              max_block_bytes: 1.048576e+06
              lifecycler: {ring: {replication_factor: 1}}
            compactor:
              compaction:
                block_retention: 1h
            overrides:
              ingestion_rate_limit_bytes: 5
              metrics_generator_processors: [service-graphs]
            """);

    assertThat(config.liveStore().maxTraceIdle()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.liveStore().maxBlockBytes()).isEqualTo(1 << 20);
    assertThat(config.overrides().defaults().ingestion().rateLimitBytes()).isEqualTo(5);
    assertThat(config.warnings().stream().map(Problem::toString))
        .contains(
            "tempo.yaml:2:22: ingester.trace_idle_period: a key of an older version, read as live_store.max_trace_idle");
    assertThat(config.withoutEffect())
        .extracting(Problem::path)
        .contains("ingester.lifecycler", "overrides.metrics_generator_processors");
  }

  @Test
  void allErrorsAreListedWithLineColumnPathAndSuggestion() {
    assertThat(
            errors(
                """
                serverr:
                  http_listen_port: 1
                server:
                  http_listen_port: abc
                  log_levle: info
                  log_format: xml
                storage:
                  trace:
                    backend: s3
                    wal: {path: a, path: b}
                    max_block_duration: 5m
                live_store:
                  max_trace_idle: soon
                  max_block_bytes: 0
                distributor:
                  receivers:
                    jaeger: {protocols: {grpc: }}
                    otlp: {protocols: {grpc: {endpoint: nowhere}}}
                target: querier
                """))
        .containsExactly(
            "tempo.yaml:1:1: serverr: unknown key (did you mean server?)",
            "tempo.yaml:4:21: server.http_listen_port: 'abc' (expected: an integer)",
            "tempo.yaml:5:3: server.log_levle: unknown key (did you mean log_level?)",
            "tempo.yaml:6:15: server.log_format: 'xml' (expected: one of logfmt, json)",
            "tempo.yaml:9:5: storage.trace.backend: 's3': this object store is not there yet (expected: local)",
            "tempo.yaml:10:20: storage.trace.wal.path: set twice (first in line 10)",
            "tempo.yaml:11:5: storage.trace.max_block_duration: unknown key (did you mean live_store.max_block_duration?)",
            "tempo.yaml:13:19: live_store.max_trace_idle: 'soon' (expected: a duration such as 30s, 1h30m or 14d)",
            "tempo.yaml:14:3: live_store.max_block_bytes: 0 (expected: more than zero bytes)",
            "tempo.yaml:17:5: distributor.receivers.jaeger: this receiver is not there yet, its spans would be lost"
                + " (remove it, or send OTLP instead)",
            "tempo.yaml:18:31: distributor.receivers.otlp.protocols.grpc.endpoint: 'nowhere' (expected: host:port)",
            "tempo.yaml:19:1: target: querier: separate roles are not there yet (expected: all)");
  }

  @Test
  void brokenYamlNamesThePlace() {
    assertThat(errors("server:\n  http_listen_port: [1\nstorage: 2\n"))
        .singleElement()
        .asString()
        .startsWith("tempo.yaml:3:");
    assertThat(errors("a\n- b\n: c")).isNotEmpty();
    assertThat(errors("[".repeat(2000))).singleElement().asString().contains("not valid YAML");
  }

  @ParameterizedTest
  @CsvSource({
    "1h30m,PT1H30M",
    "336h,PT336H",
    "500ms,PT0.5S",
    "0,PT0S",
    "0s,PT0S",
    "14d,PT336H",
    "2w,PT336H",
    "1.5s,PT1.5S",
    "10us,PT0.00001S"
  })
  void durations(String text, Duration expected) throws Exception {
    assertThat(read("shutdown_delay: " + text).shutdownDelay()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "1h 30m", "-3s", "s", "1x", "9999999999999h", "[1s]", "{a: 1s}"})
  void notDurations(String text) {
    assertThat(errors("shutdown_delay: " + text)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "30000000,30000000",
    "3.0e+07,30000000",
    "30_000_000,30000000",
    "0x10,16",
    "010,8",
    "1MiB,1048576",
    "1MB,1000000",
    "2GiB,2147483648"
  })
  void sizes(String text, long expected) throws Exception {
    VivaceConfig config =
        read("overrides: {defaults: {ingestion: {burst_size_bytes: " + text + "}}}");
    assertThat(config.overrides().defaults().ingestion().burstSizeBytes()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "abc", "1e400", "99999999999999999999", "-1"})
  void notSizes(String text) {
    assertThat(errors("overrides: {defaults: {ingestion: {burst_size_bytes: " + text + "}}}"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"yes,true", "on,true", "True,true", "'\"true\"',true", "no,false", "off,false"})
  void booleans(String text, boolean expected) throws Exception {
    assertThat(read("multitenancy_enabled: " + text).multitenancyEnabled()).isEqualTo(expected);
    assertThat(read("auth_enabled: " + text).multitenancyEnabled()).isEqualTo(expected);
  }

  @Test
  void emptyNodesEnableProtocolsAndMergeKeysAreResolved() throws Exception {
    VivaceConfig config =
        read(
            """
            distributor:
              receivers:
                otlp: {protocols: {grpc: , http: null}}
                otlp/second:
                  protocols:
                    http: &h {endpoint: "127.0.0.1:0", max_request_body_size: 5MiB}
                otlp/third:
                  protocols:
                    http: {<<: *h, endpoint: "[::1]:99"}
            server:
            """);

    List<OtlpReceiverConfig> receivers = config.distributor().otlpReceivers();
    assertThat(receivers)
        .extracting(OtlpReceiverConfig::name)
        .containsExactly("otlp", "otlp/second", "otlp/third");
    assertThat(receivers.getFirst().grpc().endpoint().port()).isEqualTo(4317);
    assertThat(receivers.getFirst().http()).isNotNull();
    assertThat(receivers.get(1).grpc()).isNull();
    assertThat(receivers.get(2).http().endpoint()).isEqualTo(new ListenAddress("::1", 99));
    assertThat(receivers.get(2).http().maxBodyBytes()).isEqualTo(5 << 20);
  }

  @Test
  void wholeSectionsWithoutEffectGiveOneRemark() throws Exception {
    VivaceConfig config =
        read(
            """
            memberlist:
              join_members: dns+tempo:7946
              bind_port: 7946
            metrics_generator:
              storage:
                path: /var
                remote_write: [{url: http://p/api/v1/write}]
            cache:
              caches: [{roles: [bloom], memcached: {host: m}}]
            """);

    assertThat(config.withoutEffect())
        .extracting(Problem::path)
        .containsExactly("memberlist", "metrics_generator", "cache");
    assertThat(errors("memberlist: {jion_members: [a]}"))
        .singleElement()
        .asString()
        .contains("did you mean join_members?");
  }

  @Test
  void flagsWinOverTheFile() throws Exception {
    VivaceConfig config =
        loader.parse(
            "server: {http_listen_port: 1, log_level: warn}",
            "t",
            false,
            false,
            CommandLine.parse(
                    "-server.http-listen-port", "2", "--log.level=error", "-multitenancy.enabled")
                .settings());

    assertThat(config.server().httpListenPort()).isEqualTo(2);
    assertThat(config.server().logLevel()).isEqualTo("error");
    assertThat(config.multitenancyEnabled()).isTrue();
    assertThatThrownBy(
            () -> loader.parse("", "t", false, false, Map.of("server.http_listen_port", "x")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("command line: server.http_listen_port: 'x' (expected: an integer)");
  }

  @Test
  void everyFlagNamesAKnownKey() throws Exception {
    for (String line :
        CommandLine.usage().lines().filter(l -> l.contains(" (") && l.contains("_")).toList()) {
      String path = line.substring(line.indexOf('(') + 1, line.indexOf(')'));
      String value =
          path.endsWith("enabled")
              ? "true"
              : path.endsWith("bytes") || path.contains("max_") || path.endsWith("port") ? "7" : "";
      loader.parse("", "t", true, false, Map.of(path, value));
    }
  }

  @Test
  void environmentIsExpanded(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("t.yaml"),
            "server: {http_listen_port: ${PORT:1}}\nstorage: {trace: {wal: {path: '/x/${NAME}/${NONE:-d}'}}}\n");

    VivaceConfig config = loader.load(file, true, Map.of());

    assertThat(config.server().httpListenPort()).isEqualTo(3999);
    assertThat(config.liveStore().walPath()).isEqualTo(Path.of("/x/wal/d"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${A} | a",
        "${NO} | ''",
        "${NO:x} | x",
        "${NO:-x} | x",
        "${NO-x} | x",
        "${NO:=x} | x",
        "${A:x} | a",
        "$A $ | $A $",
        "$${A} | ${A}",
        "${A^^} | A",
        "${#A} | 1",
        "${LONG:1:2} | on",
        "${NO:3200} | 3200",
        "${A:3200} | a"
      })
  void expansions(String text, String expected) throws Exception {
    assertThat(Environment.expand(text, Map.of("A", "a", "LONG", "long"), "f")).isEqualTo(expected);
  }

  @Test
  void anUnknownExpansionIsAnErrorWithItsPlace() {
    assertThatThrownBy(() -> Environment.expand("a: 1\nb: ${1x}", Map.of(), "f"))
        .hasMessageStartingWith("f:2:4: ${1x}: not understood");
  }

  @Test
  void tenantsInheritWhatTheyDoNotSet(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("overrides.yaml");
    VivaceConfig config =
        read(
            "overrides: {defaults: {ingestion: {rate_limit_bytes: 7}}, per_tenant_override_config: "
                + file
                + "}");
    Files.writeString(
        file,
        """
        overrides:
          grouped: {ingestion: {max_traces_per_user: 3}, global: {max_bytes_per_trace: 0}}
          flat: {ingestion_rate_limit_bytes: 0, max_bytes_per_trace: 9}
          "*": {}
          nothing:
        """);

    Map<String, TenantLimits> entries = config.overrides().runtimeFile().read();

    assertThat(entries.keySet()).containsExactly("grouped", "flat", "*", "nothing");
    assertThat(entries.get("grouped").ingestion().rateLimitBytes()).isEqualTo(7);
    assertThat(entries.get("grouped").ingestion().maxTracesPerUser()).isEqualTo(3);
    assertThat(entries.get("grouped").global().maxBytesPerTrace()).isZero();
    assertThat(entries.get("flat").ingestion().rateLimitBytes()).isZero();
    assertThat(entries.get("flat").global().maxBytesPerTrace()).isEqualTo(9);
    assertThat(entries.get("*")).isEqualTo(config.overrides().defaults());

    Files.writeString(file, "overrides: {a: {ingestion: {rate_limit_byte: 1}}}");
    assertThatThrownBy(() -> config.overrides().runtimeFile().read())
        .hasMessageContaining(
            "overrides.a.ingestion.rate_limit_byte: unknown key (did you mean rate_limit_bytes?)");
  }

  @Test
  void secretsAreNotShown() throws Exception {
    VivaceConfig config = read("ingest: {kafka: {sasl_password: hunter2, sasl_username: u}}");
    assertThat(config.effective().toString())
        .contains("sasl_password=<secret>", "sasl_username=u")
        .doesNotContain("hunter2");
    assertThat(config.changed().keySet()).containsExactly("ingest");
  }
}
