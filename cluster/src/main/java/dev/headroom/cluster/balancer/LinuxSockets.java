package dev.headroom.cluster.balancer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The few system calls of Linux that an event loop makes, without the locks and look-ups of {@code java.nio}: measured, they are a tenth
 * of the balancer's cost at 1,000 connections. IPv4 only: a cluster's addresses are in 127.0.0.0/8.
 *
 * <p>Not safe for use by several threads: each loop has its own, since the place where {@code errno} is caught is in it.
 */
final class LinuxSockets {
    static final int EPOLLIN = 0x001;
    static final int EPOLLOUT = 0x004;
    static final int EPOLLERR = 0x008;
    static final int EPOLLHUP = 0x010;
    static final int EPOLLRDHUP = 0x2000;
    static final int EPOLLET = 1 << 31;
    static final int EAGAIN = 11;
    static final int EINPROGRESS = 115;
    static final int ENFILE = 23;
    static final int EMFILE = 24;

    private static final int EINTR = 4;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int AF_INET = 2;
    private static final int STREAM_NONBLOCK_CLOEXEC = 1 | 0x800 | 0x80000;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_LINGER = 13;
    private static final int SO_ERROR = 4;
    private static final int SHUT_WR = 1;
    private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int ADDRESS_BYTES = 16;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    /** {@code struct epoll_event} is packed on x86-64 only. */
    private static final boolean PACKED =
            System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).matches("amd64|x86_64");

    static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;
    private static final ValueLayout.OfInt INT = JAVA_INT.withByteAlignment(1);
    private static final ValueLayout.OfLong LONG = JAVA_LONG.withByteAlignment(1);
    private static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT.withByteAlignment(1).withOrder(ByteOrder.BIG_ENDIAN);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Calls that never wait: no transition of the thread's state, which is most of a call's cost. */
    private static final MethodHandle RECV =
            call(true, "recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private static final MethodHandle SEND =
            call(true, "send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EPOLL_WAIT =
            call(false, "epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE =
            call(false, "epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL =
            call(false, "epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SOCKET =
            call(false, "socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CONNECT =
            call(false, "connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            call(false, "setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            call(false, "getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle ACCEPT =
            call(false, "accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle BIND =
            call(false, "bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = call(false, "listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle GETSOCKNAME =
            call(false, "getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SHUTDOWN =
            call(false, "shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = call(false, "close", JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD =
            call(false, "eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle READ =
            call(false, "read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE =
            call(false, "write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    private final MemorySegment captured;
    private final MemorySegment scratch;

    LinuxSockets(Arena arena) {
        captured = arena.allocate(CAPTURED);
        scratch = arena.allocate(64, 8);
    }

    private static MethodHandle call(
            boolean critical, String name, MemoryLayout result, MemoryLayout... parameters) {
        MemorySegment symbol = LINKER.defaultLookup().find(name).orElseThrow();
        FunctionDescriptor type = FunctionDescriptor.of(result, parameters);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        return critical
                ? LINKER.downcallHandle(symbol, type, errno, Linker.Option.critical(false))
                : LINKER.downcallHandle(symbol, type, errno);
    }

    private int errno() {
        return (int) ERRNO.get(captured, 0L);
    }

    /** Bytes read; 0 at the end; {@code -errno} where it failed. */
    int receive(int socket, MemorySegment into) {
        try {
            long n = (long) RECV.invokeExact(captured, socket, into, into.byteSize(), 0);
            return n < 0 ? -errno() : (int) n;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Bytes taken, or {@code -errno}. */
    int send(int socket, MemorySegment from, int length) {
        try {
            long n = (long) SEND.invokeExact(captured, socket, from, (long) length, MSG_NOSIGNAL);
            return n < 0 ? -errno() : (int) n;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int epoll() throws IOException {
        try {
            return checked(
                    "epoll_create1", (int) EPOLL_CREATE.invokeExact(captured, EPOLL_CLOEXEC));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Registers for these events, with what they are to be told with. */
    void watch(int epoll, int descriptor, int events, long data) throws IOException {
        scratch.set(INT, 0, events);
        scratch.set(LONG, EVENT_DATA, data);
        try {
            checked(
                    "epoll_ctl",
                    (int)
                            EPOLL_CTL.invokeExact(
                                    captured, epoll, EPOLL_CTL_ADD, descriptor, scratch));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Waits for events, without limit; how many there are. */
    int await(int epoll, MemorySegment events) throws IOException {
        int most = (int) (events.byteSize() / EVENT_BYTES);
        try {
            int n = (int) EPOLL_WAIT.invokeExact(captured, epoll, events, most, -1);
            return n < 0 && errno() == EINTR ? 0 : checked("epoll_wait", n);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static int events(MemorySegment events, int i) {
        return events.get(INT, (long) i * EVENT_BYTES);
    }

    static long data(MemorySegment events, int i) {
        return events.get(LONG, (long) i * EVENT_BYTES + EVENT_DATA);
    }

    int socket() throws IOException {
        try {
            return checked(
                    "socket",
                    (int) SOCKET.invokeExact(captured, AF_INET, STREAM_NONBLOCK_CLOEXEC, 0));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** 0 when connected, {@code -EINPROGRESS} when it goes on, else {@code -errno}. */
    int connect(int socket, InetSocketAddress to) {
        writeAddress(to);
        try {
            int n = (int) CONNECT.invokeExact(captured, socket, scratch, ADDRESS_BYTES);
            return n < 0 ? -errno() : 0;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private void writeAddress(InetSocketAddress address) {
        scratch.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
        scratch.set(NETWORK_SHORT, 2, (short) address.getPort());
        MemorySegment.copy(address.getAddress().getAddress(), 0, scratch, JAVA_BYTE, 4, 4);
        scratch.set(LONG, 8, 0);
    }

    private InetSocketAddress readAddress() throws UnknownHostException {
        byte[] ip = scratch.asSlice(4, 4).toArray(JAVA_BYTE);
        return new InetSocketAddress(
                InetAddress.getByAddress(ip), Short.toUnsignedInt(scratch.get(NETWORK_SHORT, 2)));
    }

    /** Listens on an address; {@link BindException} where it is taken or not permitted. */
    int listen(InetSocketAddress address, int backlog) throws IOException {
        int socket = socket();
        try {
            scratch.set(INT, 0, 1);
            option(socket, SOL_SOCKET, SO_REUSEADDR, 4);
            writeAddress(address);
            if ((int) BIND.invokeExact(captured, socket, scratch, ADDRESS_BYTES) < 0) {
                throw new BindException(address + ": bind failed with errno " + errno());
            }
            checked("listen", (int) LISTEN.invokeExact(captured, socket, backlog));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** A descriptor, or {@code -errno}; the client's address is then {@link #accepted()}. */
    int accept(int listening) {
        scratch.set(INT, 32, ADDRESS_BYTES);
        try {
            int n =
                    (int)
                            ACCEPT.invokeExact(
                                    captured,
                                    listening,
                                    scratch,
                                    scratch.asSlice(32),
                                    NONBLOCK_CLOEXEC);
            return n < 0 ? -errno() : n;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    InetSocketAddress accepted() throws UnknownHostException {
        return readAddress();
    }

    InetSocketAddress localAddress(int socket) throws IOException {
        scratch.set(INT, 32, ADDRESS_BYTES);
        try {
            checked(
                    "getsockname",
                    (int) GETSOCKNAME.invokeExact(captured, socket, scratch, scratch.asSlice(32)));
            return readAddress();
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    void unwatch(int epoll, int descriptor) {
        try {
            int ignored =
                    (int)
                            EPOLL_CTL.invokeExact(
                                    captured, epoll, EPOLL_CTL_DEL, descriptor, scratch);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    void noDelay(int socket) {
        scratch.set(INT, 0, 1);
        option(socket, IPPROTO_TCP, TCP_NODELAY, 4);
    }

    /** Closing then sends a reset. */
    void lingerZero(int socket) {
        scratch.set(INT, 0, 1);
        scratch.set(INT, 4, 0);
        option(socket, SOL_SOCKET, SO_LINGER, 8);
    }

    private void option(int socket, int level, int name, int length) {
        try {
            int ignored =
                    (int) SETSOCKOPT.invokeExact(captured, socket, level, name, scratch, length);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** What became of a connect that went on: 0 or an errno. */
    int error(int socket) {
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
            return n < 0 ? errno() : scratch.get(INT, 0);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    void shutdownOutput(int socket) {
        try {
            int ignored = (int) SHUTDOWN.invokeExact(captured, socket, SHUT_WR);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(captured, descriptor);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    int eventDescriptor() throws IOException {
        try {
            return checked("eventfd", (int) EVENTFD.invokeExact(captured, 0, EFD_NONBLOCK_CLOEXEC));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    void signal(int eventDescriptor) {
        scratch.set(LONG, 0, 1);
        try {
            long ignored = (long) WRITE.invokeExact(captured, eventDescriptor, scratch, 8L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    void drain(int eventDescriptor) {
        try {
            long ignored = (long) READ.invokeExact(captured, eventDescriptor, scratch, 8L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private int checked(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException("balancer: " + call + " failed with errno " + errno());
        }
        return result;
    }

    /** A downcall throws nothing of its own: the types are fixed above. */
    private static IllegalStateException impossible(Throwable t) {
        return new IllegalStateException(t);
    }
}
