package io.vivace.model;

/// The owner of spans. Every read and write names one; with multitenancy off it is
/// [#SINGLE_TENANT].
///
/// A valid id has 1 to 150 characters out of `a-z A-Z 0-9 ! - _ . * ' ( )` and is neither `.` nor
/// `..`, so that it can be one segment of an object key. The constructor throws [RequestException]
/// with [ErrorCategory#INVALID_ARGUMENT] and the texts that Tempo's clients know.
public record TenantId(String value) implements Comparable<TenantId> {
  /// The tenant of all data while multitenancy is off.
  public static final TenantId SINGLE_TENANT = new TenantId("single-tenant");

  private static final int MAX_LENGTH = 150;
  private static final String PUNCTUATION = "!-_.*'()";

  public TenantId {
    if (value.isEmpty()) {
      throw new RequestException(ErrorCategory.UNAUTHENTICATED, "no org id");
    }
    if (value.length() > MAX_LENGTH) {
      throw invalid("tenant ID is too long: max " + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean isAllowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || PUNCTUATION.indexOf(c) >= 0;
      if (!isAllowed) {
        throw invalid("tenant ID '" + value + "' contains unsupported character '" + c + "'");
      }
    }
    if (value.equals(".") || value.equals("..")) {
      throw invalid("tenant ID is '.' or '..'");
    }
  }

  private static RequestException invalid(String message) {
    return new RequestException(ErrorCategory.INVALID_ARGUMENT, message);
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
