package dev.headroom.iris.api.http;

/** What is said of a request that is not acceptable HTTP. After each of these the connection ends. */
final class Refusals {
    static final Response BAD_REQUEST_LINE =
            bad(
                    "malformed request line: expected METHOD SP TARGET SP HTTP/1.1 (RFC 9112, section 3)");
    static final Response BARE_LF = bad("a CR or an LF that stands alone: expected CRLF");
    static final Response BAD_FIELD =
            bad(
                    "malformed field line: expected a token, a colon and a value without controls (RFC 9112, section 5)");
    static final Response BAD_HOST = bad("expected exactly one valid Host field");
    static final Response BAD_CONTENT_LENGTH =
            bad("expected at most one Content-Length field of digits only");
    static final Response BAD_TRANSFER_CODING =
            bad("Transfer-Encoding must be chunked, once and last, and not in HTTP/1.0");
    static final Response BOTH_LENGTHS = bad("both Content-Length and Transfer-Encoding");
    static final Response BAD_CHUNK = bad("malformed chunked body (RFC 9112, section 7.1)");
    static final Response UNKNOWN_TRANSFER_CODING =
            Response.problem(
                    Status.NOT_IMPLEMENTED, "no transfer coding but chunked is implemented");
    static final Response VERSION =
            Response.problem(Status.VERSION_NOT_SUPPORTED, "only HTTP/1.x is supported");
    static final Response EXPECTATION =
            Response.problem(Status.EXPECTATION_FAILED, "no expectation but 100-continue is known");
    static final Response URI_TOO_LONG =
            Response.problem(Status.URI_TOO_LONG, "the target is longer than is accepted");
    static final Response FIELDS_TOO_LARGE =
            Response.problem(
                    Status.FIELDS_TOO_LARGE,
                    "the field lines are longer, or more, than is accepted");
    static final Response LENGTH_REQUIRED =
            Response.problem(
                    Status.LENGTH_REQUIRED,
                    "a POST needs a Content-Length, or Transfer-Encoding: chunked");
    static final Response UNKNOWN_METHOD =
            Response.problem(Status.NOT_IMPLEMENTED, "this method is not known");
    static final Response CUT_SHORT = bad("the connection's end came before that of the request");
    static final Response TOO_MANY_CONNECTIONS =
            Response.problem(
                    Status.UNAVAILABLE,
                    "as many connections are open as this server accepts",
                    "Retry-After: 1");
    static final Response NO_ROOM =
            Response.problem(
                    Status.UNAVAILABLE,
                    "unfinished requests fill what this server holds for them",
                    "Retry-After: 1");
    static final Response FAILED =
            Response.problem(Status.INTERNAL_ERROR, "the server failed; its log says how");
    static final Response TIMEOUT =
            Response.problem(
                    Status.REQUEST_TIMEOUT, "the request did not come in completely in time");

    private Refusals() {}

    static Response contentTooLarge(int limit) {
        return Response.problem(
                Status.CONTENT_TOO_LARGE, "the body is larger than " + limit + " bytes");
    }

    private static Response bad(String text) {
        return Response.problem(Status.BAD_REQUEST, text);
    }
}
