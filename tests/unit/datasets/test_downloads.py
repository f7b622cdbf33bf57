"""Downloads are whole and right, or refused in one sentence with nothing left behind."""

import gzip
import hashlib
import random
import shutil
import socket
import subprocess
from types import SimpleNamespace
from urllib.parse import urlsplit

import nibabel as nib
import numpy as np
import pytest
import requests

from secondlevel.base.errors import InputError
from secondlevel.base.files import NOTES
from secondlevel.datasets.downloads import check_gzip_image, fetch, fetch_recorded
from secondlevel.datasets.servers import is_guarded
from server import (
    PAGE,
    Server,
    dripping,
    endless,
    failing,
    headed,
    in_turn,
    leading,
    stalling,
    status,
    truncated,
    truncated_chunks,
    well,
)

TIMEOUT = 30  # seconds; that of servers which say nothing is short
SHORT = 1
BODY = bytes(range(256)) * 40
SHA256 = hashlib.sha256(BODY).hexdigest()


def left_in(folder):
    """All files below a folder but the notes of checksums, part files included."""
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return sorted(str(path) for path in files if NOTES not in path.parts)


def refusal(answer, folder, path="/file", name="file.bin", timeout=TIMEOUT, **keywords):
    """Fetch what must be refused; give the sentence, and check that nothing is left."""
    with Server({path: answer}) as server:
        url = server.url + path
        with pytest.raises(InputError) as caught:
            fetch(url, folder / name, timeout, **keywords)
        assert server.count(path) == 1
    assert left_in(folder) == []
    sentence = str(caught.value)
    assert url in sentence
    assert "\n" not in sentence
    assert ".part-" not in sentence
    return sentence


@pytest.fixture
def image_bytes(tmp_path_factory):
    path = tmp_path_factory.mktemp("image") / "map.nii.gz"
    noise = np.random.default_rng(3).normal(size=(7, 8, 9)).astype(np.float32)
    nib.save(nib.Nifti1Image(noise, np.eye(4)), path)
    return path.read_bytes()


def test_a_file_arrives_whole_and_its_checksum_is_given(tmp_path):
    with Server({"/file": BODY}) as server:
        assert fetch(f"{server.url}/file", tmp_path / "new" / "file.bin", TIMEOUT, SHA256) == SHA256
    assert (tmp_path / "new" / "file.bin").read_bytes() == BODY
    assert left_in(tmp_path) == ["new/file.bin"]


def test_a_slow_but_steady_download_is_not_cut_off(tmp_path):
    with Server({"/file": dripping(BODY, pieces=12, pause=SHORT / 10)}) as server:
        assert fetch(f"{server.url}/file", tmp_path / "file.bin", SHORT) == SHA256


@pytest.mark.parametrize("sent", [0, 1000])
def test_a_silent_server_times_out(tmp_path, sent):
    sentence = refusal(stalling(BODY, seconds=5, sent=sent), tmp_path, timeout=SHORT)
    assert "timed out after 1 s" in sentence


@pytest.mark.parametrize("sent", [0, 1000, len(BODY) - 1])
def test_a_download_cut_short_is_refused_with_both_lengths(tmp_path, sent):
    sentence = refusal(truncated(BODY, sent), tmp_path)
    assert f"cut short (got {sent} of {len(BODY)} bytes)" in sentence


ENDLESS = {
    "chunks": endless(),
    "drops": dripping(BODY * 40, pieces=4000, pause=0.001),
    "until it hangs up": headed(bytes(10**6)),
    "a longer one than it says": headed(gzip.compress(bytes(10**7)), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("answer", ENDLESS)
def test_a_server_that_does_not_end_is_cut_off(tmp_path, answer):
    sentence = refusal(ENDLESS[answer], tmp_path, most=100_000)
    assert "gives more than 100,000 bytes, which no file of its kind has" in sentence


@pytest.mark.parametrize(("length", "words"), [("5000000000", "gives more than"), ("x" * 999, "length of 'xxx")])
def test_a_length_that_cannot_be_is_refused_before_a_byte_is_read(tmp_path, length, words):
    with Server({"/file": headed(b"", Content_Length=length)}) as server, pytest.raises(InputError, match=words):
        fetch(f"{server.url}/file", tmp_path / "file.bin", 60)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(("most", "free"), [(len(BODY), 10**9), (10**9, len(BODY))])
def test_a_file_of_just_the_most_bytes_is_kept_and_one_with_more_is_not(tmp_path, monkeypatch, most, free):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    with Server({"/file": BODY}) as server:
        assert fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT, most=most) == SHA256
    (tmp_path / "file.bin").unlink()
    words = "10,240 bytes, which no" if most < free else f"10,240 bytes that are free on the disk of {tmp_path}; make"
    for answer in (well(BODY + b"x"), headed(BODY + b"x")):
        assert words in refusal(answer, tmp_path, most=most)


def test_the_words_of_a_server_that_leads_on_are_not_read(tmp_path):
    with Server({"/on": endless(302, Location="/file"), "/file": BODY}) as server:
        assert fetch(f"{server.url}/on", tmp_path / "file.bin", TIMEOUT) == SHA256
        assert server.count("/file") == 1
        assert server.sent < 50_000_000  # what lies on the way
    with Server({"/file": endless(404)}) as server:
        with pytest.raises(InputError, match="answered 404"):
            fetch(f"{server.url}/file", tmp_path / "other.bin", TIMEOUT)
        assert server.sent < 50_000_000


def test_a_download_of_unknown_length_cut_short_is_refused(tmp_path):
    assert "cut short; try again" in refusal(truncated_chunks(BODY), tmp_path)


@pytest.mark.parametrize(("code", "advice"), [(404, "base_url"), (403, "base_url"), (429, "later"), (500, "later")])
def test_an_error_status_is_told(tmp_path, code, advice):
    sentence = refusal(status(code), tmp_path)
    assert f"answered {code}" in sentence
    assert advice in sentence


def test_a_server_that_recovers_serves_the_next_attempt(tmp_path):
    with Server({"/file": failing(2, well(BODY))}) as server:
        for _ in range(2):
            with pytest.raises(InputError, match="answered 500"):
                fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT)
        fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT, SHA256)
        assert server.count("/file") == 3
    assert left_in(tmp_path) == ["file.bin"]


def test_a_closed_port_is_told(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        with pytest.raises(InputError, match="no connection to the server.*[Rr]efused"):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/file", tmp_path / "file.bin", TIMEOUT)
    assert left_in(tmp_path) == []


def test_a_server_that_hangs_up_is_told(tmp_path):
    assert "no connection" in refusal(lambda handler, _: None, tmp_path)


# Addresses whose answer others could change, some of which look like this machine; on Linux the first one is it.
UNGUARDED = ["http://0.0.0.0:{port}/file", "http://127.0.0.1.example/file", "http://127.0.0.1@host.example/file"]
UNGUARDED += ["http://host.example\\@127.0.0.1/file", "http://localhost:80@host.example/", "http://localhost.example/"]
UNGUARDED += ["http://[::2]/file", "http://127.1/file", "ftp://localhost/file", "file:///etc/passwd"]


@pytest.mark.parametrize("address", UNGUARDED)
def test_a_server_to_which_the_way_is_not_encrypted_is_not_asked(tmp_path, address):
    with Server({"/file": BODY}) as server:
        address = address.format(port=server.server_port)
        with pytest.raises(InputError) as caught:
            fetch(address, tmp_path / "file.bin", TIMEOUT)
        server.answers["/on"] = leading(address)
        with pytest.raises(InputError) as led:
            fetch(f"{server.url}/on", tmp_path / "file.bin", TIMEOUT)
        assert server.count("/file") == 0
    assert str(caught.value).startswith(f"{address} is not encrypted, so that anybody on the way could change what")
    assert str(led.value).startswith(f"{server.url}/on leads to {address}, which is not encrypted")
    assert left_in(tmp_path) == []


def test_what_is_taken_for_this_machine_is_this_machine_for_who_asks():
    rng, guarded = random.Random(1), 0
    parts = [
        "http://",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "host.example",
        ":80",
        "/",
        "@",
        "\\",
        "#",
        "?",
        ".",
        "%2f",
        " ",
    ]
    for _ in range(3000):
        url = "http://" + "".join(rng.choices(parts[1:4] if rng.random() < 0.5 else parts, k=1))
        url += "".join(rng.choices(parts, k=rng.randint(0, 5)))
        if is_guarded(url):
            try:
                asked = requests.Request("GET", url).prepare().url
            except requests.RequestException:
                continue
            guarded += 1
            assert urlsplit(asked).hostname in ("localhost", "127.0.0.1", "::1"), url
    assert guarded > 100


def test_a_server_may_lead_to_another_address(tmp_path):
    with Server({"/1/a": leading("../2"), "/2": PAGE, "/file": BODY}) as server:
        server.answers["/2"] = leading(f"//localhost:{server.server_port}/file", body=b"over there")
        assert fetch(f"{server.url}/1/a", tmp_path / "file.bin", TIMEOUT) == SHA256


@pytest.mark.parametrize("location", ["http://[::1", "/file", "http://localhost:99999/", "https://", "\x00", "\xff"])
def test_a_server_that_leads_nowhere_is_told(tmp_path, location):
    with Server({"/file": leading(location)}) as server, pytest.raises(InputError) as caught:
        fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT)
    assert str(caught.value).startswith(f"{server.url}/file ")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("keywords", [{}, {"checksum": SHA256, "recorded_in": "sums"}, {"check": check_gzip_image}])
def test_a_web_page_in_place_of_the_file_is_refused(tmp_path, keywords):
    assert "web page (HTML) in place of map.nii.gz" in refusal(well(PAGE), tmp_path, name="map.nii.gz", **keywords)


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_a_wrong_checksum_names_both_and_where_the_right_one_is_from(tmp_path, kind):
    right, wrong = (hashlib.new(kind, data).hexdigest() for data in (BODY, BODY[:-1]))
    sentence = refusal(well(BODY[:-1]), tmp_path, checksum=right, recorded_in="sums.txt")
    assert f"has the {kind} {wrong}, but sums.txt records {right}" in sentence
    with Server({"/file": BODY}) as server:
        assert fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT, right) == SHA256


def test_a_refused_download_keeps_the_file_that_is_there(tmp_path):
    (tmp_path / "file.bin").write_bytes(b"old")
    with Server({"/file": truncated(BODY, 9)}) as server, pytest.raises(InputError):
        fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT)
    assert (tmp_path / "file.bin").read_bytes() == b"old"
    assert left_in(tmp_path) == ["file.bin"]


def test_what_a_killed_job_left_is_not_taken_for_the_file(tmp_path):
    (tmp_path / ".part-0123-file.bin").write_bytes(BODY + b"left over")
    with Server({"/file": BODY}) as server:
        assert fetch(f"{server.url}/file", tmp_path / "file.bin", TIMEOUT) == SHA256
    assert left_in(tmp_path) == ["file.bin"]


def test_a_whole_image_passes_the_check(tmp_path, image_bytes):
    with Server({"/map": image_bytes}) as server:
        fetch(f"{server.url}/map", tmp_path / "map.nii.gz", TIMEOUT, check=check_gzip_image)
    assert (tmp_path / "map.nii.gz").read_bytes() == image_bytes


def test_broken_images_fail_the_check(tmp_path, image_bytes):
    flipped = bytearray(image_bytes)
    flipped[-6] ^= 1  # in gzip's own checksum, which comes after the last voxel
    broken = {
        "without its end": image_bytes[:-200],
        "without its checksum": image_bytes[:-4],
        "wrong checksum": bytes(flipped),
        "not gzip": gzip.decompress(image_bytes),
        "gzip of text": gzip.compress(b"not an image"),
        "empty": b"",
    }
    for kind, body in broken.items():
        sentence = refusal(well(body), tmp_path, name="map.nii.gz", check=check_gzip_image)
        assert "no usable file" in sentence, kind
        assert str(tmp_path / "map.nii.gz") in sentence, kind


def test_the_first_download_is_trusted_and_the_same_one_later(tmp_path):
    target = tmp_path / "maps" / "file.bin"
    with Server({"/file": BODY}) as server:
        assert fetch_recorded(f"{server.url}/file", target, tmp_path, TIMEOUT) is True
        target.unlink()
        assert fetch_recorded(f"{server.url}/file", target, tmp_path, TIMEOUT) is False
    assert (tmp_path / "registry" / "file.bin.sha256").read_text() == f"{SHA256}  maps/file.bin\n"
    assert left_in(tmp_path) == ["maps/file.bin", "registry/file.bin.sha256"]


def test_a_later_download_that_differs_is_refused(tmp_path):
    target, record = tmp_path / "file.bin", tmp_path / "registry" / "file.bin.sha256"
    with Server({"/file": in_turn(well(BODY), well(b"another"))}) as server:
        fetch_recorded(f"{server.url}/file", target, tmp_path, TIMEOUT)
        target.unlink()
        with pytest.raises(InputError) as caught:
            fetch_recorded(f"{server.url}/file", target, tmp_path, TIMEOUT)
        for part in (SHA256, hashlib.sha256(b"another").hexdigest(), str(record)):
            assert part in str(caught.value)
        assert left_in(tmp_path) == ["registry/file.bin.sha256"]
        assert record.read_text().startswith(SHA256)
        record.unlink()
        assert fetch_recorded(f"{server.url}/file", target, tmp_path, TIMEOUT) is True


@pytest.mark.parametrize("bad", [status(500), truncated(BODY, 99), well(PAGE), well(b"no image")])
def test_a_refused_download_is_never_recorded(tmp_path, bad):
    with Server({"/file": bad}) as server, pytest.raises(InputError):
        fetch_recorded(f"{server.url}/file", tmp_path / "file.nii.gz", tmp_path, TIMEOUT, check_gzip_image)
    assert left_in(tmp_path) == []


def test_sha256sum_checks_the_registry(tmp_path):
    with Server({"/1": BODY, "/2": b"two"}) as server:
        fetch_recorded(f"{server.url}/1", tmp_path / "maps" / "a&1.bin", tmp_path, TIMEOUT)
        fetch_recorded(f"{server.url}/2", tmp_path / "b.bin", tmp_path, TIMEOUT)
    command = "cat registry/*.sha256 | sha256sum --check --strict"
    assert subprocess.run(command, shell=True, cwd=tmp_path).returncode == 0
    (tmp_path / "b.bin").write_bytes(b"changed")
    assert subprocess.run(command, shell=True, cwd=tmp_path).returncode != 0
