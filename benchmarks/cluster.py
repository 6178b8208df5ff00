"""The embedded cluster by itself: from the command to an API that answers, from an apply to the first ready pod, and what it costs when nothing happens."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request

from harness import ROOT, cpu_seconds, head, resident_mib, row, spread, started
from kubeconfig import Kubeconfig

IDLE_SECONDS = 20
PODS = "/api/v1/namespaces/default/pods"


class Api:
    """A client of the cluster that a kubeconfig leads to."""

    def __init__(self, kubeconfig):
        self.known = Kubeconfig(kubeconfig)

    def open(self, path):
        request = urllib.request.Request(self.known.server + path, headers=self.known.headers)
        return urllib.request.urlopen(request, context=self.known.context, timeout=60)

    def await_ready_pod(self):
        with self.open(PODS + "?watch=true") as events:
            for line in events:
                conditions = json.loads(line)["object"].get("status", {}).get("conditions", [])
                if any(c["type"] == "Ready" and c["status"] == "True" for c in conditions):
                    return time.monotonic()
        raise SystemExit("benchmark: the watch ended before a pod was ready")


def run(quick):
    rounds, idle = (2, 3) if quick else (7, IDLE_SECONDS)
    # Builds what is missing; not to be timed.
    subprocess.run([ROOT / "headroom", "--version"], check=True, stdout=subprocess.DEVNULL)
    head("round", "command to ready API, s", "apply to ready pod, s", "resident, MiB", f"CPU when idle, % of a core, {idle} s")
    figures = []
    for number in range(1, rounds + 1):
        figures.append(one(idle))
        row(number, *(f"{figure:.2f}" for figure in figures[-1]))
    print()
    head("figure", "seen", "mark")
    columns = list(zip(*figures))
    for name, column, mark in zip(("command to ready API, s", "apply to ready pod, s", "resident, MiB", "CPU when idle, %"), columns, ("≤ 1", "≤ 1", "≤ 150 MB", "≤ 1")):
        row(name, spread(column), mark)


def one(idle):
    with tempfile.TemporaryDirectory() as work:
        environment = os.environ | {"XDG_RUNTIME_DIR": work, "HEADROOM_BUILD": "no"}
        begun = time.monotonic()
        with started([ROOT / "headroom", "cluster"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as cluster:
            kubeconfig = cluster.stdout.readline().strip()
            api = Api(kubeconfig)
            with api.open("/readyz") as answer:
                answer.read()
            ready = time.monotonic() - begun
            apply = ["kubectl", "--kubeconfig", kubeconfig, "apply", "-f", ROOT / "k8s/deployment.yaml", "-f", ROOT / "k8s/service.yaml"]
            subprocess.run(apply, check=True, stdout=subprocess.DEVNULL)
            applied = time.monotonic()
            pod = max(0.0, api.await_ready_pod() - applied)
            # The start's own compilations are over by then.
            time.sleep(idle / 2)
            before, since = cpu_seconds(cluster.pid), time.monotonic()
            time.sleep(idle)
            cpu = (cpu_seconds(cluster.pid) - before) / (time.monotonic() - since) * 100
            return ready, pod, resident_mib(cluster.pid), cpu
