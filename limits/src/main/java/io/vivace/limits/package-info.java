/// What a tenant may do: limits per tenant, rate limiting, memory admission, and finding the tenant
/// of a request.
@NullMarked
package io.vivace.limits;

import org.jspecify.annotations.NullMarked;
