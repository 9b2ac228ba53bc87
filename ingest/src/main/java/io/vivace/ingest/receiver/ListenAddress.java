package io.vivace.ingest.receiver;

import java.net.InetSocketAddress;

/// Where a receiver listens.
///
/// @param host name or address; empty = all addresses
/// @param port 0 = any free port
public record ListenAddress(String host, int port) {
  public ListenAddress {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }

  /// Parses `host:port`, `:port` or `[v6]:port`.
  ///
  /// @throws IllegalArgumentException if it is none of these
  public static ListenAddress parse(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    String host = colon < 0 ? endpoint : endpoint.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw invalid(endpoint);
    }
    try {
      return new ListenAddress(host, Integer.parseInt(endpoint.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw invalid(endpoint);
    }
  }

  private static IllegalArgumentException invalid(String endpoint) {
    return new IllegalArgumentException("endpoint: " + endpoint + " (expected: host:port)");
  }

  InetSocketAddress socketAddress() {
    return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }
}
