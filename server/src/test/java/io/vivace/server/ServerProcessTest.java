package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server as a user runs it: a process, a file, sockets, signals.
class ServerProcessTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final List<String> SPANS = List.of("00f067aa0ba902b7", "00f067aa0ba902b8");
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  @TempDir Path folder;

  /// The file as it is, but for its addresses, which become free ports of the loopback interface.
  static Path configure(Path folder, String resource) throws IOException {
    try (InputStream in = ServerProcessTest.class.getResourceAsStream(resource)) {
      String yaml =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace(
                  "http_listen_port: 3200", "http_listen_port: 0\n  http_listen_address: 127.0.0.1")
              .replaceAll("0\\.0\\.0\\.0:\\d+", "127.0.0.1:0");
      return Files.writeString(folder.resolve("tempo.yaml"), yaml);
    }
  }

  private RunningServer start() throws Exception {
    return RunningServer.start(folder, "-config.file=" + configure(folder, "tempo-3x.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tempo-2x.yaml", "tempo-3x.yaml"})
  void spansSurviveARestart(String file) throws Exception {
    String config = "-config.file=" + configure(folder, file);
    try (RunningServer server = RunningServer.start(folder, config)) {
      assertThat(server.text("/ready")).isEqualTo("ready\n");
      assertThat(server.push(Spans.request(TRACE, SPANS, "shop"))).isTrue();
      assertThat(server.spanIds(TRACE)).containsExactlyInAnyOrderElementsOf(SPANS);
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() ->
              assertThat(server.search("{ resource.service.name = \"shop\" }"))
                  .contains(TRACE.substring(1)));
      assertThat(server.terminate(LONGEST_STOP)).as(server.logText()).isZero();
    }
    try (RunningServer server = RunningServer.start(folder, config)) {
      assertThat(server.spanIds(TRACE)).containsExactlyInAnyOrderElementsOf(SPANS);
      assertThat(server.search("{ resource.service.name = \"shop\" }"))
          .contains(TRACE.substring(1));
      assertThat(server.spanIds("ffffffffffffffffffffffffffffffff")).isEmpty();
    }
    assertThat(folder.resolve("data/wal/vivace")).isDirectory();
    try (var blocks = Files.list(folder.resolve("data/blocks/single-tenant"))) {
      assertThat(blocks).isNotEmpty();
    }
  }

  @Test
  void operationalEndpoints() throws Exception {
    try (RunningServer server = start()) {
      server.push(Spans.request(TRACE, SPANS, "shop"));

      assertThat(server.text("/api/echo")).isEqualTo("echo\n");
      assertThat(server.text("/api/status/buildinfo"))
          .contains(
              "\"version\":\"3.",
              "\"revision\":",
              "\"branch\":",
              "\"buildUser\":",
              "\"buildDate\":",
              "\"goVersion\":");
      assertThat(server.text("/"))
          .contains("<h1>Vivace</h1>", server.address("otlp_http") + "/v1/traces");
      assertThat(server.text("/metrics"))
          .contains(
              "tempo_build_info{",
              "tempo_distributor_spans_received_total{tenant=\"single-tenant\"} 2.0",
              "jvm_memory_used_bytes{")
          .containsPattern(
              "tempo_receiver_accepted_spans\\{receiver=\"otlp/otlp_receiver\",transport=\"http\"} 2\\.0");
      HttpResponse<byte[]> open =
          server.get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");
      assertThat(open.headers().firstValue("content-type").orElse(""))
          .startsWith("application/openmetrics-text");
      assertThat(new String(open.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
      assertThat(server.text("/status/version")).contains("vivace, version");
      assertThat(server.text("/status/config"))
          .startsWith("---\n")
          .contains("max_block_duration: 5m0s", "blocklist_poll:");
      assertThat(server.text("/status/config?mode=diff"))
          .contains("max_block_duration: 5m0s")
          .doesNotContain("blocklist_poll:");
      assertThat(server.get("/status/config?mode=x").statusCode()).isEqualTo(500);
      assertThat(server.text("/status")).contains("GET /status/config", "GET /status/services");
      assertThat(server.get("/status/nothing").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aSecondProcessOnTheSameFolderIsRefusedWithThePidOfTheFirst() throws Exception {
    try (RunningServer first = start();
        RunningServer second =
            RunningServer.launch(folder, "-config.file=" + folder.resolve("tempo.yaml"))) {
      assertThat(second.awaitEnd(Duration.ofSeconds(30))).isEqualTo(1);
      assertThat(second.logText()).contains("pid " + first.pid());
      assertThat(first.push(Spans.request(TRACE, SPANS, "shop"))).isTrue();
    }
  }

  @Test
  void anUnwritableFolderIsNamed() throws Exception {
    // Permissions do not hold root back, the kernel's own file system does.
    boolean isRoot = System.getProperty("user.name").equals("root");
    Path unwritable =
        isRoot ? Path.of("/proc/self/task") : Files.createDirectory(folder.resolve("unwritable"));
    if (!isRoot) {
      Files.setPosixFilePermissions(unwritable, PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    try (RunningServer server =
        RunningServer.launch(
            folder,
            "-config.file=" + configure(folder, "tempo-3x.yaml"),
            "-storage.trace.wal.path=" + unwritable.resolve("wal"))) {
      assertThat(server.awaitEnd(Duration.ofSeconds(30))).isEqualTo(1);
      assertThat(server.logText())
          .contains("cannot start")
          .contains(unwritable.resolve("wal").toString());
    }
  }

  @Test
  void aFileInTheWayOfAFolderIsNamed() throws Exception {
    Files.writeString(folder.resolve("data"), "not a folder");
    try (RunningServer server =
        RunningServer.launch(folder, "-config.file=" + configure(folder, "tempo-3x.yaml"))) {
      assertThat(server.awaitEnd(Duration.ofSeconds(30))).isEqualTo(1);
      assertThat(server.logText()).contains("cannot start").contains("data");
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (RunningServer first = start()) {
      String port = first.address("api").replaceAll(".*:", "");
      Path other = Files.createDirectory(folder.resolve("other"));
      try (RunningServer second =
          RunningServer.launch(
              other,
              "-config.file=" + configure(other, "tempo-3x.yaml"),
              "-server.http-listen-port=" + port)) {
        assertThat(second.awaitEnd(Duration.ofSeconds(30))).isEqualTo(1);
        assertThat(second.logText()).contains("cannot start").contains(port);
      }
    }
  }

  @Test
  void flagsThatOnlyPrint() throws Exception {
    Path config = configure(folder, "tempo-3x.yaml");
    assertThat(run(0, "-version")).contains("vivace, version").contains("java version");
    assertThat(run(2, "-nonsense"))
        .contains("flag provided but not defined: -nonsense")
        .contains("Usage:");
    assertThat(run(0, "-config.verify", "-config.file=" + config))
        .contains("the configuration is good");
    Files.writeString(config, "serverr: {}\nstorage: {trace: {backend: disk}}\n");
    assertThat(run(1, "-config.verify", "-config.file=" + config))
        .contains(":1:1: serverr")
        .contains(":2:28: storage.trace.backend");
    assertThat(run(1, "-config.file=" + folder.resolve("absent.yaml")))
        .contains("absent.yaml: cannot be read");
    assertThat(run(1, "-health", "-health.url=http://127.0.0.1:1/ready")).contains("unhealthy");
  }

  private String run(int exitCode, String... arguments) throws Exception {
    try (RunningServer server = RunningServer.launch(folder, arguments)) {
      int code = server.awaitEnd(Duration.ofSeconds(30));
      assertThat(code).as(server.logText()).isEqualTo(exitCode);
      return server.logText();
    }
  }
}
