package io.vivace.traceql.eval;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.vivace.traceql.ast.Static.StringValue;

/// The regular expressions of `=~` and `!~`: RE2 syntax, `.` matches newline, always to be matched
/// against the whole value ([Pattern#matches]).
public final class Patterns {
  private Patterns() {}

  /// Compiles a pattern. Thread-safe to share afterwards.
  ///
  /// @throws PatternSyntaxException if it is not RE2 syntax, or would need too much memory
  public static Pattern compile(String pattern) {
    PatternLimits.check(pattern);
    try {
      return Pattern.compile(pattern, Pattern.DOTALL);
    } catch (StackOverflowError e) {
      throw new PatternSyntaxException("expression nests too deeply");
    }
  }

  /// Whether the whole value matches.
  public static boolean matches(Pattern pattern, StringValue value) {
    return pattern.matches(value.utf8());
  }
}
