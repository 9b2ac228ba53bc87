package io.vivace.objectstore;

import java.time.Instant;

/// What a store knows of an object.
public record ObjectInfo(String key, long sizeBytes, Instant lastModified) {}
