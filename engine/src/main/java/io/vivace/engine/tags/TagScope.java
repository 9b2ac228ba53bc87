package io.vivace.engine.tags;

import io.vivace.batch.Level;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a tag belongs, in the order in which answers list the scopes.
public enum TagScope {
  RESOURCE("resource", Level.RESOURCE),
  SPAN("span", Level.SPAN),
  EVENT("event", Level.EVENT),
  LINK("link", Level.LINK),
  INSTRUMENTATION("instrumentation", Level.SCOPE),
  /// What every span has by nature; the names are fixed.
  INTRINSIC("intrinsic", null);

  private final String label;
  private final @Nullable Level level;

  TagScope(String label, @Nullable Level level) {
    this.label = label;
    this.level = level;
  }

  /// The word of requests and answers.
  public String label() {
    return label;
  }

  /// The level whose rows have the attributes, null for [#INTRINSIC].
  @Nullable Level level() {
    return level;
  }

  /// The scopes that a request's word means: one, or with the empty word or `none` all of them.
  /// `trace` is a known word without tags.
  ///
  /// @param allHasIntrinsics whether the intrinsics belong to "all"
  /// @throws RequestException INVALID_ARGUMENT for another word
  public static Set<TagScope> named(String word, boolean allHasIntrinsics) {
    if (word.isEmpty() || word.equals("none")) {
      Set<TagScope> all = EnumSet.allOf(TagScope.class);
      if (!allHasIntrinsics) {
        all.remove(INTRINSIC);
      }
      return all;
    }
    for (TagScope scope : values()) {
      if (scope.label.equals(word)) {
        return EnumSet.of(scope);
      }
    }
    if (word.equals("trace")) {
      return EnumSet.noneOf(TagScope.class);
    }
    throw new RequestException(ErrorCategory.INVALID_ARGUMENT, "invalid scope: " + word);
  }
}
