"""Permutations per second where shuffles move many columns of nuisance, by the method and by the commit.

    python benchmarks/nuisance_speed.py                      # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/nuisance_speed.py --before REVISION    # with the engine of another commit beside it
    python benchmarks/nuisance_speed.py --quick              # small sizes, into a temporary folder
    python benchmarks/nuisance_speed.py --docs               # only makes the page anew, from the stored results

One-sided max t of a score beside covariates and an intercept, all subjects reordered. The maps are a .npy file that is
read through a memory map. Contenders live in processes of their own and take turns. Rates are by the seconds that all
threads spent on a processor, which others who use the machine lengthen less than those on the clock; ratios are medians
over the turns, each of neighbours in time, and their range says how sure they are.
"""

import argparse
import io
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import numpy as np

from common import (
    PAGE,
    RESULTS,
    ROOT,
    SEED,
    Child,
    markdown,
    n_cores,
    read_table,
    rewrite_block,
    three_digits,
)
from last import store
from permutation_scaling import prepare_writer

# Subjects, voxels and columns of nuisance beside the intercept, and shuffles of a call of either method.
CASES = [(300, 68_000, 14, 1023, 8191), (1_000, 68_000, 14, 383, 2047), (3_000, 67_000, 14, 383, 2047)]
QUICK_CASES = [(60, 5_000, 6, 255, 1023)]
REPEATS = 3
CASE = ("subjects", "voxels", "columns", "contender")


def prepare_call(path, columns, cores, scripts, method):
    """A function of the number of shuffles that returns the seconds on processors, and the null's median."""
    import sys

    sys.path.insert(0, str(scripts))
    from secondlevel.model.glm import partition
    from secondlevel.permutation.contrast_test import ContrastTest, Settings, chunk_nulls
    from secondlevel.space.kinds.volume import Mask

    maps = np.load(path, mmap_mode="r")
    rng, n = np.random.default_rng(SEED), maps.shape[0]
    design = np.column_stack([rng.standard_normal((n, 1 + columns)), np.ones(n)])
    sample, mask = {"participant_id": np.arange(n).astype(str)}, Mask(np.ones((1, 1, maps.shape[1]), bool), np.eye(4))
    permutation = {"scheme": "permute", "blocks": None, "statistic": "t", "nuisance": method, "seed": SEED}

    def call(count):
        settings = Settings.of(permutation | {"count": count}, False, {}, sample, mask)
        test = ContrastTest.of(settings, design, partition(design, np.eye(columns + 2)[0]))
        start = time.process_time()
        null = chunk_nulls(maps, {"": test}, 0, 1, True, cores, lambda *_: None)[""]
        return time.process_time() - start, float(np.median(null.maxima["maxT"]))

    return call


def contenders(before):
    """Name, folder of scripts and method of each."""
    yield "freedman-lane", ROOT / "workflow/scripts", "freedman-lane"
    yield "smith", ROOT / "workflow/scripts", "smith"
    if before:
        yield "freedman-lane, before", before, "freedman-lane"


def compare(case, folder, cores, before, repeats):
    """One row of results for each contender."""
    subjects, voxels, columns, *counts = case
    path, rivals = folder / "maps.npy", list(contenders(before))
    with Child(prepare_writer) as writer:
        writer.call(path, subjects, voxels)
    children = [Child(prepare_call, path, columns, cores, scripts, method) for _, scripts, method in rivals]
    rates = {name: [] for name, *_ in rivals}
    for repeat in range(repeats):
        for (name, _, method), child in zip(rivals, children, strict=True):
            count = counts[method == "smith"]
            result = child.call(count)
            rates[name].append((count + 1) / result.value[0] * cores)
            print(f"{subjects} x {voxels}, turn {repeat + 1}: {name}: {rates[name][-1]:.1f}/s", flush=True)
    for child in children:
        child.close()
    path.unlink()
    rows = []
    for name, found in rates.items():
        ratios = np.sort(np.divide(found, rates["freedman-lane"]))
        row = {"subjects": subjects, "voxels": voxels, "columns": columns, "contender": name}
        row |= {"per_second": f"{np.median(found):.2f}", "ratio": f"{np.median(ratios):.3f}"}
        rows.append(row | {"least": f"{ratios[0]:.3f}", "most": f"{ratios[-1]:.3f}", "repeats": repeats})
    return rows


def scripts_of(revision, folder):
    """The scripts of a commit, unpacked into a folder."""
    packed = subprocess.run(
        ["git", "archive", revision, "workflow/scripts"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return Path(folder) / "workflow/scripts"


def as_markdown(rows):
    """The table of the page."""
    return markdown(
        [
            "subjects",
            "voxels",
            "columns that move",
            "method",
            "permutations per second",
            "by freedman-lane's",
            "range",
            "turns",
        ],
        [
            [
                f"{row['subjects']:,}",
                f"{row['voxels']:,}",
                row["columns"],
                row["contender"],
                three_digits(row["per_second"]),
                three_digits(row["ratio"]),
                f"{three_digits(row['least'])} to {three_digits(row['most'])}",
                row["repeats"],
            ]
            for row in rows
        ],
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    parser.add_argument("--before", metavar="REVISION", help="a commit whose engine is measured, too")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="turns of each contender")
    parser.add_argument("--folder", type=Path, help="where the maps are written for the time of the run")
    options = parser.parse_args()
    results = Path(tempfile.mkdtemp(prefix="nuisance_speed_")) if options.quick else RESULTS
    table = results / "nuisance_speed.tsv"
    if not options.docs:
        with tempfile.TemporaryDirectory(prefix="maps_", dir=options.folder) as folder:
            before = scripts_of(options.before, folder) if options.before else None
            rows = [
                row
                for case in (QUICK_CASES if options.quick else CASES)
                for row in compare(case, Path(folder), n_cores(), before, options.repeats)
            ]
        store(table, rows, CASE)
    rows = read_table(table)
    if not options.quick:
        rewrite_block(PAGE, "nuisance", as_markdown(rows))
    print(as_markdown(rows), f"\nwritten to {results}", sep="\n")


if __name__ == "__main__":
    main()
