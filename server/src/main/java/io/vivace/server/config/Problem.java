package io.vivace.server.config;

/// One remark about a configuration: where it is, which key, what is wrong.
///
/// @param source the file, or the flag that set the value
/// @param line 1-based line, 0 if there is none
/// @param column 1-based column, 0 if there is none
/// @param path the key's path such as `storage.trace.wal.path`; may be empty for the whole file
public record Problem(String source, int line, int column, String path, String message) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source);
    if (line > 0) {
      text.append(':').append(line).append(':').append(column);
    }
    text.append(": ");
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    return text.append(message).toString();
  }
}
