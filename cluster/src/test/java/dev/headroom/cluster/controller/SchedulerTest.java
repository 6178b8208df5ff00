package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which node a pod comes to, and why to none; the texts are those of kube-scheduler 1.34. */
class SchedulerTest {
    @TempDir Path directory;
    private ControlPlane plane;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        plane = new ControlPlane(directory, Scheduler::new);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void node(String name, String cpu, String more) {
        plane.create(
                ResourceType.NODE,
                "{'metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'}}%s}"
                        .formatted(name, name, more));
        plane.status(
                ResourceType.NODE,
                name,
                "{'allocatable':{'cpu':'%s','memory':'4Gi','pods':'110'},'conditions':[{'type':'Ready','status':'True'}]}"
                        .formatted(cpu));
    }

    private void pod(String name, String cpu, String more) {
        plane.create(
                ResourceType.POD,
                "{'metadata':{'name':'%s'},'spec':{'containers':[{'name':'app','image':'i:1','resources':{'requests':{'cpu':'%s'}}}]%s}}"
                        .formatted(name, cpu, more));
    }

    private String node(String pod) {
        return Trees.text(plane.get(ResourceType.POD, pod), "spec", "nodeName");
    }

    private String awaitRefusal(String pod) throws InterruptedException {
        plane.await(
                "a refusal of " + pod,
                () ->
                        Trees.text(
                                        Trees.condition(
                                                plane.get(ResourceType.POD, pod), "PodScheduled"),
                                        "reason")
                                .equals("Unschedulable"));
        return Trees.text(
                Trees.condition(plane.get(ResourceType.POD, pod), "PodScheduled"), "message");
    }

    @Test
    void addsUpWhyNoNodeWillDo() throws InterruptedException {
        node("full", "1", "");
        node("full-too", "1", "");
        node("small", "500m", "");
        node(
                "tainted",
                "8",
                ",'spec':{'taints':[{'key':'for','value':'db','effect':'NoSchedule'}]}");
        node("cordoned", "8", ",'spec':{'unschedulable':true}");
        pod("first", "600m", "");
        pod("second", "600m", "");
        plane.await("both", () -> !node("first").isEmpty() && !node("second").isEmpty());
        assertThat(node("first")).isNotEqualTo(node("second"));
        pod("third", "600m", "");
        assertThat(awaitRefusal("third"))
                .isEqualTo(
                        "0/5 nodes are available: 1 node(s) had untolerated taint {for: db}, 1 node(s) were unschedulable, 3 Insufficient cpu."
                                + " no new claims to deallocate, preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.");
        // Room that comes free is taken.
        plane.objects.delete(
                ResourceType.POD,
                "default",
                "first",
                new dev.headroom.cluster.objects.DeleteOptions(0L, null, null, null));
        plane.await("the third", () -> !node("third").isEmpty());
    }

    @Test
    void looksAtSelectorAffinityAndTolerations() throws InterruptedException {
        node("a", "1", "");
        node("b", "1", ",'spec':{'taints':[{'key':'for','value':'db','effect':'NoSchedule'}]}");
        pod("selected", "1m", ",'nodeSelector':{'disk':'ssd'}");
        assertThat(awaitRefusal("selected"))
                .startsWith(
                        "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {for: db}.");
        pod(
                "attracted",
                "1m",
                ",'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'kubernetes.io/hostname','operator':'NotIn','values':['a']}]}]}}},'tolerations':[{'key':'for','operator':'Exists'}]");
        plane.await("the other node", () -> node("attracted").equals("b"));
    }

    @Test
    void aNodeThatIsMendedIsTried() throws InterruptedException {
        node("a", "1", ",'spec':{'unschedulable':true}");
        pod("waiting", "1m", "");
        assertThat(awaitRefusal("waiting")).contains("1 node(s) were unschedulable");
        plane.patch(ResourceType.NODE, "a", "{'spec':{'unschedulable':null}}");
        plane.await("the pod", () -> node("waiting").equals("a"));
    }

    @Test
    void podsOfOneControllerAreSpread() throws InterruptedException {
        for (String name : new String[] {"a", "b", "c"}) {
            node(name, "2", "");
        }
        for (int i = 0; i < 3; i++) {
            plane.create(
                    ResourceType.POD,
                    "{'metadata':{'name':'p%d','ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'s','uid':'u','controller':true}]},'spec':{'containers':[{'name':'app','image':'i:1'}]}}"
                            .formatted(i));
        }
        plane.await(
                "all three",
                () -> !node("p0").isEmpty() && !node("p1").isEmpty() && !node("p2").isEmpty());
        assertThat(new HashSet<>(Set.of(node("p0"), node("p1"), node("p2")))).hasSize(3);
    }

    @Test
    void whatIsNotThereHoldsAPodUp() throws InterruptedException {
        node("a", "1", "");
        pod(
                "claiming",
                "1m",
                ",'volumes':[{'name':'data','persistentVolumeClaim':{'claimName':'data'}}]");
        assertThat(awaitRefusal("claiming"))
                .startsWith(
                        "0/1 nodes are available: persistentvolumeclaim \"data\" not found. no new claims");
        pod("gated", "1m", ",'schedulingGates':[{'name':'test/wait'}]");
        plane.await(
                "the gate",
                () ->
                        Trees.text(
                                        Trees.condition(
                                                plane.get(ResourceType.POD, "gated"),
                                                "PodScheduled"),
                                        "reason")
                                .equals("SchedulingGated"));
        pod("foreign", "1m", ",'schedulerName':'mine'");
        pod("after", "1m", "");
        plane.await("the one that came after", () -> node("after").equals("a"));
        assertThat(node("foreign")).isEmpty();
    }
}
