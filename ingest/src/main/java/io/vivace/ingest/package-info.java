/// From a tenant's OTLP bytes to records in the span log: limits, validation, grouping by trace.
@NullMarked
package io.vivace.ingest;

import org.jspecify.annotations.NullMarked;
