/// The span log: where a push becomes durable before it is acknowledged.
@NullMarked
package io.vivace.model.log;

import org.jspecify.annotations.NullMarked;
