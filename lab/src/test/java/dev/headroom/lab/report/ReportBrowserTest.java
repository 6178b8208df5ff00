package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Reports as a person sees them: in a real browser, light and dark, on a phone, on paper, without a mouse, without JavaScript, and written by an enemy. */
class ReportBrowserTest {
    private static final String HOSTILE =
            " </script><script>window.ran=true</script><img src=x onerror=\"alert(1)\">"
                    + "'\"`<!--${7*7}-->&lt;b&gt;\u202Egnp.\u0000\u001B[31m "
                    + "\u05E9\u05DC\u05D5\u05DD "
                    + "x".repeat(300);

    /** A page with each of the faults that the others must not have. */
    private static final String FAULTY =
            """
            <!DOCTYPE html><html><head><title></title></head><body>
            <div style="width:3000px">wide</div><p style="color:#999;background:#aaa">pale</p>
            <img src="https://elsewhere.test/picture.png"><script>console.error('a fault')</script>
            <div class="plot" id="plot-blank"><div class="u-over"></div><canvas width="300" height="100"></canvas></div>
            </body></html>
            """;

    private static JsonNode seen = NullNode.getInstance();

    @TempDir static Path folder = Path.of(".");

    @BeforeAll
    static void look() throws IOException, InterruptedException {
        seen =
                Browser.look(
                        folder,
                        List.of(
                                page(
                                        "plain",
                                        "light,dark,phone,narrow,print,scriptless",
                                        SampleRun.plain().html()),
                                page("wrk", "phone", SampleRun.byWrk().html()),
                                page("gap", "bare", SampleRun.withGap().html()),
                                page(
                                        "hostile",
                                        "light,phone,print",
                                        SampleRun.hostile(HOSTILE).html()),
                                page("unready", "phone", Kinds.neverReady()),
                                page("remote", "phone", Kinds.remote()),
                                page("long", "bare", Kinds.hours(1, 12)),
                                page("faulty", "light,phone", FAULTY)));
    }

    private static String page(String name, String modes, String html) throws IOException {
        Path page = folder.resolve(name + ".html");
        Files.writeString(page, html);
        return name + ":" + modes + "=" + page.toAbsolutePath();
    }

    private static JsonNode in(String page, String mode) {
        JsonNode facts = seen.path(page).path(mode);
        assertThat(facts.isObject()).as("%s was seen in %s", page, mode).isTrue();
        return facts;
    }

    @Test
    void theFaultsAreSeenThatReportsMustNotHave() {
        JsonNode faulty = in("faulty", "light");
        assertThat(strings(faulty.path("said"))).contains("a fault");
        assertThat(strings(faulty.path("asked")))
                .containsExactly("https://elsewhere.test/picture.png");
        assertThat(faulty.path("canvases").path("blank").path("painted").asInt(-1)).isZero();
        assertThat(strings(faulty.path("axe").path("violations")).toString())
                .contains("color-contrast", "document-title", "html-has-lang", "image-alt");
        assertThat(in("faulty", "phone").path("scrollWidth").asInt()).isGreaterThan(390);
        assertThat(faulty.path("policy").path("ran").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "wrk", "gap", "hostile", "unready", "remote", "long"})
    void nothingIsAskedForAndNothingGoesWrong(String page) {
        for (Map.Entry<String, JsonNode> mode : seen.path(page).properties()) {
            assertThat(strings(mode.getValue().path("asked"))).as(mode.getKey()).isEmpty();
            assertThat(strings(mode.getValue().path("said"))).as(mode.getKey()).isEmpty();
        }
        assertThat(seen.path(page).size()).isPositive();
    }

    @Test
    void thePolicyRefusesWhateverElseWouldRunOrLoad() {
        JsonNode policy = in("plain", "light").path("policy");
        assertThat(policy.path("ran").asBoolean()).isFalse();
        assertThat(strings(policy.path("refused")))
                .containsExactlyInAnyOrder("script-src-elem", "img-src", "connect-src");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark", "phone", "narrow", "print"})
    void everyPlotIsDrawnWithAllOfItsLines(String mode) {
        JsonNode canvases = in("plain", mode).path("canvases");
        assertThat(canvases.propertyNames())
                .containsExactlyInAnyOrder(
                        "replicas",
                        "utilization",
                        "pod-cpu",
                        "throughput",
                        "latency",
                        "requests",
                        "connections",
                        "throttling",
                        "host",
                        "generator",
                        "distribution");
        for (Map.Entry<String, JsonNode> plot : canvases.properties()) {
            assertThat(plot.getValue().path("painted").asInt(0))
                    .as(plot.getKey() + " is painted")
                    .isGreaterThan(5000);
            assertThat(plot.getValue().path("lines").size()).as(plot.getKey()).isPositive();
            assertThat(plot.getValue().path("width").asDouble())
                    .as(plot.getKey() + " fills its place")
                    .isCloseTo(plot.getValue().path("holder").asDouble(), offset(1.0));
            for (Map.Entry<String, JsonNode> line : plot.getValue().path("lines").properties()) {
                assertThat(line.getValue().path("pixels").asInt())
                        .as(plot.getKey() + ": " + line.getKey())
                        .isGreaterThan(60);
            }
        }
        assertThat(canvases.path("requests").path("lines").propertyNames())
                .containsExactly("7d9c5b6f4-aaaaa", "7d9c5b6f4-bbbbb", "7d9c5b6f4-ccccc");
    }

    @Test
    void aPodHasTheSameColorInEveryPlotAndNoTwoHaveOne() {
        JsonNode canvases = in("plain", "light").path("canvases");
        List<String> colors = new ArrayList<>();
        for (String pod : List.of("7d9c5b6f4-aaaaa", "7d9c5b6f4-bbbbb", "7d9c5b6f4-ccccc")) {
            String color = color(canvases, "pod-cpu", pod);
            for (String plot : List.of("requests", "connections", "throttling")) {
                assertThat(color(canvases, plot, pod)).as(plot).isEqualTo(color);
            }
            colors.add(color);
        }
        assertThat(colors).doesNotHaveDuplicates();
    }

    private static String color(JsonNode canvases, String plot, String line) {
        return canvases.path(plot).path("lines").path(line).path("color").asString();
    }

    @Test
    void theTableUnderEachPlotHoldsTheNumbersOfTheRunsFiles() throws Exception {
        Path run = RunFolder.write(SampleRun.withGap(), folder.resolve("run-with-gap"));
        Map<String, Map<String, List<@Nullable Double>>> truth = new RunNumbers(run).all();
        int compared = 0;
        for (String plot : truth.keySet()) {
            Map<String, List<@Nullable Double>> expected = Objects.requireNonNull(truth.get(plot));
            JsonNode rows = figure(in("gap", "bare"), plot).path("rows");
            if (!plot.equals("distribution")) {
                assertThat(rows.size()).as(plot).isEqualTo(expected.size());
            }
            for (JsonNode row : rows) {
                List<@Nullable Double> values = expected.get(row.path(0).asString());
                if (values == null) {
                    assertThat(plot).isEqualTo("distribution");
                    continue;
                }
                for (int i = 0; i < values.size(); i++) {
                    same(plot + " at " + row, row.path(i + 1).asString(), values.get(i));
                    compared++;
                }
            }
        }
        assertThat(truth).hasSize(9);
        assertThat(compared).isGreaterThan(1500);
    }

    /** An unknown value is a dash, never a zero; a known one is rounded to what is shown. */
    private static void same(String where, String shown, @Nullable Double value) {
        if (value == null) {
            assertThat(shown).as(where).isEqualTo("\u2013");
            return;
        }
        int decimals = shown.contains(".") ? shown.length() - shown.indexOf('.') - 1 : 0;
        assertThat(Double.parseDouble(shown))
                .as(where)
                .isCloseTo(value, offset(0.5001 * Math.pow(10, -decimals)));
    }

    @Test
    void pointingAtAPlotShowsInAllOfThemWhatTheirTablesHoldForThatMoment() {
        JsonNode facts = in("plain", "light");
        int compared = 0;
        for (JsonNode pointed : facts.path("hover")) {
            for (Map.Entry<String, JsonNode> legend : pointed.path("legends").properties()) {
                List<String> shown = new ArrayList<>();
                legend.getValue().forEach(entry -> shown.add(entry.path(1).asString()));
                if (shown.getFirst().isEmpty()) {
                    assertThat(legend.getKey()).isNotEqualTo(pointed.path("id").asString());
                    continue;
                }
                String place = shown.getFirst().replace(" s", "");
                assertThat(shown.subList(1, shown.size()))
                        .as("%s at %s, pointing at %s", legend.getKey(), place, pointed.path("id"))
                        .isEqualTo(row(figure(facts, legend.getKey()), place));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(11 * 5);
    }

    private static JsonNode figure(JsonNode facts, String id) {
        return StreamSupport.stream(facts.path("figures").spliterator(), false)
                .filter(f -> f.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no figure " + id));
    }

    private static List<String> row(JsonNode figure, String head) {
        for (JsonNode row : figure.path("rows")) {
            if (row.path(0).asString().equals(head)) {
                List<String> cells = strings(row);
                return cells.subList(1, cells.size());
            }
        }
        throw new AssertionError("no row " + head + " in " + figure.path("id"));
    }

    @Test
    void pointingAtADecisionTellsIt() {
        List<String> told = new ArrayList<>();
        for (JsonNode pointed : in("plain", "light").path("hover")) {
            told.add(pointed.path("near").asString());
        }
        // The fourth place is 31 s, where the autoscaler decided.
        assertThat(told.get(3))
                .contains(
                        "31 s: iris-api-hpa decided: 2 \u2192 3 replicas",
                        "31.1 s: pod iris-api-deployment-7d9c5b6f4-ccccc created");
        assertThat(told.getFirst()).isEmpty();
    }

    @Test
    void whatIsUnknownIsAGapInItsLine() {
        JsonNode lines = in("gap", "bare").path("canvases").path("pod-cpu").path("lines");
        List<Double> along = new ArrayList<>();
        lines.path("7d9c5b6f4-aaaaa")
                .path("along")
                .forEach(n -> along.add(-20 + 80 * n.asDouble()));
        // The other pods' lines lie below, so nothing hides this one; markers at the ends are a few
        // pixels wide.
        assertThat(along).noneMatch(second -> second > 39.6 && second < 43.4);
        assertThat(along).anyMatch(second -> second > 38 && second < 39.3);
        assertThat(along).anyMatch(second -> second > 44 && second < 46);
    }

    @Test
    void lightAndDarkDifferAndBothCanBeRead() {
        assertThat(in("plain", "light").path("background").asString())
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(in("plain", "dark").path("background").asString()).isEqualTo("rgb(17, 20, 24)");
        JsonNode light = in("plain", "light").path("canvases").path("latency").path("lines");
        JsonNode dark = in("plain", "dark").path("canvases").path("latency").path("lines");
        assertThat(light.path("p50").path("color")).isNotEqualTo(dark.path("p50").path("color"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "wrk", "hostile", "unready", "remote"})
    void axeFindsNothingInTheWayOfAnyone(String page) {
        for (Map.Entry<String, JsonNode> mode : seen.path(page).properties()) {
            JsonNode axe = mode.getValue().path("axe");
            if (!axe.isMissingNode()) {
                assertThat(strings(axe.path("violations"))).as(mode.getKey()).isEmpty();
                assertThat(strings(axe.path("rules"))).contains("color-contrast", "html-has-lang");
            }
        }
        assertThat(in(page, "phone").path("lang").asString()).isEqualTo("en");
    }

    @Test
    void headingsAreNestedWithoutSkipping() {
        int last = 0;
        for (JsonNode heading : in("plain", "light").path("headings")) {
            int level = heading.path(0).asInt();
            assertThat(level).as(heading.toString()).isLessThanOrEqualTo(last + 1);
            last = level;
        }
        assertThat(in("plain", "light").path("headings").path(0).path(1).asString())
                .isEqualTo("scaled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "wrk", "hostile", "unready", "remote"})
    void aPhoneNeverScrollsSideways(String page) {
        for (String mode : page.equals("plain") ? List.of("phone", "narrow") : List.of("phone")) {
            JsonNode facts = in(page, mode);
            assertThat(facts.path("scrollWidth").asInt()).isEqualTo(facts.path("width").asInt());
            assertThat(strings(facts.path("outside"))).isEmpty();
        }
    }

    @Test
    void onPaperItIsLightAndThePlotsFit() {
        JsonNode paper = in("plain", "print");
        assertThat(paper.path("printed").path("background").asString())
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(paper.path("printed").path("ink").asString()).isEqualTo("rgb(21, 25, 30)");
        // A4 less its margins is 703 CSS pixels wide.
        assertThat(paper.path("printed").path("canvases").size()).isEqualTo(11);
        paper.path("printed")
                .path("canvases")
                .forEach(w -> assertThat(w.asDouble()).isBetween(600.0, 703.0));
        assertThat(paper.path("sheets").asInt()).isBetween(3, 10);
        assertThat(in("hostile", "print").path("sheets").asInt()).isPositive();
    }

    @Test
    void everythingCanBeReachedAndReadWithoutAMouse() {
        JsonNode walk = in("plain", "light").path("walk");
        List<String> reached = new ArrayList<>();
        for (JsonNode at : walk.path("reached")) {
            assertThat(at.path("outline").asString()).as(at.toString()).isNotEqualTo("none");
            reached.add(at.path("id").asString());
        }
        assertThat(reached)
                .contains(
                        "plot-replicas",
                        "table-replicas",
                        "plot-distribution",
                        "table-distribution");
        assertThat(walk.path("opened").asBoolean()).isTrue();
        JsonNode arrows = walk.path("arrows").path("replicas");
        assertThat(arrows.path(0).path(0).path(1).asString()).isEqualTo("-20 s");
        assertThat(arrows.path(1).path(0).path(1).asString()).isEqualTo("-19 s");
        assertThat(arrows.path(1).path(1).path(1).asString()).isEqualTo("1");
        assertThat(walk.path("arrows").size()).isEqualTo(11);
        assertThat(walk.path("spoken").asString())
                .startsWith("-19 s, desired 1, current 1, ready 1");
    }

    @Test
    void withoutJavaScriptTheWordsAndTablesAreThere() {
        String text = in("plain", "scriptless").path("text").asString();
        assertThat(text).contains("1 replica became 3 in 31 s", "The plots need JavaScript");
    }

    @Test
    void textOfOthersStaysText() {
        for (String mode : List.of("light", "phone")) {
            JsonNode facts = in("hostile", mode);
            assertThat(strings(facts.path("elements")))
                    .isSubsetOf(strings(in("plain", mode).path("elements")));
            assertThat(strings(facts.path("handlers"))).isEmpty();
            assertThat(facts.path("scripts").asInt()).isEqualTo(2);
            assertThat(facts.path("text").asString())
                    .contains("</script><script>window.ran=true</script>")
                    .contains("<img src=x onerror=\"alert(1)\">")
                    .contains("\\u202Egnp.\\u0000\\u001B[31m")
                    .contains("<!--${7*7}-->&lt;b&gt;")
                    .contains("\u05E9\u05DC\u05D5\u05DD")
                    .doesNotContain("\u202E");
        }
        JsonNode legend =
                in("hostile", "light").path("hover").path(0).path("legends").path("requests");
        assertThat(legend.path(1).path(0).asString()).contains("<img src=x onerror=\"alert(1)\">");
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(n -> strings.add(n.asString()));
        return strings;
    }
}
