"""One pass of the autoscaler over 1,000 pods, by JMH: every iteration of every fork, then the medians. There is no peer: the mark is a figure."""

import json
import subprocess
import tempfile
from pathlib import Path

from harness import ROOT, head, java_home, row, spread


def run(quick):
    with tempfile.TemporaryDirectory() as work:
        result = Path(work) / "jmh.json"
        options = ["-f", "1", "-wi", "2", "-i", "2"] if quick else []
        subprocess.run([java_home() / "bin/java", "-cp", f"{ROOT}/benchmarks/target/program/*", "org.openjdk.jmh.Main", "AutoscalerPass",
                        *options, "-rf", "json", "-rff", result], check=True, stdout=subprocess.DEVNULL)
        worlds = json.loads(result.read_text())
    head("world", "fork", "µs a pass, iteration by iteration")
    for world in worlds:
        for number, fork in enumerate(world["primaryMetric"]["rawData"], 1):
            row(world["params"]["world"], number, ", ".join(f"{value:.1f}" for value in fork))
    print()
    head("1,000 pods", "µs a pass, median (least .. largest)", "mark")
    for world in worlds:
        row(world["params"]["world"], spread([value for fork in world["primaryMetric"]["rawData"] for value in fork], 1), "< 1000")
    print("\ncheck: before measuring, each world's pass scaled up, as its samples ask for")
