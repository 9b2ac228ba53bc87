/// The span batch: traces as columns. Everything that evaluates, stores or joins spans works on it.
@NullMarked
package io.vivace.batch;

import org.jspecify.annotations.NullMarked;
