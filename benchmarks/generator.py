"""The built-in load generator beside wrk: CPU that each needs for a request, in turn in one run, with the same script against the same nginx.

Two figures for each run: over its steady part, when the JIT compiler has done its work (from the fifth second on; requests as nginx
counted them), and over the whole process with its start. wrk's threads and connections are ours.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from harness import NGINX, ROOT, await_port, cpu_seconds, free_port, head, java_home, row, spread, started

SCRIPT = ROOT / "k8s/wrk-post.lua"
WARM = 4.0


def run(quick):
    rounds, seconds = (1, 7) if quick else (5, 10)
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        port = free_port()
        (work / "nginx.conf").write_text(NGINX.format(dir=work, port=port))
        with started(["nginx", "-p", work, "-c", work / "nginx.conf"], stderr=subprocess.DEVNULL) as nginx:
            await_port(port, nginx)
            head("connections", "round", "generator", "requests/s", "CPU µs/request", "with start and JIT", "p50 ms", "p99 ms", "errors")
            figures = {}
            for connections in (64, 1000):
                for number in range(1, rounds + 1):
                    for name, command in (("wrk", theirs), ("Headroom", ours)):
                        result = measure(command(work, port, connections, seconds), port, seconds)
                        figures.setdefault((connections, name), []).append(result)
                        row(connections, number, name, f"{result['rate']:.0f}", f"{result['steady']:.2f}", f"{result['whole']:.2f}",
                            f"{result['p50']:.2f}", f"{result['p99']:.2f}", result["errors"])
    print()
    head("connections", "wrk µs", "Headroom µs", "ratio of medians", "mark", "ratio with start and JIT")
    for connections in (64, 1000):
        steady = {name: [r["steady"] for r in figures[connections, name]] for name in ("wrk", "Headroom")}
        whole = {name: statistics.median(r["whole"] for r in figures[connections, name]) for name in ("wrk", "Headroom")}
        row(connections, spread(steady["wrk"]), spread(steady["Headroom"]),
            f"{statistics.median(steady['Headroom']) / statistics.median(steady['wrk']):.2f}", "≤ 1.20", f"{whole['Headroom'] / whole['wrk']:.2f}")


def theirs(work, port, connections, seconds):
    return ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", SCRIPT, f"http://127.0.0.1:{port}/predict"]


def ours(work, port, connections, seconds):
    program = ROOT / "lab/target/program"
    jars = sorted(program.glob("*.jar"), key=lambda jar: (not jar.name.startswith("lab-"), jar.name))
    return [java_home() / "bin/java", "-XX:+UseSerialGC", "-Xms48m", "-Xmx512m", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED",
            f"-Djava.io.tmpdir={work}", "-cp", ":".join(map(str, jars)), "dev.headroom.lab.load.engine.GeneratorProgram", "-t1", f"-c{connections}",
            f"-d{seconds}s", "--timeout=2s", "--clock=0", f"--into={work}", f"--script={SCRIPT}", f"http://127.0.0.1:{port}/predict"]


def answered(port):
    """Requests that nginx has counted; the ones that ask are among them."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/status").read().decode()
    return int(text.split("\n")[2].split()[2])


def measure(command, port, seconds):
    begun = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(WARM)
        requests, cpu = answered(port), cpu_seconds(process.pid)
        time.sleep(max(0, begun + seconds - 0.3 - time.monotonic()))
        requests, cpu = answered(port) - requests, cpu_seconds(process.pid) - cpu
        text = process.stdout.read()
    except BaseException:
        process.kill()
        raise
    usage = wait_for(process)
    done = json.loads(next(line for line in text.split("\n") if line.startswith("{")))
    return {
        "steady": cpu * 1e6 / requests,
        "whole": usage * 1e6 / done["requests"],
        "rate": done["requests"] / done["duration_ms"] * 1e3,
        "p50": done["latency_ms"]["p50"],
        "p99": done["latency_ms"]["p99"],
        "errors": sum(done["errors"].values()),
    }


def wait_for(process):
    """Waits for a process' end; its CPU over its whole life."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
