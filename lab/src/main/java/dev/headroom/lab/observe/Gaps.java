package dev.headroom.lab.observe;

import dev.headroom.lab.run.LabClock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What can't be observed, said once for each source while it lasts. */
final class Gaps {
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Consumer<Observation> sink;

    Gaps(Consumer<Observation> sink) {
        this.sink = sink;
    }

    void begin(String source, String problem) {
        if (open.add(source)) {
            sink.accept(new Observation.Gap(LabClock.system().millis(), source, problem));
        }
    }

    /** It can be observed (again): the next failure is said again. */
    void end(String source) {
        open.remove(source);
    }
}
