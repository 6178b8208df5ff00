package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page as text: that all kinds of runs have one, what is said to be unknown, and how long it gets. */
class ReportTest {
    private static final int MOST_BYTES = 2_500_000;

    @Test
    void aRunWithoutLoadSaysSoAndWhatStoodInTheWay() {
        String page = Kinds.neverReady();
        assertThat(page)
                .contains("No pod became ready in 60 s: ErrImagePull.")
                .contains("Not ready after 60 s: 0 of 1 replica.", "ErrImagePull", "no such image")
                .contains("none was sent")
                .contains("Times are seconds since the deployment began");
        assertThat(unknown(page)).contains("throughput", "latency", "requests", "distribution");
        assertThat(page).doesNotContain("\"id\":\"throughput\"");
    }

    @Test
    void onARealClusterRequestsPerPodAreUnknownAndNotZero() {
        String page = Kinds.remote();
        assertThat(page).contains("context gke-1");
        assertThat(unknown(page)).contains("requests", "throttling", "latency");
        assertThat(unknown(page)).doesNotContain("replicas", "pod-cpu", "host");
        assertThat(section(page, "t-requests"))
                .contains("<b>unknown</b>: a real cluster has none; no /metrics");
    }

    @Test
    void whatTheAutoscalerCouldNotSeeIsUnknown() {
        String blind = SampleRun.plain().html();
        assertThat(unknown(blind)).isEmpty();
        String without = Kinds.withoutMetrics();
        assertThat(unknown(without)).containsExactly("utilization");
        assertThat(without).contains("FailedGetResourceMetric");
    }

    /** The figures that say they are unknown. */
    private static List<String> unknown(String page) {
        return Pattern.compile("<figure aria-labelledby=\"t-([a-z-]+)\">")
                .matcher(page)
                .results()
                .map(m -> m.group(1))
                .filter(id -> section(page, "t-" + id).contains("<b>unknown</b>"))
                .toList();
    }

    private static String section(String page, String figure) {
        int from = page.indexOf("<figure aria-labelledby=\"" + figure);
        return page.substring(from, page.indexOf("</figure>", from));
    }

    @Test
    void aLongRunHasAPageThatStillOpens() {
        String hour = Kinds.hours(1, 12);
        String shift = Kinds.hours(8, 12);
        assertThat(hour.length()).isLessThan(MOST_BYTES);
        assertThat(shift.length()).isLessThan(MOST_BYTES);
        assertThat(hour).contains("each point stands for 4 readings, one a second");
        assertThat(SampleRun.plain().html()).doesNotContain("each point stands for");
        assertThat(hour).contains("the first and the last 200 of 5000");
    }

    @Test
    void pointsThatArePutTogetherKeepTheSumsOfTheRun() {
        String page = Kinds.hours(1, 2);
        // Pod 1 answers 3001 times a second in every one of them.
        String requests = section(page, "t-requests");
        assertThat(requests).contains("<td>3000</td><td>3001</td></tr>");
        assertThat(requests).doesNotContain("<td>12004</td>", "<td>750.3</td>");
    }

    @Test
    void theSameRunGivesTheSamePage() {
        assertThat(SampleRun.plain().html()).isEqualTo(SampleRun.plain().html());
    }
}
