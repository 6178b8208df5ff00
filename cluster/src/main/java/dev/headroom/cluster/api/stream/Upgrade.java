package dev.headroom.cluster.api.stream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;

/** What a connection becomes when a request has asked for more than HTTP. */
@FunctionalInterface
public interface Upgrade {
    /**
     * Answers the request and puts streams in place of HTTP; returns when that is done.
     *
     * @param channel whose last handler is the one that took the request
     */
    void take(Channel channel, FullHttpRequest request);
}
