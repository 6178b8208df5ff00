package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.kind.Kinds;
import dev.headroom.cluster.api.registry.Registry;
import dev.headroom.cluster.api.registry.Subresources;
import dev.headroom.cluster.api.stream.Upgrade;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.Kubelet;
import dev.headroom.cluster.objects.ResourceType;
import dev.headroom.cluster.objects.VirtualResource;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 over TLS: requests whole and bounded, each answered on a virtual thread of its own, so that a watch may wait. */
public final class HttpServer implements AutoCloseable {
    /** As kube-apiserver bounds a request's body. */
    private static final int MAX_BODY = 3 * 1024 * 1024;

    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Thread.ofPlatform().name("api-", 0).daemon().factory(),
                    NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Function<Request, Reply> answer;
    private final Channel listening;

    private HttpServer(InetSocketAddress address, SslContext tls, Function<Request, Reply> answer)
            throws IOException {
        this.answer = answer;
        try {
            listening =
                    new ServerBootstrap()
                            .group(group)
                            .channel(NioServerSocketChannel.class)
                            .option(ChannelOption.SO_REUSEADDR, true)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childHandler(
                                    new ChannelInitializer<SocketChannel>() {
                                        @Override
                                        protected void initChannel(SocketChannel channel) {
                                            channels.add(channel);
                                            channel.pipeline()
                                                    .addLast(tls.newHandler(channel.alloc()))
                                                    .addLast(new HttpServerCodec())
                                                    .addLast(new Aggregator())
                                                    .addLast(new Handler());
                                        }
                                    })
                            .bind(address)
                            .syncUninterruptibly()
                            .channel();
        } catch (Exception e) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            if (e instanceof IOException taken) {
                throw taken;
            }
            throw e;
        }
    }

    /**
     * Starts serving a cluster.
     *
     * @param kubelets a node's kubelet by its name; null for a node that is not there
     * @throws java.net.BindException where the address is taken
     */
    public static HttpServer start(
            InetSocketAddress address,
            Credentials credentials,
            Registry registry,
            Subresources subresources,
            Kinds kinds,
            Map<ResourceType, VirtualResource> virtual,
            Function<String, @Nullable Kubelet> kubelets)
            throws IOException {
        String shown = address.getAddress().getHostAddress() + ":" + address.getPort();
        Router router =
                new Router(credentials, registry, subresources, kinds, virtual, kubelets, shown);
        return new HttpServer(address, credentials.tls(), router::answer);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        channels.close().awaitUninterruptibly();
        threads.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Collects a request, and refuses one that is too large in Kubernetes' words, without reading it. */
    private static final class Aggregator extends HttpObjectAggregator {
        Aggregator() {
            super(MAX_BODY);
        }

        @Override
        protected void handleOversizedMessage(
                ChannelHandlerContext context, HttpMessage oversized) {
            ApiException refusal = Statuses.tooLarge("limit is " + MAX_BODY);
            HttpResponse response = response(Reply.json(refusal.code(), refusal.status()));
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(response).addListener(done -> context.close());
        }
    }

    /** One connection's requests, one after the other: what a client sends ahead waits unread. */
    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
            byte[] body = new byte[message.content().readableBytes()];
            message.content().readBytes(body);
            boolean keepAlive = HttpUtil.isKeepAlive(message);
            boolean head = message.method().equals(HttpMethod.HEAD);
            HttpHeaders headers = message.headers();
            String method = message.method().name();
            String target = message.uri();
            Channel channel = context.channel();
            channel.config().setAutoRead(false);
            threads.execute(() -> {
                switch (reply(method, target, headers, body)) {
                    case Reply.Whole whole -> send(channel, whole, keepAlive, head);
                    case Reply.Stream stream -> send(channel, stream);
                    case Reply.Upgraded(Upgrade upgrade) ->
                            change(channel, upgrade, bodiless(method, target, headers));
                }
                channel.config().setAutoRead(true);
            });
        }

        private Reply reply(String method, String target, HttpHeaders headers, byte[] body) {
            try {
                return answer.apply(Request.of(method, target, headers::get, body));
            } catch (ApiException refused) {
                return Reply.json(refused.code(), refused.status());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, method + " " + pathOf(target) + " failed", e);
                ApiException internal = Statuses.internal(String.valueOf(e));
                return Reply.json(internal.code(), internal.status());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // a client that went, or speaks no TLS: nothing to tell it
        }
    }

    private static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static DefaultFullHttpResponse response(Reply.Whole whole) {
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(whole.code()),
                        Unpooled.wrappedBuffer(whole.body()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, whole.contentType());
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, whole.body().length);
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-cache, private");
        for (String warning : whole.warnings()) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"");
            response.headers().add("Warning", "299 - \"" + quoted + "\"");
        }
        return response;
    }

    /** A request again, for those who read it in Netty's form. */
    private static FullHttpRequest bodiless(String method, String target, HttpHeaders headers) {
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(method),
                target,
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE);
    }

    private static void change(Channel channel, Upgrade upgrade, FullHttpRequest request) {
        try {
            upgrade.take(channel, request);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a connection could not be upgraded", e);
            channel.close();
        }
    }

    private static void send(Channel channel, Reply.Whole whole, boolean keepAlive, boolean head) {
        DefaultFullHttpResponse response = response(whole);
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        var sent = channel.writeAndFlush(head ? response.replace(Unpooled.EMPTY_BUFFER) : response);
        if (!keepAlive) {
            sent.addListener(done -> channel.close());
        }
    }

    private static void send(Channel channel, Reply.Stream stream) {
        // Whoever waits for something to write hears that nobody reads any more.
        channel.closeFuture().addListener(closed -> stream.stop().run());
        channel.config().setAutoRead(true);
        var start =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(stream.code()));
        start.headers().set(HttpHeaderNames.CONTENT_TYPE, stream.contentType());
        start.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-cache, private");
        start.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.writeAndFlush(start);
        try {
            stream.writer().write(new ChannelSink(channel));
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        } catch (IOException | RuntimeException gone) {
            channel.close(); // a cut stream must not look like a whole one
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
        } finally {
            stream.stop().run();
        }
    }

    /** Waits until what was written has left, so that a slow reader holds up nobody but itself. */
    private record ChannelSink(Channel channel) implements Reply.Sink {
        @Override
        public void write(byte[] bytes) throws IOException {
            try {
                var written =
                        channel.writeAndFlush(
                                new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
                written.await();
                if (!written.isSuccess()) {
                    throw new IOException("the client has gone", written.cause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
