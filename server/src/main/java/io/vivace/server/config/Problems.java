package io.vivace.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is to be said about a configuration, so that all errors are reported together. Not
/// thread-safe.
final class Problems {
  private static final Comparator<Problem> BY_POSITION =
      Comparator.comparing(Problem::source)
          .thenComparingInt(Problem::line)
          .thenComparingInt(Problem::column);

  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<Problem> withoutEffect = new ArrayList<>();

  void error(Location at, String path, String message) {
    errors.add(at.problem(path, message));
  }

  void warning(Location at, String path, String message) {
    warnings.add(at.problem(path, message));
  }

  void withoutEffect(Location at, String path, String message) {
    withoutEffect.add(at.problem(path, message));
  }

  List<Problem> warnings() {
    return sorted(warnings);
  }

  List<Problem> withoutEffect() {
    return sorted(withoutEffect);
  }

  void throwIfErrors() throws ConfigException {
    if (!errors.isEmpty()) {
      throw new ConfigException(sorted(errors));
    }
  }

  private static List<Problem> sorted(List<Problem> problems) {
    return problems.stream().sorted(BY_POSITION).toList();
  }

  /// A place in a file (1-based), or a flag (line 0).
  record Location(String source, int line, int column) {
    Problem problem(String path, String message) {
      return new Problem(source, line, column, path, message);
    }
  }
}
