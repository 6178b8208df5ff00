package dev.headroom.lab.cli;

import dev.headroom.lab.load.LoadGenerator;
import dev.headroom.lab.load.LoadGenerators;
import dev.headroom.lab.run.LabClock;
import java.util.Set;

final class Stages {
    private Stages() {}

    static LoadGenerator generator() {
        return LoadGenerators.find(System.getenv(), LabClock.system());
    }

    static Conclusions conclusions(Set<Output> outputs) {
        return new Judged(outputs);
    }
}
