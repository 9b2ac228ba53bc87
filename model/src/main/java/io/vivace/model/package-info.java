/// Identifiers, tenants, time ranges and error categories: the words that every module shares.
@NullMarked
package io.vivace.model;

import org.jspecify.annotations.NullMarked;
