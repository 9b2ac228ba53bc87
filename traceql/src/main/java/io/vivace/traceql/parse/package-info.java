/// From text to tree: tokens, grammar, constant folding, and repair of half-typed queries.
@NullMarked
package io.vivace.traceql.parse;

import org.jspecify.annotations.NullMarked;
