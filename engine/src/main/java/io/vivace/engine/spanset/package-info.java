/// Runs spanset pipelines over batches: filters, operators between spansets, grouping, aggregates.
@NullMarked
package io.vivace.engine.spanset;

import org.jspecify.annotations.NullMarked;
