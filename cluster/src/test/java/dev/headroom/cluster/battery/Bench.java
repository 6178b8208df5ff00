package dev.headroom.cluster.battery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Where transcripts are played: each in a shell, a folder and a namespace of its own, with the files of {@code battery/files}. */
final class Bench {
    private static final long PATIENCE_SECONDS = 240;

    /** {@code eventually COMMAND} tries until it succeeds, and shows what it said then. */
    private static final String PRELUDE =
            """
            eventually() {
              tries=0
              until said=$(eval "$1" 2>&1); do
                tries=$((tries + 1))
                [ $tries -lt 300 ] || { echo "never: $1: $said"; return 1; }
                sleep 0.2
              done
              [ -z "$said" ] || echo "$said"
            }
            """;

    private final Path folder;
    private final String run;
    private final ObjectNode kubeconfig;
    private final Images images;

    /**
     * Prepares it.
     *
     * @param folder for all that is written
     * @param kubeconfig of the cluster
     * @param run names this run among others on the cluster
     * @param images what its pods run
     */
    Bench(Path folder, Path kubeconfig, String run, Images images)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.run = run;
        this.images = images;
        String flat =
                kubectl(
                        folder,
                        kubeconfig,
                        "",
                        "config",
                        "view",
                        "--raw",
                        "--flatten",
                        "--minify",
                        "-o",
                        "json");
        this.kubeconfig = (ObjectNode) JsonMapper.shared().readTree(flat);
    }

    private String kubectl(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        return kubectl(folder, config, input, arguments);
    }

    /**
     * What kubectl says.
     *
     * @param folder for what it keeps
     * @throws IOException where it fails, with all that it said
     */
    static String kubectl(Path folder, Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Path problems = Files.createTempFile(folder, "kubectl", ".err");
        builder.redirectError(problems.toFile());
        builder.environment().put("KUBECONFIG", config.toString());
        builder.environment().put("KUBECACHEDIR", folder.resolve("cache").toString());
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(
                    String.join(" ", command) + " failed: " + out + Files.readString(problems));
        }
        return out;
    }

    String namespace(int number) {
        return "battery-" + run + "-" + number;
    }

    /** Makes the namespaces of so many transcripts. */
    void makeNamespaces(int count) throws IOException, InterruptedException {
        StringBuilder manifests = new StringBuilder();
        for (int i = 0; i < count; i++) {
            manifests.append(
                    "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {headroom.dev/battery: '%s'}}\n"
                            .formatted(namespace(i), run));
        }
        kubectl(
                config(folder.resolve("all"), "default"),
                manifests.toString(),
                "create",
                "-f",
                "-");
    }

    /** Removes them and all that is in them, and waits for that. */
    void removeNamespaces() throws IOException, InterruptedException {
        kubectl(
                folder.resolve("all"),
                "",
                "delete",
                "namespace",
                "--selector=headroom.dev/battery=" + run,
                "--timeout=180s");
    }

    private Path config(Path file, String namespace) throws IOException {
        ObjectNode own = kubeconfig.deepCopy();
        for (JsonNode context : own.path("contexts")) {
            ((ObjectNode) context.path("context")).put("namespace", namespace);
        }
        return Files.writeString(file, own.toString());
    }

    /** What came of each step, as far as it came: lines, the last of them the exit code where that is not 0. */
    List<List<String>> play(Transcript transcript, int number)
            throws IOException, InterruptedException {
        String namespace = namespace(number);
        Path home = Files.createDirectory(folder.resolve(namespace));
        copyFiles(home);
        Path config = config(folder.resolve(namespace + ".kubeconfig"), namespace);
        if (transcript.mentions("pod.yaml")) {
            // Else a pod may be refused, for want of its account.
            kubectl(config, "", "wait", "--for=create", "serviceaccount/default", "--timeout=60s");
        }
        String mark = "=== " + run + " ";
        StringBuilder script = new StringBuilder(PRELUDE);
        for (Transcript.Step step : transcript.steps()) {
            script.append(step.command()).append("\necho \"").append(mark).append("$?\"\n");
        }
        script.append("jobs -p >jobs; kill $(cat jobs) 2>/dev/null\n");
        Path file = Files.writeString(folder.resolve(namespace + ".sh"), script);
        Path out = folder.resolve(namespace + ".out");
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString()).directory(home.toFile());
        builder.environment().put("KUBECONFIG", config.toString());
        builder.environment().put("KUBECACHEDIR", folder.resolve("cache").toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("NS", namespace);
        builder.environment().put("IMAGE", images.shell());
        builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        Process shell = builder.start();
        if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            List<ProcessHandle> all = shell.descendants().toList();
            shell.destroyForcibly().waitFor();
            all.forEach(ProcessHandle::destroyForcibly);
        }
        return results(Files.readString(out), mark);
    }

    private void copyFiles(Path home) throws IOException {
        Path files = Path.of("src/test/resources/battery/files");
        try (Stream<Path> all = Files.walk(files)) {
            for (Path file : all.toList()) {
                Path copy = home.resolve(files.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.writeString(copy, images.in(Files.readString(file)));
                }
            }
        }
    }

    private static List<List<String>> results(String output, String mark) {
        List<List<String>> results = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : output.split("\n", -1)) {
            int at = line.indexOf(mark);
            if (at < 0) {
                lines.add(line);
                continue;
            }
            if (at > 0) {
                lines.add(line.substring(0, at) + " (no-eol)");
            }
            String code = line.substring(at + mark.length());
            if (!code.equals("0")) {
                lines.add("[" + code + "]");
            }
            results.add(lines);
            lines = new ArrayList<>();
        }
        if (lines.size() > 1 || !lines.getFirst().isEmpty()) {
            results.add(lines);
        }
        return results;
    }
}
