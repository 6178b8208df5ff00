package dev.headroom.iris.api;

import dev.headroom.iris.api.model.DecisionTree;
import dev.headroom.iris.api.model.ModelException;
import dev.headroom.iris.api.model.OnnxTreeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the model comes from. */
final class ModelFile {
    static final String BUILT_IN = "iris.onnx";

    /** A tree of a hundred thousand nodes has less, and the heap is small. */
    private static final int MAX_BYTES = 8 << 20;

    private ModelFile() {}

    /**
     * Loads a model.
     *
     * @param path of its file, or empty for the one that comes with the server
     */
    static DecisionTree load(String path) throws ModelException {
        return path.isEmpty() ? builtIn() : OnnxTreeReader.read(bytes(Path.of(path)), path);
    }

    private static DecisionTree builtIn() throws ModelException {
        try (InputStream file = ModelFile.class.getResourceAsStream(BUILT_IN)) {
            if (file == null) {
                throw new ModelException(
                        BUILT_IN
                                + " is missing beside the program: build it with ./mvnw package, or name a file in MODEL");
            }
            return OnnxTreeReader.read(file.readAllBytes(), BUILT_IN);
        } catch (IOException e) {
            throw new ModelException(BUILT_IN + " can't be read: " + e.getMessage());
        }
    }

    private static byte[] bytes(Path path) throws ModelException {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ModelException(
                        path + " has more than " + MAX_BYTES + " bytes: is it a model?");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new ModelException(path + ": no such file (MODEL)");
        } catch (IOException e) {
            throw new ModelException(path + " can't be read (MODEL): " + e.getMessage());
        }
    }
}
