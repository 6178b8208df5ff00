package dev.headroom.lab.cli;

import dev.headroom.lab.load.LoadGenerator;

final class Stages {
    private Stages() {}

    static LoadGenerator generator() {
        throw new UnsupportedOperationException("load");
    }

    static Conclusions conclusions() {
        return new Judged();
    }
}
