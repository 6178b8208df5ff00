package dev.headroom.iris.training;

import dev.headroom.iris.training.IrisData.Flower;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Program that trains the tree and writes it into the folder given: {@code iris.onnx}, the model, and {@code
 * iris-expected.csv}, what Tribuo itself says of each flower, of the neighbours of each threshold and of random lengths, to hold
 * a reader of the model against.
 */
public final class Training {
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    private static final long SEED = 1L;
    private static final int RANDOM_ROWS = 5_000;

    private Training() {}

    /** Takes one argument, the folder to write into. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("usage: Training FOLDER (where iris.onnx goes)");
        }
        TRIBUO.setLevel(Level.WARNING);
        Path folder = Files.createDirectories(Path.of(args[0]));
        List<Flower> flowers = IrisData.load();
        TrainedTree tree = TrainedTree.train(flowers);
        replace(folder.resolve("iris.onnx"), OnnxTree.write(tree.model()).toByteArray());
        replace(
                folder.resolve("iris-expected.csv"),
                String.join("\n", expected(flowers, tree)).getBytes(StandardCharsets.UTF_8));
        System.out.printf(
                Locale.ROOT,
                "iris.onnx: trained on %d flowers, accuracy on the %d held out %.4f%n",
                tree.trained(),
                tree.heldOut(),
                tree.evaluation().accuracy());
    }

    /** Writes the file as a whole or not at all, and leaves one alone that already holds these bytes. */
    private static void replace(Path file, byte[] bytes) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Path whole = Files.createTempFile(file.getParent(), "iris", ".tmp");
        Files.write(whole, bytes);
        whole.toFile().setReadable(true, false);
        Files.move(
                whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Lines of four float32 lengths and Tribuo's answer. */
    private static List<String> expected(List<Flower> flowers, TrainedTree tree) {
        List<String> lines = new ArrayList<>();
        for (Flower flower : flowers) {
            float[] features = new float[IrisData.FEATURES.size()];
            for (int i = 0; i < features.length; i++) {
                features[i] = flower.features().get(i).floatValue();
            }
            lines.add(line(features, tree));
            for (Thresholds.Threshold threshold : Thresholds.of(tree.model())) {
                float near = OnnxTree.floor(threshold.value());
                for (float value : new float[] {Math.nextDown(near), near, Math.nextUp(near)}) {
                    float[] neighbour = features.clone();
                    neighbour[threshold.feature()] = value;
                    lines.add(line(neighbour, tree));
                }
            }
        }
        SplittableRandom random = new SplittableRandom(SEED);
        for (int row = 0; row < RANDOM_ROWS; row++) {
            float[] features = new float[IrisData.FEATURES.size()];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextDouble(-1, 10);
            }
            lines.add(line(features, tree));
        }
        return lines;
    }

    private static String line(float[] features, TrainedTree tree) {
        StringBuilder line = new StringBuilder();
        double[] exact = new double[features.length];
        for (int i = 0; i < features.length; i++) {
            exact[i] = features[i];
            line.append(features[i]).append(',');
        }
        return line.append(tree.predict(exact)).toString();
    }
}
