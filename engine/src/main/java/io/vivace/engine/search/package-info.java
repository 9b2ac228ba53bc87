/// Search: which traces and spans satisfy a condition, newest first.
@NullMarked
package io.vivace.engine.search;

import org.jspecify.annotations.NullMarked;
