/**
 * An HTTP/1.1 server (RFC 9110, RFC 9112) on {@code java.nio}: event loops that read, hand whole requests to a handler and
 * write its answers, without garbage for a request that comes in whole. Knows nothing of models.
 */
@NullMarked
package dev.headroom.iris.api.http;

import org.jspecify.annotations.NullMarked;
