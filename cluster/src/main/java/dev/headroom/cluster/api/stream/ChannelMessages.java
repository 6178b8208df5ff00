package dev.headroom.cluster.api.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.HashMap;
import java.util.Map;

/**
 * Kubernetes' channels over WebSocket: a message is a channel's number and bytes of that channel. From version 5 on a message of 255 and a
 * number says that the client sends no more on that channel.
 */
final class ChannelMessages extends WebSocketMessages {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private final Map<Integer, Inbox> inboxes = new HashMap<>();

    /**
     * @param gone is run when the connection has ended
     */
    ChannelMessages(Channel channel, Runnable gone) {
        super(gone);
        Intake intake = new Intake(channel);
        inboxes.put(STDIN, new Inbox(intake));
        inboxes.put(RESIZE, new Inbox(intake));
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
    void received(WebSocketFrame frame) {
        switch (frame) {
            case BinaryWebSocketFrame binary -> message(binary.content());
            case TextWebSocketFrame text -> message(text.content());
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
        super.channelInactive(context);
    }
}
