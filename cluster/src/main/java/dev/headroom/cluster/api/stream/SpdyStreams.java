package dev.headroom.cluster.api.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * SPDY/3.1 as Kubernetes' clients speak it (moby/spdystream): streams that a client opens, without windows, since those clients open none.
 */
final class SpdyStreams extends SimpleChannelInboundHandler<SpdyFrame> {
    private static final int MOST_STREAMS = 1_000;

    private final Predicate<SpdyStream> opened;
    private final Runnable gone;
    private final Map<Integer, Inbox> open = new HashMap<>();
    private @Nullable Intake intake;

    /**
     * @param opened takes a stream, and says whether it is wanted; must not block
     * @param gone is run when the connection has ended
     */
    SpdyStreams(Predicate<SpdyStream> opened, Runnable gone) {
        this.opened = opened;
        this.gone = gone;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, SpdyFrame frame) {
        switch (frame) {
            case SpdySynStreamFrame start -> open(context, start);
            case SpdyDataFrame data -> data(data);
            case SpdyRstStreamFrame reset -> {
                Inbox in = open.remove(reset.streamId());
                if (in != null) {
                    in.breakOff();
                }
            }
            case SpdyPingFrame ping -> {
                if (ping.id() % 2 == 1) {
                    context.writeAndFlush(ping);
                }
            }
            default -> {
                // Settings, windows and farewells change nothing here.
            }
        }
    }

    private void open(ChannelHandlerContext context, SpdySynStreamFrame start) {
        int id = start.streamId();
        if (start.isInvalid() || start.isTruncated() || open.size() >= MOST_STREAMS) {
            refuse(context, id);
            return;
        }
        Map<String, String> headers = new HashMap<>();
        start.headers()
                .forEach(entry ->
                        headers.put(
                                entry.getKey().toString().toLowerCase(Locale.ROOT),
                                entry.getValue().toString()));
        Intake all = intake;
        if (all == null) {
            all = new Intake(context.channel());
            intake = all;
        }
        Inbox in = new Inbox(all);
        Outlet out =
                new Outlet(
                        context.channel(),
                        bytes -> new DefaultSpdyDataFrame(id, Unpooled.wrappedBuffer(bytes)),
                        last(id));
        open.put(id, in);
        context.writeAndFlush(reply(id));
        if (!opened.test(new SpdyStream(headers, in, out))) {
            open.remove(id);
            refuse(context, id);
        } else if (start.isLast()) {
            open.remove(id);
            in.end();
        }
    }

    /** With a header: of none Netty makes no header block at all, and clients read on in what follows. */
    private static SpdyFrame reply(int id) {
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(id);
        reply.headers().set("status", "200");
        return reply;
    }

    private static void refuse(ChannelHandlerContext context, int id) {
        context.writeAndFlush(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.REFUSED_STREAM));
    }

    private static Object last(int id) {
        return new DefaultSpdyDataFrame(id).setLast(true);
    }

    private void data(SpdyDataFrame data) {
        Inbox in = open.get(data.streamId());
        if (in == null) {
            return;
        }
        ByteBuf content = data.content();
        in.add(ByteBufUtil.getBytes(content));
        if (data.isLast()) {
            open.remove(data.streamId());
            in.end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        open.values().forEach(Inbox::breakOff);
        open.clear();
        gone.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // a client that went, or does not speak SPDY
    }
}
