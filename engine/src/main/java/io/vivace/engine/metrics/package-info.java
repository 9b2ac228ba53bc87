/// Metrics queries: series of numbers over time, computed from the columns of span batches.
@NullMarked
package io.vivace.engine.metrics;

import org.jspecify.annotations.NullMarked;
