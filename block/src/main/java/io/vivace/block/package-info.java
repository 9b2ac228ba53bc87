/// The trace block: its metadata, schema, bloom filter and index, and the way between span batches
/// and Parquet.
@NullMarked
package io.vivace.block;

import org.jspecify.annotations.NullMarked;
