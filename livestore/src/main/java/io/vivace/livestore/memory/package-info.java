/// The bound on the bytes that the write path holds.
@NullMarked
package io.vivace.livestore.memory;

import org.jspecify.annotations.NullMarked;
