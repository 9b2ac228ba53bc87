/// Where blocks live: a small interface over local disk and the object stores.
@NullMarked
package io.vivace.objectstore;

import org.jspecify.annotations.NullMarked;
