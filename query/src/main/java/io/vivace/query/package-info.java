/// Answers queries: takes one consistent view of recent and stored data, checks what was asked
/// against the limits, and runs the engine over it.
@NullMarked
package io.vivace.query;

import org.jspecify.annotations.NullMarked;
