/// The operational HTTP endpoints: readiness, metrics, status pages, the page of the newcomer.
@NullMarked
package io.vivace.server.http;

import org.jspecify.annotations.NullMarked;
