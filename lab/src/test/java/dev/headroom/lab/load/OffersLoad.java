package dev.headroom.lab.load;

import dev.headroom.lab.load.LoadRecord.Mode;
import dev.headroom.lab.load.LoadRecord.Plan;
import dev.headroom.lab.load.builtin.BuiltInGenerator;
import dev.headroom.lab.run.LabClock;

/** A program that offers load for a minute, for a test to kill. */
final class OffersLoad {
    private OffersLoad() {}

    public static void main(String[] arguments) throws LoadException {
        Plan plan = new Plan(Mode.CLOSED, arguments[0], 1, 2, null, 60, 2, null);
        new BuiltInGenerator(LabClock.system()).run(plan, null, moment -> {}, new Cancellation());
    }
}
