"""What an API server takes to create, read, list and watch as its objects become more: the embedded one, and with --beside another in the same run."""

import http.client
import json
import os
import subprocess
import tempfile
import time
from statistics import median
from urllib.parse import urlsplit

from harness import ROOT, head, row, spread, started
from kubeconfig import Kubeconfig

NAMESPACE = "headroom-benchmark"
OBJECTS = f"/api/v1/namespaces/{NAMESPACE}/configmaps"
NAMESPACES = "/api/v1/namespaces"
PAGE = 500
SAMPLES = 50


class Connection:
    """One kept connection, one request at a time: what is measured is the server's part and a loopback's."""

    def __init__(self, kubeconfig):
        known = Kubeconfig(kubeconfig)
        self.headers = {"Content-Type": "application/json", **known.headers}
        address = urlsplit(known.server)
        self.https = http.client.HTTPSConnection(address.hostname, address.port, context=known.context, timeout=120)

    def ask(self, method, path, body=None, fine=(200, 201)):
        self.https.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.https.getresponse()
        said = answer.read()
        if answer.status not in fine:
            raise SystemExit(f"benchmark: {method} {path} was answered {answer.status}: {said[:300]!r}")
        return said

    def stream(self, path):
        self.https.request("GET", path, headers=self.headers)
        return self.https.getresponse()


def timed(action):
    """Milliseconds."""
    begun = time.monotonic()
    action()
    return (time.monotonic() - begun) * 1e3


def config_map(number, value="0"):
    return {"metadata": {"name": f"object-{number:05}"}, "data": {"number": str(number), "value": value, "text": "x" * 200}}


def one(kubeconfig, count):
    """Median ms to create, get, list whole, list in pages, and from an update's beginning to its event; of a fresh namespace."""
    api, watching = Connection(kubeconfig), Connection(kubeconfig)
    api.ask("POST", NAMESPACES, {"metadata": {"name": NAMESPACE}})
    try:
        creates = [timed(lambda: api.ask("POST", OBJECTS, config_map(n))) for n in range(count)]
        picked = range(0, count, max(1, count // SAMPLES))
        gets = [timed(lambda: api.ask("GET", f"{OBJECTS}/object-{n:05}")) for n in picked]
        lists = [timed(lambda: listed(api, count)) for _ in range(5)]
        pages = [timed(lambda: paged(api, count)) for _ in range(3)]
        version = json.loads(api.ask("GET", OBJECTS + "?limit=1"))["metadata"]["resourceVersion"]
        events = watching.stream(f"{OBJECTS}?watch=true&resourceVersion={version}")
        watches = [timed(lambda: seen(api, events, n)) for n in picked]
        return median(creates), p99(creates), median(gets), median(lists), median(pages), median(watches)
    finally:
        watching.https.close()
        api.ask("DELETE", f"{NAMESPACES}/{NAMESPACE}", fine=(200, 202))
        while api.ask("GET", f"{NAMESPACES}/{NAMESPACE}", fine=(200, 404)).find(b'"NotFound"') < 0:
            time.sleep(0.2)


def listed(api, count):
    found = len(json.loads(api.ask("GET", OBJECTS))["items"])
    if found < count:
        raise SystemExit(f"benchmark: {found} of {count} objects were listed")


def paged(api, count):
    found, following = 0, ""
    while True:
        page = json.loads(api.ask("GET", f"{OBJECTS}?limit={PAGE}{following}"))
        found += len(page["items"])
        if not page["metadata"].get("continue"):
            break
        following = "&continue=" + page["metadata"]["continue"]
    if found < count:
        raise SystemExit(f"benchmark: {found} of {count} objects were listed in pages")


def seen(api, events, number):
    name = f"object-{number:05}"
    api.ask("PUT", f"{OBJECTS}/{name}", config_map(number, "1"))
    while json.loads(events.readline())["object"]["metadata"]["name"] != name:
        pass


def p99(values):
    return sorted(values)[int(len(values) * 0.99)]


def run(quick, beside=None):
    counts, rounds = ((100, 1000), 1) if quick else ((100, 1000, 10000), 3)
    # Builds what is missing; not to be timed.
    subprocess.run([ROOT / "headroom", "--version"], check=True, stdout=subprocess.DEVNULL)
    columns = ("create", "create, p99", "get", "list", f"list by {PAGE}", "update to event")
    head("objects", "round", "cluster", *(f"{c}, ms" for c in columns))
    figures = {}
    with tempfile.TemporaryDirectory() as work:
        environment = os.environ | {"XDG_RUNTIME_DIR": work, "HEADROOM_BUILD": "no"}
        with started([ROOT / "headroom", "cluster"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as cluster:
            clusters = {"embedded": cluster.stdout.readline().strip()}
            if beside:
                clusters["beside"] = beside
            for count in counts:
                for number in range(1, rounds + 1):
                    for name, kubeconfig in clusters.items():
                        measured = one(kubeconfig, count)
                        figures.setdefault((count, name), []).append(measured)
                        row(count, number, name, *(f"{ms:.2f}" for ms in measured))
    print()
    head("objects", "cluster", *(f"{c}, ms" for c in columns))
    for (count, name), measured in figures.items():
        row(count, name, *(spread(column) for column in zip(*measured)))
