package dev.headroom.cluster.api.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.HashMap;
import java.util.Map;

/**
 * Kubernetes' channels over WebSocket: a message is a channel's number and bytes of that channel. From version 5 on a message of 255 and a
 * number says that the client sends no more on that channel.
 */
final class ChannelMessages extends SimpleChannelInboundHandler<WebSocketFrame> {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private final Map<Integer, Inbox> inboxes = new HashMap<>();
    private final Runnable gone;

    /**
     * @param gone is run when the connection has ended
     */
    ChannelMessages(Channel channel, Runnable gone) {
        Intake intake = new Intake(channel);
        inboxes.put(STDIN, new Inbox(intake));
        inboxes.put(RESIZE, new Inbox(intake));
        this.gone = gone;
    }

    Inbox inbox(int number) {
        Inbox found = inboxes.get(number);
        if (found == null) {
            throw new IllegalArgumentException("clients send nothing on channel " + number);
        }
        return found;
    }

    static Outlet outlet(Channel channel, int number) {
        byte[] prefix = {(byte) number};
        return new Outlet(
                channel,
                bytes -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(prefix, bytes)),
                null);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case BinaryWebSocketFrame binary -> message(binary.content());
            case TextWebSocketFrame text -> message(text.content());
            case PingWebSocketFrame ping ->
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame _ ->
                    context.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                            .addListener(ChannelFutureListener.CLOSE);
            default -> {
                // A pong that nobody asked for.
            }
        }
    }

    private void message(ByteBuf message) {
        if (!message.isReadable()) {
            return;
        }
        int number = message.readUnsignedByte();
        if (number == CLOSE && message.isReadable()) {
            Inbox ended = inboxes.get((int) message.readUnsignedByte());
            if (ended != null) {
                ended.end();
            }
            return;
        }
        Inbox inbox = inboxes.get(number);
        if (inbox != null) {
            inbox.add(ByteBufUtil.getBytes(message));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inboxes.values().forEach(Inbox::breakOff);
        gone.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a client that went, or does not speak WebSocket
    }
}
