"""The balancer beside HAProxy in TCP mode: CPU that each adds to a request, in turn in one run, in front of the same nginx."""

import statistics
import subprocess
import tempfile
from pathlib import Path

from harness import NGINX, ROOT, await_port, cpu_seconds, free_port, head, java_home, row, spread, started, wrk

HAPROXY = """
global
  maxconn 4000
  nbthread 1
defaults
  mode tcp
  timeout connect 5s
  timeout client 600s
  timeout server 600s
listen balancer
  bind 127.0.0.1:{port}
  server backend 127.0.0.1:{backend}
"""
POST = """
wrk.method = "POST"
wrk.body = '{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}'
wrk.headers["Content-Type"] = "application/json"
"""


def run(quick):
    rounds, seconds = (2, 3) if quick else (5, 5)
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        backend, theirs, ours = free_port(), free_port(), free_port()
        (work / "nginx.conf").write_text(NGINX.format(dir=work, port=backend))
        (work / "haproxy.cfg").write_text(HAPROXY.format(port=theirs, backend=backend))
        (work / "post.lua").write_text(POST)
        program = ROOT / "benchmarks/target/program"
        java = [java_home() / "bin/java", "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp", f"{program}/*", "dev.headroom.benchmarks.BalancerServer", ours, backend]
        with started(["nginx", "-p", work, "-c", work / "nginx.conf"], stderr=subprocess.DEVNULL) as nginx, \
                started(["haproxy", "-q", "-f", work / "haproxy.cfg"]) as haproxy, \
                started(java, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as balancer:
            for port, process in ((backend, nginx), (theirs, haproxy), (ours, balancer)):
                await_port(port, process)
            peers = {"HAProxy": (haproxy, theirs), "Headroom": (balancer, ours)}
            wrk(f"http://127.0.0.1:{ours}/predict", 64, 2 if quick else 8, script=work / "post.lua")  # the JIT's warm-up
            head("connections", "round", "balancer", "requests/s", "CPU µs/request", "errors")
            figures = {}
            for connections in (64, 1000):
                for number in range(1, rounds + 1):
                    for name, (process, port) in peers.items():
                        before = cpu_seconds(process.pid)
                        result = wrk(f"http://127.0.0.1:{port}/predict", connections, seconds, script=work / "post.lua")
                        micros = (cpu_seconds(process.pid) - before) * 1e6 / result["requests"]
                        figures.setdefault((connections, name), []).append(micros)
                        row(connections, number, name, f"{result['rate']:.0f}", f"{micros:.2f}", result["errors"])
            balancer.stdin.close()
            counted = balancer.stdout.read().split("\n")[-2]
    print()
    head("connections", "HAProxy µs", "Headroom µs", "ratio of medians", "mark")
    for connections in (64, 1000):
        theirs, ours = figures[connections, "HAProxy"], figures[connections, "Headroom"]
        row(connections, spread(theirs), spread(ours), f"{statistics.median(ours) / statistics.median(theirs):.2f}", "≤ 1.00")
    print(f"\ncheck: the balancer itself counted {counted}")
