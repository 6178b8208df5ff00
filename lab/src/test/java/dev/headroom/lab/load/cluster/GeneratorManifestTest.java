package dev.headroom.lab.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.lab.deploy.Subject;
import dev.headroom.lab.experiment.Experiment;
import dev.headroom.lab.load.LoadRecord;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What is made in the cluster to send a load, as Kubernetes' own types read it: a field that stands in a wrong place is none. */
class GeneratorManifestTest {
    private static final LoadRecord.Plan PLAN =
            new LoadRecord.Plan(
                    LoadRecord.Mode.CLOSED, "http://10.0.0.1/", 1, 30, null, 90, 2, "post.lua");

    private static final GeneratorManifest MANIFEST =
            new GeneratorManifest(
                    new Orders("0123abcd", PLAN, 8079, 60),
                    new Experiment.Pods(3, "registry.example/headroom:1", "250m"),
                    new Subject(
                            "team",
                            "api",
                            80,
                            "8000",
                            "apps/v1",
                            "Deployment",
                            "api",
                            Map.of("app", "api"),
                            null,
                            List.of()),
                    "LS0=",
                    Duration.ofMinutes(10));

    @Test
    void isAJobThatEndsByItselfAndDoesNotBeginAnew() {
        List<ObjectNode> objects = MANIFEST.objects(true);
        assertThat(objects).hasSize(1);
        Job job = Serialization.unmarshal(objects.getFirst().toString(), Job.class);
        assertThat(job.getApiVersion()).isEqualTo("batch/v1");
        assertThat(job.getMetadata().getNamespace()).isEqualTo("team");
        assertThat(job.getMetadata().getName()).isEqualTo("headroom-load-0123abcd");
        assertThat(job.getSpec().getParallelism()).isEqualTo(3);
        assertThat(job.getSpec().getCompletions()).isEqualTo(3);
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(3600);
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("headroom.dev/load", "0123abcd")
                .doesNotContainKey("app");
        assertPod(job.getSpec().getTemplate().getSpec());
    }

    /** As the restricted Pod Security Standard lists it, and away from the pods that it stresses. */
    @Test
    void itsPodsMayDoNothing() {
        PodSpec spec =
                Serialization.unmarshal(MANIFEST.objects(true).getFirst().toString(), Job.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec();
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        Container container = spec.getContainers().getFirst();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop())
                .containsExactly("ALL");
        assertThat(container.getVolumeMounts())
                .singleElement()
                .satisfies(m -> {
                    assertThat(m.getMountPath()).isEqualTo("/tmp");
                    assertThat(m.getName()).isEqualTo(spec.getVolumes().getFirst().getName());
                });
        assertThat(spec.getVolumes().getFirst().getEmptyDir()).isNotNull();
        var apart =
                spec.getAffinity()
                        .getPodAntiAffinity()
                        .getPreferredDuringSchedulingIgnoredDuringExecution()
                        .getFirst();
        assertThat(apart.getWeight()).isEqualTo(100);
        assertThat(apart.getPodAffinityTerm().getLabelSelector().getMatchLabels())
                .containsExactly(Map.entry("app", "api"));
        assertThat(spec.getTopologySpreadConstraints().getFirst().getWhenUnsatisfiable())
                .isEqualTo("ScheduleAnyway");
    }

    @Test
    void whereThereAreNoJobsItIsThePods() {
        List<ObjectNode> objects = MANIFEST.objects(false);
        assertThat(objects).hasSize(3);
        for (int i = 0; i < 3; i++) {
            Pod pod = Serialization.unmarshal(objects.get(i).toString(), Pod.class);
            assertThat(pod.getMetadata().getName()).isEqualTo("headroom-load-0123abcd-" + i);
            assertThat(pod.getMetadata().getLabels())
                    .containsEntry("headroom.dev/load", "0123abcd");
            assertThat(pod.getSpec().getActiveDeadlineSeconds()).isEqualTo(600);
            assertPod(pod.getSpec());
        }
    }

    private static void assertPod(PodSpec spec) {
        assertThat(spec.getRestartPolicy()).isEqualTo("Never");
        assertThat(spec.getAutomountServiceAccountToken()).isFalse();
        assertThat(spec.getContainers())
                .singleElement()
                .satisfies(container -> {
                    assertThat(container.getImage()).isEqualTo("registry.example/headroom:1");
                    assertThat(container.getArgs()).startsWith("generate").hasSize(2);
                    assertThat(Orders.read(container.getArgs().getLast()).plan()).isEqualTo(PLAN);
                    assertThat(container.getResources().getRequests())
                            .containsEntry("cpu", new Quantity("250m"));
                    assertThat(container.getResources().getLimits()).isNullOrEmpty();
                    assertThat(container.getEnv())
                            .anySatisfy(e -> assertThat(e.getValue()).isEqualTo("LS0="))
                            .anySatisfy(e ->
                                    assertThat(e.getValueFrom().getFieldRef().getFieldPath())
                                            .isEqualTo("status.podIP"));
                });
    }
}
