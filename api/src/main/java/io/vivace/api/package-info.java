/// The surfaces that clients see. Shapes only: what is asked and answered is decided in `query`.
@NullMarked
package io.vivace.api;

import org.jspecify.annotations.NullMarked;
