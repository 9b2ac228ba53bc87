package io.vivace.model;

/// What kind of answer a caller gets when a request cannot be served. The mapping to HTTP status,
/// gRPC code and retryability lives at the edge, in one class.
public enum ErrorCategory {
  /// The request is malformed or asks for something impossible; repeating it cannot help.
  INVALID_ARGUMENT,
  /// The request names no tenant although one is needed.
  UNAUTHENTICATED,
  /// The named thing does not exist.
  NOT_FOUND,
  /// The request or the answer is larger than a limit allows.
  TOO_LARGE,
  /// Over a rate limit; repeat later.
  RATE_LIMITED,
  /// Out of memory budget, disk or another resource for the moment; repeat later.
  RESOURCE_EXHAUSTED,
  /// Not ready, shutting down, or a dependency is away; repeat later.
  UNAVAILABLE,
  /// The caller went away or asked to stop.
  CANCELLED,
  /// The time allowed for the request is over.
  DEADLINE_EXCEEDED,
  /// A valid request for something that this version does not do.
  UNIMPLEMENTED,
  /// A defect or damaged data on our side.
  INTERNAL
}
