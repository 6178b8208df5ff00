package dev.headroom.iris.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fisher's 150 flowers, in the order of the file. */
final class IrisData {
    /** The four features, all in centimetres, in the order in which the model takes them. */
    static final List<String> FEATURES =
            List.of("sepal_length", "sepal_width", "petal_length", "petal_width");

    /** The three species; a class's index in the model is its index here. */
    static final List<String> SPECIES = List.of("setosa", "versicolor", "virginica");

    private IrisData() {}

    /**
     * One flower.
     *
     * @param features four lengths in centimetres, in the order of {@link #FEATURES}
     * @param species one of {@link #SPECIES}
     */
    record Flower(List<Double> features, String species) {
        Flower {
            features = List.copyOf(features);
        }

        double[] values() {
            return features.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    /** Reads {@code iris.csv} from the class path; a line that is not a flower is an error that names it. */
    static List<Flower> load() throws IOException {
        InputStream file = IrisData.class.getResourceAsStream("iris.csv");
        if (file == null) {
            throw new IOException("iris.csv is missing beside " + IrisData.class.getName());
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            String header = lines.readLine();
            String expected = String.join(",", FEATURES) + ",species";
            if (!expected.equals(header)) {
                throw new IOException("iris.csv:1: expected " + expected + ", found " + header);
            }
            List<Flower> flowers = new ArrayList<>();
            String line = lines.readLine();
            for (int number = 2; line != null; number++, line = lines.readLine()) {
                flowers.add(parse(line, number));
            }
            return List.copyOf(flowers);
        }
    }

    private static Flower parse(String line, int number) throws IOException {
        String[] cells = line.split(",", -1);
        if (cells.length != FEATURES.size() + 1 || !SPECIES.contains(cells[FEATURES.size()])) {
            throw new IOException(
                    "iris.csv:" + number + ": not four lengths and a species: " + line);
        }
        List<Double> features = new ArrayList<>();
        for (int i = 0; i < FEATURES.size(); i++) {
            try {
                features.add(Double.valueOf(cells[i]));
            } catch (NumberFormatException e) {
                throw new IOException("iris.csv:" + number + ": not a number: " + cells[i], e);
            }
        }
        return new Flower(features, cells[FEATURES.size()]);
    }
}
