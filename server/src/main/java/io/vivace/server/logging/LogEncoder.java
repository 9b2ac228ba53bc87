package io.vivace.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Writes one line per event with the keys `level`, `ts`, `caller`, `msg`, the event's own
/// key-value pairs, and `err` with the stack trace of an exception.
final class LogEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final boolean isJson;

  LogEncoder(boolean isJson) {
    this.isJson = isJson;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    if (isJson) {
      line.append('{');
    }
    add(line, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    add(line, "ts", TIME.format(instant(event)));
    add(line, "caller", simpleName(event.getLoggerName()));
    add(line, "msg", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        add(line, pair.key, String.valueOf(pair.value));
      }
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      add(line, "err", ThrowableProxyUtil.asString(thrown).strip());
    }
    if (isJson) {
      line.append('}');
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Instant instant(ILoggingEvent event) {
    Instant instant = event.getInstant();
    return instant != null ? instant : Instant.ofEpochMilli(event.getTimeStamp());
  }

  private void add(StringBuilder line, String key, @Nullable String text) {
    String value = text == null ? "" : text;
    boolean isFirst = isJson ? line.length() == 1 : line.isEmpty();
    if (isJson) {
      line.append(isFirst ? "\"" : ",\"");
      escape(line, key);
      line.append("\":\"");
      escape(line, value);
      line.append('"');
      return;
    }
    if (!isFirst) {
      line.append(' ');
    }
    line.append(key).append('=');
    if (needsQuotes(value)) {
      line.append('"');
      escape(line, value);
      line.append('"');
    } else {
      line.append(value);
    }
  }

  private static boolean needsQuotes(String value) {
    if (value.isEmpty()) {
      return true;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c == '=' || c == '"' || c == '\\' || c == 0x7f || Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private static void escape(StringBuilder line, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
  }

  private static String simpleName(String loggerName) {
    return loggerName.substring(loggerName.lastIndexOf('.') + 1);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
