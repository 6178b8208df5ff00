package dev.headroom.lab.run;

/** The files of a run directory, in the order in which the stages write them. */
public enum RunFile {
    EXPERIMENT("1-experiment.yaml"),
    DEPLOYMENT("2-deployment.json"),
    LOAD("3-load.json"),
    OBSERVATIONS("4-observations.jsonl"),
    VERDICT("5-verdict.json"),
    REPORT("6-report.html"),
    SUMMARY("6-summary.md"),
    JUNIT("6-junit.xml"),
    RESULT("6-result.json"),
    PROMETHEUS("6-metrics.prom"),
    OTLP("6-otlp.json");

    private final String fileName;

    RunFile(String fileName) {
        this.fileName = fileName;
    }

    public String fileName() {
        return fileName;
    }
}
