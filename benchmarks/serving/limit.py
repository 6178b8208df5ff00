"""A CPU limit for a process, by the first means that this machine has: control groups v2 or v1 as root, or a user's systemd."""

import os
import shutil
import subprocess
import uuid
from contextlib import contextmanager
from pathlib import Path

V2 = Path("/sys/fs/cgroup")
V1 = Path("/sys/fs/cgroup/cpu")
PERIOD = 100_000


@contextmanager
def limited(cpus):
    """Gives the words that, before a command, limit it to so many CPUs; None where nothing here can."""
    name = f"headroom-serving-{uuid.uuid4().hex[:8]}"
    group = None
    try:
        if os.geteuid() == 0 and (V2 / "cgroup.controllers").exists() and "cpu" in (V2 / "cgroup.subtree_control").read_text().split():
            group = V2 / name
            group.mkdir()
            (group / "cpu.max").write_text(f"{int(cpus * PERIOD)} {PERIOD}")
        elif os.geteuid() == 0 and (V1 / "cpu.cfs_quota_us").exists():
            group = V1 / name
            group.mkdir()
            (group / "cpu.cfs_period_us").write_text(str(PERIOD))
            (group / "cpu.cfs_quota_us").write_text(str(int(cpus * PERIOD)))
        if group:
            # The process joins before it becomes the program, so that a JVM sees its limit.
            yield ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh"]
        elif shutil.which("systemd-run") and subprocess.run(["systemd-run", "--user", "--scope", "--quiet", "true"], capture_output=True).returncode == 0:
            yield ["systemd-run", "--user", "--scope", "--quiet", f"--property=CPUQuota={int(cpus * 100)}%"]
        else:
            yield None
    finally:
        if group:
            group.rmdir()
