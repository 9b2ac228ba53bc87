/// The behaviour that all object stores share, as tests, and a store in memory.
@NullMarked
package io.vivace.testkit.objectstore;

import org.jspecify.annotations.NullMarked;
