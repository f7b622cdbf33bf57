"""Permutations per second of the cluster-robust t, beside t under the same flips of whole clusters.

    python benchmarks/robust_speed.py             # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/robust_speed.py --quick     # small sizes, into a temporary folder
    python benchmarks/robust_speed.py --docs      # only makes the page anew, from the stored results

Two-sided max t of the product of group and time in the design [1, group, time, group x time], three visits of each
person; the last has fewer if rows do not come out even. The maps are a .npy file, read through a memory map. Both
live in processes of their own and take turns. Rates are by the seconds that all threads spent on a processor.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from common import PAGE, RESULTS, ROOT, SEED, Child, markdown, n_cores, read_table, rewrite_block, three_digits
from last import store
from permutation_scaling import prepare_writer

# Rows, voxels, and shuffles of a call of the robust t and of t.
CASES = [(89, 68_000, 255, 2047), (300, 68_000, 255, 2047)]
QUICK_CASES = [(30, 2_000, 127, 511)]
REPEATS, VISITS = 3, 3
CASE = ("rows", "voxels", "statistic")
ROBUST = "cluster-robust t"
STATISTICS = {ROBUST: {"cluster_robust": "person"}, "t": "t"}


def prepare_call(path, cores, statistic):
    """A function of the number of shuffles that returns the seconds on processors."""
    import sys

    sys.path.insert(0, str(ROOT / "workflow/scripts"))
    from secondlevel.model.glm import partition
    from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls

    maps = np.load(path, mmap_mode="r")
    n = maps.shape[0]
    person = np.arange(n) // VISITS
    group, visit = (person % 2).astype(float), np.arange(n) % VISITS - 1.0
    design = np.column_stack([np.ones(n), group, visit, group * visit])
    sample = {"participant_id": np.arange(n).astype(str), "person": person.astype(str)}
    permutation = {"scheme": "flip", "blocks": {"variable": "person", "shuffle": "whole"}, "seed": SEED}
    permutation |= {"statistic": statistic, "nuisance": "freedman-lane"}

    def call(count):
        settings = Settings.of(permutation | {"count": count}, True, {}, sample, None)
        test = ContrastTest.of(settings, design, partition(design, [0, 0, 0, 1]))
        start = time.process_time()
        chunk_nulls(maps, {"": test}, 0, 1, True, cores, lambda *_: None)
        return time.process_time() - start

    return call


def compare(case, folder, cores):
    """One row of results for each statistic."""
    rows, voxels, *counts = case
    path = folder / "maps.npy"
    with Child(prepare_writer) as writer:
        writer.call(path, rows, voxels)
    children = {name: Child(prepare_call, path, cores, statistic) for name, statistic in STATISTICS.items()}
    rates = {name: [] for name in children}
    for _ in range(REPEATS):
        for count, (name, child) in zip(counts, children.items(), strict=True):
            rates[name].append((count + 1) / child.call(count).value * cores)
            print(f"{rows} x {voxels}: {name}: {rates[name][-1]:.1f}/s", flush=True)
    for child in children.values():
        child.close()
    path.unlink()
    about = {"rows": rows, "clusters": -(-rows // VISITS), "voxels": voxels}
    return [
        about | {"statistic": name, "per_second": f"{np.median(found):.2f}", "repeats": REPEATS}
        for name, found in rates.items()
    ]


def as_markdown(rows):
    """The table of the page."""
    heads = ["rows", "clusters", "voxels", "statistic", "permutations per second", "turns"]
    cells = [
        [row["rows"], row["clusters"], f"{row['voxels']:,}", row["statistic"], three_digits(row["per_second"])]
        + [row["repeats"]]
        for row in rows
    ]
    return markdown(heads, cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    parser.add_argument("--folder", type=Path, help="where the maps are written for the time of the run")
    options = parser.parse_args()
    results = Path(tempfile.mkdtemp(prefix="robust_speed_")) if options.quick else RESULTS
    table = results / "robust_speed.tsv"
    if not options.docs:
        with tempfile.TemporaryDirectory(prefix="maps_", dir=options.folder) as folder:
            cases = QUICK_CASES if options.quick else CASES
            rows = [row for case in cases for row in compare(case, Path(folder), n_cores())]
        store(table, rows, CASE)
    rows = read_table(table)
    if not options.quick:
        rewrite_block(PAGE, "robust", as_markdown(rows))
    print(as_markdown(rows), f"\nwritten to {results}", sep="\n")


if __name__ == "__main__":
    main()
