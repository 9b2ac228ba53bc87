/// A naive evaluator of TraceQL over decoded traces, written from the specification of the language
/// for comparison with the engine. It loops over everything and shares no code with the engine but
/// the syntax tree.
@NullMarked
package io.vivace.testkit.reference;

import org.jspecify.annotations.NullMarked;
