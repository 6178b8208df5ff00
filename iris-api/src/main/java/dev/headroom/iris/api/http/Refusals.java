package dev.headroom.iris.api.http;

/** What is said of a request that is not acceptable HTTP. After each of these the connection ends. */
final class Refusals {
    static final byte[] HTTP = Ascii.bytes("HTTP/");

    static final Response BAD_REQUEST_LINE =
            bad(
                    "malformed request line: expected METHOD SP TARGET SP HTTP/1.1 (RFC 9112, section 3)");
    static final Response BARE_LF = bad("a line that ends in a bare LF: expected CRLF");
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
            Response.error(Status.NOT_IMPLEMENTED, "no transfer coding but chunked is implemented");
    static final Response VERSION =
            Response.error(Status.VERSION_NOT_SUPPORTED, "only HTTP/1.x is supported");
    static final Response EXPECTATION =
            Response.error(Status.EXPECTATION_FAILED, "no expectation but 100-continue is known");
    static final Response URI_TOO_LONG =
            Response.error(Status.URI_TOO_LONG, "the request line is longer than is accepted");
    static final Response FIELDS_TOO_LARGE =
            Response.error(
                    Status.FIELDS_TOO_LARGE, "the request's head is longer than is accepted");
    static final Response TIMEOUT =
            Response.error(
                    Status.REQUEST_TIMEOUT, "the request did not come in completely in time");

    private Refusals() {}

    static Response contentTooLarge(int limit) {
        return Response.error(
                Status.CONTENT_TOO_LARGE, "the body is larger than " + limit + " bytes");
    }

    private static Response bad(String text) {
        return Response.error(Status.BAD_REQUEST, text);
    }
}
