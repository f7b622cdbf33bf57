"""Studies of odd maps, which dry run and run look at alike, and records of which anything can have been changed."""

import json
import random
import re

import numpy as np

from foretold import foretold
from fuzzing import bounded, each, is_sentence, outcome
from inspecting import VOLUMES, inspected
from oddmaps import some_map
from secondlevel.base.files import json_text
from secondlevel.datasets.own import find_maps, read_study
from secondlevel.report.leftovers import leftovers
from secondlevel.report.provenance import compare, read_record, sealed
from secondlevel.sample.selection import require_one_frame
from study import AFFINE, SHAPE, config_of

OWN = {"participants": "participants.tsv", "maps": "map"}
STUDY = {"design": "age", "contrasts": [{"name": "age", "weights": "age"}], "own": OWN, "clusters": None, "tfce": None}


def kept_by_run():
    """The subjects whom the rules keep."""
    table = read_study(OWN["participants"], ["participant_id"])
    table["map"] = find_maps(table, OWN["maps"], OWN["participants"])[0]
    chosen = inspected(table, ["age"], [], [], OWN["participants"])
    kept = list(table["participant_id"][chosen.kept])
    if kept:
        require_one_frame(kept, [quality.frame for quality in chosen.qualities_of_kept], VOLUMES)
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


RECORD = {
    "analysis": "a", "revision": None, "software": {"numpy": "2"}, "machine": {}, "config": {}, "settings": {},
    "inputs": {"table.tsv": "0" * 64, "maps/a.nii": "1" * 64}, "outputs": {"design.tsv": "2" * 64, "a/b.tsv": "3" * 64},
}  # fmt: skip
STRANGE = [None, True, 0, -1, 1.5, 1e300, "", "x", "../up", "/etc/passwd", "a\0b", "a\nb", "\x1b[2J", "x" * 5000]
STRANGE += ["0" * 64, "0" * 65, [], {}, [[]], {"a": {}}, {"a": None}, {"a": "0" * 63}]
NO_PATHS = ["", "../b", "a/../../b", ".", "\x1b", "x" * 300, "design.tsv/x", "d/" * 2500]
STRANGE += [{name: "0" * 64} for name in NO_PATHS]


def changed(record, rng):
    """A record with something strange in the place of one of its values or keys."""
    record = json.loads(json.dumps(record))
    part = record if rng.random() < 0.6 else record[rng.choice(["inputs", "outputs", "software"])]
    key, strange = rng.choice([*part, "more"]), rng.choice(STRANGE)
    if rng.random() < 0.2:
        part.pop(key, None)
    elif rng.random() < 0.3 and isinstance(strange, str):
        part[strange] = part.pop(key, None)
    else:
        part[key] = strange
    return record


@bounded
def test_800_records_are_read_as_they_were_written_or_refused(tmp_path):
    rng, path, n_refused = random.Random(1), tmp_path / "provenance.json", 0
    whole = json_text(sealed(RECORD)).encode()
    (tmp_path / "design.tsv").touch()
    for number, _ in each(range(800)):
        expected, data = RECORD, bytearray(whole)
        if number % 2:  # sealed anew, as who forges a record can
            expected = changed(RECORD, rng)
            data = json_text(sealed(expected)).encode()
        else:
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(3)] = rng.choice(
                [b"", b" ", b"\n", rb"\ud800", b"[" * 5000, rng.randbytes(2), bytes([data[at] ^ 1])]
            )
        path.write_bytes(data)
        record, refusal = outcome(read_record, path)
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, str(path))
            assert data != whole
        else:
            assert {key: value for key, value in record.items() if key != "sha256"} == expected
            assert not any(name.startswith("/") or ".." in name.split("/") for name in record["outputs"])
            # What is done with a record that is read.
            differing, absent = compare(record, tmp_path)
            assert len(differing) + len(absent) >= len(record["outputs"])
            assert isinstance(leftovers(tmp_path, record["outputs"]), list)
    assert 400 < n_refused < 750
