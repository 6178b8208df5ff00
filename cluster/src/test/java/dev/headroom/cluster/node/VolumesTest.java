package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.cluster.api.ApiServer;
import dev.headroom.cluster.image.Catalogue;
import dev.headroom.cluster.image.ImageEntry;
import dev.headroom.cluster.informer.EventRecorder;
import dev.headroom.cluster.objects.DeleteOptions;
import dev.headroom.cluster.objects.Objects;
import dev.headroom.cluster.objects.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is in a pod's volumes, over a real API server in process, and what is refused. */
class VolumesTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir private Path temporary = Path.of("");
    private ApiServer server;
    private Objects objects;
    private StateDirectory state;

    @BeforeEach
    void start() throws IOException {
        server =
                ApiServer.start(
                        new ApiServer.Options(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                temporary.resolve("kubeconfig"),
                                "test",
                                n -> "127.9.240." + n,
                                200,
                                List.of(),
                                CLOCK));
        objects = server.client("kubelet");
        state = StateDirectory.create(temporary.resolve("state"));
    }

    @AfterEach
    void stop() {
        state.close();
        server.close();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    }

    private Volumes volumes(MountSpace space, String pod) {
        NodeContext context =
                new NodeContext(
                        objects,
                        new EventRecorder(objects, CLOCK, "kubelet", "node"),
                        CLOCK,
                        new Catalogue(temporary, Map.of()),
                        new DutyCycle(),
                        space,
                        state,
                        "127.9.0.1",
                        new NodeContext.Size(2_500, 1L << 30),
                        1);
        return new Volumes(context, json(pod), "127.9.1.1", temporary.resolve("volumes"));
    }

    private static String pod(String volumes, String mounts) {
        return "{'metadata':{'name':'p','namespace':'default'},'spec':{'containers':[{'name':'app','image':'i:1','volumeMounts':[%s]}],'volumes':[%s]}}"
                .formatted(mounts, volumes);
    }

    private void config(String data) {
        objects.create(
                ResourceType.CONFIG_MAP,
                "default",
                json("{'metadata':{'name':'config'},'data':%s}".formatted(data)));
    }

    @Test
    void filesFollowTheirObjectAllAtOnce() throws Exception {
        config("{'a':'1','b':'2'}");
        Volumes volumes =
                volumes(
                        MountSpace.ROOT,
                        pod("{'name':'v','configMap':{'name':'config','defaultMode':256}}", ""));
        volumes.make();
        Path volume = volumes.path("v");
        assertThat(volume.resolve("a")).hasContent("1");
        assertThat(Files.readSymbolicLink(volume.resolve("a"))).hasToString("..data/a");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(volume.resolve("a"))))
                .isEqualTo("r--------");
        Path before = Files.readSymbolicLink(volume.resolve("..data"));
        volumes.make();
        assertThat(Files.readSymbolicLink(volume.resolve("..data"))).isEqualTo(before);

        objects.delete(ResourceType.CONFIG_MAP, "default", "config", DeleteOptions.DEFAULT);
        config("{'a':'3','c':'4'}");
        volumes.make();
        assertThat(volume.resolve("a")).hasContent("3");
        assertThat(volume.resolve("c")).hasContent("4");
        assertThat(volume.resolve("b")).doesNotExist();
        assertThat(volume.resolve(before)).doesNotExist();
    }

    /** A pod's own /tmp must not take from it the programs that are looked for below it. */
    @Test
    void foldersOfTheSearchPathStayVisibleUnderAVolume() throws Exception {
        Path programs = Files.createDirectories(temporary.resolve("own/bin"));
        String pod =
                pod(
                        "{'name':'v','emptyDir':{}}",
                        "{'name':'v','mountPath':'%s'}".formatted(temporary));
        Volumes volumes = volumes(MountSpace.ROOT, pod);
        volumes.make();
        ObjectNode tree = json(pod);
        ContainerSpec spec = ContainerSpec.of(tree, tree.path("spec").path("containers").path(0));
        Launch launch =
                Launch.of(
                        spec.tree(),
                        new ImageEntry(List.of("true"), Path.of("/"), Map.of()),
                        Map.of("PATH", "/usr/bin:" + programs),
                        volumes,
                        TerminationMessage.make(spec, temporary.resolve("life")),
                        temporary.resolve("life"));
        assertThat(java.util.Objects.requireNonNull(launch.mounts()))
                .content()
                .contains("mount --rbind '%s' ".formatted(programs.getParent()));
    }

    @Test
    void tellsWhatIsMissingInTheKubeletsWords() throws Exception {
        assertThatThrownBy(
                        volumes(
                                        MountSpace.ROOT,
                                        pod("{'name':'v','secret':{'secretName':'s'}}", ""))
                                ::make)
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : secret \"s\" not found");
        config("{'a':'1'}");
        String items =
                "{'name':'v','configMap':{'name':'config','items':[{'key':'z','path':'z'}]%s}}";
        assertThatThrownBy(volumes(MountSpace.ROOT, pod(items.formatted(""), ""))::make)
                .hasMessage(
                        "MountVolume.SetUp failed for volume \"v\" : configmap references non-existent config key: z");
        Volumes optional = volumes(MountSpace.ROOT, pod(items.formatted(",'optional':true"), ""));
        optional.make();
        assertThat(optional.path("v").resolve("z")).doesNotExist();
    }

    @Test
    void aLimitThatIsNotThereIsAllOfTheNode() throws Exception {
        Volumes volumes =
                volumes(
                        MountSpace.ROOT,
                        pod(
                                "{'name':'v','downwardAPI':{'items':[{'path':'cpu','resourceFieldRef':{'containerName':'app','resource':'limits.cpu','divisor':'1m'}}]}}",
                                ""));
        volumes.make();
        assertThat(volumes.path("v").resolve("cpu")).hasContent("2500");
    }

    @Test
    void whereNothingCanBeMountedOnlyAnEmptyFolderMayBeTheHosts() throws Exception {
        String empty = "{'name':'v','emptyDir':{}}";
        Volumes lets = volumes(MountSpace.NONE, pod(empty, "{'name':'v','mountPath':'/tmp'}"));
        lets.make();
        assertThat(lets.differences())
                .containsExactly(
                        "volume \"v\" is not mounted, which needs root, or user namespaces: container \"app\" sees the host's own /tmp");
        assertThat(lets.of(json("{'volumeMounts':[{'name':'v','mountPath':'/tmp'}]}"), Map.of()))
                .isEmpty();
        assertThatThrownBy(
                        volumes(
                                        MountSpace.NONE,
                                        pod(empty, "{'name':'v','mountPath':'/headroom-none'}"))
                                ::make)
                .hasMessageContaining("nothing can be mounted at /headroom-none: mount namespaces");
        config("{'a':'1'}");
        assertThatThrownBy(
                        volumes(
                                        MountSpace.NONE,
                                        pod(
                                                "{'name':'v','configMap':{'name':'config'}}",
                                                "{'name':'v','mountPath':'/tmp'}"))
                                ::make)
                .hasMessageContaining("nothing can be mounted at /tmp");
    }
}
