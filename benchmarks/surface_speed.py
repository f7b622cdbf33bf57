"""Time and memory of TFCE on meshes, beside the package tfce, on the same arrays in one run.

    python benchmarks/surface_speed.py            # writes benchmarks/results and docs/benchmarks.md
    python benchmarks/surface_speed.py --quick    # a small mesh, into a temporary folder
    python benchmarks/surface_speed.py --docs     # only makes the page anew, from the stored result

One-sided maxima of the score in the design [score, intercept], of maps of smooth noise. TFCE is on t, with E = 1 and
H = 2, and every vertex has the extent 1, since the package knows no areas. The meshes are fsaverage5, and two spheres
of 29,696 points, as many as fsLR-32k has outside of the medial wall. As in `cluster_speed`, every contender lives in a
process of its own, they take turns, and of the repeats the best counts; the package, which has no function for a whole
test, gets its t maps from `PermutedGLM.fit`.
"""

import argparse
import itertools
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from common import (
    PAGE,
    RESULTS,
    SEED,
    Child,
    design_of,
    markdown,
    n_cores,
    p_values,
    read_table,
    rewrite_block,
    three_digits,
    whole_test,
    with_version,
)
from last import store
from turns import Contender, measured, settle_margins, take_turns

FWHM = 8.0  # mm
POWERS = {"E": 1.0, "H": 2.0}
BATCH = 32  # maps that the package transforms at a time
RADIUS = 80.0  # mm, of spheres
# Subjects, and the mesh: fsaverage5, or spheres by their points.
SIZES = [(89, "fsaverage5"), (89, 29_696)]
QUICK_SIZES = [(20, 2_562)]
COUNTS = {"secondlevel": (1_000, 2_000), "tfce": (200, 50)}
QUICK_COUNTS = {"secondlevel": (200, 600), "tfce": (100, 30)}
CASE = ("mesh", "subjects", "vertices", "cores", "contender", "permutations")


def sphere(n_points):
    """Vertices in mm and triangles of a sphere whose points are spread evenly along a spiral."""
    from scipy.spatial import ConvexHull

    height = 1 - (2 * np.arange(n_points) + 1) / n_points
    around, across = np.pi * (3 - np.sqrt(5)) * np.arange(n_points), np.sqrt(1 - height**2)
    points = np.column_stack([across * np.cos(around), across * np.sin(around), height])
    return RADIUS * points, ConvexHull(points).simplices.astype(np.int32)


def space_of(mesh):
    """The surface of both hemispheres."""
    from secondlevel.space.kinds.surface import Surface
    from secondlevel.space.meshes import mesh_of

    if mesh == "fsaverage5":
        meshes = {side: mesh_of(mesh, side) for side in ("left", "right")}
        meshes = {side: (found.vertices, found.triangles) for side, found in meshes.items()}
    else:
        meshes = dict.fromkeys(("left", "right"), sphere(mesh))
    n = sum(len(vertices) for vertices, _ in meshes.values())
    return Surface(np.ones(n, dtype=bool), meshes, {})


def data_of(n_subjects, mesh):
    """float32 maps of smooth noise, shape (n_subjects, n_vertices), the design, and the surface."""
    space, rng = space_of(mesh), np.random.default_rng(SEED)
    maps = [space.smooth(rng.standard_normal(space.size, dtype=np.float32), FWHM) for _ in range(n_subjects)]
    return np.array(maps), design_of(n_subjects), space


def prepare_ours(n_subjects, mesh, cores):
    from dataclasses import replace

    from secondlevel.permutation.whole_maps.enhancement import OnGraph
    from secondlevel.permutation.whole_maps.search import Search

    maps, design, space = data_of(n_subjects, mesh)
    graph = replace(space.graph, measures=np.ones(space.size))
    search = Search({"tfce": OnGraph(graph, POWERS["E"], POWERS["H"], False)})
    whole, seeds = whole_test(maps, design, cores, search=search), itertools.count(SEED)
    whole(1)  # compiles the kernels, or gets them from the disk

    def call(count):
        observed, maxima, _ = whole(count, next(seeds))
        return observed["maxTFCE"].max(), maxima["maxTFCE"]

    return call


def prepare_tfce(n_subjects, mesh, cores):
    from tfce import adjacency_from_faces, tfce
    from tfce.glm import PermutedGLM
    from threadpoolctl import threadpool_limits

    maps, design, space = data_of(n_subjects, mesh)
    adjacency = adjacency_from_faces(1 + space.triangles, space.size)
    seeds = itertools.count(SEED)

    def call(count):
        model = PermutedGLM(np.ascontiguousarray(maps.T, dtype=np.float64), design, np.array([1, 0]))
        fitted = np.zeros((space.size, BATCH), np.float32, order="F")  # as it wants them, so that it need not copy
        rng = np.random.default_rng(next(seeds))
        orders = [None] + [rng.permutation(len(design)) for _ in range(count)]

        def fit(place, order):
            fitted[:, place] = model.fit(order)

        with threadpool_limits(1), ThreadPoolExecutor(cores) as pool:
            observed, maxima = None, []
            for start in range(0, len(orders), BATCH):
                some = orders[start : start + BATCH]
                list(pool.map(fit, range(len(some)), some))
                maps_of_batch = fitted[:, : len(some)]
                enhanced = tfce(maps_of_batch, adjacency=adjacency, two_sided=False, n_jobs=cores, **POWERS)
                maxima.extend(enhanced.max(axis=0))
                if start == 0:
                    observed = enhanced[:, 0]
        maxima = np.array(maxima[1:])
        p_values(observed, maxima)
        return observed.max(), maxima

    return call


def compare(n_subjects, mesh, counts, cores, repeats):
    """One row of results for each contender on a mesh."""
    rivals = [
        Contender("secondlevel", cores, (prepare_ours,), *counts["secondlevel"]),
        Contender(with_version("tfce"), cores, (prepare_tfce,), *counts["tfce"]),
    ]
    children = [Child(*rival.prepare, n_subjects, mesh, cores) for rival in rivals]
    calls = {}
    for repeat in range(repeats):
        take_turns(rivals, children, calls, f"{mesh}, repeat {repeat + 1}")
    settle_margins(rivals, children, calls, f"{mesh}, again")
    for child in children:
        child.close()
    values = {rival: [result.value for results in calls[rival].values() for result in results] for rival in rivals}
    ours, theirs = (found[0][0] for found in values.values())
    if not np.isclose(ours, theirs, rtol=1e-3):
        raise RuntimeError(f"The contenders disagree on the largest observed enhancement: {ours} and {theirs}.")
    case = {"mesh": mesh, "subjects": n_subjects, "vertices": space_of(mesh).size, "cores": cores}
    medians = {rival: np.median(np.concatenate([null for _, null in values[rival]])) for rival in rivals}
    return [
        case | measured(rival, calls) | {"null_median": f"{medians[rival]:.4f}", "repeats": repeats} for rival in rivals
    ]


def as_markdown(rows):
    """The table of the page."""
    peers = {row["mesh"]: row["per_second"] for row in rows if row["contender"].startswith("tfce")}
    cells = [
        [
            f"{row['mesh'] if row['mesh'] == 'fsaverage5' else 'two spheres'}, {row['vertices']:,} vertices",
            row["contender"],
            *[three_digits(row[key]) for key in ("seconds", "per_second")],
            three_digits(row["per_second"] / peers[row["mesh"]]),
            row["memory_peak_mb"],
            three_digits(row["null_median"]),
        ]
        for row in rows
    ]
    heads = ["mesh", "", "seconds of a call", "permutations per second at the margin", "this / tfce's"]
    told = f"{rows[0]['subjects']} subjects; {rows[0]['cores']} cores; best of {rows[0]['repeats']} repeats."
    return f"{told}\n\n{markdown([*heads, 'peak memory, MB', 'median of the null'], cells)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small mesh; results go to a temporary folder")
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the page from stored results")
    parser.add_argument("--repeats", type=int, help="default 3, or 2 with --quick")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="surface_speed_")) if options.quick else RESULTS
    table = folder / "surface_speed.tsv"
    if not options.docs:
        sizes, counts, repeats = (QUICK_SIZES, QUICK_COUNTS, 2) if options.quick else (SIZES, COUNTS, 3)
        cores = n_cores()
        rows = [row for size in sizes for row in compare(*size, counts, cores, options.repeats or repeats)]
        store(table, rows, CASE)
    text = as_markdown(read_table(table))
    if not options.quick:
        rewrite_block(PAGE, "surfaces", text)
    print(text, f"\nwritten to {folder}", sep="\n")


if __name__ == "__main__":
    main()
