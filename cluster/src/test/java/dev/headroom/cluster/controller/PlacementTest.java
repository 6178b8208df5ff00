package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a pod may be by the pods that are there already; rules and texts are those of kube-scheduler 1.34. */
class PlacementTest {
    private static final String NOT_HELPFUL =
            " no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
    private static final String NO_VICTIMS =
            " no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

    @TempDir Path directory;
    private ControlPlane plane;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        plane = new ControlPlane(directory, Scheduler::new);
        node("a1", "a", "");
        node("a2", "a", "");
        node("b1", "b", "");
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void node(String name, String zone, String more) {
        plane.create(
                ResourceType.NODE,
                "{'metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'%s}}%s}"
                        .formatted(
                                name, name, zone.isEmpty() ? "" : ",'zone':'" + zone + "'", more));
        plane.status(
                ResourceType.NODE,
                name,
                "{'allocatable':{'cpu':'8','memory':'4Gi','pods':'110'},'conditions':[{'type':'Ready','status':'True'}]}");
    }

    private void pod(String name, String app, String spec) {
        plane.create(ResourceType.POD, manifest(name, app, spec));
    }

    private static String manifest(String name, String app, String spec) {
        return "{'metadata':{'name':'%s','labels':{'app':'%s','version':'%s'}},'spec':{'containers':[{'name':'c','image':'i:1'}]%s}}"
                .formatted(name, app, app, spec);
    }

    private String place(String name, String app, String spec) throws InterruptedException {
        pod(name, app, spec);
        plane.await("a node for " + name, () -> !nodeOf(name).isEmpty());
        return nodeOf(name);
    }

    private void on(String node, String name, String app, String spec) throws InterruptedException {
        assertThat(
                        place(
                                name,
                                app,
                                spec + ",'nodeSelector':{'kubernetes.io/hostname':'" + node + "'}"))
                .isEqualTo(node);
    }

    private String nodeOf(String pod) {
        return Trees.text(plane.get(ResourceType.POD, pod), "spec", "nodeName");
    }

    private String zone(String node) {
        return node.substring(0, 1);
    }

    private String refusal(String name, String app, String spec) throws InterruptedException {
        pod(name, app, spec);
        plane.await("a refusal of " + name, () -> !said(name).isEmpty());
        return said(name);
    }

    private String said(String pod) {
        return Trees.text(
                Trees.condition(plane.get(ResourceType.POD, pod), "PodScheduled"), "message");
    }

    private static String spread(String key, String app, String more) {
        return ",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'%s','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'%s'}}%s}]"
                .formatted(key, app, more);
    }

    private static String affinity(String kind, String key, String app, String more) {
        return ",'affinity':{'%s':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'%s','labelSelector':{'matchLabels':{'app':'%s'}}%s}]}}"
                .formatted(kind, key, app, more);
    }

    @Test
    void podsAreSpreadOverZones() throws InterruptedException {
        List<String> zones = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            zones.add(zone(place("p" + i, "web", spread("zone", "web", ""))));
        }
        assertThat(zones).containsOnly("a", "b");
        assertThat(zones.stream().filter("a"::equals)).hasSize(3);
    }

    @Test
    void whereEverythingElseWouldBeUnevenAPodWaits() throws InterruptedException {
        on("b1", "first", "web", "");
        node("c1", "", "");
        // Zone a lies empty, but the pod must not go there; the last node is in no zone.
        String spec =
                spread("zone", "web", ",'nodeAffinityPolicy':'Ignore'")
                        + ",'nodeSelector':{'kubernetes.io/hostname':'b1'}";
        assertThat(refusal("second", "web", spec))
                .isEqualTo(
                        "0/4 nodes are available: 1 node(s) didn't match pod topology spread constraints, 3 node(s) didn't match Pod's node affinity/selector."
                                + " no new claims to deallocate, preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.");
        // With the affinity honoured, as it is where nothing is said, zone a does not count.
        on("b1", "third", "web", spread("zone", "web", ""));
        on("a1", "fourth", "web", "");
        on("a2", "fifth", "web", "");
        plane.await("room for the second", () -> nodeOf("second").equals("b1"));
    }

    @Test
    void aNodeWithoutTheLabelIsNoPlace() throws InterruptedException {
        assertThat(refusal("p", "web", spread("rack", "web", "")))
                .isEqualTo(
                        "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label)."
                                + NOT_HELPFUL);
    }

    @Test
    void fewerDomainsThanAskedForHoldOnePodEach() throws InterruptedException {
        String spec = spread("zone", "web", ",'minDomains':3");
        assertThat(zone(place("p1", "web", spec))).isNotEqualTo(zone(place("p2", "web", spec)));
        assertThat(refusal("p3", "web", spec))
                .isEqualTo(
                        "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints."
                                + NO_VICTIMS);
        node("c1", "c", "");
        plane.await("the third zone", () -> nodeOf("p3").equals("c1"));
    }

    @Test
    void taintedNodesCountUnlessTheyAreLeftOut() throws InterruptedException {
        node("t1", "t", ",'spec':{'taints':[{'key':'for','value':'db','effect':'NoSchedule'}]}");
        on("a1", "one", "web", "");
        on("b1", "two", "web", "");
        assertThat(refusal("p1", "web", spread("zone", "web", "")))
                .startsWith(
                        "0/4 nodes are available: 1 node(s) had untolerated taint {for: db}, 3 node(s) didn't match pod topology spread constraints.");
        place("p2", "web", spread("zone", "web", ",'nodeTaintsPolicy':'Honor'"));
    }

    @Test
    void leavingPodsAndOtherNamespacesDoNotCount() throws InterruptedException {
        on("a1", "leaving", "web", "");
        plane.patch(ResourceType.POD, "leaving", "{'metadata':{'finalizers':['test/held']}}");
        plane.objects.delete(
                ResourceType.POD, "default", "leaving", new DeleteOptions(30L, null, null, null));
        on("a1", "p", "web", spread("zone", "web", ",'nodeAffinityPolicy':'Ignore'"));
    }

    @Test
    void aRolloutSpreadsItsOwnVersion() throws InterruptedException {
        String spec =
                ",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone','whenUnsatisfiable':'DoNotSchedule','matchLabelKeys':['version'],'labelSelector':{'matchExpressions':[{'key':'app','operator':'Exists'}]},'nodeAffinityPolicy':'Ignore'}]";
        on("a1", "old", "v1", spec);
        on("a1", "new", "v2", spec);
        assertThat(
                        plane.get(ResourceType.POD, "new")
                                .at(
                                        "/spec/topologySpreadConstraints/0/labelSelector/matchExpressions/1")
                                .toString())
                .isEqualTo("{\"key\":\"version\",\"operator\":\"In\",\"values\":[\"v2\"]}");
    }

    @Test
    void aPreferenceChoosesButHoldsNothingUp() throws InterruptedException {
        String spec = spread("zone", "web", "").replace("DoNotSchedule", "ScheduleAnyway");
        on("a1", "one", "web", "");
        assertThat(place("two", "web", spec)).isEqualTo("b1");
        on("b1", "three", "web", spec);
        String near =
                ",'affinity':{'podAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':5,'podAffinityTerm':{'topologyKey':'kubernetes.io/hostname','labelSelector':{'matchLabels':{'app':'web'}}}}]}}";
        assertThat(place("near", "other", near)).isEqualTo("b1");
        assertThat(place("far", "other", near.replace("podAffinity'", "podAntiAffinity'")))
                .isEqualTo("a2");
        assertThat(
                        place(
                                "here",
                                "other",
                                ",'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':1,'preference':{'matchFields':[{'key':'metadata.name','operator':'In','values':['a1']}]}}]}}"))
                .isEqualTo("a1");
    }

    @Test
    void podsFollowOthers() throws InterruptedException {
        String spec = affinity("podAffinity", "zone", "db", "");
        assertThat(refusal("p", "web", spec))
                .isEqualTo(
                        "0/3 nodes are available: 3 node(s) didn't match pod affinity rules."
                                + NOT_HELPFUL);
        on("b1", "db", "db", "");
        plane.await("the zone of what it wants", () -> nodeOf("p").equals("b1"));
    }

    @Test
    void theFirstOfThoseThatWantToBeTogetherMayBeAnywhere() throws InterruptedException {
        String spec = affinity("podAffinity", "kubernetes.io/hostname", "web", "");
        String node = place("first", "web", spec);
        assertThat(place("second", "web", spec)).isEqualTo(node);
    }

    @Test
    void podsAvoidOthersAndAreAvoided() throws InterruptedException {
        String hosts = affinity("podAntiAffinity", "kubernetes.io/hostname", "web", "");
        on("a1", "one", "web", hosts);
        on("a2", "two", "web", "");
        // A third one that does not care itself is kept away from the first, not from the second.
        assertThat(refusal("plain", "web", ",'nodeSelector':{'kubernetes.io/hostname':'a1'}"))
                .startsWith(
                        "0/3 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules, 2 node(s) didn't match Pod's node affinity/selector.");
        assertThat(place("three", "web", hosts)).isEqualTo("b1");
        assertThat(refusal("four", "web", hosts))
                .isEqualTo(
                        "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules."
                                + NO_VICTIMS);
        plane.objects.delete(
                ResourceType.POD, "default", "two", new DeleteOptions(0L, null, null, null));
        plane.await("the node that is free", () -> nodeOf("four").equals("a2"));
    }

    @Test
    void namespacesAreNamedOrSelected() throws InterruptedException {
        plane.create(ResourceType.NAMESPACE, "{'metadata':{'name':'data','labels':{'team':'d'}}}");
        plane.objects.create(
                ResourceType.POD,
                "data",
                ControlPlane.json(
                        manifest("db", "db", ",'nodeSelector':{'kubernetes.io/hostname':'a2'}")));
        plane.await(
                "the other namespace's",
                () ->
                        !Trees.text(
                                        plane.objects.get(ResourceType.POD, "data", "db"),
                                        "spec",
                                        "nodeName")
                                .isEmpty());
        String host = "kubernetes.io/hostname";
        assertThat(
                        place(
                                "named",
                                "web",
                                affinity("podAffinity", host, "db", ",'namespaces':['data']")))
                .isEqualTo("a2");
        assertThat(
                        place(
                                "selected",
                                "web",
                                affinity(
                                        "podAffinity",
                                        host,
                                        "db",
                                        ",'namespaceSelector':{'matchLabels':{'team':'d'}}")))
                .isEqualTo("a2");
        refusal("own", "web", affinity("podAffinity", host, "db", ""));
    }

    @Test
    void whatNoSchedulerCouldReadIsRefused() {
        String spec =
                ",'topologySpreadConstraints':[{'maxSkew':0,'topologyKey':'','whenUnsatisfiable':'Never','minDomains':2,'nodeTaintsPolicy':'Maybe'}],'affinity':{'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':101,'podAffinityTerm':{'topologyKey':'a b'}}]}}";
        assertThatThrownBy(() -> pod("p", "web", spec))
                .hasMessageContainingAll(
                        "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                        "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
                        "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"Never\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"",
                        "spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Never",
                        "spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: \"Maybe\": supported values: \"Honor\", \"Ignore\"",
                        "preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100",
                        "podAffinityTerm.topologyKey: Invalid value: \"a b\": name part must consist of alphanumeric characters");
    }

    /** A node's heartbeat makes the scheduler try again; what it finds is no news. */
    @Test
    void theSameRefusalIsSaidOnce() throws InterruptedException {
        refusal("stuck", "web", ",'nodeSelector':{'zone':'c'}");
        for (String node : List.of("a1", "a2", "b1")) {
            plane.patch(
                    ResourceType.NODE,
                    node,
                    "{'metadata':{'annotations':{'beat':'" + node + "'}}}");
            place("after-" + node, "other", "");
        }
        plane.patch(ResourceType.NODE, "b1", "{'metadata':{'labels':{'zone':'c'}}}");
        plane.await("a node for stuck", () -> !nodeOf("stuck").isEmpty());
        plane.await("the event of it", () -> told("stuck", "Scheduled") == 1);

        assertThat(told("stuck", "FailedScheduling")).isEqualTo(1);
    }

    private int told(String pod, String reason) {
        return plane.all(ResourceType.EVENT).stream()
                .filter(e -> Trees.text(e, "involvedObject", "name").equals(pod))
                .filter(e -> Trees.text(e, "reason").equals(reason))
                .mapToInt(e -> e.path("count").asInt(1))
                .sum();
    }
}
