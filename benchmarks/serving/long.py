"""The tables that take minutes: the pods of a cluster together, and one server for a long time."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from harness import ROOT, await_port, head, java_home, resident_mib, row, spread, started
from plot import drawn
from tables import SCRIPT, heap_bytes, java_process, metric, pinned, said_by, start, wrk

MOST_ROUNDS_OF_WARMING_UP = 8


def fleet(bench):
    """Throughput of one pod and of three in the embedded cluster, with clients that keep their connections, once each has reached its speed."""
    if not shutil.which("kubectl"):
        print("left out: kubectl not found on the PATH")
        return
    seconds = 5 if bench.quick else 20
    # Builds what is missing; not to be timed.
    subprocess.run([ROOT / "headroom", "--version"], check=True, stdout=subprocess.DEVNULL)
    environment = os.environ | {"XDG_RUNTIME_DIR": str(bench.work), "HEADROOM_BUILD": "no"}
    # Pods, balancer and wrk on this machine together: a pod's half CPU is made small enough for three of them to be what is short, and large
    # enough for its JVM to be done with compiling: at half of this the ratio is that of pods that still compile (2.7 to 3.2 for 2.9 to 3.4).
    scale = min(1, 0.1 * os.cpu_count())
    cluster = [ROOT / "headroom", "cluster", "--cpu-scale", f"{scale:g}"]
    with started(cluster, env=environment, stdout=subprocess.PIPE, text=True) as process:
        kubeconfig = process.stdout.readline().strip()
        if not kubeconfig:
            # Without this, kubectl would take the user's own.
            sys.exit("benchmark: headroom cluster ended before it printed the path of its kubeconfig")
        kubectl = ["kubectl", "--kubeconfig", kubeconfig]

        def say(*words):
            return subprocess.run(kubectl + list(words), check=True, stdout=subprocess.PIPE, text=True).stdout

        say("apply", "-f", str(ROOT / "k8s/deployment.yaml"), "-f", str(ROOT / "k8s/service.yaml"))
        node = say("get", "nodes", "-o", 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}')
        url = f"http://{node}:{say('get', 'service/iris-api-service', '-o', 'jsonpath={.spec.ports[0].nodePort}')}/predict"
        head("round", "pods", "requests/s", "p99 ms", "errors", "host busy, %", "rounds of warming up")
        rates = {1: [], 3: []}
        for number in range(1, (1 if bench.quick else 5) + 1):
            for pods in (1, 3):
                say("scale", "deployment/iris-api-deployment", f"--replicas={pods}")
                say("rollout", "status", "deployment/iris-api-deployment", "--timeout=120s")
                warmed = warm_up(url, seconds)
                before, since = busy_seconds(), time.monotonic()
                said = load(url, 1000, seconds)
                busy = (busy_seconds() - before) / (time.monotonic() - since) / os.cpu_count() * 100
                rates[pods].append(said["rate"])
                row(number, pods, f"{said['rate']:.0f}", f"{said['latency_ms']['p99']:.0f}", said["failed"], f"{busy:.0f}", warmed)
    ratios = [three / one for one, three in zip(rates[1], rates[3])]
    print(f"\nthree pods to one: {spread(ratios)}; mark: ≥ 2.9")


def warm_up(url, seconds):
    """Loads until two rounds in a row differ by less than a twentieth: new pods have small CPUs, and their code is compiled on them."""
    last = 0
    for number in range(1, MOST_ROUNDS_OF_WARMING_UP + 1):
        rate = load(url, 1000, seconds)["rate"]
        if abs(rate - last) < 0.05 * rate:
            break
        last = rate
    return number


def load(url, connections, seconds):
    """wrk where there is room for it, the cluster being a whole machine's work."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), url]
    return said_by(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def busy_seconds():
    """CPU seconds that this machine itself was not idle."""
    fields = [int(f) for f in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(fields[:7]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def soak(bench):
    """1,000 connections that come and go for 20 minutes: memory, descriptors and latency over time."""
    rounds, seconds = (4, 3) if bench.quick else (40, 30)
    for _, port, command, environment in bench.servers(["Iris API"]):
        # Old after three seconds, so that each is opened anew some ten times in a round.
        with start(pinned(command), environment | {"MAX_CONNECTION_AGE": "3"}) as process:
            await_port(port, process)
            pid = java_process(process.pid)
            head("minute", "requests/s", "p50 ms", "p99 ms", "resident MiB", "heap after a collection, KiB", "descriptors", "connections so far", "errors")
            points, begun = [], time.monotonic()
            for number in range(1, rounds + 1):
                said = wrk(port, 1000, seconds)
                subprocess.run([java_home() / "bin/jcmd", str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
                point = {
                    "minute": (time.monotonic() - begun) / 60, "rate": said["rate"], "p50": said["latency_ms"]["p50"], "p99": said["latency_ms"]["p99"],
                    "resident": resident_mib(pid), "heap": heap_bytes(pid) / 1024, "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
                }
                points.append(point)
                opened = metric(port, "iris_http_connections_accepted_total")
                row(f"{point['minute']:.1f}", f"{point['rate']:.0f}", f"{point['p50']:.1f}", f"{point['p99']:.1f}", f"{point['resident']:.1f}", f"{point['heap']:.0f}", point["descriptors"],
                    f"{opened:.0f}", said["failed"])
                if bench.plot:
                    # Each time anew: whatever ends it, what was measured is drawn.
                    bench.plot.write_text(drawn(points))


LONG = {"fleet": fleet, "soak": soak}
