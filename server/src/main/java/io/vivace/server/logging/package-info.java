/// Log lines as logfmt or JSON, configured in code.
@NullMarked
package io.vivace.server.logging;

import org.jspecify.annotations.NullMarked;
