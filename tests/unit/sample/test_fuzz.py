"""Maps as odd as they come: each is read as it was meant or refused in a sentence, by dry run and run alike."""

import io
import os

import numpy as np
import pandas as pd
import scipy.io

import nifti
from fuzzing import bounded, each, is_sentence, outcome
from inspecting import VOLUMES, glance, inspect
from oddmaps import pick, some_map
from secondlevel.sample.quality import quality_table
from secondlevel.sample.selection import Selection
from secondlevel.space.background import read_subject_map
from secondlevel.space.images import load_image
from secondlevel.space.masking import background_mask, mask_counts
from secondlevel.space.survey import survey
from secondlevel.space.units import VOXELS

# What only the voxels tell, and not the header at which a dry run glances.
OF_VOXELS = ("is empty", "broken or cut short", "numbers that are too large")


@bounded
def test_800_odd_maps_are_read_as_they_were_meant_or_refused(tmp_path):
    rng, n_refused = np.random.default_rng(1), 0
    for _, (path, values, affine, oriented) in each(some_map(tmp_path, rng) for _ in range(800)):
        glanced, inspected = glance(path), inspect(path)
        found, refusal = outcome(load_image, path)
        assert bool(refusal) == (values is None), refusal
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, "map.", longest=400)
            assert inspected.problem == refusal.removesuffix(".")
        else:
            data, found = found
            np.testing.assert_allclose(data, values.astype(np.float32), rtol=1e-6)
            if oriented:
                sizes = np.linalg.norm(affine[:3, :3], axis=0)
                np.testing.assert_allclose(found[:3, :3] / sizes, affine[:3, :3] / sizes, atol=2e-3)
                np.testing.assert_allclose(found[:3, 3], affine[:3, 3], rtol=1e-6, atol=1e-4)
            there = np.isfinite(values.astype(np.float32)) & (values.astype(np.float32) != 0)
            fill = read_subject_map(path)[2]
            assert bool(inspected.problem) == (not there.any()), inspected.problem
            assert glanced.oriented == oriented
            assert inspected.problem or inspected.oriented == oriented
            assert inspected.figures["n_zero"] == (values.astype(np.float32) == 0).sum()
            assert fill is not None or inspected.figures["n_not_finite"] == (~np.isfinite(data)).sum()
        if glanced.problem != inspected.problem:
            assert glanced.problem is None
            assert any(words in inspected.problem for words in OF_VOXELS)
        assert inspected.problem is None or is_sentence(inspected.problem, "map.")
    assert 250 < n_refused < 600


@bounded
def test_300_samples_of_odd_values_have_a_mask_or_are_refused(tmp_path):
    """Maps of a grid, thin or of one voxel, of which none, some or all values are infinite, zero or no number."""
    rng, n_refused = np.random.default_rng(2), 0
    for _, _ in each(range(300)):
        shape = pick(rng, (6, 5, 4), (1, 5, 4), (5, 1, 1), (1, 1, 1))
        maps = rng.normal(size=(rng.integers(2, 6), *shape)).astype(np.float32)
        for odd in (np.nan, np.inf, -np.inf, 3e38, 0, 1):
            maps[rng.random(maps.shape) < rng.choice([0, 0, 0.1, 0.5, 1])] = odd
        common = survey(iter(maps))
        finite = np.isfinite(maps).all(axis=0)
        varies = (maps != maps[0]).any(axis=0)
        np.testing.assert_array_equal(common.finite, finite)
        np.testing.assert_array_equal(common.varies[finite], varies[finite])
        found, refusal = outcome(mask_counts, common, np.ones(shape, bool), "all", VOXELS)
        assert bool(refusal) != (finite & varies).any()
        if refusal:
            n_refused += 1
            assert is_sentence(refusal)
        else:
            np.testing.assert_array_equal(found[0], finite & varies)
            assert found[1]["VoxelsNotFiniteInSomeMap"] == (~finite).sum()
        assert background_mask(common.mean).shape == shape
    assert 20 < n_refused < 250


def analyze(order, shape):
    """The header of an Analyze image, which does not say where it lies."""
    sizes = {"pixdim": [0, 3, 3, 4, 0, 0, 0, 0]}
    return nifti.header(1, order, True, dim=[3, *shape, 1, 1, 1, 1], datatype=16, **sizes)[:344] + bytes(4)


def matfile(variables, rng):
    """The bytes of a MAT-file of some kind."""
    file, level = io.BytesIO(), "5" if rng.integers(2) or np.ndim(*variables.values()) > 2 else "4"
    scipy.io.savemat(file, variables, format=level, do_compression=level == "5" and bool(rng.integers(2)))
    return bytearray(file.getvalue())


@bounded
def test_500_analyze_pairs_lie_where_their_matrix_says_or_are_refused(tmp_path):
    rng, data, n_refused = np.random.default_rng(3), np.arange(24, dtype=np.float32).reshape(4, 3, 2), 0
    affine = np.array([[-3.0, 0, 0, 12], [0, 3, 0, -9], [0, 0, 4, 5], [0, 0, 0, 1]])
    of_matlab = affine.copy()
    of_matlab[:3, 3] -= affine[:3, :3].sum(axis=1)  # MATLAB counts from 1
    for _, _ in each(range(500)):
        for path in tmp_path.iterdir():
            path.unlink()
        order = "<>"[rng.integers(2)]
        mats = [{"mat": of_matlab}, {"M": np.diag([-1, 1, 1, 1]) @ of_matlab}, {"mat": of_matlab[:, :, None]}]
        bad = [{"mat": np.zeros((4, 4))}, {"mat": np.eye(3)}, {"mat": "text"}, {"other": 1}, {"mat": affine * np.nan}]
        which, wrong = int(rng.integers(3)), rng.random() < 0.3
        mat = matfile(bad[rng.integers(5)] if wrong else mats[which], rng)
        damaged = rng.random() < 0.4
        if damaged:
            kind, place = rng.integers(3), int(rng.integers(len(mat)))
            mat = mat[:place] if kind == 0 else mat
            mat[place : place + kind] = rng.bytes(len(mat[place : place + kind]))
        (tmp_path / "map.hdr").write_bytes(analyze(order, data.shape))
        (tmp_path / "map.img").write_bytes(data.astype(f"{order}f4").tobytes(order="F"))
        (tmp_path / "map.mat").write_bytes(mat)
        found, refusal = outcome(load_image, str(tmp_path / "map.img"))
        if refusal:
            n_refused += 1
            assert wrong or damaged, refusal
            assert is_sentence(refusal, "map.")
        else:
            assert not wrong or damaged
            np.testing.assert_array_equal(found[0], data)
            assert damaged or np.allclose(found[1], affine)
    assert 150 < n_refused < 400


def no_maps(folder):
    """What stands where a map should be, by the name of the file."""
    (folder / "folder.nii").mkdir()
    (folder / "lost.nii").symlink_to(folder / "nowhere.nii")
    (folder / "loop.nii").symlink_to(folder / "loop.nii")
    (folder / "device.nii").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.nii.gz")
    (folder / "pipe.img").touch()
    os.mkfifo(folder / "pipe.hdr")
    for name, content in {
        "lfs.nii": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "annex.nii.gz": b"/annex/objects/MD5E-s1--1.nii.gz\n",
        "page.nii": b"<!DOCTYPE html>",
        "empty.nii": b"",
        "empty.nii.gz": b"",
        "map.nii.bz2": b"BZh9",
        "map.mgz": b"\x1f\x8b",
        "map": b"",
        ".nii": b"x",
        "half.img": bytes(480),
    }.items():
        (folder / name).write_bytes(content)
    return [
        *(path.name for path in folder.iterdir()),
        "none.nii",
        "n" * 300 + ".nii",
        "a\0b.nii",
        "\ud800.nii",
        "a/b.nii",
    ]


@bounded
def test_what_is_no_map_at_all_is_told_alike_by_dry_run_and_run(tmp_path):
    for _, name in each(no_maps(tmp_path)):
        glanced, inspected = (look(str(tmp_path / name)).problem for look in (glance, inspect))
        assert is_sentence(inspected)
        assert glanced == inspected or glanced == "its map is not there"
    assert glance(None).problem
    assert inspect(None).problem


@bounded
def test_a_table_of_quality_is_made_of_maps_however_odd(tmp_path):
    rng = np.random.default_rng(4)
    for _, _ in each(range(40)):
        qualities = [inspect(some_map(tmp_path, rng)[0]) for _ in range(6)]
        table = pd.DataFrame({"participant_id": list("abcdef"), "map": "x"})
        left_out = [subject for subject, quality in zip("abcdef", qualities, strict=True) if quality.problem]
        # Maps of unlike grids are refused before the table is made.
        kept = [quality for quality in qualities if not quality.problem]
        same = {quality.frame for quality in kept}
        if len(same) > 1:
            continue
        excluded = pd.DataFrame({"participant_id": left_out, "reason": "x"})
        quality = quality_table(Selection(table, qualities, excluded), VOLUMES)
        assert (quality["kept"] == "yes").sum() == len(kept)
