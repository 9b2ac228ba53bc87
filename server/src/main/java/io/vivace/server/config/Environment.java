package io.vivace.server.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces `${…}` in the text of a configuration file (`-config.expand-env`): `${VAR}`,
/// `${VAR:default}`, `${VAR:-default}`, `${VAR-default}` and their `=` forms, `${VAR^^}`,
/// `${VAR,,}`, `${#VAR}`, and `$${VAR}` for a literal `${VAR}`. `$VAR` and a lone `$` stay as they
/// are.
final class Environment {
  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$?)\\{([^{}]*)}");
  private static final Pattern CONTENT =
      Pattern.compile(
          "(#?)([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-=?+]|:|\\^\\^?|,,?)(.*))?", Pattern.DOTALL);

  private Environment() {}

  /// @param source names the file in errors
  static String expand(String text, Map<String, String> variables, String source)
      throws ConfigException {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String replacement;
      if (!matcher.group(1).isEmpty()) {
        replacement = "${" + matcher.group(2) + "}";
      } else {
        replacement = value(matcher.group(2), variables);
        if (replacement == null) {
          throw new ConfigException(
              List.of(problem(text, matcher.start(), matcher.group(), source)));
        }
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(replacement));
    }
    return matcher.appendTail(result).toString();
  }

  private static @org.jspecify.annotations.Nullable String value(
      String content, Map<String, String> variables) {
    Matcher matcher = CONTENT.matcher(content);
    if (!matcher.matches()) {
      return null;
    }
    String value = variables.getOrDefault(matcher.group(2), "");
    if (!matcher.group(1).isEmpty()) {
      return String.valueOf(value.length());
    }
    String operator = matcher.group(3);
    if (operator == null) {
      return value;
    }
    String argument = matcher.group(4);
    return switch (operator) {
      case "^^" -> value.toUpperCase(java.util.Locale.ROOT);
      case ",," -> value.toLowerCase(java.util.Locale.ROOT);
      case "^" ->
          value.isEmpty()
              ? value
              : value.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + value.substring(1);
      case "," ->
          value.isEmpty()
              ? value
              : value.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + value.substring(1);
      case ":" -> substring(value, argument);
      default -> value.isEmpty() ? argument : value;
    };
  }

  /// `${VAR:default}`, also where the default is a number such as a port; only two numbers,
  /// `${VAR:position:length}`, cut the value as a shell does.
  private static String substring(String value, String argument) {
    if (value.isEmpty()) {
      return argument;
    }
    Matcher numbers = Pattern.compile("(\\d{1,6}):(\\d{1,6})").matcher(argument);
    if (!numbers.matches()) {
      return value;
    }
    int start = Math.min(value.length(), Integer.parseInt(numbers.group(1)));
    return value.substring(
        start, Math.min(value.length(), start + Integer.parseInt(numbers.group(2))));
  }

  private static Problem problem(String text, int position, String reference, String source) {
    int line = 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
    int column = position - text.lastIndexOf('\n', position - 1);
    return new Problem(
        source,
        line,
        column,
        "",
        reference + ": not understood (expected: ${VAR} or ${VAR:default})");
  }
}
