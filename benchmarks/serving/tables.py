"""The tables of the serving benchmark: each figure beside its peers in one run, rounds in turn, all of them printed."""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

from harness import ROOT, await_port, free_port, head, java_home, resident_mib, row, spread, started, tree, tree_cpu_seconds
from limit import limited
from peers import PEERS, Missing

SCRIPT = ROOT / "k8s/wrk-post.lua"
FLOWER = b'{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}'
REQUEST = b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(FLOWER), FLOWER)
SERVER_CORE, CLIENT_CORE = "0", "1"
WARM_UPS_AT_HALF = 4


class Bench:
    """The servers of a run, and how long is measured."""

    def __init__(self, work, quick, chosen, plot=None):
        self.work, self.quick, self.chosen, self.plot = work, quick, chosen, plot
        self.rounds, self.seconds = (1, 2) if quick else (5, 8)

    def command(self, name, port):
        command, environment = PEERS[name](self.work, port)
        return [str(c) for c in command], environment

    def servers(self, names):
        """Starts each on the server's core; what can't be had is said and left out."""
        for name in names:
            if name not in self.chosen:
                continue
            try:
                port = free_port()
                command, environment = self.command(name, port)
            except Missing as reason:
                print(f"left out: {name}: {reason}")
                continue
            yield name, port, command, environment


def pinned(command):
    return ["taskset", "-c", SERVER_CORE] + command if os.cpu_count() > 1 else command


def start(command, environment):
    return started(command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wrk(port, connections, seconds):
    """One round of wrk on its own core: what its script says, and the rate."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), f"http://127.0.0.1:{port}/predict"]
    placed = ["taskset", "-c", CLIENT_CORE] + command if os.cpu_count() > 1 else command
    return said_by(subprocess.run(placed, capture_output=True, text=True, check=True).stdout)


def said_by(text):
    """What wrk's script printed, with the rate and all errors together."""
    said = json.loads(next(line for line in text.splitlines() if line.startswith("{")))
    said["rate"] = said["requests"] / (said["duration_ms"] / 1000)
    said["failed"] = sum(said["errors"].values())
    return said


def rest(processes):
    """Waits until none of them works any more: what one still has to do for clients that are gone would be done on the next one's core."""
    end = time.monotonic() + 60
    used = None
    while time.monotonic() < end:
        before, used = used, sum(tree_cpu_seconds(p.pid) for p in processes)
        if before is not None and used - before < 0.02:
            return
        time.sleep(0.5)
    sys.exit("benchmark: a server still works a minute after its clients have gone; its neighbours can't be measured")


def cost(bench):
    """CPU per request and p99 with one core, at 64, 1,000 and 2,000 connections."""
    figures = {}
    running = []
    try:
        for name, port, command, environment in bench.servers(PEERS):
            context = start(pinned(command), environment)
            process = context.__enter__()
            running.append((name, port, process, context))
            await_port(port, process, seconds=60)
            wrk(port, 64, bench.seconds if name != "FastAPI + scikit-learn" else 1)  # a JIT's warm-up
        head("connections", "round", "server", "requests/s", "CPU µs/request", "p99 ms", "errors")
        for connections in (64, 1000, 2000):
            for number in range(1, bench.rounds + 1):
                for name, port, process, _ in running:
                    rest([other for _, _, other, _ in running])
                    before = tree_cpu_seconds(process.pid)
                    said = wrk(port, connections, bench.seconds)
                    micros = (tree_cpu_seconds(process.pid) - before) * 1e6 / max(1, said["requests"])
                    figures.setdefault((connections, name), []).append((micros, said["latency_ms"]["p99"], said["rate"]))
                    row(connections, number, name, f"{said['rate']:.0f}", f"{micros:.2f}", f"{said['latency_ms']['p99']:.1f}", said["failed"])
        print()
        head("connections", "server", "CPU µs/request", "p99 ms", "requests/s", "CPU, to nginx", "p99, to nginx")
        for connections in (64, 1000, 2000):
            mark = figures.get((connections, "nginx, fixed text"))
            for name, *_ in running:
                rounds = figures[connections, name]
                ratio = ["–", "–"] if not mark else [f"{median(rounds, i) / median(mark, i):.2f}" for i in (0, 1)]
                row(connections, name, spread([r[0] for r in rounds]), spread([r[1] for r in rounds], 1), spread([r[2] for r in rounds], 0), *ratio)
        print("\nmarks: CPU ≤ 1.00 x nginx; p99 at 1,000 and 2,000 connections ≤ 1.2 x nginx\n")
        head("server", "resident MiB after 1,000 and 2,000 connections")
        for name, _, process, _ in running:
            row(name, f"{sum(resident_mib(p) for p in tree(process.pid)):.1f}")
        print("\nmark: < 64 MB")
    finally:
        for *_, context in reversed(running):
            context.__exit__(None, None, None)


def median(rounds, index):
    return statistics.median(r[index] for r in rounds)


def half(bench):
    """2,000 connections under a limit of half a CPU, after half a minute of the same."""
    head("round", "server", "requests/s", "p99 ms", "max ms", "errors")
    rates = {}
    for number in range(1, bench.rounds + 1):
        for name, port, command, environment in bench.servers(["Iris API", "C epoll with JSON", "Node", "FastAPI + scikit-learn"]):
            with limited(0.5) as prefix:
                if prefix is None:
                    print("left out: nothing here can limit a CPU (control groups as root, or a user's systemd)")
                    return
                with start(prefix + pinned(command), environment) as process:
                    await_port(port, process, seconds=60)
                    # Until it is at its speed: a JIT's compilers have half a CPU too, and keep requests waiting while they use it.
                    for _ in range(1 if bench.quick else WARM_UPS_AT_HALF):
                        wrk(port, 2000, bench.seconds)
                    said = wrk(port, 2000, bench.seconds)
            rates.setdefault(name, []).append(said["rate"])
            row(number, name, f"{said['rate']:.0f}", f"{said['latency_ms']['p99']:.1f}", f"{said['latency_ms']['max']:.0f}", said["failed"])
    if "C epoll with JSON" in rates:
        print(f"\nIris API to C: {statistics.median(rates['Iris API']) / statistics.median(rates['C epoll with JSON']):.2f}; marks: ≥ 0.85, no answer later than 2 s, p99 < 100 ms")


def overload(bench):
    """Far more busy connections than can be served at once: what is still answered, and whether any of them starves."""
    figures, few, many = {}, 256, 10_000
    head("round", "server", "connections", "requests/s", "CPU µs/request", "p50 ms", "max ms", "errors")
    for number in range(1, bench.rounds + 1):
        for name, port, command, environment in bench.servers(["Iris API", "nginx, fixed text", "C epoll with JSON"]):
            with start(pinned(command), environment) as process:
                await_port(port, process)
                wrk(port, few, bench.seconds)  # a JIT's warm-up
                for connections in (few, many):
                    before = tree_cpu_seconds(process.pid)
                    said = wrk(port, connections, bench.seconds)
                    micros = (tree_cpu_seconds(process.pid) - before) * 1e6 / max(1, said["requests"])
                    p50, most = said["latency_ms"]["p50"], said["latency_ms"]["max"]
                    figures.setdefault((name, connections), []).append((said["rate"], micros, most / p50))
                    row(number, name, connections, f"{said['rate']:.0f}", f"{micros:.2f}", f"{p50:.1f}", f"{most:.0f}", said["failed"])
    print()
    head("server", f"requests/s at {many:,} to {few}", f"CPU a request at {many:,} to {few}", f"slowest to median at {many:,}")
    for name in dict.fromkeys(name for name, _ in figures):
        rounds, base = figures[name, many], figures[name, few]
        row(name, f"{median(rounds, 0) / median(base, 0):.2f}", f"{median(rounds, 1) / median(base, 1):.2f}", spread([r[2] for r in rounds], 1))
    print("\nmarks: ≥ 0.9 of the best; slowest ≤ 5 x the median")


def first_answer(port, begun):
    """Milliseconds from the start of the process to the first correct answer."""
    while time.monotonic() - begun < 60:
        try:
            with socket.create_connection(("127.0.0.1", port), 30) as client:
                client.sendall(REQUEST)
                if b"setosa" in client.recv(4096):
                    return (time.monotonic() - begun) * 1000
        except OSError:
            time.sleep(0.001)
    raise SystemExit("benchmark: no answer within 60 s")


def starts(bench):
    """From exec to the first correct answer, with all CPUs and with half of one."""
    head("CPUs", "server", "ms (median, least and most)", "mark")
    for cpus, mark in ((os.cpu_count(), 80), (0.5, 150)):
        for name, port, command, environment in bench.servers([n for n in PEERS if n != "nginx, fixed text"]):
            times = []
            for _ in range(2 if bench.quick else 2 * bench.rounds):
                with limited(cpus) as prefix:
                    if prefix is None:
                        print("left out: nothing here can limit a CPU")
                        return
                    begun = time.monotonic()
                    with start(prefix + command, environment):
                        times.append(first_answer(port, begun))
            row(cpus, name, spread(times, 0), f"< {mark}" if name == "Iris API" else "")


def steady(bench):
    """Throughput in the seconds after a start at half a CPU, and when nine tenths of the last are reached."""
    head("round", "requests/s in each second", "seconds to 90 %")
    for number in range(1, bench.rounds + 1):
        for _, port, command, environment in bench.servers(["Iris API"]):
            with limited(0.5) as prefix:
                if prefix is None:
                    print("left out: nothing here can limit a CPU")
                    return
                with start(prefix + command, environment) as process:
                    await_port(port, process)
                    rates = [wrk(port, 64, 1)["rate"] for _ in range(6 if bench.quick else 12)]
            final = statistics.median(rates[-3:])
            reached = next(i for i, rate in enumerate(rates) if rate >= 0.9 * final)
            row(number, " ".join(f"{r:.0f}" for r in rates), f"< {reached + 1}")
    print("\nmark: < 3 s")


def heap_bytes(pid):
    """What the JVM's heap holds, by its own count, to the KiB."""
    said = subprocess.run([java_home() / "bin/jcmd", str(pid), "GC.heap_info"], capture_output=True, text=True, check=True).stdout
    return 1024 * sum(int(used) for used in re.findall(r"(?:DefNew|Tenured).*?used (\d+)K", said))


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
        return sum(float(line.rsplit(" ", 1)[1]) for line in page.read().decode().splitlines() if line.startswith(name))


def java_process(pid):
    return next(p for p in tree(pid) if "java" in os.readlink(f"/proc/{p}/exe"))


def idle(bench):
    """Heap per idle connection, and 10,000 connections of which a tenth is busy."""
    opened = 2000 if bench.quick else 9000
    for _, port, command, environment in bench.servers(["Iris API"]):
        with start(pinned(command), environment) as process:
            await_port(port, process)
            pid = java_process(process.pid)
            wrk(port, 64, bench.seconds)
            subprocess.run([java_home() / "bin/jcmd", str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
            before = heap_bytes(pid)
            clients = []
            try:
                for _ in range(opened):
                    client = socket.create_connection(("127.0.0.1", port), 30)
                    client.sendall(REQUEST)
                    assert b"setosa" in client.recv(4096)
                    clients.append(client)
                subprocess.run([java_home() / "bin/jcmd", str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
                each = (heap_bytes(pid) - before) / opened
                said = wrk(port, opened // 9, bench.seconds)
                for client in clients:
                    client.sendall(REQUEST)
                    assert b"setosa" in client.recv(4096)
            finally:
                for client in clients:
                    client.close()
            head("idle connections", "busy", "heap per idle connection, bytes", "requests/s", "p99 ms", "errors")
            row(opened, opened // 9, f"{each:.0f}", f"{said['rate']:.0f}", f"{said['latency_ms']['p99']:.1f}", said["failed"])
            print("\nmarks: no error; ≤ 1 KiB")


def garbage(bench):
    """Bytes of heap per request once it is warm, by the JVM's own counts, over at least a million requests."""
    for _, port, command, environment in bench.servers(["Iris API"]):
        with start(pinned(command), environment) as process:
            await_port(port, process)
            pid = java_process(process.pid)
            wrk(port, 64, bench.seconds)
            metric(port, "jvm_gc_collection_seconds_count")
            subprocess.run([java_home() / "bin/jcmd", str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
            wrk(port, 64, 1)
            used, requests = heap_bytes(pid), 0
            while requests < (100_000 if bench.quick else 1_000_000):
                requests += wrk(port, 64, bench.seconds)["requests"]
            more = heap_bytes(pid) - used
            # The connections themselves, opened anew by each round, are in it: 64 a round.
            head("requests", "heap more than before, bytes", "bytes a request")
            row(requests, more, f"{more / requests:.4f}")
            print(f"\ncollections in all: {metric(port, 'jvm_gc_collection_seconds_count'):.0f}; mark: 0")


def loops(bench):
    """One event loop and two."""
    if os.cpu_count() < 4:
        print(f"left out: with {os.cpu_count()} cores two loops and a generator that fills them have no room; at least 4 are needed")
        return
    head("round", "loops", "requests/s")
    for number in range(1, bench.rounds + 1):
        for count in (1, 2):
            for _, port, command, environment in bench.servers(["Iris API"]):
                cores = "0" if count == 1 else "0,1"
                with start(["taskset", "-c", cores] + command, environment | {"EVENT_LOOPS": str(count)}) as process:
                    await_port(port, process)
                    generator = ["taskset", "-c", f"2-{os.cpu_count() - 1}", "wrk", "-t2", "-c256", f"-d{bench.seconds}s", "-s", str(SCRIPT), f"http://127.0.0.1:{port}/predict"]
                    text = subprocess.run(generator, capture_output=True, text=True, check=True).stdout
                    row(number, count, re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    print("\nmark: ≥ 1.8 x")


TABLES = {"cost": cost, "half": half, "overload": overload, "start": starts, "steady": steady, "idle": idle, "garbage": garbage, "loops": loops}
