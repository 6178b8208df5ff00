package dev.headroom.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The JUnit file as Surefire's own parser reads it, which CI servers' are like. */
class JUnitTest {

    private static ReportTestSuite read(String xml) throws Exception {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        List<ReportTestSuite> suites =
                new TestSuiteXmlParser(new NullConsoleLogger())
                        .parse(
                                new InputStreamReader(
                                        new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
        assertThat(suites).hasSize(1);
        return suites.getFirst();
    }

    @Test
    void eachExpectationIsATestCase() throws Exception {
        ReportTestSuite suite = read(SampleRun.plain().junit());
        assertThat(suite.getNumberOfTests()).isEqualTo(3);
        assertThat(suite.getNumberOfFailures()).isEqualTo(1);
        assertThat(suite.getNumberOfErrors()).isEqualTo(1);
        assertThat(suite.getNumberOfSkipped()).isZero();
        List<ReportTestCase> cases = suite.getTestCases();
        assertThat(cases)
                .extracting(ReportTestCase::getName)
                .containsExactly(
                        "verdict: scaled",
                        "http_req_failed: rate<0.001",
                        "http_req_duration: p(99)<500");
        assertThat(cases)
                .extracting(ReportTestCase::isSuccessful)
                .containsExactly(true, false, false);
        assertThat(cases.get(1).hasFailure()).isTrue();
        assertThat(cases.get(1).getFailureMessage()).isEqualTo("expected rate<0.001, found 0.2");
        assertThat(cases.get(2).hasError()).isTrue();
        assertThat(cases.get(2).getFailureMessage()).contains("found unknown");
        assertThat(cases.getFirst().getFullClassName()).isEqualTo("headroom.autoscaling");
    }

    @Test
    void textOfOthersStaysTextAndTheFileWellFormed() throws Exception {
        String hostile = " ]]></failure>&amp;<x/>\u0000\u001B\uD800\uFFFF\"'";
        ReportTestSuite suite = read(SampleRun.hostile(hostile).junit());
        assertThat(suite.getTestCases()).hasSize(3);
        assertThat(suite.getTestCases().get(1).getFailureMessage())
                .isEqualTo(
                        "expected rate<0.001, found 0.2 ]]></failure>&amp;<x/>\\u0000\\u001B\\uD800\\uFFFF\"'");
    }

    /** The attributes that the published schemas ask for, and the order of a suite's parts. */
    @Test
    void whatSchemasAskForIsThere() throws Exception {
        Document document =
                DocumentBuilderFactory.newDefaultNSInstance()
                        .newDocumentBuilder()
                        .parse(
                                new ByteArrayInputStream(
                                        SampleRun.plain()
                                                .junit()
                                                .getBytes(StandardCharsets.UTF_8)));
        var suite =
                (org.w3c.dom.Element)
                        document.getDocumentElement().getElementsByTagName("testsuite").item(0);
        for (String attribute :
                List.of("name", "tests", "failures", "errors", "skipped", "time", "timestamp")) {
            assertThat(suite.getAttribute(attribute)).as(attribute).isNotEmpty();
        }
        assertThat(suite.getAttribute("time")).isEqualTo("60");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(3);
        assertThat(suite.getElementsByTagName("properties").getLength()).isEqualTo(1);
    }
}
