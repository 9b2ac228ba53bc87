/// Reading and writing the protobuf wire format over byte arrays without an object model.
@NullMarked
package io.vivace.model.proto;

import org.jspecify.annotations.NullMarked;
