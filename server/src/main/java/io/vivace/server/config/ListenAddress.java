package io.vivace.server.config;

import org.jspecify.annotations.Nullable;

/// Where a receiver listens.
///
/// @param host a name or address; empty for all addresses
/// @param port 0 for any free port
public record ListenAddress(String host, int port) {
  /// Reads `host:port`, `:port` or `[v6]:port`; null if it is none of them.
  static @Nullable ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
      return null;
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      return null;
    }
    boolean isAny = host.equals("0.0.0.0") || host.equals("::") || host.equals("*");
    return port > 65535 ? null : new ListenAddress(isAny ? "" : host, port);
  }

  @Override
  public String toString() {
    String shown = host.isEmpty() ? "0.0.0.0" : host.contains(":") ? "[" + host + "]" : host;
    return shown + ":" + port;
  }
}
