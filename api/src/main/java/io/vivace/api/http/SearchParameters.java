package io.vivace.api.http;

import io.vivace.model.ErrorCategory;
import io.vivace.model.GoDuration;
import io.vivace.model.RequestException;
import io.vivace.query.SearchCall;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of `/api/search`.
final class SearchParameters {
  private SearchParameters() {}

  static SearchCall parse(Parameters parameters) {
    Long start = parameters.unsigned32("start");
    Long end = parameters.unsigned32("end");
    String query = parameters.text("q");
    String tagText = parameters.text("tags");
    if (query != null && tagText != null) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "invalid request: can't specify tags and q in the same query");
    }
    SortedMap<String, String> tags =
        tagText == null ? Collections.emptySortedMap() : LogfmtTags.parse(tagText);
    long minDuration = duration(parameters, "minDuration");
    long maxDuration = duration(parameters, "maxDuration");
    if (maxDuration != 0 && maxDuration < minDuration) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "invalid maxDuration: must be greater than minDuration");
    }
    Long limit = parameters.unsigned32("limit");
    if (limit != null && limit == 0) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT, "invalid limit: must be a positive number");
    }
    return new SearchCall(
        query,
        tags,
        minDuration,
        maxDuration,
        limit,
        parameters.unsigned32("spss"),
        start,
        end,
        since(parameters));
  }

  private static long duration(Parameters parameters, String name) {
    String text = parameters.text(name);
    if (text == null) {
      return 0;
    }
    try {
      long nanos = GoDuration.parse(text);
      if (nanos >= 0) {
        return nanos;
      }
    } catch (IllegalArgumentException _) {
      // Answered like a negative duration.
    }
    throw Parameters.invalid(name, text, "a duration such as 250ms or 1m30s");
  }

  private static @Nullable Duration since(Parameters parameters) {
    String text = parameters.text("since");
    if (text == null) {
      return null;
    }
    try {
      return PrometheusDuration.parse(text);
    } catch (IllegalArgumentException _) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "error parsing date range: could not parse 'since' parameter: \""
              + text
              + "\" (expected: for example 30m, 1d12h)");
    }
  }
}
