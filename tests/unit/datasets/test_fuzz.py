"""Maps of any name are found where they are, and only those; patterns that can find none are refused or find none."""

import random
from pathlib import Path

import pandas as pd

from fuzzing import bounded, each, is_sentence, outcome
from secondlevel.datasets.own import find_maps

PARTS = [
    "sub-01",
    "a b",
    "[1]",
    "*",
    "?",
    "**",
    "x{",
    "}",
    "$HOME",
    "~",
    "'",
    '"',
    "ä",
    "日",
    "-rf",
    ".hidden",
    "%s",
    "\\",
]
PARTS += ["#", ";", "&", "a\u0301", "\x1b[2J", "!", "{{", "(1|2)", "+", "^", "\u202e", "n" * 60]


def written(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


@bounded
def test_500_patterns_of_odd_names_find_the_maps_that_were_written(tmp_path, monkeypatch):
    rng = random.Random(1)
    for number, _ in each(range(500)):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        ids = rng.sample(PARTS, 4)
        visits = rng.choices(PARTS, k=4)
        table = pd.DataFrame({"participant_id": ids, "visit": visits})
        # A brace in what stands around the columns would begin another one.
        first, last = (rng.choice([part for part in PARTS if "{" not in part and "}" not in part]) for _ in range(2))
        pattern = rng.choice(
            [f"{first}/{{participant_id}}{last}.nii", f"{first}{{visit}}/{{participant_id}}/{last}.nii.gz"]
        )
        paths = [
            pattern.replace("{participant_id}", name).replace("{visit}", visit)
            for name, visit in zip(ids, visits, strict=True)
        ]
        there = paths[: rng.randint(0, 4)]
        for path in there:
            written(Path(path))
        nobody = pattern.replace("{participant_id}", "nobody").replace("{visit}", visits[0])
        written(Path(nobody))
        found, extra = find_maps(table, pattern, "t.tsv")
        assert found == paths
        assert set(extra) == {nobody} - set(paths)


@bounded
def test_500_folders_of_bids_names_give_each_row_its_map(tmp_path):
    rng, n_refused = random.Random(2), 0
    for number, _ in each(range(500)):
        folder = tmp_path / str(number)
        subjects = rng.sample(["01", "1", "02", "A", "b9", "10"], 3)
        rows = [(rng.choice(["", "sub-"]) + subject, rng.choice(["1", "01", "ses-2", "b"])) for subject in subjects]
        table = pd.DataFrame(rows, columns=["participant_id", "session"]).assign(subject=[row[0] for row in rows])
        wanted = {"run": rng.choice([1, "1", "01"]), "stat": "t"}
        by_session, files = rng.random() < 0.5, {}
        for subject, (_, session) in zip(subjects, rows, strict=True):
            for n_run, stat in ((1, "t"), (2, "t"), (1, "effect")):
                bare = session.removeprefix("ses-")
                session_of = rng.choice([bare.lstrip("0"), f"0{bare}" if bare.isdecimal() else bare])
                run = rng.choice([str(n_run), f"0{n_run}", f"00{n_run}"])
                ending = rng.choice([".nii", ".nii.gz", ".img"])
                name = f"sub-{subject}_ses-{session_of}_run-{run}_stat-{stat}_statmap{ending}"
                written(folder / rng.choice(["", f"sub-{subject}"]) / name)
                if (n_run, stat) == (1, "t"):
                    files[subject] = name
        if rng.random() < 0.2:  # twice
            written(folder / "again" / files[subjects[0]])
        keys = ["participant_id", "session"] if by_session else ["participant_id"]
        found, refusal = outcome(find_maps, table, {"folder": str(folder), **wanted}, "t.tsv", keys)
        if refusal:
            n_refused += 1
            assert is_sentence(refusal, "2 files fit ")
            assert (folder / "again").exists()
        else:
            assert [Path(path).name for path in found[0]] == list(files.values())
            assert found[1] == []
    assert 50 < n_refused < 150


STRANGE = [
    "",
    "/",
    "..",
    "**",
    "a**",
    "*",
    "[",
    "\0",
    "\ud800",
    "x" * 300,
    "a/b",
    "~",
    "{}",
    "{a",
    "a}",
    "{participant_id",
    ".",
]


@bounded
def test_whatever_names_the_maps_finds_some_or_none_or_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "maps" / "sub-1_run-1_statmap.nii")
    table = pd.DataFrame({"participant_id": ["sub-1", "2"], "a": ["x", None], "{a": "y"})
    inputs = STRANGE + [f"{{participant_id}}{strange}" for strange in STRANGE]
    inputs += [{"folder": strange} for strange in STRANGE if strange != "/"] + [
        {"folder": "maps", "suffix": strange} for strange in STRANGE
    ]
    inputs += [{"folder": "maps", strange: strange} for strange in STRANGE] + [{"folder": "maps", "run": 1.0}]
    for _, maps in each(inputs):
        found, refusal = outcome(find_maps, table, maps, "t.tsv")
        if refusal:
            assert is_sentence(refusal)
        else:
            assert len(found[0]) == 2
            assert all(path is None or isinstance(path, str) for path in found[0])
