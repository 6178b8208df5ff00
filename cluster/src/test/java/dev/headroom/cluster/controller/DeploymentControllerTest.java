package dev.headroom.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.cluster.informer.Trees;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Deployments and replica sets as their controllers lead them; what Kubernetes' documentation and sources say is what is asked for. */
class DeploymentControllerTest {
    @TempDir Path directory;
    private ControlPlane plane;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        plane = new ControlPlane(directory, ReplicaSetController::new, DeploymentController::new);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private void deployment(int replicas, String more) {
        plane.create(
                ResourceType.DEPLOYMENT,
                """
                {'metadata':{'name':'web'},'spec':{'replicas':%d,'selector':{'matchLabels':{'app':'web'}},'template':{
                 'metadata':{'labels':{'app':'web'}},'spec':{'containers':[{'name':'app','image':'i:1'}]}}%s}}
                """
                        .formatted(replicas, more));
    }

    private void image(String image) {
        plane.patch(
                ResourceType.DEPLOYMENT,
                "web",
                "{'spec':{'template':{'spec':{'containers':[{'name':'app','image':'%s'}]}}}}"
                        .formatted(image));
    }

    private ObjectNode web() {
        return plane.get(ResourceType.DEPLOYMENT, "web");
    }

    /** By the image of their template. */
    private ObjectNode set(String image) {
        return plane.all(ResourceType.REPLICA_SET).stream()
                .filter(s -> image(s).equals(image))
                .min(Comparator.comparing(Trees::name))
                .orElse(Trees.object());
    }

    private static String image(ObjectNode set) {
        return set.path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .path(0)
                .path("image")
                .asString("");
    }

    private void awaitSizes(String first, int one, String second, int other)
            throws InterruptedException {
        plane.await(
                first + " " + one + ", " + second + " " + other,
                () -> plane.size(set(first)) == one && plane.size(set(second)) == other);
    }

    private void awaitPods(int count) throws InterruptedException {
        plane.await(count + " pods", () -> plane.all(ResourceType.POD).size() == count);
    }

    private void awaitProgress(String reason) throws InterruptedException {
        plane.await(
                reason,
                () -> Trees.text(Trees.condition(web(), "Progressing"), "reason").equals(reason));
    }

    private static String annotation(ObjectNode object, String name) {
        return Trees.text(object, "metadata", "annotations", name);
    }

    @Test
    void recreateWaitsForTheOldPodsAlsoOnTheWayBack() throws InterruptedException {
        deployment(2, ",'strategy':{'type':'Recreate'}");
        awaitPods(2);
        plane.hold();
        image("i:2");
        awaitSizes("i:1", 0, "i:1", 0);
        plane.await(
                "both pods to be deleted",
                () -> plane.all(ResourceType.POD).stream().allMatch(Trees::isDeleting));
        assertThat(set("i:2")).isEmpty();
        plane.letGo();
        awaitSizes("i:1", 0, "i:2", 2);
        awaitPods(2);

        plane.hold();
        image("i:1");
        awaitSizes("i:1", 0, "i:2", 0);
        plane.await(
                "both pods to be deleted",
                () -> plane.all(ResourceType.POD).stream().allMatch(Trees::isDeleting));
        assertThat(plane.size(set("i:1"))).isZero();
        plane.letGo();
        awaitSizes("i:1", 2, "i:2", 0);
    }

    /** The example of Kubernetes' documentation: of five more, three go to the old set and two to the new one. */
    @Test
    void scaledInTheMiddleOfARolloutItGrowsInProportion() throws InterruptedException {
        deployment(10, ",'strategy':{'rollingUpdate':{'maxSurge':3,'maxUnavailable':2}}");
        awaitPods(10);
        plane.allReady();
        awaitProgress("NewReplicaSetAvailable");
        image("i:2");
        awaitSizes("i:1", 8, "i:2", 5);
        plane.patch(ResourceType.DEPLOYMENT, "web", "{'spec':{'replicas':15}}");
        awaitSizes("i:1", 11, "i:2", 7);
    }

    /** Its status is one update behind: the two pods it has lost still stand there as available. */
    @Test
    void anOldSetIsNotMadeSmallerTwiceForTheSamePods() {
        ObjectNode deployment =
                ControlPlane.json(
                        "{'spec':{'replicas':10,'strategy':{'rollingUpdate':{'maxSurge':3,'maxUnavailable':2}}}}");
        ObjectNode old =
                ControlPlane.json(
                        "{'metadata':{'uid':'old'},'spec':{'replicas':8},'status':{'availableReplicas':10}}");
        ObjectNode current = ControlPlane.json("{'metadata':{'uid':'new'},'spec':{'replicas':5}}");
        assertThat(Rollout.fewerOld(deployment, List.of(old, current), current)).isEmpty();
        ObjectNode ready =
                ControlPlane.json(
                        "{'metadata':{'uid':'new'},'spec':{'replicas':5},'status':{'availableReplicas':2}}");
        assertThat(Rollout.fewerOld(deployment, List.of(old, ready), ready)).isEmpty();
        ObjectNode settled =
                ControlPlane.json(
                        "{'metadata':{'uid':'old'},'spec':{'replicas':8},'status':{'availableReplicas':8}}");
        assertThat(Rollout.fewerOld(deployment, List.of(settled, ready), ready))
                .containsExactly(Map.entry(settled, 6));
    }

    @Test
    void aRolloutThatDoesNotMoveIsLateByItself() throws InterruptedException {
        deployment(1, ",'progressDeadlineSeconds':1");
        awaitProgress("ProgressDeadlineExceeded");
        assertThat(Trees.text(Trees.condition(web(), "Progressing"), "message"))
                .matches("ReplicaSet \"web-\\w+\" has timed out progressing.");
        awaitPods(1);
        plane.allReady();
        awaitProgress("NewReplicaSetAvailable");
    }

    @Test
    void pausedItFollowsItsSizeButNotItsTemplate() throws InterruptedException {
        deployment(1, "");
        awaitPods(1);
        plane.allReady();
        awaitProgress("NewReplicaSetAvailable");
        plane.patch(ResourceType.DEPLOYMENT, "web", "{'spec':{'paused':true}}");
        awaitProgress("DeploymentPaused");
        image("i:2");
        plane.patch(ResourceType.DEPLOYMENT, "web", "{'spec':{'replicas':2}}");
        awaitSizes("i:1", 2, "i:1", 2);
        assertThat(set("i:2")).isEmpty();
        plane.patch(ResourceType.DEPLOYMENT, "web", "{'spec':{'paused':false}}");
        plane.await("the new set", () -> plane.size(set("i:2")) > 0);
    }

    @Test
    void rolledBackToASetIsTheNewestAgainAndKeepsItsHistory() throws InterruptedException {
        deployment(1, "");
        awaitPods(1);
        plane.allReady();
        image("i:2");
        plane.await("the second", () -> annotation(web(), REVISION).equals("2"));
        image("i:1");
        plane.patch(
                ResourceType.DEPLOYMENT,
                "web",
                "{'metadata':{'annotations':{'kubernetes.io/change-cause':'back'}}}");
        plane.await("the third", () -> annotation(web(), REVISION).equals("3"));
        plane.await(
                "the cause",
                () -> annotation(set("i:1"), "kubernetes.io/change-cause").equals("back"));
        assertThat(annotation(set("i:1"), REVISION)).isEqualTo("3");
        assertThat(annotation(set("i:1"), "deployment.kubernetes.io/revision-history"))
                .isEqualTo("1");
    }

    private static final String REVISION = "deployment.kubernetes.io/revision";

    @Test
    void theTimeToBeReadyForReachesTheSet() throws InterruptedException {
        deployment(1, "");
        awaitPods(1);
        plane.patch(ResourceType.DEPLOYMENT, "web", "{'spec':{'minReadySeconds':300}}");
        plane.await("300", () -> set("i:1").path("spec").path("minReadySeconds").asInt(0) == 300);
        plane.allReady();
        plane.await("a ready pod", () -> web().path("status").path("readyReplicas").asInt(0) == 1);
        assertThat(web().path("status").path("availableReplicas").asInt(0)).isZero();
    }

    @Test
    void aNameThatIsTakenIsNotTakenTwice() throws InterruptedException {
        deployment(1, ",'paused':true");
        String name = "web-" + TemplateHash.of(web().path("spec").path("template"), 0);
        plane.create(
                ResourceType.REPLICA_SET,
                """
                {'metadata':{'name':'%s'},'spec':{'replicas':0,'selector':{'matchLabels':{'app':'other'}},'template':{
                 'metadata':{'labels':{'app':'other'}},'spec':{'containers':[{'name':'app','image':'other:1'}]}}}}
                """
                        .formatted(name));
        plane.patch(ResourceType.DEPLOYMENT, "web", "{'spec':{'paused':false}}");
        plane.await("a set of its own", () -> plane.size(set("i:1")) == 1);
        assertThat(Trees.name(set("i:1"))).isNotEqualTo(name);
        assertThat(web().path("status").path("collisionCount").asInt(0)).isEqualTo(1);
    }

    @Test
    void podsAreAdoptedAndReleasedByTheirLabels() throws InterruptedException {
        plane.create(
                ResourceType.POD,
                "{'metadata':{'name':'mine','labels':{'app':'web'}},'spec':{'containers':[{'name':'app','image':'i:0'}]}}");
        plane.create(
                ResourceType.REPLICA_SET,
                """
                {'metadata':{'name':'set'},'spec':{'replicas':2,'selector':{'matchLabels':{'app':'web'}},'template':{
                 'metadata':{'labels':{'app':'web'}},'spec':{'containers':[{'name':'app','image':'i:1'}]}}}}
                """);
        awaitPods(2);
        assertThat(Trees.controllerOf(plane.get(ResourceType.POD, "mine"))).isPresent();
        plane.patch(ResourceType.POD, "mine", "{'metadata':{'labels':{'app':'else'}}}");
        awaitPods(3);
        plane.await(
                "the release",
                () -> Trees.controllerOf(plane.get(ResourceType.POD, "mine")).isEmpty());
        plane.patch(ResourceType.POD, "mine", "{'metadata':{'labels':{'app':'web'}}}");
        awaitPods(2);
    }

    private static ObjectNode pod(String name, String node, String more) {
        return ControlPlane.json(
                "{'metadata':{'name':'%s','uid':'%s','creationTimestamp':'2026-01-01T00:00:00Z'%s},'spec':{'nodeName':'%s'},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True','lastTransitionTime':'2026-01-01T00:00:00Z'}]}}"
                        .formatted(name, name, more, node));
    }

    @Test
    void thoseGoFirstThatAreMissedLeast() {
        ObjectNode unbound = pod("unbound", "", "");
        ObjectNode pending = pod("pending", "a", "");
        Trees.ensure(pending, "status").put("phase", "Pending");
        ObjectNode unready = pod("unready", "a", "");
        Trees.ensure(unready, "status").remove("conditions");
        ObjectNode cheap =
                pod(
                        "cheap",
                        "a",
                        ",'annotations':{'controller.kubernetes.io/pod-deletion-cost':'-1'}");
        ObjectNode crowded = pod("crowded", "b", "");
        ObjectNode young = pod("young", "a", "");
        ((ObjectNode) young.path("status").path("conditions").path(0))
                .put("lastTransitionTime", "2026-01-01T00:59:00Z");
        ObjectNode restarted = pod("restarted", "a", "");
        Trees.ensure(restarted, "status")
                .putArray("containerStatuses")
                .addObject()
                .put("restartCount", 2);
        ObjectNode last = pod("last", "a", "");
        List<ObjectNode> order =
                List.of(unbound, pending, unready, cheap, crowded, young, restarted, last);
        List<ObjectNode> crowd =
                IntStream.range(0, 9).mapToObj(i -> pod("other-" + i, "b", "")).toList();
        assertThat(Victims.first(order.reversed(), crowd, Instant.parse("2026-01-01T01:00:00Z")))
                .extracting(Trees::name)
                .containsExactlyElementsOf(order.stream().map(Trees::name).toList());
    }
}
