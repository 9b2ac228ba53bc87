package io.vivace.traceql.parse;

import io.vivace.traceql.ast.EditDistance;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What to say about a word that is not part of the language.
final class UnknownWords {
  private static final int MAX_WORD = 40;

  private UnknownWords() {}

  static String describe(String word) {
    return "unknown identifier: " + word + remark(word);
  }

  private static String remark(String word) {
    switch (word.toLowerCase(Locale.ROOT)) {
      case "span", "resource", "event", "link", "instrumentation", "parent" -> {
        return "; a scope is written in lower case with a dot and a name and no blank, such as "
            + word.toLowerCase(Locale.ROOT)
            + ".name";
      }
      case "scope" -> {
        return "; did you mean instrumentation?";
      }
      case "null", "none", "undefined" -> {
        return "; did you mean nil?";
      }
      case "not" -> {
        return "; did you mean !?";
      }
      default -> {
        String near = nearest(word);
        if (near != null) {
          return "; did you mean " + near + "?";
        }
        return isWord(word)
            ? "; expected a field such as span." + word + ", or a literal (strings take quotes)"
            : "";
      }
    }
  }

  private static boolean isWord(String word) {
    return word.length() <= MAX_WORD && Character.isLetter(word.codePointAt(0));
  }

  /// The word of the language that differs in the fewest letters, if those are few.
  private static @Nullable String nearest(String word) {
    if (word.length() < 3 || word.length() > MAX_WORD) {
      return null;
    }
    String best = null;
    int bestDistance = word.length() <= 5 ? 2 : 3;
    for (TokenKind kind : TokenKind.values()) {
      boolean isWord = kind.text().length() >= 3 && Character.isLetter(kind.text().charAt(0));
      if (!kind.isSpelled() || !isWord) {
        continue;
      }
      int distance = EditDistance.between(word, kind.text());
      if (distance < bestDistance) {
        bestDistance = distance;
        best = kind.text();
      }
    }
    return best;
  }
}
