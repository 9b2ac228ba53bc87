/// The object store on a local directory.
@NullMarked
package io.vivace.objectstore.local;

import org.jspecify.annotations.NullMarked;
