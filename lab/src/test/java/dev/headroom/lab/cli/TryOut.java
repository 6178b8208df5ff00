package dev.headroom.lab.cli;

import dev.headroom.lab.experiment.ExperimentReader;
import dev.headroom.lab.load.*;
import java.nio.file.Path;
import java.time.Duration;
import java.util.*;

final class TryOut {
    public static void main(String[] args) throws Exception {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        var terminal = Terminal.standard(System.getenv());
        var stop = new Stop();
        LoadGenerator wrk =
                (plan, script, progress, cancel) -> {
                    try {
                        long start = System.currentTimeMillis();
                        var p =
                                new ProcessBuilder(
                                                "wrk",
                                                "-t" + plan.threads(),
                                                "-c" + plan.connections(),
                                                "-d" + (int) plan.durationSeconds() + "s",
                                                plan.url())
                                        .inheritIO()
                                        .start();
                        cancel.onCancel(p::destroy);
                        for (int i = 1; p.isAlive(); i++) {
                            Thread.sleep(1000);
                            progress.at(
                                    new LoadProgress.Moment(
                                            Duration.ofSeconds(i), null, null, null));
                        }
                        return new LoadRecord(
                                1,
                                new LoadRecord.Generator("wrk", "4", List.of("wrk"), 1, 1024, ""),
                                plan,
                                start,
                                System.currentTimeMillis(),
                                new LoadRecord.Ended(LoadRecord.Ended.How.COMPLETED, null),
                                new LoadRecord.Connections(20, 20, "x"),
                                1,
                                0,
                                Map.of(),
                                new LoadRecord.Errors(0, 0, 0, 0, 0),
                                1,
                                null,
                                List.of(),
                                List.of());
                    } catch (Exception e) {
                        throw new LoadException(e.toString(), e);
                    }
                };
        Conclusions none =
                new Conclusions() {
                    public Conclusion conclude(dev.headroom.lab.run.RunDirectory d, RunData data) {
                        return new Conclusion(
                                "none", data.observations().size() + " observations", ExitCode.MET);
                    }

                    public Conclusion report(dev.headroom.lab.run.RunDirectory d, RunData data) {
                        return conclude(d, data);
                    }
                };
        Place place =
                args[0].equals("embedded")
                        ? new EmbeddedPlace(
                                new EmbeddedPlace.Settings(
                                        Path.of("").toAbsolutePath(),
                                        null,
                                        new CpuScale.Host(2, 0.2),
                                        Duration.ofSeconds(15),
                                        Duration.ofSeconds(15)),
                                terminal)
                        : new ContextPlace(Path.of(args[0]), null, null);
        Signals.handle(stop, place::force, terminal);
        var pipeline =
                new Pipeline(
                        place,
                        wrk,
                        none,
                        new Pipeline.Options(
                                Path.of(args[2]), false, true, ThisProgram.describe(2)),
                        stop,
                        terminal);
        try {
            System.out.println(
                    pipeline.run(ExperimentReader.read(List.of(Path.of(args[1]))).getFirst()));
        } catch (Exception e) {
            System.out.println(e);
            if (args.length > 3) e.printStackTrace();
        }
    }
}
