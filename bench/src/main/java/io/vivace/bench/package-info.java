/// End-to-end measurements: starts a real server process, loads it, and prints CPU seconds, memory,
/// bytes and latencies.
@NullMarked
package io.vivace.bench;

import org.jspecify.annotations.NullMarked;
