package dev.headroom.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The walls between the lab's rooms, as docs/architecture.md draws them. */
class WallsTest {
    private static final JavaClasses LAB =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.headroom.lab");

    @Test
    void roomsDoNotGoInCircles() {
        slices().matching("dev.headroom.lab.(*)..").should().beFreeOfCycles().check(LAB);
    }

    @Test
    void nobodyDependsOnTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.headroom.lab.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.headroom.lab.cli..")
                .check(LAB);
    }

    /** The lab knows only Kubernetes: one class starts and stops the embedded cluster, and none sees more of it. */
    @Test
    void oneClassKnowsTheEmbeddedCluster() {
        ArchRule rule =
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName("dev.headroom.lab.cli.EmbeddedPlace")
                        .and(notNestedIn("dev.headroom.lab.cli.EmbeddedPlace"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.headroom.cluster..");
        rule.check(LAB);
    }

    @Test
    void theKubernetesClientStaysWithThoseWhoTalkToTheCluster() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.headroom.lab.deploy..", "dev.headroom.lab.observe..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .check(LAB);
    }

    /** The judge and the report read files: they touch no cluster, no network, and start nothing. */
    @Test
    void theJudgeOnlyReads() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.headroom.lab.verdict..", "dev.headroom.lab.report..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("java.net.http..")
                                .or(resideInAPackage("io.netty.."))
                                .or(JavaClass.Predicates.assignableTo(Process.class))
                                .or(JavaClass.Predicates.assignableTo(ProcessBuilder.class)))
                .allowEmptyShould(true)
                .check(LAB);
    }

    /** Lint knows manifests and, in one class, the Kubernetes API: nothing of runs, loads or verdicts. */
    @Test
    void lintKnowsManifestsAndTheClusterOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.headroom.lab.lint..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.headroom.lab.load..",
                        "dev.headroom.lab.observe..",
                        "dev.headroom.lab.verdict..",
                        "dev.headroom.lab.report..",
                        "java.net.http..",
                        "io.netty..")
                .check(LAB);
        noClasses()
                .that()
                .resideInAPackage("dev.headroom.lab.lint..")
                .and()
                .doNotHaveSimpleName("ClusterReader")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.headroom.lab.deploy.Cluster")
                .check(LAB);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.headroom.lab.lint..", "dev.headroom.lab.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.headroom.lab.lint..")
                .check(LAB);
    }

    /** The judge asks it for its decisions, and one class of lint for what it refuses. */
    @Test
    void theAutoscalerIsOnlyAskedByTheJudgeAndByLint() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.headroom.lab.verdict..")
                .and()
                .doNotHaveFullyQualifiedName("dev.headroom.lab.lint.ValidityRules")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.headroom.autoscaler..")
                .check(LAB);
    }

    @Test
    void publicTypesAreRecordsOrFinalOrSealedOrInterfaces() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(LAB);
    }

    private static DescribedPredicate<JavaClass> notNestedIn(String name) {
        return DescribedPredicate.describe(
                "not nested in " + name, c -> !c.getName().startsWith(name + "$"));
    }
}
