package io.vivace.traceql.ast;

/// The identity of a user attribute. `parent` attributes parse but never validate.
///
/// @param name the bare name without quotes; may be empty
/// @param parent whether the attribute of the parent span is meant
public record Attribute(AttributeScope scope, String name, boolean parent) {

  public static Attribute of(AttributeScope scope, String name) {
    return new Attribute(scope, name, false);
  }

  /// The canonical rendering, quoted where the name needs it.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    Rendering.attribute(out, this);
    return out.toString();
  }
}
