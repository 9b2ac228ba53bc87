package io.vivace.api.http;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.SortedMap;
import java.util.TreeMap;

/// Parses the `tags` parameter of the older search: `key=value` pairs separated by blanks, values
/// optionally in double quotes with `\"` and `\\` escapes.
final class LogfmtTags {
  private final String text;
  private int at;

  private LogfmtTags(String text) {
    this.text = text;
  }

  static SortedMap<String, String> parse(String text) {
    return new LogfmtTags(text).pairs();
  }

  private SortedMap<String, String> pairs() {
    SortedMap<String, String> tags = new TreeMap<>();
    while (true) {
      while (at < text.length() && text.charAt(at) <= ' ') {
        at++;
      }
      if (at == text.length()) {
        return tags;
      }
      String key = key();
      String value = at < text.length() && text.charAt(at) == '=' ? value() : "";
      if (tags.putIfAbsent(key, value) != null) {
        throw invalid("tag " + key + " has been set twice");
      }
    }
  }

  private String key() {
    int start = at;
    while (at < text.length() && text.charAt(at) > ' ' && text.charAt(at) != '=') {
      if (text.charAt(at) == '"') {
        throw invalid("unexpected '\"' at pos " + (at + 1));
      }
      at++;
    }
    if (at == start) {
      throw invalid("unexpected '=' at pos " + (at + 1));
    }
    return text.substring(start, at);
  }

  private String value() {
    at++;
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length() && text.charAt(at) > ' ') {
      char c = text.charAt(at);
      if (c == '"' || c == '=') {
        throw invalid("unexpected '" + c + "' at pos " + (at + 1));
      }
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\' && at < text.length()) {
        c = text.charAt(at++);
      }
      value.append(c);
    }
    throw invalid("unterminated quoted value at pos " + text.length());
  }

  private static RequestException invalid(String message) {
    return new RequestException(ErrorCategory.INVALID_ARGUMENT, "invalid tags: " + message);
  }
}
