"""The servers that the Iris API is compared with: how each is built, started on one core, and what it lacks where it can't be."""

import shutil
import subprocess
from pathlib import Path

from harness import NGINX, ROOT, java_home

HERE = Path(__file__).resolve().parent
FASTAPI = ROOT / "examples/fastapi"


class Missing(Exception):
    """Something that a server needs is not on this machine."""


def need(tool):
    found = shutil.which(tool)
    if not found:
        raise Missing(f"{tool} not found on the PATH")
    return found


def build(command, **options):
    """Runs a step of a build quietly; what it said is the reason where it fails."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise Missing(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr).strip()[-300:]}")


def maven(folder):
    build([ROOT / "mvnw", "-q", "-B", "-f", folder / "pom.xml", "-DskipTests", "package"])


def iris(work, port):
    build([ROOT / "iris-api/serve", "--prepare"])
    return [ROOT / "iris-api/serve"], {"HOST": "127.0.0.1", "PORT": str(port), "HEADROOM_BUILD": "no", "MAX_CONNECTION_AGE": "0"}


def nginx(work, port):
    need("nginx")
    folder = work / f"nginx-{port}"
    folder.mkdir()
    config = NGINX.format(dir=folder, port=port).replace("worker_connections 8192", "worker_connections 16384")
    (folder / "nginx.conf").write_text("worker_rlimit_nofile 32768;\n" + config)
    return ["nginx", "-p", folder, "-c", folder / "nginx.conf"], {}


def floor(work, port):
    need("cc")
    build(["cc", "-O2", "-o", work / "floor", HERE / "floor.c"])
    return [work / "floor", port], {}


def node(work, port):
    return [need("node"), HERE / "node.mjs", port], {}


def vertx(work, port):
    maven(HERE / "vertx")
    return [java_home() / "bin/java", "-Xmx256m", "-cp", f"{HERE}/vertx/target/serving.jar:{HERE}/vertx/target/lib/*", "serving.Server", port], {}


def spring(work, port):
    maven(HERE / "spring")
    return [java_home() / "bin/java", "-Xmx256m", "-jar", HERE / "spring/target/serving.jar", "--server.address=127.0.0.1", f"--server.port={port}",
            "--server.tomcat.accept-count=8192", "--spring.main.banner-mode=off", "--logging.level.root=warn"], {}


def fastapi(work, port):
    build([FASTAPI / "prepare"])
    return [FASTAPI / ".venv/bin/python", "-m", "uvicorn", "main:app", "--app-dir", FASTAPI, "--host", "127.0.0.1", "--port", port, "--log-level", "warning",
            "--backlog", "8192"], {}


# In the order of the tables. The first is ours; the second is its mark.
PEERS = {
    "Iris API": iris,
    "nginx, fixed text": nginx,
    "C epoll with JSON": floor,
    "Vert.x": vertx,
    "Node": node,
    "Spring Boot": spring,
    "FastAPI + scikit-learn": fastapi,
}
