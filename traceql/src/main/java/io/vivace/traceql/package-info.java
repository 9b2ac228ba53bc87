/// The face of the language: parse, validate and analyse TraceQL queries.
@NullMarked
package io.vivace.traceql;

import org.jspecify.annotations.NullMarked;
