package dev.headroom.iris.api.http;

/**
 * Checks the extensions of a chunk, byte by byte (RFC 9112, section 7.1.1): they are ignored, but where a line ends must be
 * beyond doubt.
 *
 * <pre>  *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )</pre>
 */
enum ChunkExtension {
    /** Behind the size or a value; the line may end where no space came. */
    AFTER,
    AFTER_SPACE,
    BEFORE_NAME,
    NAME,
    NAME_SPACE,
    BEFORE_VALUE,
    VALUE,
    QUOTED,
    QUOTED_PAIR,
    BAD;

    /** Whether a line may end here. */
    boolean mayEnd() {
        return this == AFTER || this == NAME || this == VALUE;
    }

    ChunkExtension next(byte c) {
        return switch (this) {
            case AFTER, AFTER_SPACE ->
                    c == ';' ? BEFORE_NAME : Ascii.isSpace(c) ? AFTER_SPACE : BAD;
            case BEFORE_NAME -> Ascii.isSpace(c) ? BEFORE_NAME : Ascii.isToken(c) ? NAME : BAD;
            case NAME -> Ascii.isToken(c) ? NAME : afterName(c);
            case NAME_SPACE -> afterName(c);
            case BEFORE_VALUE ->
                    Ascii.isSpace(c)
                            ? BEFORE_VALUE
                            : c == '"' ? QUOTED : Ascii.isToken(c) ? VALUE : BAD;
            case VALUE -> Ascii.isToken(c) ? VALUE : AFTER.next(c);
            case QUOTED ->
                    c == '"'
                            ? AFTER
                            : c == '\\' ? QUOTED_PAIR : Ascii.isFieldByte(c) ? QUOTED : BAD;
            case QUOTED_PAIR -> Ascii.isFieldByte(c) ? QUOTED : BAD;
            case BAD -> BAD;
        };
    }

    private static ChunkExtension afterName(byte c) {
        return switch (c) {
            case '=' -> BEFORE_VALUE;
            case ';' -> BEFORE_NAME;
            case ' ', '\t' -> NAME_SPACE;
            default -> BAD;
        };
    }
}
