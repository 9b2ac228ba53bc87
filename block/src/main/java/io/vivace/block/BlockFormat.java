package io.vivace.block;

import java.util.Arrays;
import java.util.Optional;

/// The versions of the block format that this program knows by name.
public enum BlockFormat {
  VPARQUET3("vParquet3"),
  VPARQUET4("vParquet4"),
  VPARQUET5("vParquet5");

  private final String text;

  BlockFormat(String text) {
    this.text = text;
  }

  /// As it stands in `meta.json`.
  public String text() {
    return text;
  }

  /// Empty for versions that are unknown (also previews).
  public static Optional<BlockFormat> parse(String text) {
    return Arrays.stream(values()).filter(format -> format.text.equals(text)).findFirst();
  }
}
