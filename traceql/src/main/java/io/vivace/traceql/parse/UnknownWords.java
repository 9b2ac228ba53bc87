package io.vivace.traceql.parse;

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
      if (!kind.isSpelled() || !Character.isLetter(kind.text().charAt(0)) || kind.text().length() < 3) {
        continue;
      }
      int distance = distance(word, kind.text());
      if (distance < bestDistance) {
        bestDistance = distance;
        best = kind.text();
      }
    }
    return best;
  }

  /// Edits (insert, delete, replace) between two words, letter case aside.
  private static int distance(String a, String b) {
    String first = a.toLowerCase(Locale.ROOT);
    String second = b.toLowerCase(Locale.ROOT);
    int[] row = new int[second.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= first.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replace = diagonal + (first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[second.length()];
  }
}
