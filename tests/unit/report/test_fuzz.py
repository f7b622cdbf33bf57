"""Studies of odd maps: a dry run keeps whom the run keeps, or both refuse the study in a sentence."""

import re

import numpy as np

from foretold import foretold
from fuzzing import bounded, each, is_sentence, outcome
from oddmaps import some_map
from secondlevel.datasets.own import find_maps, read_study
from secondlevel.sample.quality import inspect
from secondlevel.sample.selection import require_one_grid, select
from study import AFFINE, SHAPE, config_of

OWN = {"participants": "participants.tsv", "maps": "map"}
STUDY = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}], "own": OWN, "clusters": None, "tfce": None}


def kept_by_run():
    """The subjects whom the rules keep."""
    table = read_study(OWN["participants"], ["participant_id"])
    table["map"] = find_maps(table, OWN["maps"], OWN["participants"])[0]
    chosen = select(table, ["age"], [], [], inspect, OWN["participants"])
    kept = list(table["participant_id"][chosen.kept])
    if kept:
        require_one_grid(kept, [quality.grid for quality in chosen.qualities_of_kept])
    return kept


def kept_by(lines):
    """How many subjects a dry run says that are kept."""
    n_kept = int(re.search(r": (\d+) kept, ", "\n".join(lines))[1])
    return n_kept - sum(line.startswith("The run will leave out one more") for line in lines)


@bounded
def test_100_studies_of_odd_maps_keep_the_same_subjects_in_dry_run_and_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng, n_refused, n_told = np.random.default_rng(1), 0, 0
    for _, _ in each(range(100)):
        n = int(rng.integers(1, 12))
        maps = [
            some_map(tmp_path, rng, f"map{row}", (SHAPE, AFFINE) if rng.random() < 0.98 else None) for row in range(n)
        ]
        paths = ["n/a" if rng.random() < 0.03 else path for path, *_ in maps]
        ages = ["n/a" if rng.random() < 0.03 else f"{rng.normal(40, 9):.3f}" for _ in maps]
        rows = "".join(f"sub-{row}\t{age}\t{path}\n" for row, (age, path) in enumerate(zip(ages, paths, strict=True)))
        (tmp_path / OWN["participants"]).write_text(f"participant_id\tage\tmap\n{rows}")
        lines, refusal = outcome(foretold, config_of(**STUDY))
        kept, refusal_of_run = outcome(kept_by_run)
        if refusal:
            n_refused += 1
            assert is_sentence(refusal)
            assert refusal_of_run or len(kept) <= 2, refusal
        elif refusal_of_run:
            assert "Unlike grids are refused" in "\n".join(lines)
        else:
            n_told += 1
            assert kept_by(lines) == len(kept) > 0
            assert all(is_sentence(line) for line in lines)
    assert n_told > 40
    assert n_refused > 5
