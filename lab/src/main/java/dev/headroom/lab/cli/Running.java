package dev.headroom.lab.cli;

import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.experiment.ExperimentException;
import dev.headroom.lab.experiment.ExperimentReader;
import dev.headroom.lab.experiment.Overrides;
import dev.headroom.lab.load.process.PrivateFolder;
import dev.headroom.lab.observe.HostProbe;
import dev.headroom.lab.run.DamagedRunException;
import dev.headroom.lab.run.StageException;
import java.util.ArrayList;
import java.util.List;

/** Runs the experiments of one command, one after the other, and says what came of each. */
final class Running {
    private final RunCommand command;
    private final Terminal terminal = Terminal.standard(System.getenv());
    private final Stop stop = new Stop();

    Running(RunCommand command) {
        this.command = command;
    }

    ExitCode run() {
        HostLook host = new HostLook(HostProbe.open());
        Place place = Places.of(command, host, terminal);
        List<Experiment> experiments;
        Pushing pushing;
        try {
            Usage.check(command);
            experiments = ExperimentReader.read(command.experiments, Overrides.read(command.set));
            place.check(experiments);
            pushing = Pushing.of(command.output.chosen(), System.getenv(), terminal);
        } catch (ExperimentException | Usage.WrongUsage e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        }
        PrivateFolder.sweep();
        Pipeline pipeline =
                new Pipeline(
                        place,
                        Stages.generator(),
                        Stages.conclusions(command.output.chosen()),
                        new Pipeline.Options(
                                command.runs,
                                command.keep,
                                !command.noBaseline,
                                ThisProgram.describe(host.cpus())),
                        stop,
                        terminal);
        Signals.handle(
                stop,
                () -> {
                    pipeline.force();
                    place.force();
                    PrivateFolder.removeOwn();
                },
                terminal);
        List<ExitCode> codes = new ArrayList<>();
        for (Experiment experiment : experiments) {
            if (stop.asked()) {
                terminal.line(experiment.name() + ": not run");
                codes.add(ExitCode.REFUSED);
            } else {
                codes.add(one(pipeline, experiment, pushing));
            }
        }
        return ExitCode.worst(codes);
    }

    private ExitCode one(Pipeline pipeline, Experiment experiment, Pushing pushing) {
        String name = experiment.name() + ": ";
        try {
            Pipeline.Outcome outcome = pipeline.run(experiment);
            Concluding.print(experiment.name(), outcome.directory(), outcome.conclusion());
            return pushing.after(
                    experiment.name(), outcome.directory(), outcome.conclusion().exitCode());
        } catch (ExperimentException | DamagedRunException e) {
            terminal.line(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        } catch (StageException e) {
            terminal.line(
                    name + terminal.bad("stage " + e.stage() + " failed") + ": " + e.getMessage());
            return ExitCode.INFRASTRUCTURE;
        } catch (InterruptedException e) {
            terminal.line(name + "stopped before the load began: there is nothing to judge");
            return ExitCode.REFUSED;
        }
    }
}
