"""What was read is noted as it is read, and files that change in between are found."""

import gzip
import hashlib
import os
import shutil

import nibabel as nib
import numpy as np
import pytest

from secondlevel.base import ledger
from secondlevel.base.errors import InputError
from secondlevel.base.files import state_of, write_json
from secondlevel.base.ledger import expect, noting, seen
from secondlevel.base.tables import read_table
from secondlevel.inference.atlas import region_names
from secondlevel.space.images import load_image


@pytest.fixture(autouse=True)
def of_one_job(monkeypatch):
    monkeypatch.setattr(ledger, "READ", {})
    monkeypatch.setattr(ledger, "BEFORE", {})


def write_map(path, value=1.0):
    nib.save(nib.Nifti1Image(np.full((3, 4, 5), value, np.float32), np.eye(4)), path)


def replace(path, write, age):
    """Write a file anew, with another time, by its difference in ns."""
    before = os.stat(path)
    write()
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + age))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.img"])
def test_the_checksum_is_that_of_the_bytes_that_were_analysed(tmp_path, name):
    path = tmp_path / name
    write_map(path)
    files = sorted(tmp_path.iterdir())
    expected = {str(file): sha256(file) for file in files}
    values, _ = load_image(str(path))
    replace(path, lambda: write_map(path, 2), 0)
    assert (values == 1).all()
    found = seen(files)
    assert {file: entry["sha256"] for file, entry in found.items()} == expected
    assert found[str(path)]["sha256"] != sha256(path)


@pytest.mark.parametrize("age", [-(10**15), 0, 10**12])
@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.hdr", "labels.tsv"])
def test_a_file_that_changes_between_two_jobs_is_refused_whatever_its_time(tmp_path, name, age):
    path = tmp_path / name

    def write(value):
        if name == "labels.tsv":
            path.write_text(f"index\tname\n1\tpart {value}\n")
        else:
            write_map(path, value)
            if name == "a.hdr":
                header = bytearray(path.read_bytes())
                header[148] = value  # of the description
                path.write_bytes(header)

    def read():
        return region_names(str(path)) if name == "labels.tsv" else load_image(str(path))

    write(1)
    read()
    expect(seen([path]))
    read()
    replace(path, lambda: write(2), age)
    with pytest.raises(InputError, match=f"{name} has changed while it was analysed; run the workflow again"):
        read()


def test_a_file_that_was_not_read_to_its_end_is_read_when_it_is_noted(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * 9000)
    with noting(path) as file:
        assert file.read(3) == b"\0\1\2"
    assert ledger.READ == {}
    (entry,) = seen([path]).values()
    assert entry["sha256"] == sha256(path)
    assert entry["bytes"] == 256 * 9000


def test_pieces_and_zeros_after_them_are_part_of_the_checksum(tmp_path):
    path = tmp_path / "a.nii.gz"
    write_map(tmp_path / "b.nii")
    whole = (tmp_path / "b.nii").read_bytes()
    path.write_bytes(gzip.compress(whole[:300]) + gzip.compress(whole[300:]) + bytes(5000))
    values, _ = load_image(str(path))
    assert (values == 1).all()
    assert ledger.READ[str(path)]["sha256"] == sha256(path)


def test_a_table_is_noted(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("participant_id\tage\n" + "".join(f"{n}\t{n}\n" for n in range(2000)))
    read_table(str(path))
    assert ledger.READ[str(path)]["sha256"] == sha256(path)


class TestState:
    """`files.state_of`: what a rule depends on beside the times that Snakemake compares."""

    def study(self, folder):
        paths = [folder / f"{name}.nii" for name in "abc"]
        for value, path in enumerate(paths):
            write_map(path, value)
        return list(map(str, paths)), str(folder / "read.json")

    def test_it_is_the_same_before_and_after_the_run_and_when_files_are_touched_or_copied(self, tmp_path):
        paths, noted = self.study(tmp_path)
        before = state_of(paths, noted)
        write_json(noted, seen(paths))
        assert state_of(paths, noted) == before
        os.utime(paths[0])
        os.chmod(paths[1], 0o600)
        shutil.copyfile(paths[2], tmp_path / "copy")
        os.replace(tmp_path / "copy", paths[2])
        assert state_of(reversed(paths), noted) == before

    @pytest.mark.parametrize("age", [-(10**15), 0, 10**15])
    def test_it_is_another_one_when_a_file_is_replaced_whatever_its_time(self, tmp_path, age):
        paths, noted = self.study(tmp_path)
        write_json(noted, seen(paths))
        before = state_of(paths, noted)
        replace(paths[1], lambda: write_map(paths[1], 7), age)
        after = state_of(paths, noted)
        assert after != before
        ledger.READ.clear()
        write_json(noted, seen(paths))
        assert state_of(paths, noted) == after

    def test_a_link_that_is_switched_and_a_file_that_goes_are_seen(self, tmp_path):
        paths, noted = self.study(tmp_path)
        for path in paths:
            os.utime(path, ns=(10**18, 10**18))  # as archives have it that can be made again, byte for byte
        link = tmp_path / "link.nii"
        link.symlink_to(paths[0])
        write_json(noted, seen([link]))
        before = state_of([link], noted)
        link.unlink()
        link.symlink_to(paths[1])
        assert state_of([link], noted) != before
        link.unlink()
        assert state_of([link], noted) != before
