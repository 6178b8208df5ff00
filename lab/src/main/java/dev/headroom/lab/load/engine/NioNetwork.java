package dev.headroom.lab.load.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same by {@code java.nio}, for other systems and IPv6; it waits in whole milliseconds, and looks again and again below that. */
final class NioNetwork implements Network {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Selector selector = Selector.open();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final List<@Nullable SelectionKey> sockets = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<SelectionKey> ready = new ArrayList<>();
    private String problem = "";

    NioNetwork() throws IOException {}

    private record Attached(int socket, long token) {}

    @Override
    public int connect(InetSocketAddress to, long token) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(to);
        } catch (IOException e) {
            problem = words(e);
            channel.close();
            return FAILED;
        }
        int socket = free.isEmpty() ? sockets.size() : free.pop();
        SelectionKey key =
                channel.register(selector, SelectionKey.OP_CONNECT, new Attached(socket, token));
        if (socket == sockets.size()) {
            sockets.add(key);
        } else {
            sockets.set(socket, key);
        }
        return socket;
    }

    private SelectionKey key(int socket) {
        SelectionKey key = sockets.get(socket);
        if (key == null) {
            throw new IllegalStateException("socket " + socket + " is closed");
        }
        return key;
    }

    private SocketChannel channel(int socket) {
        return (SocketChannel) key(socket).channel();
    }

    @Override
    public boolean established(int socket) {
        try {
            boolean done = channel(socket).finishConnect();
            key(socket).interestOps(SelectionKey.OP_READ);
            return done;
        } catch (IOException e) {
            problem = words(e);
            return false;
        }
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int read(int socket) {
        try {
            int n = channel(socket).read(direct.clear());
            direct.flip().get(buffer, 0, direct.limit());
            return n == 0 ? AGAIN : Math.max(0, n);
        } catch (IOException e) {
            problem = words(e);
            return FAILED;
        }
    }

    @Override
    public int write(int socket, long address, int length) {
        try {
            ByteBuffer bytes = MemorySegment.ofAddress(address).reinterpret(length).asByteBuffer();
            int n = channel(socket).write(bytes);
            boolean more = n < length;
            key(socket).interestOps(SelectionKey.OP_READ | (more ? SelectionKey.OP_WRITE : 0));
            return n == 0 ? AGAIN : n;
        } catch (IOException e) {
            problem = words(e);
            return FAILED;
        }
    }

    @Override
    public void close(int socket) {
        try (SocketChannel channel = channel(socket)) {
            sockets.set(socket, null);
            free.push(socket);
        } catch (IOException gone) {
            problem = words(gone);
        }
    }

    @Override
    public int await(long nanos) throws IOException {
        ready.clear();
        long millis = nanos / 1_000_000;
        if (millis <= 0) {
            selector.selectNow();
        } else {
            selector.select(millis);
        }
        ready.addAll(selector.selectedKeys());
        selector.selectedKeys().clear();
        return ready.size();
    }

    @Override
    public long token(int event) {
        return ((Attached) ready.get(event).attachment()).token();
    }

    private boolean has(int event, int operations) {
        SelectionKey key = ready.get(event);
        return key.isValid() && (key.readyOps() & operations) != 0;
    }

    @Override
    public boolean readable(int event) {
        return has(event, SelectionKey.OP_READ);
    }

    @Override
    public boolean writable(int event) {
        return has(event, SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT);
    }

    /** Not told: what there is to read, or not to read, is seen when it is read. */
    @Override
    public boolean ended(int event) {
        return false;
    }

    private static String words(IOException e) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        try (selector) {
            for (SelectionKey key : sockets) {
                if (key != null) {
                    key.channel().close();
                }
            }
        } catch (IOException gone) {
            problem = words(gone);
        }
    }
}
