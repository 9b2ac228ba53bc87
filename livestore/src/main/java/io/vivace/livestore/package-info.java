/// Recent data: the write-ahead log, live traces, head batches, and their way into blocks.
@NullMarked
package io.vivace.livestore;

import org.jspecify.annotations.NullMarked;
