package dev.headroom.lab.load.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Linux' epoll, by edges: a socket is registered once, so that a request costs a receive, a send and its share of a wait. It can wait for
 * less than a millisecond, which {@code java.nio} can't: a request that is due is sent when it is due. IPv4 only.
 */
final class LinuxNetwork implements Network {
    private static final int EPOLLIN = 0x001;
    private static final int EPOLLOUT = 0x004;
    private static final int EPOLLERR = 0x008;
    private static final int EPOLLHUP = 0x010;
    private static final int EPOLLRDHUP = 0x2000;
    private static final int EPOLLET = 1 << 31;
    private static final int WANTED = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EMFILE = 24;
    private static final int EINPROGRESS = 115;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int CLOEXEC = 0x80000;
    private static final int AF_INET = 2;
    private static final int STREAM_NONBLOCK = 1 | 0x800;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_BYTES = 16;
    private static final int EVENTS = 512;
    private static final int BUFFER_BYTES = 64 * 1024;

    /** {@code struct epoll_event} is packed on x86-64 only. */
    private static final boolean PACKED =
            System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).matches("amd64|x86_64");

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;
    private static final ValueLayout.OfLong LONG = JAVA_LONG.withByteAlignment(1);
    private static final ValueLayout.OfInt INT = JAVA_INT.withByteAlignment(1);
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Calls that never wait: no transition of the thread's state, which is most of a call's cost; memory of Java may be passed. */
    private static final MethodHandle RECV =
            required("recv", true, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private static final MethodHandle SEND =
            required("send", true, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EPOLL_WAIT =
            required("epoll_wait", false, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

    /** Since glibc 2.35; it takes nanoseconds. */
    private static final @Nullable MethodHandle EPOLL_WAIT_NANOS =
            call("epoll_pwait2", false, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);

    private static final MethodHandle EPOLL_CREATE =
            required("epoll_create1", false, JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL =
            required("epoll_ctl", false, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SOCKET =
            required("socket", false, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CONNECT =
            required("connect", false, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            required(
                    "setsockopt", false, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            required("getsockopt", false, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CLOSE = required("close", false, JAVA_INT, JAVA_INT);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment captured = arena.allocate(CAPTURED);
    private final MemorySegment scratch = arena.allocate(64, 8);
    private final MemorySegment events = arena.allocate((long) EVENTS * EVENT_BYTES, 8);
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final MemorySegment into = MemorySegment.ofArray(buffer);
    private final int epoll;
    private int failure;
    private boolean inMillis;

    LinuxNetwork() throws IOException {
        epoll = checked("epoll_create1", createEpoll());
    }

    private static MethodHandle required(
            String name, boolean critical, MemoryLayout result, MemoryLayout... parameters) {
        MethodHandle found = call(name, critical, result, parameters);
        if (found == null) {
            throw new UnsatisfiedLinkError("the system has no " + name);
        }
        return found;
    }

    private static @Nullable MethodHandle call(
            String name, boolean critical, MemoryLayout result, MemoryLayout... parameters) {
        FunctionDescriptor type = FunctionDescriptor.of(result, parameters);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        Linker.Option[] options =
                critical
                        ? new Linker.Option[] {errno, Linker.Option.critical(true)}
                        : new Linker.Option[] {errno};
        return LINKER.defaultLookup()
                .find(name)
                .map(symbol -> LINKER.downcallHandle(symbol, type, options))
                .orElse(null);
    }

    private int createEpoll() {
        try {
            return (int) EPOLL_CREATE.invokeExact(captured, CLOEXEC);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int connect(InetSocketAddress to, long token) throws IOException {
        int socket = checked("socket", newSocket());
        try {
            scratch.set(INT, 0, 1);
            int ignored =
                    (int)
                            SETSOCKOPT.invokeExact(
                                    captured, socket, IPPROTO_TCP, TCP_NODELAY, scratch, 4);
            writeAddress(to);
            int connected = (int) CONNECT.invokeExact(captured, socket, scratch, ADDRESS_BYTES);
            if (connected < 0 && errno() != EINPROGRESS) {
                int cause = errno();
                close(socket);
                failure = cause;
                return FAILED;
            }
            scratch.set(INT, 0, WANTED);
            scratch.set(LONG, EVENT_DATA, token);
            checked(
                    "epoll_ctl",
                    (int) EPOLL_CTL.invokeExact(captured, epoll, EPOLL_CTL_ADD, socket, scratch));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private int newSocket() {
        try {
            return (int) SOCKET.invokeExact(captured, AF_INET, STREAM_NONBLOCK | CLOEXEC, 0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private void writeAddress(InetSocketAddress address) {
        scratch.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
        scratch.set(PORT, 2, (short) address.getPort());
        byte[] ip = address.getAddress().getAddress();
        MemorySegment.copy(ip, 0, scratch, ValueLayout.JAVA_BYTE, 4, 4);
        scratch.set(LONG, 8, 0);
    }

    @Override
    public boolean established(int socket) {
        scratch.set(INT, 0, 0);
        scratch.set(INT, 16, 4);
        try {
            int n =
                    (int)
                            GETSOCKOPT.invokeExact(
                                    captured,
                                    socket,
                                    SOL_SOCKET,
                                    SO_ERROR,
                                    scratch,
                                    scratch.asSlice(16));
            failure = n < 0 ? errno() : scratch.get(INT, 0);
            return failure == 0;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public String problem() {
        return Errno.text(failure);
    }

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int read(int socket) {
        try {
            long n = (long) RECV.invokeExact(captured, socket, into, (long) BUFFER_BYTES, 0);
            return n >= 0 ? (int) n : failed();
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int write(int socket, long address, int length) {
        try {
            long n =
                    (long) SEND.invokeExact(captured, socket, address, (long) length, MSG_NOSIGNAL);
            return n >= 0 ? (int) n : failed();
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private int failed() {
        failure = errno();
        return failure == EAGAIN || failure == EINTR ? AGAIN : FAILED;
    }

    @Override
    public int await(long nanos) throws IOException {
        long wait = Math.max(0, nanos);
        MethodHandle finer = EPOLL_WAIT_NANOS;
        int n = inMillis || finer == null ? awaitMillis(wait) : awaitNanos(finer, wait);
        return n < 0 && errno() == EINTR ? 0 : checked("epoll_wait", n);
    }

    private int awaitNanos(MethodHandle wait, long nanos) {
        scratch.set(LONG, 0, nanos / 1_000_000_000);
        scratch.set(LONG, 8, nanos % 1_000_000_000);
        try {
            int n =
                    (int)
                            wait.invokeExact(
                                    captured, epoll, events, EVENTS, scratch, MemorySegment.NULL);
            if (n < 0 && errno() == Errno.ENOSYS) {
                inMillis = true; // A C library that is newer than the kernel.
                return awaitMillis(nanos);
            }
            return n;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Rounds down, so that what is due within a millisecond is waited for by looking again and again. */
    private int awaitMillis(long nanos) {
        try {
            return (int)
                    EPOLL_WAIT.invokeExact(
                            captured, epoll, events, EVENTS, (int) (nanos / 1_000_000));
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private int events(int event) {
        return events.get(INT, (long) event * EVENT_BYTES);
    }

    @Override
    public long token(int event) {
        return events.get(LONG, (long) event * EVENT_BYTES + EVENT_DATA);
    }

    @Override
    public boolean readable(int event) {
        return (events(event) & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP)) != 0;
    }

    @Override
    public boolean writable(int event) {
        return (events(event) & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0;
    }

    @Override
    public boolean ended(int event) {
        return (events(event) & (EPOLLRDHUP | EPOLLERR | EPOLLHUP)) != 0;
    }

    @Override
    public void close(int socket) {
        try {
            int ignored = (int) CLOSE.invokeExact(captured, socket);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private int errno() {
        return (int) ERRNO.get(captured, 0L);
    }

    private int checked(String call, int result) throws IOException {
        if (result < 0) {
            int cause = errno();
            throw new IOException(
                    cause == EMFILE ? Errno.text(cause) : call + " failed: " + Errno.text(cause));
        }
        return result;
    }

    @Override
    public void close() {
        close(epoll);
        arena.close();
    }

    /** A downcall throws nothing of its own: the types are fixed above. */
    private static IllegalStateException impossible(Throwable t) {
        return new IllegalStateException(t);
    }
}
