package io.vivace.objectstore;

import java.util.List;

/// The answer of a listing: objects and, for one-level listings, the common prefixes (each ends
/// with `/`), both ascending.
public record ObjectListing(List<ObjectInfo> objects, List<String> prefixes) {
  public ObjectListing {
    objects = List.copyOf(objects);
    prefixes = List.copyOf(prefixes);
  }
}
