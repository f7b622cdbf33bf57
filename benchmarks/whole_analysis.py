"""The whole default analysis from local maps to figures, beside a script that does the same steps with nilearn.

    python benchmarks/whole_analysis.py            # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/whole_analysis.py --quick    # 100 permutations, into a temporary folder
    python benchmarks/whole_analysis.py --docs     # only makes the page anew, from the stored results

Each contender is a process that starts from nothing: imports, reading and smoothing of 89 of 94 maps, fit, z and p,
false discovery rate, Bonferroni, permutations, figures. Clusters and TFCE, which the script does not have, are off. The
workflow runs once for the figures that the script makes, too, and once to its end, with tables, figures of the sample,
provenance and the report.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import PAGE, RESULTS, ROOT, markdown, n_cores, read_table, rewrite_block, three_digits, with_version
from last import store

REPEATS = {1_000: 3, 20_000: 1}
CASE = ("contender", "permutations", "cores")
NAMES = ("secondlevel", "nilearn script", "secondlevel with report")
FIGURES = [f"results/a/figures/contrast-fluency_stat-{name}.png" for name in ("z_desc-fdr", "logp_desc-maxT")]


def whole_command(table, folder, count, cores):
    """The default analysis of the workflow, but of maps and a table of one's own."""
    own = {"participants": str(table), "maps": "map"}
    settings = {"analysis": "a", "dataset": "own", "datasets": {"own": own}, "clusters": None, "tfce": None}
    settings["permutation"] = {"count": count}
    (folder / "settings.yaml").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--cores", cores]
    # A config that is named takes the default's place, so that the default has to be named, too.
    configs = [ROOT / "config" / "config.yaml", folder / "settings.yaml"]
    return [*command, "--directory", folder, "--configfile", *configs]


def workflow_command(table, folder, count, cores):
    """The workflow up to the figures that the script makes, too."""
    return [*whole_command(table, folder, count, cores), "--", *FIGURES]


def script_command(table, folder, count, cores):
    """nilearn's steps."""
    return [sys.executable, ROOT / "benchmarks" / "nilearn_analysis.py", table, folder, count, cores]


def seconds(command, folder):
    """Wall-clock time of a process that has to end well."""
    start = time.perf_counter()
    with open(folder / "log", "w") as log:
        subprocess.run(list(map(str, command)), stdout=log, stderr=log, check=True)
    return time.perf_counter() - start


def agree(ours, theirs):
    """Stop if both did not find the same mask and threshold: then their times say nothing."""
    summary = json.loads((theirs / "summary.json").read_text())
    results = ours / "results" / "a"
    fdr = json.loads((results / "contrast-fluency_thresholds.json").read_text())[0]
    if fdr["voxels"] != summary["voxels"] or abs(fdr["threshold"] - summary["threshold"]) > 1e-3:
        raise ValueError(f"the contenders do not agree: {fdr}, {summary}")


def measure(counts, cores):
    """One row for each number of permutations and contender; they take turns."""
    rows = []
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        table = "resources/simulated_localizer/sample.tsv"
        simulate = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile", "--cores", cores]
        seconds([*simulate, "--directory", root, "--", table], root)
        for count, repeats in counts.items():
            times = {name: [] for name in NAMES}
            for repeat in range(repeats):
                folders = [root / f"{place}_{count}_{repeat}" for place in range(len(NAMES))]
                commands = workflow_command, script_command, whole_command
                for name, folder, command in zip(NAMES, folders, commands, strict=True):
                    folder.mkdir()
                    times[name].append(seconds(command(root / table, folder, count, cores), folder))
                    print(f"{count} permutations, {name}: {times[name][-1]:.1f} s", flush=True)
                agree(*folders[:2])
            for name in NAMES:
                row = {"contender": name, "permutations": count, "cores": cores, "repeats": repeats}
                rows.append(row | {"seconds": f"{min(times[name]):.2f}"})
    return rows


def write_page(rows):
    """The table of the documentation."""
    lines = []
    for count in dict.fromkeys(row["permutations"] for row in rows):
        ours, theirs, whole = (
            [row for row in rows if row["permutations"] == count and row["contender"] == n][0] for n in NAMES
        )
        shown = [row["seconds"] for row in (ours, theirs, whole)]
        shown += [theirs["seconds"] / row["seconds"] for row in (ours, whole)]
        lines.append([f"{count:,}", *map(three_digits, shown), ours["repeats"]])
    header = ["permutations", "secondlevel, s", "nilearn script, s", "secondlevel with report, s"]
    header += ["script by secondlevel", "script by secondlevel with report", "best of"]
    text = f"{rows[0]['cores']} cores, {with_version('nilearn')}, {with_version('snakemake')}.\n\n"
    rewrite_block(PAGE, "whole", text + markdown(header, lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--docs", action="store_true")
    asked, path = parser.parse_args(), RESULTS / "whole_analysis.tsv"
    if asked.quick:
        print(measure({100: 1}, n_cores()))
        return
    if not asked.docs:
        store(path, measure(REPEATS, n_cores()), CASE)
    write_page(read_table(path))


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    main()
