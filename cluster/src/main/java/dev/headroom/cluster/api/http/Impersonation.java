package dev.headroom.cluster.api.http;

import dev.headroom.cluster.api.base.Cause;
import dev.headroom.cluster.api.base.Statuses;
import dev.headroom.cluster.objects.ApiException;
import dev.headroom.cluster.objects.ResourceType;

/**
 * Who asks for objects in another's name ({@code kubectl --as}) is refused: there is no other here, and an answer that the one user gets
 * would say that the other may do everything too. What is served may be found out by anybody.
 */
final class Impersonation {
    private static final String ACCOUNT = "system:serviceaccount:";

    private Impersonation() {}

    static void refuse(Request request) {
        String user = request.head("Impersonate-User");
        if (!user.isEmpty()) {
            throw refusal(user);
        }
        for (String of : new String[] {"Group", "Uid"}) {
            String asked = request.head("Impersonate-" + of);
            if (!asked.isEmpty()) {
                throw Statuses.internal(
                        "requested " + Cause.quote(asked) + " without impersonating a user");
            }
        }
    }

    private static ApiException refusal(String user) {
        String[] account =
                user.startsWith(ACCOUNT)
                        ? user.substring(ACCOUNT.length()).split(":", -1)
                        : new String[0];
        return account.length == 2
                ? refusal(
                        "serviceaccounts",
                        account[1],
                        "in the namespace " + Cause.quote(account[0]))
                : refusal("users", user, "at the cluster scope");
    }

    private static ApiException refusal(String resource, String name, String where) {
        return Statuses.forbidden(
                new ResourceType("", "v1", resource, "", false),
                name,
                "User "
                        + Cause.quote(Reviews.USER)
                        + " cannot impersonate resource "
                        + Cause.quote(resource)
                        + " in API group \"\" "
                        + where
                        + ": this cluster has one user");
    }
}
