package dev.headroom.cluster.api.stream;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** What every WebSocket does about pings, and about a client that goes. */
abstract class WebSocketMessages extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final Runnable gone;

    /**
     * @param gone is run when the connection has ended
     */
    WebSocketMessages(Runnable gone) {
        this.gone = gone;
    }

    /** What is neither a ping nor the end. */
    abstract void received(WebSocketFrame frame);

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case PingWebSocketFrame ping ->
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame _ ->
                    context.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                            .addListener(ChannelFutureListener.CLOSE);
            default -> received(frame);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a client that went, or does not speak WebSocket
    }
}
