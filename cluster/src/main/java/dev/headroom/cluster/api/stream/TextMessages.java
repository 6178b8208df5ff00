package dev.headroom.cluster.api.stream;

import dev.headroom.cluster.api.base.Statuses;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A WebSocket on which the server alone has something to say, in messages of text: a watch. */
public final class TextMessages extends SimpleChannelInboundHandler<WebSocketFrame> {
    /** Offered by browsers, which can set no Authorization header, to carry a token. */
    static final String TOKEN = "base64url.bearer.authorization.k8s.io.";

    private final Runnable gone;

    private TextMessages(Runnable gone) {
        this.gone = gone;
    }

    /** Says all there is to say. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Returns when there is no more.
         *
         * @param each every write is a message, and waits until it is taken
         */
        void write(OutputStream each) throws IOException, InterruptedException;
    }

    /** Whether a request asks for a WebSocket. */
    public static boolean areAskedFor(UnaryOperator<String> head) {
        return Offer.isWebSocket(head);
    }

    /**
     * The protocol to be spoken, null for none. As kube-apiserver: whatever the client names, if it names one besides that which carries
     * its token.
     *
     * @throws dev.headroom.cluster.objects.ApiException where the handshake cannot be
     */
    public static @Nullable String protocol(UnaryOperator<String> head) {
        List<String> named =
                Offer.of(head).protocols().stream()
                        .filter(protocol -> !protocol.startsWith(TOKEN))
                        .toList();
        if (named.size() > 1) {
            throw Statuses.badRequest(
                    "a watch over WebSocket has one subprotocol at most; found "
                            + String.join(", ", named));
        }
        return named.isEmpty() ? null : named.getFirst();
    }

    /**
     * Sends what is written, then closes.
     *
     * @param stop ends the writer's waiting once the client has gone
     */
    public static Upgrade of(@Nullable String protocol, Writer writer, Runnable stop) {
        return (channel, request) -> {
            Upgrades.webSocket(channel, request, protocol, new TextMessages(stop));
            Thread.ofVirtual().name("watch").start(() -> send(channel, writer, stop));
        };
    }

    private static void send(Channel channel, Writer writer, Runnable stop) {
        Outlet each =
                new Outlet(
                        channel,
                        bytes -> new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes)),
                        null);
        try {
            writer.write(each);
            channel.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                    .addListener(ChannelFutureListener.CLOSE);
        } catch (IOException | RuntimeException gone) {
            channel.close();
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
        } finally {
            stop.run();
        }
    }

    /** What the client says counts for nothing, but that it is there, or goes. */
    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case PingWebSocketFrame ping ->
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame _ ->
                    context.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                            .addListener(ChannelFutureListener.CLOSE);
            default -> {
                // Dropped, as upstream does.
            }
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
