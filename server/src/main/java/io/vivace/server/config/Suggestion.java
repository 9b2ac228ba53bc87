package io.vivace.server.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the known key that an unknown one was probably meant to be.
final class Suggestion {
  private final Schema.Section root;

  Suggestion(Schema.Section root) {
    this.root = root;
  }

  /// A text such as ` (did you mean server?)` or an empty one.
  String forUnknown(String name, Schema.Section siblings) {
    String nearest = nearest(name, siblings);
    if (nearest != null) {
      return " (did you mean " + nearest + "?)";
    }
    List<String> elsewhere = new ArrayList<>();
    find(name, root, "", elsewhere);
    if (elsewhere.isEmpty()) {
      return siblings.children().size() > 12
          ? ""
          : " (known here: " + String.join(", ", siblings.children().keySet()) + ")";
    }
    return " (did you mean " + elsewhere.getFirst() + "?)";
  }

  private static @Nullable String nearest(String name, Schema.Section siblings) {
    String best = null;
    int bestDistance = Math.max(2, name.length() / 3) + 1;
    for (String candidate : siblings.children().keySet()) {
      int distance = distance(name, candidate);
      if (distance < bestDistance && !candidate.endsWith("*")) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static void find(String name, Schema.Section section, String path, List<String> found) {
    section
        .children()
        .forEach((key, child) -> {
          if (key.startsWith("_")) {
            return;
          }
          String childPath = path.isEmpty() ? key : path + "." + key;
          if (key.equals(name)) {
            found.add(childPath);
          }
          if (child instanceof Schema.Section deeper) {
            find(name, deeper, childPath, found);
          }
        });
  }

  /// Edits (insert, delete, replace) between two short words.
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
