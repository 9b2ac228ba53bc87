/// Operators on literal values, shared by constant folding and the engine's scalar stages.
@NullMarked
package io.vivace.traceql.eval;

import org.jspecify.annotations.NullMarked;
