package dev.headroom.delivery;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/**
 * The program behind {@code iris-api/image}: packs a root folder to a tarball or to a registry, and prints the image by its digest. The password of a registry comes
 * on standard input, where no list of processes shows it.
 */
public final class PackImage {
    private PackImage() {}

    /** {@code ROOT ARCHITECTURE tar FILE NAME} or {@code ROOT ARCHITECTURE push NAME [USER]}; exit code 2 for bad usage, 4 where it can't be done. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws InterruptedException {
        if (arguments.length < 4) {
            System.err.println(
                    "usage: ROOT ARCHITECTURE tar FILE NAME | ROOT ARCHITECTURE push NAME [USER]");
            return 2;
        }
        RootImage image = new RootImage(Path.of(arguments[0]), arguments[1]);
        try {
            JibContainer made =
                    arguments[2].equals("tar")
                            ? image.toTarball(Path.of(arguments[3]), arguments[4])
                            : image.toRegistry(arguments[3], credential(arguments));
            System.out.println(
                    made.getTargetImage()
                                    .toStringWithQualifier()
                                    .replaceFirst("(:[^:/@]*)?(@.*)?$", "")
                            + "@"
                            + made.getDigest());
            return 0;
        } catch (InvalidImageReferenceException e) {
            System.err.println("image: " + e.getMessage());
            return 2;
        } catch (ExecutionException
                | IOException
                | RegistryException
                | CacheDirectoryCreationException e) {
            Throwable cause =
                    e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            System.err.println("image: " + cause.getMessage());
            return 4;
        }
    }

    private static RootImage.Login credential(String[] arguments) throws IOException {
        if (arguments.length < 5) {
            return RootImage.Login.NONE;
        }
        String password = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        return new RootImage.Login(arguments[4], password.strip());
    }
}
