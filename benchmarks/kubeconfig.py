"""What a client needs of a kubeconfig's current context: the server, its authority, and how the user is known. kubectl reads it, which knows all its forms."""

import json
import ssl
import subprocess
import tempfile
from base64 import b64decode


class Kubeconfig:
    def __init__(self, file):
        command = ["kubectl", "--kubeconfig", str(file), "config", "view", "--raw", "--flatten", "--minify", "--output", "json"]
        said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        cluster, user = said["clusters"][0]["cluster"], said["users"][0]["user"]
        self.server = cluster["server"]
        self.context = ssl.create_default_context(cadata=b64decode(cluster["certificate-authority-data"]).decode())
        self.headers = {"Authorization": "Bearer " + user["token"]} if "token" in user else {}
        if "client-certificate-data" in user:
            with tempfile.NamedTemporaryFile() as pair:
                pair.write(b64decode(user["client-certificate-data"]) + b"\n" + b64decode(user["client-key-data"]))
                pair.flush()
                self.context.load_cert_chain(pair.name)
