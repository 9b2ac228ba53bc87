/// The process: `main`, assembly, lifecycle.
@NullMarked
package io.vivace.server;

import org.jspecify.annotations.NullMarked;
