package io.vivace.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogfmtTagsTest {
  @Test
  void parsesBareAndQuotedValues() {
    assertThat(LogfmtTags.parse("service.name=cart  http.method=\"GET \\\"x\\\"\" empty= flag"))
        .containsEntry("service.name", "cart")
        .containsEntry("http.method", "GET \"x\"")
        .containsEntry("empty", "")
        .containsEntry("flag", "")
        .hasSize(4);
  }

  @Test
  void namesATagThatIsSetTwice() {
    assertThatThrownBy(() -> LogfmtTags.parse("a=1 a=2"))
        .hasMessage("invalid tags: tag a has been set twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=x", "a=\"open", "a=b=c", "a\"b=c"})
  void namesThePositionOfWhatIsWrong(String text) {
    assertThatThrownBy(() -> LogfmtTags.parse(text))
        .hasMessageMatching("invalid tags: .* at pos \\d+");
  }
}
