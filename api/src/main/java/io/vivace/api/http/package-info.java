/// Tempo's HTTP API on Armeria.
@NullMarked
package io.vivace.api.http;

import org.jspecify.annotations.NullMarked;
