package dev.headroom.lab.report;

import dev.headroom.lab.experiment.ExperimentWriter;
import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.observe.Observation;
import dev.headroom.lab.run.Json;
import dev.headroom.lab.run.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Writes a made-up run as the stages would. */
final class RunFolder {
    private RunFolder() {}

    static Path write(SampleRun run, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                file(folder, RunFile.EXPERIMENT), ExperimentWriter.yaml(run.experiment()));
        Files.write(file(folder, RunFile.DEPLOYMENT), Json.pretty(run.deployment()));
        LoadRecord load = run.load();
        Files.write(file(folder, RunFile.LOAD), Json.pretty(load));
        Files.writeString(
                file(folder, RunFile.OBSERVATIONS),
                run.observations().stream()
                        .map(o ->
                                Json.mapper().writerFor(Observation.class).writeValueAsString(o)
                                        + "\n")
                        .collect(Collectors.joining()));
        Files.write(file(folder, RunFile.VERDICT), Json.pretty(run.verdict()));
        return folder;
    }

    static Path file(Path folder, RunFile file) {
        return folder.resolve(file.fileName());
    }
}
