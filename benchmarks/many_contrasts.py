"""Many analyses of many contrasts: what a dry run takes and prints, and what a run takes, on the clock and of CPU.

    python benchmarks/many_contrasts.py                    # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/many_contrasts.py --beside FOLDER    # another state of the project takes turns, and stands beside
    python benchmarks/many_contrasts.py --quick            # 2 analyses, only printed
    python benchmarks/many_contrasts.py --docs             # only makes the page anew, from the stored results

60 people with five variables; every analysis tests each of these, beside an interaction of two, one-sided or two-sided.
The maps are noise on a grid of 6 mm. Here work is next to nothing, so that what is measured is what each job costs.
"""

import argparse
import itertools
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nibabel as nib
import numpy as np
from common import PAGE, RESULTS, ROOT, SEED, markdown, n_cores, read_table, rewrite_block, three_digits, with_version
from common import write_table as write_rows

from secondlevel.space.brain import brain_mask

PEOPLE, VARIABLES, DRY_RUNS = 60, "abcde", 3
SHAPE, AFFINE = (26, 32, 26), np.array([[6.0, 0, 0, -75], [0, 6, 0, -109], [0, 0, 6, -69], [0, 0, 0, 1]])


def write_study(folder, n_analyses):
    """Write maps, table and config of the study."""
    rng = np.random.default_rng(SEED)
    inside = brain_mask(AFFINE, SHAPE)
    (folder / "maps").mkdir(parents=True)
    lines = ["\t".join(["participant_id", *VARIABLES])]
    for number in range(PEOPLE):
        volume = np.zeros(SHAPE, np.float32)
        volume[inside] = rng.standard_normal(inside.sum())
        nib.save(nib.Nifti1Image(volume, AFFINE), folder / "maps" / f"sub-{number:02}.nii.gz")
        lines.append(
            "\t".join([f"sub-{number:02}", *(f"{value:.3f}" for value in rng.standard_normal(len(VARIABLES)))])
        )
    (folder / "participants.tsv").write_text("\n".join(lines) + "\n")
    contrasts = [{"name": name, "weights": name} for name in VARIABLES]
    kinds = itertools.product(itertools.combinations(VARIABLES, 2), ("one", "two"))
    analyses = {
        f"{x}{y}{sides}": {"design": f"{' + '.join(VARIABLES)} + {x}:{y}", "two_sided": sides == "two"}
        for (x, y), sides in itertools.islice(kinds, n_analyses)
    }
    own = {"participants": "participants.tsv", "maps": "maps/{participant_id}.nii.gz"}
    config = {"dataset": "own", "datasets": {"own": own}, "smoothing_fwhm": 0, "contrasts": contrasts}
    config |= {"design": VARIABLES[0], "analyses": analyses, "permutation": {"count": 200, "chunks": 1}}
    (folder / "study.json").write_text(json.dumps(config))


def timed(project, folder, cores, *arguments):
    """What a call of a state of the project takes, and what it prints."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", project / "Snakefile", "--cores", cores]
    command += ["--workflow-profile", project / "profiles" / "default", "--directory", folder]
    command += ["--configfile", folder / "study.json", *arguments]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def measure(projects, n_analyses, cores, dry_runs):
    """A row for each state of the project; they take turns, and of dry runs the best counts."""
    calls, rows = {name: [] for name in projects}, []
    with tempfile.TemporaryDirectory() as root:
        write_study(Path(root) / "study", n_analyses)
        for _, (name, project) in itertools.product(range(dry_runs), projects.items()):
            calls[name].append(timed(project, Path(root) / "study", cores, "--dry-run"))
            print(f"{name}, dry run: {calls[name][-1][0]:.1f} s, {calls[name][-1][1]:.1f} s of CPU", flush=True)
        for name, project in projects.items():
            write_study(Path(root) / name, n_analyses)
            seconds, cpu, _ = timed(project, Path(root) / name, cores)
            print(f"{name}, run: {seconds:.0f} s, {cpu:.0f} s of CPU", flush=True)
            printed = calls[name][-1][2]
            row = {"state": name, "analyses": n_analyses, "cores": cores}
            row |= {"jobs": re.search(r"^total +(\d+)$", printed, re.M)[1], "lines": printed.count("\n")}
            row |= {"dry_run_seconds": f"{min(call[0] for call in calls[name]):.2f}"}
            row |= {"dry_run_cpu": f"{min(call[1] for call in calls[name]):.2f}"}
            rows.append(row | {"seconds": f"{seconds:.1f}", "cpu": f"{cpu:.1f}"})
    return rows


def write_page(rows):
    """The table of the documentation."""
    keys = ("jobs", "dry_run_seconds", "dry_run_cpu", "lines", "seconds", "cpu")
    lines = [[row["state"], *(three_digits(row[key]) for key in keys)] for row in rows]
    header = ["", "jobs", "dry run, s", "dry run, s of CPU", "lines it prints", "run, s", "run, s of CPU"]
    n, cores = rows[0]["analyses"], rows[0]["cores"]
    about = f"{n} analyses of {len(VARIABLES)} contrasts; {cores} cores, {with_version('snakemake')}.\n\n"
    rewrite_block(PAGE, "many", about + markdown(header, lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--analyses", type=int, default=20)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--docs", action="store_true")
    asked, path = parser.parse_args(), RESULTS / "many_contrasts.tsv"
    projects = ({"before": asked.beside} if asked.beside else {}) | {"this": ROOT}
    if asked.quick:
        print(measure(projects, 2, n_cores(), 1))
        return
    if not asked.docs:
        write_rows(path, measure(projects, asked.analyses, n_cores(), DRY_RUNS))
    write_page(read_table(path))


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    main()
