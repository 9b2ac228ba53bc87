package io.vivace.engine.tags;

import java.util.Comparator;

/// A value of a tag as answers show it. Ordered by type, then by value.
///
/// @param value the text; a query can use it as a literal of this type
public record TagValue(Type type, String value) implements Comparable<TagValue> {
  private static final Comparator<TagValue> ORDER =
      Comparator.comparing(TagValue::type).thenComparing(TagValue::value);

  /// What kind of literal a value is, alphabetically.
  public enum Type {
    BOOL("bool"),
    DURATION("duration"),
    FLOAT("float"),
    INT("int"),
    /// A word of the language, as `error` and `server` are.
    KEYWORD("keyword"),
    STRING("string");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    /// The word of answers.
    public String label() {
      return label;
    }
  }

  @Override
  public int compareTo(TagValue other) {
    return ORDER.compare(this, other);
  }
}
