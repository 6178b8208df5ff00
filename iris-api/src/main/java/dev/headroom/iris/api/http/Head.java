package dev.headroom.iris.api.http;

/** What a handler may know of a request before its body is there. */
public interface Head {
    /** What the handler's own {@link Handler#options} made of the query. */
    int options();

    /** Whether the body is JSON by its media type, or has none. */
    boolean json();

    /** Whether the body has a content coding, as gzip. */
    boolean coded();

    /** Whether the client would rather have OpenMetrics than Prometheus' older text. */
    boolean prefersOpenMetrics();
}
