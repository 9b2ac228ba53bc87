/// The syntax tree of a query, its literals and operators, and their canonical rendering.
@NullMarked
package io.vivace.traceql.ast;

import org.jspecify.annotations.NullMarked;
