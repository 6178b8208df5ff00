package dev.headroom.lab.observe;

import dev.headroom.lab.deploy.ApiAnswer;
import dev.headroom.lab.deploy.Cluster;
import dev.headroom.lab.deploy.ClusterGoneException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes API as a sample reads it: nothing takes longer than a sample may, what is not answered in time is a gap, and who asks to be left alone for a while is. Thread-safe.
 */
final class SampledApi {
    /** The status of an answer that tells nothing of what was asked for, but that it took too long. */
    static final int TOOK_TOO_LONG = 408;

    private static final Duration PATIENCE = Duration.ofMillis(900);

    /** Who asks for more is asked again nevertheless: of a load of minutes not much would be seen. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Gaps gaps;

    /** Until when each source that asked for it is left alone, in the nanoseconds of this machine. */
    private final Map<String, Long> resting = new ConcurrentHashMap<>();

    private volatile long lastAnswer = System.nanoTime();

    SampledApi(Cluster cluster, Gaps gaps) {
        this.cluster = cluster;
        this.gaps = gaps;
    }

    /** How long no source has given an answer. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /**
     * What a source answers now.
     *
     * @param source what a gap is named after
     * @return null where it gave no answer in time, or wants to be asked later; both are noted, but for pods
     */
    @Nullable ApiAnswer read(String source, String path) throws InterruptedException {
        Long until = resting.get(source);
        if (until != null && until - System.nanoTime() > 0) {
            return null;
        }
        try {
            ApiAnswer answer = cluster.get(path, PATIENCE);
            lastAnswer = System.nanoTime();
            if (answer.comeBack() != null) {
                Duration rest = rest(answer.comeBack());
                resting.put(source, lastAnswer + rest.toNanos());
                note(
                        source,
                        answer.message() + "; it is asked again in " + rest.toSeconds() + " s");
                return null;
            }
            if (until != null) {
                resting.remove(source);
                gaps.end(source);
            }
            return answer;
        } catch (ClusterGoneException e) {
            note(source, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** A pod that is overloaded may be silent every other second: what its samples lack tells that already. */
    private void note(String source, String problem) {
        if (!source.startsWith("pod ")) {
            gaps.begin(source, problem);
        }
    }

    /** For how long a source is left alone that asks for this. */
    static Duration rest(Duration asked) {
        return asked.compareTo(LONGEST_REST) < 0 ? asked : LONGEST_REST;
    }
}
