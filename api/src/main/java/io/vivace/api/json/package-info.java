/// Answers as JSON in the form of Tempo's clients: protobuf-JSON names, 64-bit integers as strings,
/// bytes as base64, zero values left out.
@NullMarked
package io.vivace.api.json;

import org.jspecify.annotations.NullMarked;
