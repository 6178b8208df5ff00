package dev.headroom.cluster.api;

import dev.headroom.cluster.objects.ApiException;
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
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
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
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** HTTP/1.1 over TLS: requests whole and bounded, each answered on a virtual thread of its own, so that a watch may wait. */
final class HttpServer implements AutoCloseable {
    /** As kube-apiserver bounds a request's body. */
    private static final int MAX_BODY = 3 * 1024 * 1024;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Thread.ofPlatform().name("api-", 0).daemon().factory(),
                    NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Function<Request, Reply> answer;
    private final Channel listening;

    HttpServer(InetSocketAddress address, SslContext tls, Function<Request, Reply> answer)
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
                                                    .addLast(new HttpObjectAggregator(MAX_BODY))
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

    InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        channels.close().awaitUninterruptibly();
        threads.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
            byte[] body = new byte[message.content().readableBytes()];
            message.content().readBytes(body);
            var headers = message.headers();
            boolean keepAlive = HttpUtil.isKeepAlive(message);
            String method = message.method().name();
            String target = message.uri();
            threads.execute(() -> {
                Reply reply;
                try {
                    reply = answer.apply(Request.of(method, target, headers::get, body));
                } catch (ApiException refused) {
                    reply = Reply.json(refused.code(), refused.status());
                } catch (RuntimeException e) {
                    System.getLogger(HttpServer.class.getName())
                            .log(System.Logger.Level.ERROR, method + " " + target + " failed", e);
                    ApiException internal = Statuses.internal(String.valueOf(e));
                    reply = Reply.json(internal.code(), internal.status());
                }
                send(context.channel(), reply, keepAlive);
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // a client that went, or speaks no TLS: nothing to tell it
        }
    }

    private static void send(Channel channel, Reply reply, boolean keepAlive) {
        switch (reply) {
            case Reply.Whole whole -> {
                var response =
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1,
                                HttpResponseStatus.valueOf(whole.code()),
                                Unpooled.wrappedBuffer(whole.body()));
                response.headers().set(HttpHeaderNames.CONTENT_TYPE, whole.contentType());
                response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, whole.body().length);
                warn(response, whole.warnings());
                var sent = channel.writeAndFlush(response);
                if (!keepAlive) {
                    sent.addListener(done -> channel.close());
                }
            }
            case Reply.Stream stream -> {
                var head =
                        new DefaultHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(stream.code()));
                head.headers().set(HttpHeaderNames.CONTENT_TYPE, stream.contentType());
                head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
                channel.writeAndFlush(head);
                try {
                    stream.writer().write(new ChannelSink(channel));
                    channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
                } catch (IOException | RuntimeException gone) {
                    channel.close(); // a cut stream must not look like a whole one
                } catch (InterruptedException e) {
                    channel.close();
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void warn(HttpResponse response, List<String> warnings) {
        for (String warning : warnings) {
            String quoted = warning.replace("\\", "\\\\").replace("\"", "\\\"");
            response.headers().add("Warning", "299 - \"" + quoted + "\"");
        }
    }

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

        @Override
        public boolean isOpen() {
            return channel.isActive();
        }
    }
}
