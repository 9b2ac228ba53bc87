package io.vivace.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void goStyle() {
    CommandLine line =
        CommandLine.parse(
            "-config.file=/etc/tempo.yaml",
            "--config.expand-env",
            "-config.verify=false",
            "-target",
            "all");

    assertThat(line.configFile()).isEqualTo(Path.of("/etc/tempo.yaml"));
    assertThat(line.expandEnvironment()).isTrue();
    assertThat(line.verify()).isFalse();
    assertThat(line.settings()).containsEntry("target", "all");
  }

  @Test
  void flagsOfOldChartsAreTaken() {
    CommandLine line =
        CommandLine.parse(
            "-mem-ballast-size-mbs=1024", "--memberlist.bind-port", "7946", "-version");

    assertThat(line.ignored()).containsExactly("-mem-ballast-size-mbs", "-memberlist.bind-port");
    assertThat(line.showVersion()).isTrue();
  }

  @Test
  void mistakes() {
    assertThatThrownBy(() -> CommandLine.parse("-confg.file=x"))
        .hasMessage("flag provided but not defined: -confg.file");
    assertThatThrownBy(() -> CommandLine.parse("-config.file"))
        .hasMessage("flag needs an argument: -config.file");
    assertThatThrownBy(() -> CommandLine.parse("serve")).hasMessage("unexpected argument: serve");
    assertThatThrownBy(() -> CommandLine.parse("-version=maybe"))
        .hasMessageContaining("invalid boolean value");
  }
}
