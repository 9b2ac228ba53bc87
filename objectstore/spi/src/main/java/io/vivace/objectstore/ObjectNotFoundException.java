package io.vivace.objectstore;

import java.io.IOException;
import java.io.Serial;

/// There is no object under the key.
public final class ObjectNotFoundException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public ObjectNotFoundException(String key) {
    super("object not found: " + key);
  }
}
