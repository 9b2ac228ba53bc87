/// A small shop that sends real traces: four HTTP services on loopback, instrumented by hand with
/// the OpenTelemetry SDK.
@NullMarked
package io.vivace.demo;

import org.jspecify.annotations.NullMarked;
