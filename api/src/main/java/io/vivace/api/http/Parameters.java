package io.vivace.api.http;

import com.linecorp.armeria.common.QueryParams;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The query string of one request. An empty value counts as absent, of repeated parameters the
/// first counts.
final class Parameters {
  private final QueryParams params;

  Parameters(QueryParams params) {
    this.params = params;
  }

  @Nullable String text(String name) {
    String value = params.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  String text(String name, String defaultValue) {
    String value = text(name);
    return value == null ? defaultValue : value;
  }

  List<String> all(String name) {
    return params.getAll(name);
  }

  /// An unsigned 32-bit number, or null if absent; otherwise a 400 `invalid NAME: …`.
  @Nullable Long unsigned32(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && number <= 0xffff_ffffL && value.charAt(0) != '+') {
        return number;
      }
    } catch (NumberFormatException _) {
      // Falls through to the same answer as a number out of range.
    }
    throw invalid(name, value, "a number from 0 to 4294967295");
  }

  /// A signed 64-bit number, or null if absent.
  @Nullable Long signed64(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw invalid(name, value, "a whole number");
    }
  }

  static RequestException invalid(String name, String value, String expected) {
    return new RequestException(
        ErrorCategory.INVALID_ARGUMENT,
        "invalid " + name + ": \"" + value + "\" (expected: " + expected + ")");
  }
}
