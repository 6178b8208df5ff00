"""What observing costs: CPU of the program that watches a cluster from outside while a small load runs, its just-in-time compiler included.

The cluster is the embedded one in a process of its own, the load generator another, so that the process looked at does nothing but observe.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from harness import ROOT, cpu_seconds, head, row, spread, started

EXPERIMENT = """
name: observed
manifests: {root}/k8s
autoscaler: {{minReplicas: 3, maxReplicas: 3}}
target: {{service: iris-api-service, path: /predict}}
load:
  rate: {{rate: 100/s, connections: 10, duration: {seconds}s, script: {root}/k8s/wrk-post.lua}}
"""


def run(quick):
    rounds, seconds = (1, 10) if quick else (5, 30)
    # Builds what is missing; not to be timed.
    subprocess.run([ROOT / "headroom", "--version"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        (work / "observed.yaml").write_text(EXPERIMENT.format(root=ROOT, seconds=seconds))
        environment = os.environ | {"XDG_RUNTIME_DIR": str(work), "HEADROOM_BUILD": "no"}
        cluster = [ROOT / "headroom", "cluster", "--cpu-scale", "0.3"]
        with started(cluster, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            kubeconfig = process.stdout.readline().strip()
            head("round", f"observer, % of a core over {seconds} s, three pods")
            figures = []
            for number in range(1, rounds + 1):
                figures.append(one(work, kubeconfig, environment, number))
                row(number, f"{figures[-1]:.2f}")
    print()
    head("figure", "seen", "mark")
    row("observer's overhead, % of a core", spread(figures), "< 1")


def one(work, kubeconfig, environment, number):
    runs = work / f"runs-{number}"
    command = [ROOT / "headroom", "run", "--kubeconfig", kubeconfig, "--no-baseline", "--runs-dir", runs, work / "observed.yaml"]
    with started(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as lab:
        await_mark(runs, "load-start", lab)
        cpu, since = cpu_seconds(lab.pid), time.monotonic()
        await_mark(runs, "load-end", lab)
        used = (cpu_seconds(lab.pid) - cpu) / (time.monotonic() - since) * 100
        lab.wait(180)
    return used


def await_mark(runs, mark, lab):
    while lab.poll() is None:
        if any(f'"{mark}"' in file.read_text() for file in runs.glob("*/4-observations.jsonl")):
            return
        time.sleep(0.05)
    raise SystemExit(f"benchmark: headroom ended with {lab.returncode} before its {mark}")
