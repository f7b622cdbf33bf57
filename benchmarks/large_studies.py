"""Large studies end to end: what each step takes on the clock, of CPU and of memory, by the workflow's own records.

    python benchmarks/large_studies.py                    # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/large_studies.py --beside FOLDER    # another state of the project takes turns, and stands beside
    python benchmarks/large_studies.py --only "1 mm"      # one of the studies, only printed
    python benchmarks/large_studies.py --quick            # a tenth of the subjects and shuffles, only printed
    python benchmarks/large_studies.py --docs             # only makes the page anew, from the stored results

Thousands of subjects with much nuisance, and maps of 1 mm, by the workflow's default settings. The maps are smooth
noise, zero outside of a ribbon below the surface of the standard brain. They are written once for all runs of a study;
a run's results, in which the smoothed maps are the largest file, are removed before the next one begins.
"""

import argparse
import dataclasses
import itertools
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import runs
from common import MB, PAGE, RESULTS, SEED, Child, as_read, markdown, n_cores, read_table, rewrite_block, three_digits
from last import store
from steps import folded, steps_of

MNI = {3.0: (61, 73, 61), 1.0: (182, 218, 182)}  # the grid of the standard brain, by the size of a voxel in mm
CORNER = (-90, -126, -72)  # mm
NOISE_FWHM = 6.0  # mm
BASES = 12  # volumes of noise, of which all maps are made
SHARE = 0.02  # of a run's time; shorter steps are added up
ANALYSIS, CONTRAST = "large", "score"
CASE = ("study", "nuisance", "subjects", "shuffles", "cores", "state", "step")


@dataclass(frozen=True)
class Study:
    """A study that is run.

    Attributes
    ----------
    name : str
    subjects, voxels, shuffles : int
    mm, fwhm : float
        Size of a voxel, and smoothing by the workflow.
    sites : int
        Levels of a factor, or 0 for none; age, sex and an intercept are nuisance, too.
    nuisance : tuple of str
        The settings of `permutation.nuisance`, each of which is run.
    """

    name: str
    subjects: int
    voxels: int
    shuffles: int
    mm: float
    fwhm: float
    sites: int
    nuisance: tuple


STUDIES = [
    Study("3,000 subjects", 3_000, 67_000, 1_000, 3.0, 5.0, 12, ("freedman-lane", "smith")),
    Study("1 mm", 131, 818_000, 300, 1.0, 0.0, 0, ("freedman-lane",)),
]


def prepare_maps():
    """A function that writes the maps of a study. Its memory is large, which processes hand on to those they start."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    from secondlevel.space.brain import brain_mask

    def write(folder, study):
        shape, affine = MNI[study.mm], np.diag([study.mm, study.mm, study.mm, 1])
        affine[:3, 3] = CORNER
        depth = distance_transform_edt(brain_mask(affine, shape)).ravel()
        inside = np.zeros(depth.size, bool)
        shallow = np.argsort(np.where(depth > 0, depth, np.inf), kind="stable")[: study.voxels]
        inside[shallow] = True
        rng, sigma = np.random.default_rng(SEED), NOISE_FWHM / study.mm / np.sqrt(8 * np.log(2))
        noise = (rng.standard_normal(shape, dtype=np.float32) for _ in range(BASES))
        # Noise that goes on where it ends can be moved: each map is two of them, each moved by a way of its own.
        bases = [gaussian_filter(volume, sigma, mode="wrap") for volume in noise]

        def volumes():
            for _ in range(study.subjects):
                pair = rng.choice(BASES, 2, replace=False)
                moved = [np.roll(bases[base], rng.integers(shape), (0, 1, 2)) for base in pair]
                yield np.where(inside.reshape(shape), moved[0] + rng.standard_normal() * moved[1], 0)

        runs.write_maps(folder, volumes(), affine)

    return write


def write_study(folder, maps, study, nuisance):
    """Table and config of a study."""
    rng, n = np.random.default_rng(SEED), study.subjects
    variables = {CONTRAST: rng.standard_normal(n).round(3), "age": rng.uniform(18, 80, n).round(1)}
    variables["sex"] = rng.permutation(np.arange(n) % 2)
    if study.sites:
        variables["site"] = [f"site{number:02}" for number in rng.permutation(np.arange(n) % study.sites)]
    runs.write_study(
        folder,
        maps,
        variables,
        analysis=ANALYSIS,
        smoothing_fwhm=study.fwhm,
        design=" + ".join(variables),
        factors={"site": None} if study.sites else {},
        contrasts=[{"name": CONTRAST, "weights": CONTRAST}],
        permutation={"count": study.shuffles, "nuisance": nuisance},
    )


def run(project, folder, maps, study, nuisance, cores):
    """The voxels of a study and what its steps took, the longest first, and all together."""
    write_study(folder, maps, study, nuisance)
    whole, results = runs.workflow(project, folder, cores), folder / "results" / ANALYSIS
    steps, voxels = steps_of(results, CONTRAST), json.loads((results / "mask.json").read_text())["Voxels"]
    shutil.rmtree(folder)
    steps = dict(sorted(steps.items(), key=lambda step: -step[1]["seconds"]))
    total = {"jobs": sum(step["jobs"] for step in steps.values()), "seconds": whole.seconds, "cpu": whole.cpu}
    return voxels, steps, total | {"peak_mb": whole.peak / MB}


def measure(projects, study, folder, cores):
    """Rows for each setting of nuisance, state of the project and step."""
    needed, free = 8 * study.subjects * study.voxels, shutil.disk_usage(folder).free
    if free < 1.5 * needed:
        raise OSError(f"{needed / 1e9:.1f} GB of maps do not fit into {folder}, which has {free / 1e9:.1f} GB free.")
    with Child(prepare_maps) as writer:
        writer.call(folder / "maps", study)
    rows = []
    for nuisance in study.nuisance:
        found = {}
        for name, project in projects.items():
            found[name] = run(project, folder / name, folder / "maps", study, nuisance, cores)
            total = found[name][2]
            print(f"{study.name}, {nuisance}, {name}: {total['seconds']:.0f} s, {total['cpu']:.0f} of CPU", flush=True)
        long = [
            step
            for _, steps, total in found.values()
            for step, took in steps.items()
            if took["seconds"] > SHARE * total["seconds"]
        ]
        for name, (voxels, steps, total) in found.items():
            about = {"study": study.name, "nuisance": nuisance, "subjects": study.subjects, "voxels": voxels}
            about |= {"shuffles": study.shuffles, "cores": cores, "state": name}
            for step, took in (folded(steps, dict.fromkeys(long)) | {"total": total}).items():
                numbers = {"seconds": f"{took['seconds']:.2f}", "cpu": f"{took['cpu']:.2f}"}
                rows.append(
                    about | {"step": step, "jobs": took["jobs"]} | numbers | {"peak_mb": f"{took['peak_mb']:.0f}"}
                )
    shutil.rmtree(folder / "maps")
    return rows


def as_markdown(rows):
    """A table for each study and setting: a row for each step, columns for each state of the project."""
    parts, keys = [], {"seconds": "s", "cpu": "s of CPU", "peak_mb": "peak MB"}
    for (study, nuisance), some in itertools.groupby(rows, lambda row: (row["study"], row["nuisance"])):
        some = list(some)
        by_place = {(row["state"], row["step"]): row for row in some}
        states = list(dict.fromkeys(state for state, _ in by_place))
        columns = list(itertools.product(states, keys))
        lines = [
            [step, *(shown(by_place.get((state, step), {}).get(key)) for state, key in columns)]
            for step in in_order(some)
        ]
        header = ["", *(f"{state}, {keys[key]}" if len(states) > 1 else keys[key] for state, key in columns)]
        sizes = f"{some[0]['subjects']:,} subjects, {some[0]['voxels']:,} voxels, {some[0]['shuffles']:,} shuffles"
        parts.append(f"**{study}, {nuisance}.** {sizes}; {some[0]['cores']} cores.\n\n{markdown(header, lines)}")
    return "\n\n".join(parts)


def in_order(rows):
    """Names of steps as they stand, but the sums at the end."""
    names = dict.fromkeys(row["step"] for row in rows)
    return sorted(names, key=lambda name: ("others", "total").index(name) if name in ("others", "total") else -1)


def shown(value):
    """A number as it stands in a cell: whole MB as they are, nothing where there is none."""
    if value is None or not np.isfinite(value):
        return ""
    return f"{value:,}" if isinstance(value, int) else three_digits(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    runs.add_beside(parser)
    parser.add_argument("--only", choices=[study.name for study in STUDIES], help="the study to run; only printed")
    parser.add_argument("--quick", action="store_true", help="a tenth of the subjects and shuffles; only printed")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from the stored results")
    parser.add_argument("--folder", type=Path, help="where maps and results lie for the time of the run")
    asked, path, rows = parser.parse_args(), RESULTS / "large_studies.tsv", []
    for study in [] if asked.docs else STUDIES:
        if asked.only in (None, study.name):
            if asked.quick:
                tenth = {"subjects": study.subjects // 10, "shuffles": study.shuffles // 10}
                study = dataclasses.replace(study, **tenth)
            with tempfile.TemporaryDirectory(prefix="study_", dir=asked.folder) as folder:
                rows += measure(runs.states(asked.beside), study, Path(folder), n_cores())
    if asked.quick or asked.only:
        print(as_markdown(as_read(rows)))
        return
    if not asked.docs:
        store(path, rows, CASE)
    rewrite_block(PAGE, "large", as_markdown(read_table(path)))


if __name__ == "__main__":
    main()
