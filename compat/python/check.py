"""Kubernetes' Python client against the cluster of KUBECONFIG: one line PASS or FAIL for each check, then END."""

import pathlib
import threading
import time

import yaml
from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

NAMESPACE = "compat-python"
PATIENCE = 120  # seconds
WEB = pathlib.Path(__file__).parent.parent / "web.yaml"

config.load_kube_config()
core, apps, custom = client.CoreV1Api(), client.AppsV1Api(), client.CustomObjectsApi()


def check(name, what):
    try:
        what()
        print("PASS", name, flush=True)
    except Exception as e:  # pylint: disable=broad-except
        print(f"FAIL {name}: {type(e).__name__}: {e}".replace("\n", " "), flush=True)


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {PATIENCE} s")
        time.sleep(0.1)


def refused(code, call):
    try:
        call()
    except ApiException as e:
        assert e.status == code, f"{e.status} where {code} was expected: {e.body}"
        return e.body
    raise AssertionError(f"accepted where {code} was expected")


def config_map(name, value):
    return client.V1ConfigMap(
        metadata=client.V1ObjectMeta(name=name, labels={"of": "python"}), data={"a": value}
    )


def versions():
    assert client.VersionApi().get_code().major == "1"
    groups = [g.name for g in client.ApisApi().get_api_versions().groups]
    assert "apps" in groups and "coordination.k8s.io" in groups, groups


def deployment():
    for document in yaml.safe_load_all(WEB.read_text()):
        if document["kind"] == "Deployment":
            apps.create_namespaced_deployment(NAMESPACE, document)
        else:
            core.create_namespaced_service(NAMESPACE, document)
    until("available", lambda: apps.read_namespaced_deployment("web", NAMESPACE).status.available_replicas == 1)


def scale():
    apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 2}})
    until("two are ready", lambda: apps.read_namespaced_deployment_status("web", NAMESPACE).status.ready_replicas == 2)
    assert apps.read_namespaced_deployment_scale("web", NAMESPACE).status.replicas == 2


def logs():
    pod = core.list_namespaced_pod(NAMESPACE, label_selector="app=web").items[0].metadata.name
    assert isinstance(core.read_namespaced_pod_log(pod, NAMESPACE), str)


def patches():
    core.create_namespaced_config_map(NAMESPACE, config_map("patched", "1"))
    merged = core.patch_namespaced_config_map("patched", NAMESPACE, {"data": {"b": "2"}})
    assert merged.data == {"a": "1", "b": "2"}, merged.data
    patched = core.patch_namespaced_config_map(
        "patched", NAMESPACE, [{"op": "replace", "path": "/data/a", "value": "3"}]
    )
    assert patched.data == {"a": "3", "b": "2"}, patched.data


def conflicts():
    first = core.create_namespaced_config_map(NAMESPACE, config_map("contested", "1"))
    first.data["a"] = "2"
    core.replace_namespaced_config_map("contested", NAMESPACE, first)
    body = refused(409, lambda: core.replace_namespaced_config_map("contested", NAMESPACE, first))
    assert '"reason":"Conflict"' in body.replace(" ", ""), body


def refusals():
    refused(404, lambda: core.read_namespaced_config_map("none", NAMESPACE))
    refused(409, lambda: core.create_namespace({"metadata": {"name": NAMESPACE}}))
    body = refused(422, lambda: core.create_namespaced_config_map(NAMESPACE, config_map("Not_A_Name", "1")))
    assert '"field":"metadata.name"' in body.replace(" ", ""), body


def pages():
    for i in range(5):
        core.create_namespaced_config_map(NAMESPACE, config_map(f"page-{i}", str(i)))
    names, token = [], None
    while True:
        page = core.list_namespaced_config_map(NAMESPACE, label_selector="of=python", limit=2, _continue=token)
        assert len(page.items) <= 2
        names += [m.metadata.name for m in page.items]
        token = page.metadata._continue
        if not token:
            break
    assert [n for n in names if n.startswith("page-")] == [f"page-{i}" for i in range(5)], names


def watches():
    seen, since = [], core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    stream = watch.Watch()

    def read():
        for event in stream.stream(
            core.list_namespaced_config_map, NAMESPACE, resource_version=since, timeout_seconds=PATIENCE
        ):
            if event["object"].metadata.name == "watched":
                seen.append(event["type"])
            if event["type"] == "DELETED":
                stream.stop()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    core.create_namespaced_config_map(NAMESPACE, config_map("watched", "1"))
    core.patch_namespaced_config_map("watched", NAMESPACE, {"data": {"a": "2"}})
    core.delete_namespaced_config_map("watched", NAMESPACE)
    reader.join(PATIENCE)
    assert seen == ["ADDED", "MODIFIED", "DELETED"], seen


def untyped():
    metrics = custom.list_cluster_custom_object("metrics.k8s.io", "v1beta1", "nodes")
    assert metrics["kind"] == "NodeMetricsList", metrics


def gone():
    core.delete_namespace(NAMESPACE)
    until("the namespace is gone", lambda: NAMESPACE not in [n.metadata.name for n in core.list_namespace().items])


core.create_namespace({"metadata": {"name": NAMESPACE}})
for name, what in [
    ("versions and groups", versions),
    ("a deployment becomes available", deployment),
    ("the scale subresource", scale),
    ("logs", logs),
    ("merge patch and JSON patch", patches),
    ("a stale write is refused", conflicts),
    ("refusals are understood", refusals),
    ("lists in pages", pages),
    ("a watch from a resource version", watches),
    ("an API known by name only", untyped),
    ("a namespace is emptied and goes", gone),
]:
    check(name, what)
print("END", flush=True)
