/// Makes OTLP messages for tests and benchmarks, without an object model of the protocol.
@NullMarked
package io.vivace.testkit.otlp;

import org.jspecify.annotations.NullMarked;
