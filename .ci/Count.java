import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;

/** Counts the tests in the test runners' own reports, one file a test class: prints "passed failed skipped", and names what did not pass. */
final class Count {
    private static int passed;
    private static int failed;
    private static int skipped;

    public static void main(String[] arguments) throws Exception {
        List<Path> reports;
        try (Stream<Path> all = Files.walk(Path.of(""), 4)) {
            reports = all.filter(Count::isReport).sorted().toList();
        }
        for (Path report : reports) {
            count(report);
        }
        System.out.println(passed + " " + failed + " " + skipped);
    }

    private static boolean isReport(Path path) {
        return path.toString().matches("([^/]+/)?target/(surefire|failsafe)-reports/TEST-.*\\.xml");
    }

    private static void count(Path report) throws Exception {
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            String name = "";
            String outcome = "passed";
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "testcase" -> {
                            name = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
                            outcome = "passed";
                        }
                        case "failure", "error" -> outcome = "failed";
                        case "skipped" -> {
                            outcome = "skipped";
                            name += ": " + xml.getAttributeValue(null, "message");
                        }
                        default -> {
                            // What it printed, how long it took.
                        }
                    }
                } else if (event == XMLStreamReader.END_ELEMENT && xml.getLocalName().equals("testcase")) {
                    add(name, outcome);
                }
            }
        }
    }

    private static void add(String name, String outcome) {
        switch (outcome) {
            case "passed" -> passed++;
            case "failed" -> failed++;
            default -> skipped++;
        }
        if (!outcome.equals("passed")) {
            System.err.println(outcome.toUpperCase() + " " + name);
        }
    }
}
