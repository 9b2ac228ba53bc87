/// OTLP over gRPC and HTTP. What a request means is decided without any type of the HTTP library;
/// only the two services and their assembly know it.
@NullMarked
package io.vivace.ingest.receiver;

import org.jspecify.annotations.NullMarked;
