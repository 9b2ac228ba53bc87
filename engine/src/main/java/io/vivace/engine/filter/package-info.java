/// Evaluates field expressions and span filters over the columns of a batch.
@NullMarked
package io.vivace.engine.filter;

import org.jspecify.annotations.NullMarked;
