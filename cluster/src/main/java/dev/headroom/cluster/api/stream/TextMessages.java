package dev.headroom.cluster.api.stream;

import dev.headroom.cluster.api.base.Statuses;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A WebSocket on which the server alone has something to say, in messages of text: a watch. */
public final class TextMessages extends WebSocketMessages {
    /** Offered by browsers, which can set no Authorization header, to carry a token. */
    public static final String TOKEN = "base64url.bearer.authorization.k8s.io.";

    private TextMessages(Runnable gone) {
        super(gone);
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

    /** Dropped, as upstream does. */
    @Override
    void received(WebSocketFrame frame) {}
}
