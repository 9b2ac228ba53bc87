package io.vivace.block;

import java.util.EnumSet;
import java.util.Set;

/// An attribute that has a Parquet column of its own.
///
/// @param name the attribute's key
public record DedicatedColumn(Scope scope, String name, Type type, Set<Option> options) {
  public DedicatedColumn {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("dedicated column name: '' (expected: an attribute key)");
    }
    options = Set.copyOf(options.isEmpty() ? Set.of() : EnumSet.copyOf(options));
  }

  /// A column without options.
  public static DedicatedColumn of(Scope scope, String name, Type type) {
    return new DedicatedColumn(scope, name, type, Set.of());
  }

  public boolean isBlob() {
    return options.contains(Option.BLOB);
  }

  /// Where the attribute stands.
  public enum Scope {
    RESOURCE("resource"),
    SPAN("span"),
    EVENT("event");

    private final String text;

    Scope(String text) {
      this.text = text;
    }

    /// As in `meta.json` and configuration.
    public String text() {
      return text;
    }
  }

  /// What the column can hold; other values stay among the generic attributes.
  public enum Type {
    STRING("string"),
    INT("int");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /// As in `meta.json` and configuration.
    public String text() {
      return text;
    }
  }

  /// Hints for storage.
  public enum Option {
    /// The values are usually arrays; changes nothing in storage.
    ARRAY("array"),
    /// The values are long or mostly distinct: no dictionary, no bounds.
    BLOB("blob");

    private final String text;

    Option(String text) {
      this.text = text;
    }

    /// As in `meta.json` and configuration.
    public String text() {
      return text;
    }
  }
}
