/// Which attributes there are and which values they have: what editors complete.
@NullMarked
package io.vivace.engine.tags;

import org.jspecify.annotations.NullMarked;
