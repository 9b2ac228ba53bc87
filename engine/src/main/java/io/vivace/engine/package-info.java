/// Executes TraceQL over span batches: search, and the joining of a trace's fragments.
@NullMarked
package io.vivace.engine;

import org.jspecify.annotations.NullMarked;
