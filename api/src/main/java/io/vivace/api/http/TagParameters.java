package io.vivace.api.http;

import io.vivace.engine.tags.Tag;
import io.vivace.engine.tags.TagScope;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.query.TagNamesCall;
import io.vivace.query.TagValuesCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of the endpoints for tags.
final class TagParameters {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private TagParameters() {}

  static TagNamesCall names(Parameters parameters, boolean isV2) {
    Times times = times(parameters);
    return new TagNamesCall(
        TagScope.named(parameters.text("scope", ""), isV2),
        isV2 ? parameters.text("q") : null,
        unsignedOrZero(parameters.text("limit")),
        unsignedOrZero(parameters.text("maxStaleValues")),
        times.startSeconds(),
        times.endSeconds(),
        times.since());
  }

  /// @param tagName decoded
  static TagValuesCall values(Parameters parameters, String tagName, boolean isV2) {
    Times times = times(parameters);
    return new TagValuesCall(
        isV2 ? Tag.parse(tagName) : Tag.ofPlainName(tagName),
        isV2 ? parameters.text("q") : null,
        orZero(parameters.unsigned32("limit")),
        orZero(parameters.unsigned32("maxStaleValues")),
        times.startSeconds(),
        times.endSeconds(),
        times.since());
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  /// What is no number is ignored.
  private static long unsignedOrZero(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      long number = Long.parseLong(text);
      return number < 0 || number > 0xffff_ffffL ? 0 : number;
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private record Times(
      @Nullable Long startSeconds, @Nullable Long endSeconds, @Nullable Duration since) {}

  /// The range that the times enclose, in whole seconds. With `since` the others are not looked at.
  private static Times times(Parameters parameters) {
    String since = parameters.text("since");
    if (since != null) {
      try {
        return new Times(null, null, PrometheusDuration.parse(since));
      } catch (IllegalArgumentException _) {
        throw unreadable("since", since, "for example 30m, 1d12h");
      }
    }
    Long start = nanos(parameters, "start");
    Long end = nanos(parameters, "end");
    return new Times(
        start == null ? null : (Long) Math.floorDiv(start, NANOS_PER_SECOND),
        end == null ? null : (Long) Math.ceilDiv(end, NANOS_PER_SECOND),
        null);
  }

  private static @Nullable Long nanos(Parameters parameters, String name) {
    String text = parameters.text(name);
    if (text == null) {
      return null;
    }
    try {
      return EpochTime.parseNanos(text);
    } catch (IllegalArgumentException _) {
      throw unreadable(name, text, "seconds or nanoseconds since 1970, or RFC 3339");
    }
  }

  private static RequestException unreadable(String name, String text, String expected) {
    return new RequestException(
        ErrorCategory.INVALID_ARGUMENT,
        "error parsing date range: could not parse '"
            + name
            + "' parameter: \""
            + text
            + "\" (expected: "
            + expected
            + ")");
  }

  /// The name in a path `PREFIX…/values`, percent-decoded; it may contain slashes.
  ///
  /// @param path as in the request, still encoded
  /// @param prefix ends with a slash
  /// @return null if the path does not end like that
  static @Nullable String tagName(String path, String prefix) {
    String suffix = "/values";
    if (!path.startsWith(prefix) || !path.endsWith(suffix)) {
      return null;
    }
    int end = path.length() - suffix.length();
    // `…/tag/values` has no name at all.
    return end < prefix.length() ? "" : decode(path.substring(prefix.length(), end));
  }

  private static String decode(String encoded) {
    byte[] in = encoded.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
      if (low >= 0) {
        out[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[length++] = in[i];
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }
}
