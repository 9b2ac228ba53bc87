/// Static types and the rules that a parsed query must satisfy before it can run.
@NullMarked
package io.vivace.traceql.check;

import org.jspecify.annotations.NullMarked;
