package dev.headroom.cluster.api.kind;

import dev.headroom.cluster.api.base.Cause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with an object: all of it, not just the first. */
public final class Causes {
    private final List<Cause> causes = new ArrayList<>();

    public void add(Cause cause) {
        causes.add(cause);
    }

    /** Adds that a value is invalid where there is a problem with it. */
    public void invalid(String field, String value, @Nullable String problem) {
        if (problem != null) {
            causes.add(Cause.invalid(field, value, problem));
        }
    }

    public List<Cause> list() {
        return causes;
    }

    public boolean isEmpty() {
        return causes.isEmpty();
    }
}
