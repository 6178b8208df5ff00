#!/usr/bin/env python3
"""Trims the OpenAPI v3 documents of a kube-apiserver to the definitions of the kinds that the embedded cluster serves.

usage: for gv in api/v1 apis/apps/v1 …; do kubectl get --raw /openapi/v3/$gv; done | cluster/schema/trim.py > cluster/src/main/resources/dev/headroom/cluster/api/schemas.json

One object: definition name -> schema, with the texts that `kubectl explain` shows. The documents are output of Kubernetes (Apache-2.0).
"""

import json
import sys

ROOTS = """
io.k8s.api.core.v1: Namespace Node Pod Service Endpoints ServiceAccount ConfigMap Secret Event Binding
io.k8s.api.apps.v1: Deployment ReplicaSet
io.k8s.api.autoscaling.v1: HorizontalPodAutoscaler Scale
io.k8s.api.autoscaling.v2: HorizontalPodAutoscaler
io.k8s.api.discovery.v1: EndpointSlice
io.k8s.api.policy.v1: PodDisruptionBudget Eviction
io.k8s.api.networking.v1: NetworkPolicy
io.k8s.api.authorization.v1: SelfSubjectAccessReview SelfSubjectRulesReview
io.k8s.api.authentication.v1: SelfSubjectReview
io.k8s.apimachinery.pkg.apis.meta.v1: DeleteOptions Status
"""


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value.rsplit("/", 1)[1]
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def main():
    decoder, text, at, known = json.JSONDecoder(), sys.stdin.read(), 0, {}
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        known.update(document["components"]["schemas"])
    waiting = []
    for line in ROOTS.strip().splitlines():
        package, kinds = line.split(":")
        waiting += [f"{package}.{kind}" for kind in kinds.split()]
    waiting += [f"{name}List" for name in waiting if f"{name}List" in known]
    kept = {}
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = known[name]
            waiting += references(known[name])
    # Of the many group-version-kinds of DeleteOptions, clients need but the one.
    for schema in kept.values():
        if len(schema.get("x-kubernetes-group-version-kind", [])) > 3:
            schema["x-kubernetes-group-version-kind"] = [{"group": "", "kind": schema["x-kubernetes-group-version-kind"][0]["kind"], "version": "v1"}]
    lines = (f"{json.dumps(name)}: {json.dumps(kept[name], separators=(',', ':'))}" for name in sorted(kept))
    print("{\n" + ",\n".join(lines) + "\n}")


main()
