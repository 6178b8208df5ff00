package dev.headroom.autoscaler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Date;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import java.util.Timer;
import org.junit.jupiter.api.Test;

/** The procedure is pure: it sees what it is given and nothing else, and keeps nothing. */
class WallsTest {
    private static final JavaClasses AUTOSCALER =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.headroom.autoscaler");

    @Test
    void onlyTheLanguageAndItsCollectionsAreUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.headroom.autoscaler",
                        "java.lang",
                        "java.lang.invoke", // lambdas and string concatenation
                        "java.lang.runtime", // records and pattern switches
                        "java.math",
                        "java.nio.charset",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "org.jspecify.annotations")
                .check(AUTOSCALER);
    }

    @Test
    void noClockNoThreadNoProcessNoEnvironment() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.describe(
                                "reach beyond their arguments",
                                type ->
                                        type.isAssignableTo(Thread.class)
                                                || type.isAssignableTo(ThreadLocal.class)
                                                || type.isAssignableTo(Process.class)
                                                || type.isEquivalentTo(ProcessBuilder.class)
                                                || type.isEquivalentTo(Runtime.class)
                                                || type.isEquivalentTo(System.class)
                                                || type.isEquivalentTo(Random.class)
                                                || type.isEquivalentTo(Date.class)
                                                || type.isEquivalentTo(Timer.class)
                                                || type.isEquivalentTo(Locale.class)
                                                || type.isEquivalentTo(TimeZone.class)))
                .check(AUTOSCALER);
    }

    @Test
    void nothingIsRememberedBetweenCalls() {
        noFields().that().areStatic().should().notBeFinal().check(AUTOSCALER);
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(AUTOSCALER);
    }
}
