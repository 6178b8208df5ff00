/** Connections that carry streams in place of HTTP: commands in pods and forwarded ports, over WebSocket and SPDY. */
@NullMarked
package dev.headroom.cluster.api.stream;

import org.jspecify.annotations.NullMarked;
