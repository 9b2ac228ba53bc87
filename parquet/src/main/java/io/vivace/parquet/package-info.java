/// A general engine for nested Parquet files: footer, pages, encodings, a reader that decodes whole
/// columns into primitive arrays, and a writer that takes them. It knows nothing of what the
/// columns mean.
@NullMarked
package io.vivace.parquet;

import org.jspecify.annotations.NullMarked;
