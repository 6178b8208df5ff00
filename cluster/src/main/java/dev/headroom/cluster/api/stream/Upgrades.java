package dev.headroom.cluster.api.stream;

import dev.headroom.cluster.objects.Execution;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Commands in pods and forwarded ports, by whichever protocol the client speaks. */
public final class Upgrades {
    private static final int MAX_MESSAGE = 1 << 20;
    private static final List<String> EXEC = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");
    private static final String FORWARD = "portforward.k8s.io";
    private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";

    private Upgrades() {}

    /** The streams that a client asks for. */
    public record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

    /** Starts the command; throws with the reason where that cannot be. */
    @FunctionalInterface
    public interface Start {
        Execution start() throws IOException;
    }

    /**
     * A command, its streams to be those that are wanted.
     *
     * @param head of the request, a header's value by its name, empty where there is none
     * @throws dev.headroom.cluster.objects.ApiException where the client speaks no protocol that is known
     */
    public static Upgrade exec(UnaryOperator<String> head, Wanted wanted, Start start) {
        Offer offer = Offer.of(head);
        String protocol = offer.choose(EXEC);
        return offer.webSocket()
                ? (channel, request) -> execByChannels(channel, request, protocol, wanted, start)
                : (channel, request) -> execByStreams(channel, protocol, wanted, start);
    }

    /**
     * Connections to a pod's ports.
     *
     * @param host the pod's address
     * @param pod as messages name it
     */
    public static Upgrade portForward(
            UnaryOperator<String> head, String host, String pod, String uid) {
        Offer offer = Offer.of(head);
        String protocol = offer.choose(List.of(offer.webSocket() ? TUNNEL : FORWARD));
        return (channel, request) -> {
            var streams = new SpdyStreams(new PortForward(host, pod, uid), () -> {});
            if (offer.webSocket()) {
                webSocket(channel, request, protocol, new WebSocketBytes(), codec(), streams);
            } else {
                spdy(channel, protocol, streams);
            }
        };
    }

    private static void execByChannels(
            Channel channel, FullHttpRequest request, String protocol, Wanted wanted, Start start) {
        Outlet stdout = ChannelMessages.outlet(channel, ChannelMessages.STDOUT);
        Outlet stderr = ChannelMessages.outlet(channel, ChannelMessages.STDERR);
        Outlet error = ChannelMessages.outlet(channel, ChannelMessages.ERROR);
        Outlet first = wanted.stdout() ? stdout : wanted.stderr() ? stderr : error;
        RemoteCommand command = new RemoteCommand(() -> announced(start.start(), first));
        ChannelMessages messages = new ChannelMessages(channel, command::gone);
        webSocket(channel, request, protocol, new WebSocketFrameAggregator(MAX_MESSAGE), messages);
        Thread.ofVirtual()
                .name("exec")
                .start(() -> {
                    try {
                        command.run(
                                new RemoteCommand.Client(
                                        wanted.stdin()
                                                ? messages.inbox(ChannelMessages.STDIN)
                                                : null,
                                        wanted.stdout() ? stdout : null,
                                        wanted.stderr() ? stderr : null,
                                        error,
                                        wanted.tty()
                                                ? messages.inbox(ChannelMessages.RESIZE)
                                                : null));
                        channel.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                                .addListener(ChannelFutureListener.CLOSE);
                    } catch (IOException gone) {
                        channel.close();
                    } catch (InterruptedException e) {
                        channel.close();
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /**
     * As upstream: an empty message says that the command is on its way. Only once it is: kubectl reads before it has made its streams, and
     * complains of one that it does not know yet.
     */
    private static Execution announced(Execution execution, Outlet first) throws IOException {
        try {
            first.write(new byte[0]);
        } catch (IOException gone) {
            execution.close();
            throw gone;
        }
        return execution;
    }

    private static void execByStreams(
            Channel channel, String protocol, Wanted wanted, Start start) {
        RemoteCommand command = new RemoteCommand(start);
        List<String> types = new ArrayList<>(List.of("error"));
        if (wanted.stdin()) {
            types.add("stdin");
        }
        if (wanted.stdout()) {
            types.add("stdout");
        }
        if (wanted.stderr()) {
            types.add("stderr");
        }
        if (wanted.tty()) {
            types.add("resize");
        }
        Map<String, SpdyStream> there = new HashMap<>();
        var streams =
                new SpdyStreams(
                        stream -> {
                            String type = stream.header("streamType");
                            if (!types.contains(type) || there.putIfAbsent(type, stream) != null) {
                                return false;
                            }
                            if (there.size() == types.size()) {
                                Map<String, SpdyStream> all = Map.copyOf(there);
                                Thread.ofVirtual()
                                        .name("exec")
                                        .start(() -> run(channel, command, all));
                            }
                            return true;
                        },
                        command::gone);
        spdy(channel, protocol, streams);
    }

    private static void run(
            Channel channel, RemoteCommand command, Map<String, SpdyStream> streams) {
        try {
            SpdyStream stdin = streams.get("stdin");
            SpdyStream stdout = streams.get("stdout");
            SpdyStream stderr = streams.get("stderr");
            SpdyStream error = streams.get("error");
            SpdyStream resize = streams.get("resize");
            if (error != null) {
                command.run(
                        new RemoteCommand.Client(
                                stdin == null ? null : stdin.in(),
                                stdout == null ? null : stdout.out(),
                                stderr == null ? null : stderr.out(),
                                error.out(),
                                resize == null ? null : resize.in()));
            }
        } catch (IOException gone) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            channel.close();
        }
    }

    private static SpdyFrameCodec codec() {
        return new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false);
    }

    /**
     * Shakes hands.
     *
     * @param protocol null for none
     */
    static void webSocket(
            Channel channel,
            FullHttpRequest request,
            @Nullable String protocol,
            ChannelHandler... streams) {
        inLoop(
                channel,
                () -> {
                    var handshaker =
                            new WebSocketServerHandshakerFactory("", protocol, false, MAX_MESSAGE)
                                    .newHandshaker(request);
                    channel.pipeline().removeLast();
                    // Before the others are there, which would take the answer for theirs.
                    handshaker.handshake(channel, request);
                    channel.pipeline().addLast(streams);
                });
    }

    private static void spdy(Channel channel, String protocol, SpdyStreams streams) {
        inLoop(
                channel,
                () -> {
                    var response =
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1,
                                    HttpResponseStatus.SWITCHING_PROTOCOLS,
                                    Unpooled.EMPTY_BUFFER);
                    response.headers()
                            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                            .set(HttpHeaderNames.UPGRADE, Offer.SPDY)
                            .set(Offer.SPDY_PROTOCOL, protocol);
                    channel.writeAndFlush(response);
                    ChannelPipeline pipeline = channel.pipeline();
                    pipeline.removeLast();
                    pipeline.remove(HttpObjectAggregator.class);
                    pipeline.remove(HttpServerCodec.class);
                    pipeline.addLast(codec(), streams);
                });
    }

    /** On the connection's own thread, so that nothing is read by half of the old and half of the new. */
    private static void inLoop(Channel channel, Runnable change) {
        channel.eventLoop().submit(change).syncUninterruptibly();
    }
}
