"""Maps of each kind from their files to the report, by real runs, against statsmodels on the bare matrix."""

import json

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from nibabel.cifti2 import LabelAxis, ScalarAxis
from scipy import sparse, stats
from scipy.sparse.csgraph import connected_components

from browser import CHROMIUM, DRIVER, Browser
from conftest import REPO, jobs_of, snakemake
from discovered import Vertices, check_discoveries
from kinds import vertices
from looked_at import check_first_screen
from secondlevel.space.registry import read_space
from study import config, people, write_table
from surfaces import cifti, dense, grayordinates, sphere, surface

THALAMUS = REPO.parent / "shared" / "datasets" / "thalamus_thickness"
N = 16
WHOLE = {"clusters": {"threshold": "p < 0.05"}, "tfce": {"statistic": "t"}, "permutation": {"count": 99, "chunks": 1}}
AGE = {"design": "age + group", "factors": {"group": None}, "contrasts": [{"name": "age", "weights": "age"}]}


def matrix(size, affected, seed=0):
    """Noise that grows with age at some elements, shape (N, size)."""
    table = people(N)
    values = np.random.default_rng(seed).normal(5, 1, (N, size))
    values[:, affected] += 0.4 * (table["age"] - 40).to_numpy()[:, None]
    return table, values.astype(np.float32)


def by_statsmodels(values, table):
    """Effect and t of age at every element."""
    group = (table["group"] == "patient").astype(float)
    design = np.column_stack([np.ones(len(table)), table["age"], group])
    fits = [sm.OLS(column.astype(float), design).fit() for column in values.T]
    return np.array([fit.params[1] for fit in fits]), np.array([fit.tvalues[1] for fit in fits])


def ran(folder, own, **settings):
    """Run a study to its end, and once more, which leaves nothing to do; what was printed and its results."""
    write_table(folder / "participants.tsv", people(N))
    arguments = config(folder, own=own, two_sided=True, **(AGE | WHOLE | settings))
    printed = snakemake(folder, *arguments)
    assert jobs_of(snakemake(folder, "-n", *arguments)) == {}
    results = folder / "results" / "a"
    assert 1e4 < (results / "report.html").stat().st_size < 25e6
    for path in results.glob("contrast-*_statmap.*"):
        if path.suffix != ".json":
            stem = path.name.split("_statmap")[0]
            about = json.loads((results / f"{stem}_statmap.json").read_text())
            assert about["Description"]
    return printed, results


def table_of(results, kind):
    return pd.read_csv(results / f"contrast-age_desc-{kind}_table.tsv", sep="\t")


@pytest.fixture(scope="module")
def hemispheres(tmp_path_factory):
    """A study of two hemispheres, of t and F: what was printed, its results, the meshes, the table and the matrix."""
    folder = tmp_path_factory.mktemp("hemispheres")
    meshes = {"left": sphere(3, 60.0), "right": sphere(2, 60.0)}
    n_left, n = len(meshes["left"][0]), sum(len(points) for points, _ in meshes.values())
    top = meshes["left"][0][:, 2] > 45
    table, values = matrix(n, np.append(top, np.zeros(n - n_left, bool)))
    values[:, n_left + 3] = 2.0  # as of a medial wall
    for row, subject in zip(values, table["participant_id"], strict=True):
        vertices(folder / "m" / f"{subject}_hemi-L_thickness.shape.gii", row[:n_left], "CortexLeft")
        vertices(folder / "m" / f"{subject}_hemi-R_thickness.shape.gii", row[n_left:], "CortexRight")
    for part, mesh in meshes.items():
        surface(folder / f"{part}.surf.gii", *mesh)
    (folder / "m" / "sub-16_hemi-R_thickness.shape.gii").unlink()
    names = {part: f"m/{{participant_id}}_hemi-{part[0].upper()}_thickness.shape.gii" for part in meshes}
    own = {"maps": names, "surfaces": {part: f"{part}.surf.gii" for part in meshes}}
    contrasts = [*AGE["contrasts"], {"name": "any", "weights": ["age", "group[patient]"]}]
    more = {"discoveries": {"alpha": 0.05}, "permutation": {"count": 99, "chunks": 2}}
    printed, results = ran(folder, own, contrasts=contrasts, **more)
    return printed, results, meshes, table, values


@pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium with chromedriver here")
def test_the_page_of_a_surface_works_offline_in_a_browser(hemispheres, tmp_path):
    page = hemispheres[1] / "report.html"
    with Browser(tmp_path) as browser:
        assert browser.open(page)
        check_first_screen(browser, page.parent)
        check_discoveries(browser, page.parent, Vertices)
        for width in (1200, 375):
            browser.resize(width, 800)
            assert browser.run("return document.documentElement.scrollWidth") <= width
        assert browser.complaints() == []
        assert browser.addresses() == {page.as_uri()}


def test_a_study_of_two_hemispheres(hemispheres):
    printed, results, meshes, table, values = hemispheres
    n_left, n = len(meshes["left"][0]), values.shape[1]
    assert "vertices pass" in printed
    assert "voxel" not in printed.split("Report:")[0].split("age:")[-1]
    excluded = pd.read_csv(results / "excluded.tsv", sep="\t")
    assert list(excluded["participant_id"]) == ["sub-16"]
    assert "hemi-R" in excluded["reason"][0] or "right hemisphere" in excluded["reason"][0]
    effect, t = by_statsmodels(values[:-1], table[:-1])
    inside = np.arange(n) != n_left + 3
    for stat, expected in (("effect", effect), ("t", t)):
        files = [results / f"contrast-age_hemi-{side}_stat-{stat}_statmap.shape.gii" for side in "LR"]
        images = [nib.load(path) for path in files]
        assert [image.meta["AnatomicalStructurePrimary"] for image in images] == ["CortexLeft", "CortexRight"]
        found = np.concatenate([image.agg_data() for image in images])
        np.testing.assert_allclose(found[inside], expected[inside], rtol=1e-4, atol=1e-4)
        assert found[~inside] == 0
    for kind in ("fdr", "clusters", "maxTFCE"):
        clusters = table_of(results, kind)
        first = clusters.iloc[0]
        assert (first["hemisphere"], first["t"] > 0) == ("left", True)
        np.testing.assert_allclose(
            first[["x_mm", "y_mm", "z_mm"]].astype(float), meshes["left"][0][first["vertex"]], atol=1e-3
        )
        labels = nib.load(results / f"contrast-age_hemi-L_desc-{kind}_dseg.label.gii").agg_data()
        assert (labels == 1).sum() == first["vertices"]
        assert first["mm2"] == pytest.approx(read_space_areas(results)[: len(labels)][labels == 1].sum(), rel=1e-4)


def read_space_areas(results):
    """The areas of the vertices of the left mesh, all of which are analysed."""
    names = [f"hemi-{side}_mask.label.gii" for side in "LR"] + [f"hemi-{side}_mesh.surf.gii" for side in "LR"]
    return read_space([str(results / name) for name in names]).areas


def test_a_study_of_grayordinates_with_an_atlas(tmp_path):
    axis = grayordinates()
    table, values = matrix(len(axis), np.arange(len(axis)) < 4)
    for row, subject in zip(values, table["participant_id"], strict=True):
        (tmp_path / "m").mkdir(exist_ok=True)
        dense(tmp_path / "m" / f"{subject}.dscalar.nii", row[np.newaxis])
    for side in ("left", "right"):
        surface(tmp_path / f"{side}.surf.gii", *sphere(0, 30.0))
    table_of_labels = {0: ("???", (0, 0, 0, 0)), 1: ("V1", (1, 0, 0, 1))}
    numbers = np.int32(np.arange(len(axis)) < 4)[np.newaxis]
    intent = "NIFTI_INTENT_CONNECTIVITY_DENSE_LABELS"
    cifti(tmp_path / "a.dlabel.nii", numbers, LabelAxis(["a"], [table_of_labels]), axis, intent=intent)
    own = {"maps": "m/{participant_id}.dscalar.nii", "surfaces": {"left": "left.surf.gii", "right": "right.surf.gii"}}
    printed, results = ran(tmp_path, own, tables={"atlas": "a.dlabel.nii"})
    assert "grayordinates pass" in printed
    effect, t = by_statsmodels(values, table)
    for stat, expected in (("effect", effect), ("t", t)):
        image = nib.load(results / f"contrast-age_stat-{stat}_statmap.dscalar.nii")
        maps, elements = (image.header.get_axis(k) for k in (0, 1))
        assert isinstance(maps, ScalarAxis)
        assert elements == axis
        np.testing.assert_allclose(image.get_fdata()[0], expected, rtol=1e-4, atol=1e-4)
    labels = nib.load(results / "contrast-age_desc-fdr_dseg.dlabel.nii")
    assert labels.header.get_axis(1) == axis
    first = table_of(results, "fdr").iloc[0]
    assert (first["structure"], first["label"]) == ("left cortex", "V1")
    assert json.loads((results / "atlas.json").read_text())["Regions"] == 1


def test_a_study_of_parcels(tmp_path):
    names = [f"region {k}_thickness" for k in range(20)]
    table, values = matrix(20, [3, 7])
    wide = pd.DataFrame(values.astype(float), columns=names).assign(eTIV=1.0)
    wide.insert(0, "participant_id", table["participant_id"])
    wide.to_csv(tmp_path / "values.tsv", sep="\t", index=False)
    own = {"maps": {"table": "values.tsv"}, "parcels": "*_thickness"}
    printed, results = ran(tmp_path, own, clusters=None, tfce=None)
    assert "parcels pass" in printed
    effect, t = by_statsmodels(values, table)
    for stat, expected in (("effect", effect), ("t", t)):
        written = pd.read_csv(results / f"contrast-age_stat-{stat}_statmap.tsv", sep="\t")
        assert list(written["parcel"]) == names
        np.testing.assert_allclose(written["value"], expected, rtol=1e-4, atol=1e-4)
    peaks = table_of(results, "fdr")
    assert {"region 3_thickness", "region 7_thickness"} <= set(peaks["parcel"])
    assert (peaks["parcels"] == 1).all()


def test_a_study_of_connectomes(tmp_path):
    n = 12
    nodes = [f"node {k}" for k in range(n)]
    ends = np.column_stack(np.triu_indices(n, 1))
    table, values = matrix(len(ends), (ends < 4).all(axis=1))
    (tmp_path / "m").mkdir()
    for row, subject in zip(values, table["participant_id"], strict=True):
        square = np.zeros((n, n))
        square[tuple(ends.T)] = square[tuple(ends.T[::-1])] = row
        path = tmp_path / "m" / f"{subject}_relmat.tsv"
        pd.DataFrame(square, columns=nodes).to_csv(path, sep="\t", index=False)
    pd.DataFrame({"name": nodes, "module": ["A"] * 6 + ["B"] * 6}).to_csv(tmp_path / "nodes.tsv", sep="\t", index=False)
    own = {"maps": "m/{participant_id}_relmat.tsv", "nodes": "nodes.tsv"}
    printed, results = ran(tmp_path, own)
    assert "edges pass" in printed
    effect, t = by_statsmodels(values, table)
    for stat, expected in (("effect", effect), ("t", t)):
        written = pd.read_csv(results / f"contrast-age_stat-{stat}_relmat.tsv", sep="\t")
        assert list(written.columns) == nodes
        np.testing.assert_array_equal(written.to_numpy(), written.to_numpy().T)
        np.testing.assert_allclose(written.to_numpy()[tuple(ends.T)], expected, rtol=1e-4, atol=1e-4)
    first = table_of(results, "clusters").iloc[0]
    assert first["edges"] >= 6
    assert {first["node_1"], first["node_2"]} <= set(nodes[:4])


def largest_cluster(t, meshes, df=132):
    """The area of the largest cluster of one sign, by scipy; p < 0.001 on two sides."""
    begin, largest = 0, 0.0
    for path in meshes:
        points, triangles = (array.astype(float) for array in nib.load(path).agg_data())
        triangles = triangles.astype(int)
        a, b, c = (points[triangles[:, corner]] for corner in range(3))
        of_triangles = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
        areas = np.bincount(triangles.ravel(), np.repeat(of_triangles / 3, 3), len(points))
        ends = triangles[:, [0, 1, 2]].ravel(), triangles[:, [1, 2, 0]].ravel()
        joined = sparse.csr_matrix((np.ones(triangles.size), ends), (len(points),) * 2)
        of_mesh, begin = t[begin : begin + len(points)], begin + len(points)
        for sign in (1, -1):
            (chosen,) = np.nonzero(sign * of_mesh > stats.t.isf(0.0005, df))
            if chosen.size:
                _, which = connected_components(joined[chosen][:, chosen], directed=False)
                largest = max(largest, np.bincount(which, areas[chosen]).max())
    return largest


def test_thickness_of_the_thalamus(tmp_path):
    """Real data of 138 people: unsmoothed and smoothed, clusters and TFCE."""
    if not THALAMUS.is_dir():
        pytest.skip(f"the thalamus dataset is not at {THALAMUS}")
    sides = {"left": "L", "right": "R"}
    own = {
        "participants": str(THALAMUS / "participants.tsv"),
        "maps": {
            part: f"{THALAMUS}/{{participant_id}}_hemi-{side}_thickness.shape.gii" for part, side in sides.items()
        },
        "surfaces": {part: f"{THALAMUS}/hemi-{side}_thalamus.surf.gii" for part, side in sides.items()},
    }
    study = {
        "datasets": {"own": own},
        "design": "group + age + sex",
        "factors": {"group": "A", "sex": "1"},
        "contrasts": [{"name": "group", "weights": "group[B]"}],
        "two_sided": True,
        "permutation": {"count": 99, "chunks": 1},
        "discoveries": None,
        "analyses": {"unsmoothed": {"smoothing_fwhm": 0}, "smoothed": {"smoothing_fwhm": 3}},
    }
    (tmp_path / "mine.yaml").write_text(json.dumps(study))
    maps = "contrast-group_hemi-L_stat-t_statmap.shape.gii", "contrast-group_null.tsv"
    files = [f"results/{name}/{file}" for name in study["analyses"] for file in maps]
    snakemake(tmp_path, "--configfile", tmp_path / "mine.yaml", "--", *files)
    table = pd.read_csv(own["participants"], sep="\t", dtype=str, keep_default_na=False)
    table = table[(table["age"] != "n/a") & (table["sex"] != "n/a")]
    design = np.column_stack(
        [np.ones(len(table)), table["group"] == "B", table["age"].astype(float), table["sex"] == "2"]
    ).astype(float)
    maps = [
        np.concatenate(
            [nib.load(THALAMUS / f"{who}_hemi-{side}_thickness.shape.gii").agg_data() for side in sides.values()]
        )
        for who in table["participant_id"]
    ]
    maps = np.array(maps, dtype=float)
    spread = {}
    for name in study["analyses"]:
        results = tmp_path / "results" / name
        assert len(pd.read_csv(results / "sample.tsv", sep="\t")) == len(table) == 136
        files = [results / f"contrast-group_hemi-{side}_stat-t_statmap.shape.gii" for side in sides.values()]
        t = np.concatenate([nib.load(path).agg_data() for path in files])
        assert t.size == 7768
        null = pd.read_csv(results / "contrast-group_null.tsv", sep="\t")
        assert len(null) == 100
        assert (null[["maxT", "maxTFCE"]] > 0).all(axis=None)
        assert null["maxExtent"][0] == pytest.approx(largest_cluster(t, [own["surfaces"][part] for part in sides]))
        spread[name] = t
    some = range(0, 7768, 111)
    expected = [sm.OLS(maps[:, element], design).fit().tvalues[1] for element in some]
    np.testing.assert_allclose(spread["unsmoothed"][list(some)], expected, rtol=1e-3, atol=1e-3)
    assert 0.8 < np.corrcoef(spread["unsmoothed"], spread["smoothed"])[0, 1] < 0.999
