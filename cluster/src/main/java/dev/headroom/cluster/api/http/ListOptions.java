package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.api.base.Versions;
import dev.headroom.cluster.api.store.Store;
import dev.headroom.cluster.objects.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At which revision a list or a watch of many objects is to begin, by its parameters. What cannot be meant together is refused as upstream's
 * {@code ValidateListOptions} does.
 *
 * @param version null for the present
 * @param match {@code Exact}, {@code NotOlderThan} or empty
 * @param from where an earlier list goes on; null for none
 * @param initialEvents whether a watch is to begin with what there is; null where nothing is said of it
 * @param limit 0 for none
 */
record ListOptions(
        @Nullable Long version,
        String match,
        @Nullable ContinueToken from,
        @Nullable Boolean initialEvents,
        long limit) {
    private static final String EXACT = "Exact";
    private static final String NOT_OLDER = "NotOlderThan";
    private static final String MATCH = "resourceVersionMatch";
    private static final String INITIAL = "sendInitialEvents";

    static ListOptions of(Request request) {
        String version = text(request, "resourceVersion");
        String match = text(request, MATCH);
        String token = text(request, "continue");
        Boolean initial = request.parameter(INITIAL) == null ? null : request.flag(INITIAL);
        List<Cause> causes =
                request.flag("watch")
                        ? ofWatch(match, token, initial)
                        : ofList(version, match, token, initial);
        if (!causes.isEmpty()) {
            throw Statuses.invalid("ListOptions", "meta.k8s.io", "", causes);
        }
        Long limit = request.number("limit");
        request.number("timeoutSeconds"); // of a list it is nothing but checked
        ContinueToken from = token.isEmpty() ? null : ContinueToken.parse(token);
        return new ListOptions(
                version(request, !request.flag("watch")),
                match,
                from,
                initial,
                limit == null ? 0 : limit);
    }

    /**
     * The resource version that a request names; null for none, that is: the present.
     *
     * @throws ApiException in one form for a list, in another for a watch or a single object
     */
    static @Nullable Long version(Request request, boolean list) {
        String text = text(request, "resourceVersion");
        String fault = text.isEmpty() ? null : Versions.fault(text);
        if (fault != null) {
            String why = Cause.invalid("resourceVersion", text, fault).toString();
            throw list
                    ? Statuses.badRequest("invalid resource version: " + why)
                    : Statuses.unexplained(why);
        }
        return Store.version(text);
    }

    private static String text(Request request, String name) {
        String value = request.parameter(name);
        return value == null ? "" : value;
    }

    private static List<Cause> ofList(
            String version, String match, String token, @Nullable Boolean initial) {
        List<Cause> causes = new ArrayList<>();
        if (!match.isEmpty()) {
            if (version.isEmpty()) {
                causes.add(
                        Cause.forbidden(
                                MATCH,
                                "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            }
            continued(token, causes);
            if (!match.equals(EXACT) && !match.equals(NOT_OLDER)) {
                causes.add(Cause.unsupported(MATCH, match, List.of(EXACT, NOT_OLDER, "")));
            }
            if (match.equals(EXACT) && version.equals("0")) {
                causes.add(
                        Cause.forbidden(
                                MATCH,
                                "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
            }
        }
        if (initial != null) {
            causes.add(Cause.forbidden(INITIAL, "sendInitialEvents is forbidden for list"));
        }
        return causes;
    }

    private static List<Cause> ofWatch(String match, String token, @Nullable Boolean initial) {
        List<Cause> causes = new ArrayList<>();
        if (initial != null && !match.equals(NOT_OLDER)) {
            causes.add(
                    Cause.forbidden(
                            MATCH,
                            "sendInitialEvents requires setting resourceVersionMatch to "
                                    + NOT_OLDER));
        }
        if (!match.isEmpty()) {
            if (initial == null) {
                causes.add(
                        Cause.forbidden(
                                MATCH,
                                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
            }
            if (!match.equals(NOT_OLDER)) {
                causes.add(Cause.unsupported(MATCH, match, List.of(NOT_OLDER)));
            }
            continued(token, causes);
        }
        return causes;
    }

    private static void continued(String token, List<Cause> causes) {
        if (!token.isEmpty()) {
            causes.add(
                    Cause.forbidden(
                            MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
    }

    /**
     * The revision that a list must stand for; null for the present.
     *
     * @param current the store's
     */
    @Nullable Long exact(long current) {
        if (from != null) {
            if (version != null) {
                throw Statuses.badRequest(
                        "specifying resource version is not allowed when using continue");
            }
            return from.revision();
        }
        if (version != null && version > current) {
            throw Statuses.tooLargeVersion(version, current);
        }
        boolean page = match.isEmpty() && limit > 0;
        return match.equals(EXACT) || page ? version : null;
    }

    /**
     * The revision after which a watch begins; null where it begins with what there is.
     *
     * @param current the store's
     */
    @Nullable Long after(long current) {
        if (initialEvents == null) {
            return version;
        }
        if (initialEvents) {
            return null;
        }
        return version == null ? Long.valueOf(current) : version;
    }
}
