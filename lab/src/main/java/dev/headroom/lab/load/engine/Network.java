package dev.headroom.lab.load.engine;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** Sockets that connect, and what is ready on them, for one loop's thread; a socket is known by a number. */
interface Network extends AutoCloseable {
    int AGAIN = -1;
    int FAILED = -2;

    /** The fastest this system has for the address. */
    static Network open(InetSocketAddress target) throws IOException {
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        return linux && target.getAddress() instanceof Inet4Address
                ? new LinuxNetwork()
                : new NioNetwork();
    }

    /**
     * Begins to connect.
     *
     * @param token comes back with everything that happens on the socket
     * @throws IOException where the system gives no socket
     */
    int connect(InetSocketAddress to, long token) throws IOException;

    /** Whether a connect that is over succeeded; else {@link #problem()} says why. */
    boolean established(int socket);

    /** What last failed, in the system's words. */
    String problem();

    /** Where {@link #read} puts what it reads. */
    byte[] buffer();

    /** Bytes read, 0 at the end of the stream, {@link #AGAIN}, {@link #FAILED}. */
    int read(int socket);

    /** Bytes that were taken, {@link #AGAIN}, {@link #FAILED}. */
    int write(int socket, long address, int length);

    void close(int socket);

    /** Waits for events, at most as long; how many there are. */
    int await(long nanos) throws IOException;

    long token(int event);

    /** Whether there may be something to read, or a failure to see. */
    boolean readable(int event);

    boolean writable(int event);

    /** Whether the other side has ended the stream, or it failed. */
    boolean ended(int event);

    @Override
    void close();
}
