"""What every benchmark here needs: processes started and ended by id, their CPU as the kernel counts it, rounds in turn, medians with their spread."""

import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")

# One core's worth of a fast server, with its own count of requests at /status.
NGINX = """
worker_processes 1; daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600;
  client_body_temp_path {dir}/a; proxy_temp_path {dir}/b; fastcgi_temp_path {dir}/c; uwsgi_temp_path {dir}/d; scgi_temp_path {dir}/e;
  server {{
    listen 127.0.0.1:{port} backlog=8192;
    location / {{ default_type application/json; return 200 '{{"prediction":"setosa"}}'; }}
    location /status {{ stub_status; }}
  }}
}}
"""


def ends_with_what_it_started():
    """Makes SIGTERM an exit like any other, so that no server outlives its benchmark."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def environment():
    """The lines that make a figure worth keeping: where and when it was taken."""
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    java = subprocess.run([java_home() / "bin/java", "-version"], capture_output=True, text=True).stderr.splitlines()
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return [
        f"date    {time.strftime('%Y-%m-%d')}, commit {commit or 'unknown'}",
        f"cpu     {cpu}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.2f}",
        f"kernel  {platform.system()} {platform.release()}",
        f"java    {java[1] if len(java) > 1 else java}",
    ]


def java_home():
    found = subprocess.run(["sh", "-c", f'. "{ROOT}/.mvn/find-jdk.sh" && printf %s "$JAVA_HOME"'], capture_output=True, text=True)
    if found.returncode:
        sys.exit(found.stderr.strip())
    return Path(found.stdout)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_port(port, process, host="127.0.0.1", seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"benchmark: {process.args[0]} ended with {process.returncode} before it listened on {host}:{port}")
        try:
            socket.create_connection((host, port), 0.2).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"benchmark: {process.args[0]} did not listen on {host}:{port} within {seconds} s")


@contextmanager
def started(command, **options):
    """A process that is ended when the block is left, by its id."""
    process = subprocess.Popen([str(c) for c in command], **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def cpu_seconds(pid):
    """User and system time of a process with its threads, not its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def tree_cpu_seconds(pid):
    """The same with all its living descendants."""
    return sum(cpu_seconds(p) for p in tree(pid))


def tree(pid):
    found = [pid]
    for p in found:
        for task in Path(f"/proc/{p}/task").iterdir():
            try:
                found += [int(c) for c in (task / "children").read_text().split()]
            except OSError:
                pass
    return found


def resident_mib(pid):
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def wrk(url, connections, seconds, threads=1, script=None):
    """Runs wrk; requests, requests a second, socket errors and answers that were not 2xx or 3xx."""
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s"] + (["-s", str(script)] if script else []) + [url]
    begun = resource_children()
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    requests = int(re.search(r"(\d+) requests in", text)[1])
    errors = re.search(r"Socket errors: (.*)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return {
        "requests": requests,
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "errors": errors[1] if errors else "none",
        "bad": int(bad[1]) if bad else 0,
        "cpu": resource_children() - begun,
    }


def resource_children():
    times = os.times()
    return times.children_user + times.children_system


def spread(values, digits=2):
    """Median, with the least and the largest: all that were measured stand in the rows above it."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} .. {max(values):.{digits}f})"


def row(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def head(*cells):
    row(*cells)
    row(*("---" for _ in cells))
