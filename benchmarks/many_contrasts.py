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
import re
import tempfile
from pathlib import Path

import numpy as np

import runs
from common import (
    PAGE,
    RESULTS,
    SEED,
    as_read,
    markdown,
    n_cores,
    read_table,
    rewrite_block,
    three_digits,
    with_version,
)
from last import store
from secondlevel.space.brain import brain_mask

PEOPLE, VARIABLES, DRY_RUNS = 60, "abcde", 3
SHAPE, AFFINE = (26, 32, 26), np.array([[6.0, 0, 0, -75], [0, 6, 0, -109], [0, 0, 6, -69], [0, 0, 0, 1]])
CASE = ("state", "analyses", "cores")


def write_maps(folder):
    """Write the maps of all states' runs."""
    rng, inside = np.random.default_rng(SEED), brain_mask(AFFINE, SHAPE)

    def volumes():
        for _ in range(PEOPLE):
            volume = np.zeros(SHAPE, np.float32)
            volume[inside] = rng.standard_normal(inside.sum())
            yield volume

    runs.write_maps(folder, volumes(), AFFINE)


def write_study(folder, maps, n_analyses):
    """Write table and config of the study."""
    rng = np.random.default_rng([SEED, n_analyses])
    kinds = itertools.product(itertools.combinations(VARIABLES, 2), ("one", "two"))
    runs.write_study(
        folder,
        maps,
        {name: rng.standard_normal(PEOPLE).round(3) for name in VARIABLES},
        smoothing_fwhm=0,
        design=VARIABLES[0],
        contrasts=[{"name": name, "weights": name} for name in VARIABLES],
        analyses={
            f"{x}{y}{sides}": {"design": f"{' + '.join(VARIABLES)} + {x}:{y}", "two_sided": sides == "two"}
            for (x, y), sides in itertools.islice(kinds, n_analyses)
        },
        permutation={"count": 200, "chunks": 1},
    )


def measure(projects, n_analyses, cores, dry_runs):
    """A row for each state of the project; they take turns, and of dry runs the best counts."""
    calls, rows = {name: [] for name in projects}, []
    with tempfile.TemporaryDirectory() as root:
        maps = Path(root) / "maps"
        write_maps(maps)
        write_study(Path(root) / "study", maps, n_analyses)
        for _, (name, project) in itertools.product(range(dry_runs), projects.items()):
            calls[name].append(runs.workflow(project, Path(root) / "study", cores, "--dry-run"))
            print(f"{name}, dry run: {calls[name][-1].seconds:.1f} s, {calls[name][-1].cpu:.1f} s of CPU", flush=True)
        for name, project in projects.items():
            write_study(Path(root) / name, maps, n_analyses)
            whole = runs.workflow(project, Path(root) / name, cores)
            print(f"{name}, run: {whole.seconds:.0f} s, {whole.cpu:.0f} s of CPU", flush=True)
            printed = calls[name][-1].printed
            row = {"state": name, "analyses": n_analyses, "cores": cores}
            row |= {"jobs": re.search(r"^total +(\d+)$", printed, re.M)[1], "lines": printed.count("\n")}
            row |= {"dry_run_seconds": f"{min(call.seconds for call in calls[name]):.2f}"}
            row |= {"dry_run_cpu": f"{min(call.cpu for call in calls[name]):.2f}"}
            rows.append(row | {"seconds": f"{whole.seconds:.1f}", "cpu": f"{whole.cpu:.1f}"})
    return rows


def as_markdown(rows):
    """The table of the page."""
    keys = ("jobs", "dry_run_seconds", "dry_run_cpu", "lines", "seconds", "cpu")
    values = [[row[key] for key in keys] for row in rows]
    lines = [
        [row["state"], *(f"{value:,}" if isinstance(value, int) else three_digits(value) for value in some)]
        for row, some in zip(rows, values, strict=True)
    ]
    header = ["", "jobs", "dry run, s", "dry run, s of CPU", "lines it prints", "run, s", "run, s of CPU"]
    about = f"{rows[0]['analyses']} analyses of {len(VARIABLES)} contrasts; {rows[0]['cores']} cores, "
    return f"{about}{with_version('snakemake')}.\n\n{markdown(header, lines)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    runs.add_beside(parser)
    parser.add_argument("--analyses", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="2 analyses, only printed")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    asked, path = parser.parse_args(), RESULTS / "many_contrasts.tsv"
    if asked.quick:
        print(as_markdown(as_read(measure(runs.states(asked.beside), 2, n_cores(), 1))))
        return
    if not asked.docs:
        store(path, measure(runs.states(asked.beside), asked.analyses, n_cores(), DRY_RUNS), CASE)
    rewrite_block(PAGE, "many", as_markdown(read_table(path)))


if __name__ == "__main__":
    main()
