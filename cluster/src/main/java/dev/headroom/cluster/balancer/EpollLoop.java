package dev.headroom.cluster.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An event loop straight on Linux' epoll: one thread, and the flows that were given to it for life. Sockets are registered once, by
 * edges, so that a request costs two waits' shares, two receives and two sends, and nothing else.
 */
final class EpollLoop implements Loop, Runnable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int EVENTS = 512;

    /** What an event says besides the slot: for whom it was registered, since slots are used again. */
    private static final long WAKE = -1;

    final LinuxSockets system;
    final MemorySegment buffer;
    final ByteBuffer bytes;
    final HttpHead head = new HttpHead();
    final Clients clients;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment events;
    private final int epoll;
    private final int wake;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final LinuxSockets foreign;
    private final Thread thread;
    private @Nullable Handler[] handlers = new Handler[64];
    private int[] generations = new int[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;
    private volatile boolean closed;

    /** Somebody who is told about a descriptor. */
    interface Handler {
        void ready(int events);

        /** The loop ends: let go of the descriptor. */
        void abandon();
    }

    EpollLoop(String name, Clients clients) throws IOException {
        this.clients = clients;
        system = new LinuxSockets(arena);
        foreign = new LinuxSockets(arena);
        buffer = arena.allocate(BUFFER_BYTES, 64);
        bytes = buffer.asByteBuffer();
        events = arena.allocate((long) EVENTS * LinuxSockets.EVENT_BYTES, 8);
        epoll = system.epoll();
        wake = system.eventDescriptor();
        system.watch(epoll, wake, LinuxSockets.EPOLLIN, WAKE);
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
        thread.start();
    }

    @Override
    public Listening listen(
            InetSocketAddress address, Picker picker, ServiceMeter service, Balancer balancer)
            throws IOException {
        EpollListener listener;
        synchronized (foreign) {
            listener =
                    new EpollListener(
                            foreign.listen(address, Listening.BACKLOG),
                            this,
                            picker,
                            service,
                            balancer);
            listener.address = foreign.localAddress(listener.socket);
        }
        execute(listener::resume);
        return listener;
    }

    void adopt(int client, Route route) {
        int pod;
        try {
            pod = system.socket();
        } catch (IOException noDescriptor) {
            route.service().refuse();
            clients.went();
            system.lingerZero(client);
            system.close(client);
            return;
        }
        system.noDelay(client);
        system.noDelay(pod);
        new EpollFlow(this, client, pod, route).begin();
    }

    /** Registers a descriptor for its handler; the result frees the slot again. */
    int register(int descriptor, int wanted, Handler handler) throws IOException {
        int slot = freeCount > 0 ? free[--freeCount] : used++;
        if (slot == handlers.length) {
            handlers = Arrays.copyOf(handlers, slot * 2);
            generations = Arrays.copyOf(generations, slot * 2);
            free = Arrays.copyOf(free, slot * 2);
        }
        handlers[slot] = handler;
        try {
            system.watch(epoll, descriptor, wanted, (long) generations[slot] << 32 | slot);
        } catch (IOException e) {
            release(slot);
            throw e;
        }
        return slot;
    }

    void release(int slot) {
        handlers[slot] = null;
        generations[slot] = generations[slot] + 1 & Integer.MAX_VALUE;
        free[freeCount++] = slot;
    }

    void unwatch(int descriptor) {
        system.unwatch(epoll, descriptor);
    }

    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
            return;
        }
        tasks.add(task);
        synchronized (foreign) {
            if (!closed) {
                foreign.signal(wake);
            }
        }
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                int count = system.await(epoll, events);
                for (int i = 0; i < count; i++) {
                    dispatch(LinuxSockets.data(events, i), LinuxSockets.events(events, i));
                }
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            for (int slot = 0; slot < used; slot++) {
                Handler handler = handlers[slot];
                if (handler != null) {
                    handler.abandon();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dispatch(long data, int ready) {
        if (data == WAKE) {
            system.drain(wake);
            return;
        }
        int slot = (int) data;
        Handler handler = handlers[slot];
        if (handler != null && generations[slot] == (int) (data >>> 32)) {
            handler.ready(ready);
        }
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (foreign) {
            closed = true;
            foreign.signal(wake);
        }
        thread.join();
        system.close(wake);
        system.close(epoll);
        arena.close();
    }
}
