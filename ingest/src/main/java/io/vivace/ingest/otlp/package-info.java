/// OTLP as bytes: scanning, checking, cutting and regrouping requests without an object model.
@NullMarked
package io.vivace.ingest.otlp;

import org.jspecify.annotations.NullMarked;
