package io.vivace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No tenant ever sees the spans of another one: not by id, not by search, not in metrics; neither
/// before nor after the spans went into blocks. Both tenants use one trace id.
class TenantIsolationTest {
  private static final String HEADER = "X-Scope-OrgID";
  private static final String SHARED = "5af7651916cd43dd8448eb211c80319c";
  private static final String OF_A = "6af7651916cd43dd8448eb211c80319c";
  private static final String OF_B = "7af7651916cd43dd8448eb211c80319c";
  private static final String UNAUTHENTICATED = "16";

  @TempDir Path folder;

  @Test
  void tenantsAreApartInRecentDataAndInBlocks() throws Exception {
    try (LocalProcess server = start()) {
      refusesWithoutTenant(server);
      assertThat(
              server
                  .push(Spans.request(SHARED, List.of("00000000000000a1"), "shop-a"), HEADER, "a")
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              server.pushGrpc(
                  Spans.request(SHARED, List.of("00000000000000b1"), "shop-b"),
                  "x-scope-orgid",
                  "b"))
          .isEqualTo("0");
      assertThat(
              server.pushGrpc(
                  Spans.request(OF_A, List.of("00000000000000a2"), "shop-a"), "x-scope-orgid", "a"))
          .isEqualTo("0");
      assertThat(
              server
                  .push(Spans.request(OF_B, List.of("00000000000000b2"), "shop-b"), HEADER, "b")
                  .statusCode())
          .isEqualTo(200);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(LocalProcess.text(server.search("{}", HEADER, "a|b")))
                  .contains(OF_A, OF_B));
      check(server);
    }
    try (var blocks = Files.walk(folder.resolve("blocks"))) {
      assertThat(
              blocks
                  .filter(file -> file.endsWith("data.parquet"))
                  .map(file -> folder.resolve("blocks").relativize(file).getName(0).toString()))
          .as("each tenant's spans are in blocks of its own")
          .containsExactlyInAnyOrder("a", "b");
    }
    try (LocalProcess server = start()) {
      refusesWithoutTenant(server);
      check(server);
    }
  }

  private LocalProcess start() throws Exception {
    return LocalProcess.start(folder, "multitenancy_enabled: true\n");
  }

  private static void refusesWithoutTenant(LocalProcess server) throws Exception {
    byte[] spans = Spans.request(SHARED, List.of("00000000000000ff"), "nobody");
    assertThat(server.push(spans).statusCode()).isEqualTo(401);
    assertThat(server.push(spans, HEADER, "").statusCode()).isEqualTo(401);
    assertThat(server.pushGrpc(spans)).isEqualTo(UNAUTHENTICATED);
    for (String path :
        List.of(
            "/api/traces/" + SHARED,
            "/api/v2/traces/" + SHARED,
            "/api/search?q=%7B%7D",
            "/api/metrics/query?q=%7B%7D%7Crate()")) {
      HttpResponse<byte[]> response = server.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(LocalProcess.text(response)).as(path).isEqualTo("no org id\n");
    }
    // Not a way out of the store's folder, and not a tenant's name.
    for (String name : List.of("..", "a/b", "../a", "a b")) {
      assertThat(server.get("/api/traces/" + SHARED, HEADER, name).statusCode())
          .as(name)
          .isBetween(400, 401);
      assertThat(server.push(spans, HEADER, name).statusCode()).as(name).isBetween(400, 401);
    }
  }

  private static void check(LocalProcess server) throws Exception {
    sees(server, "a", List.of("00000000000000a1"), List.of("00000000000000a2"), List.of());
    sees(server, "b", List.of("00000000000000b1"), List.of(), List.of("00000000000000b2"));
    sees(server, "c", List.of(), List.of(), List.of());
    sees(server, "A", List.of(), List.of(), List.of());
    sees(server, "single-tenant", List.of(), List.of(), List.of());
    sees(
        server,
        "a|b",
        List.of("00000000000000a1", "00000000000000b1"),
        List.of("00000000000000a2"),
        List.of("00000000000000b2"));
    sees(server, "b|c", List.of("00000000000000b1"), List.of(), List.of("00000000000000b2"));
  }

  private static void sees(
      LocalProcess server, String tenant, List<String> shared, List<String> ofA, List<String> ofB)
      throws Exception {
    byId(server, tenant, SHARED, shared);
    byId(server, tenant, OF_A, ofA);
    byId(server, tenant, OF_B, ofB);
    String[] header = {HEADER, tenant};
    // The attributes of every span that is found say whose it is.
    String found =
        LocalProcess.text(
                server.search("{ resource.service.name =~ \"shop-.\" && span:id != \"\" }", header))
            + LocalProcess.text(server.get("/api/search?spss=100", header))
            + LocalProcess.text(server.get("/api/search?tags=service.name%3Dshop", header));
    for (String span : shared) {
      assertThat(found).as("%s by search", tenant).contains(SHARED).contains(span);
    }
    assertThat(found.contains(SHARED)).as("%s by search", tenant).isEqualTo(!shared.isEmpty());
    assertThat(found.contains(OF_A) || found.contains("shop-a"))
        .as("a's by search of %s", tenant)
        .isEqualTo(!ofA.isEmpty());
    assertThat(found.contains(OF_B) || found.contains("shop-b"))
        .as("b's by search of %s", tenant)
        .isEqualTo(!ofB.isEmpty());
    String series =
        LocalProcess.text(
            server.get(
                "/api/metrics/query?since=1h&q=%7B%7D%7Ccount_over_time()by(resource.service.name)",
                header));
    assertThat(series.contains("shop-a"))
        .as("a's in metrics of %s", tenant)
        .isEqualTo(!ofA.isEmpty());
    assertThat(series.contains("shop-b"))
        .as("b's in metrics of %s", tenant)
        .isEqualTo(!ofB.isEmpty());
  }

  private static void byId(LocalProcess server, String tenant, String trace, List<String> spans)
      throws Exception {
    String[] header = {HEADER, tenant};
    assertThat(server.spanIds(trace, header))
        .as("%s of %s", trace, tenant)
        .containsExactlyInAnyOrderElementsOf(spans);
    for (String mode : List.of("all", "ingesters", "blocks")) {
      String v2 =
          new String(
              server.get("/api/v2/traces/" + trace + "?mode=" + mode, header).body(),
              StandardCharsets.UTF_8);
      if (spans.isEmpty()) {
        assertThat(v2).as("%s of %s, v2, %s", trace, tenant, mode).startsWith("{\"trace\":{}");
      }
    }
    String v2 = LocalProcess.text(server.get("/api/v2/traces/" + trace, header));
    for (String span : spans) {
      assertThat(v2).contains("operation " + span);
    }
  }
}
