package io.vivace.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this build is.
///
/// @param version our own version
/// @param revision the commit, or `unknown`
public record BuildInfo(String version, String revision) {
  /// The Tempo version whose API this build offers; clients switch functions on by it.
  public static final String COMPATIBLE_VERSION = "3.0.3";

  /// Reads what the build wrote into the jar.
  public static BuildInfo load() {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(
        properties.getProperty("version", "unknown"),
        properties.getProperty("revision", "unknown"));
  }

  /// The text of `-version`.
  public String text() {
    return "vivace, version "
        + version
        + " (revision: "
        + revision
        + ", compatible with Tempo "
        + COMPATIBLE_VERSION
        + ")\n"
        + "  java version:  "
        + Runtime.version()
        + "\n"
        + "  platform:      "
        + System.getProperty("os.name")
        + "/"
        + System.getProperty("os.arch")
        + "\n";
  }

  /// The body of `/api/status/buildinfo`.
  public String json() {
    return "{\"version\":\""
        + COMPATIBLE_VERSION
        + "\",\"revision\":\""
        + revision
        + "\",\"branch\":\"vivace "
        + version
        + "\",\"buildUser\":\"vivace\",\"buildDate\":\"\",\"goVersion\":\"java "
        + Runtime.version().feature()
        + "\"}";
  }
}
