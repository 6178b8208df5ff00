package dev.headroom.lab.report;

import dev.headroom.lab.load.LoadRecord;
import dev.headroom.lab.run.VisibleText;
import dev.headroom.lab.verdict.VerdictRecord;
import dev.headroom.lab.verdict.VerdictRecord.Expectation;
import java.io.StringWriter;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A run as JUnit's XML has tests, for those who show it: what failed is a failure, what could not be judged is an error. */
final class JUnit {
    private final XMLStreamWriter out;
    private final @Nullable LoadRecord load;
    private final VerdictRecord verdict;

    private JUnit(XMLStreamWriter out, @Nullable LoadRecord load, VerdictRecord verdict) {
        this.out = out;
        this.load = load;
        this.verdict = verdict;
    }

    static String of(@Nullable LoadRecord load, VerdictRecord verdict) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter writer =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new JUnit(writer, load, verdict).write();
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string can't refuse to be written to", e);
        }
        return text + "\n";
    }

    private void write() throws XMLStreamException {
        out.writeStartDocument("UTF-8", "1.0");
        line();
        out.writeStartElement("testsuites");
        line();
        out.writeStartElement("testsuite");
        attribute("name", "headroom." + verdict.experiment());
        attribute("tests", String.valueOf(verdict.expectations().size()));
        attribute("failures", String.valueOf(count(Boolean.FALSE)));
        attribute("errors", String.valueOf(count(null)));
        attribute("skipped", "0");
        attribute("time", seconds());
        if (load != null) {
            attribute("timestamp", Plain.instant(load.start()));
        }
        line();
        out.writeStartElement("properties");
        property("verdict", verdict.verdict());
        property("sentence", verdict.sentence());
        property("exitCode", String.valueOf(verdict.exitCode()));
        out.writeEndElement();
        line();
        for (Expectation expectation : verdict.expectations()) {
            testcase(expectation);
        }
        out.writeEndElement();
        line();
        out.writeEndElement();
        out.writeEndDocument();
    }

    private long count(@Nullable Boolean met) {
        return verdict.expectations().stream().filter(e -> Objects.equals(met, e.met())).count();
    }

    private String seconds() {
        return load == null ? "0" : Plain.number((load.end() - load.start()) / 1e3, 3);
    }

    private void testcase(Expectation expectation) throws XMLStreamException {
        out.writeStartElement("testcase");
        attribute("classname", "headroom." + verdict.experiment());
        attribute("name", expectation.subject() + ": " + expectation.expected());
        attribute("time", seconds());
        Boolean met = expectation.met();
        if (!Boolean.TRUE.equals(met)) {
            String found = Plain.or(expectation.found(), Plain.UNKNOWN);
            out.writeStartElement(met == null ? "error" : "failure");
            attribute("type", met == null ? "not judged" : "expectation not met");
            attribute("message", "expected " + expectation.expected() + ", found " + found);
            out.writeCharacters(
                    VisibleText.of(
                            verdict.verdict()
                                    + ": "
                                    + verdict.sentence()
                                    + (expectation.note() == null
                                            ? ""
                                            : "\n" + expectation.note())));
            out.writeEndElement();
        }
        out.writeEndElement();
        line();
    }

    private void property(String name, String value) throws XMLStreamException {
        out.writeEmptyElement("property");
        attribute("name", name);
        attribute("value", value);
    }

    private void attribute(String name, String value) throws XMLStreamException {
        out.writeAttribute(name, VisibleText.of(value));
    }

    private void line() throws XMLStreamException {
        out.writeCharacters("\n");
    }
}
