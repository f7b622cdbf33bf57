"""Which files beside results are named as those of earlier settings."""

import json

import pytest

from secondlevel.report import provenance
from secondlevel.report.leftovers import OF_THE_FOLDER, in_words, leftovers, told_of_record

OUTPUTS = ["design.tsv", "contrast-age_stat-t_statmap.nii.gz", "figures/design.png", "permutation/null.npz"]
NONE_OF_THEM = [
    "provenance.json", "report.html", "calibration.json", "logs/fit_old.log", "benchmarks/fit_old.tsv",
    ".checksums/contrast-old_stat-t_statmap.nii.gz", "figures/.snakemake_timestamp", "design.tsv.changed",
    ".part-0-design.tsv", "permutation/chunk-1-of-2.npz", "figures/.checksums/old.png",
]  # fmt: skip
LEFT = ["contrast-old_stat-t_statmap.nii.gz", "contrast-old_stat-t_statmap.json", "figures/contrast-old_null.svg"]


@pytest.fixture
def folder(tmp_path):
    for name in (*OUTPUTS, *NONE_OF_THEM):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def write_record(folder, outputs):
    (folder / "provenance.json").write_text(json.dumps({"outputs": outputs}))


def test_what_settings_make_and_what_is_no_result_is_not_named(folder):
    assert leftovers(folder, OUTPUTS) == []
    write_record(folder, dict.fromkeys(OUTPUTS, ""))
    assert told_of_record(folder) is None


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_earlier_settings_made_is_named(folder, n):
    for name in LEFT[:n]:
        (folder / name).touch()
    assert leftovers(folder, OUTPUTS) == sorted(LEFT[:n])
    write_record(folder, dict.fromkeys(OUTPUTS, ""))
    sentence = told_of_record(folder)
    assert sentence.startswith(f"{n} file{' is' if n == 1 else 's are'} in {folder}")
    assert ", ".join(sorted(LEFT[:n])) in sentence
    assert "remove" in sentence


def test_of_many_files_the_first_few_are_named():
    sentence = in_words("results/a", [f"file{number}" for number in range(1054)])
    assert sentence.startswith("1,054 files are in results/a ")
    assert "file0, file1, file2 and 1,051 more;" in sentence


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"outputs": null}', '{"outputs": 3}', "\udcff"])
def test_without_a_record_to_go_by_nothing_is_named(folder, text):
    if text is None:
        (folder / "provenance.json").unlink()
    else:
        (folder / "provenance.json").write_bytes(text.encode(errors="surrogateescape"))
    assert told_of_record(folder) is None


def test_names_of_record_and_report_are_those_that_are_written():
    assert {provenance.NAME, provenance.REPORT} < OF_THE_FOLDER
