package io.vivace.limits;

import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import java.io.Serial;

/// A request over the ingestion rate.
public final class RateLimitedException extends RequestException {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean isWorthRepeating;

  /// @param isWorthRepeating false if the request is larger than the burst, so that it can never
  ///   pass
  public RateLimitedException(String message, boolean isWorthRepeating) {
    super(ErrorCategory.RATE_LIMITED, message);
    this.isWorthRepeating = isWorthRepeating;
  }

  public boolean isWorthRepeating() {
    return isWorthRepeating;
  }
}
