package io.vivace.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogEncoderTest {
  private static String encode(boolean isJson, String message, KeyValuePair... pairs) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerContext(new LoggerContext());
    event.setLoggerName("io.vivace.server.Vivace");
    event.setLevel(Level.WARN);
    event.setMessage(message);
    event.setInstant(Instant.parse("2026-11-21T10:00:00.5Z"));
    event.setKeyValuePairs(List.of(pairs));
    return new String(new LogEncoder(isJson).encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void logfmtQuotesOnlyWhereNeeded() {
    assertThat(encode(false, "up", new KeyValuePair("tenant", "a b"), new KeyValuePair("n", 5)))
        .isEqualTo(
            "level=warn ts=2026-11-21T10:00:00.500000000Z caller=Vivace msg=up tenant=\"a b\" n=5\n");
    assertThat(encode(false, "a=\"b\"\nc\u0001")).endsWith(" msg=\"a=\\\"b\\\"\\nc\\u0001\"\n");
  }

  @Test
  void json() {
    assertThat(encode(true, "say \"hi\"\\\t", new KeyValuePair("k", "v")))
        .isEqualTo(
            "{\"level\":\"warn\",\"ts\":\"2026-11-21T10:00:00.500000000Z\",\"caller\":\"Vivace\","
                + "\"msg\":\"say \\\"hi\\\"\\\\\\t\",\"k\":\"v\"}\n");
  }
}
