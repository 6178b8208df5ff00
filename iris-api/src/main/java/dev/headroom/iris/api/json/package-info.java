/** Reads feature rows from JSON (RFC 8259), straight from the bytes that came in. Knows nothing of HTTP or of models. */
@NullMarked
package dev.headroom.iris.api.json;

import org.jspecify.annotations.NullMarked;
