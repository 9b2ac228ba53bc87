package io.vivace.traceql;

/// The two canonical renderings that clients know but that the grammar cannot read: the smallest
/// integer, and an unscoped attribute whose name starts with a digit.
final class RoundTrip {
  private RoundTrip() {}

  static String readable(String canonical) {
    return canonical
        .replace("-9223372036854775808", "minInt")
        .replaceAll("(?<=[{ (])\\.(\\d+)(?= )", ".\"$1\"");
  }
}
