"""Fetch files over HTTP: whole, checked and under their own name, or not at all."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pooch
import requests

from secondlevel.base.errors import InputError
from secondlevel.base.files import replacing
from secondlevel.base.names import short
from secondlevel.datasets.bounded import Bounded
from secondlevel.datasets.servers import WHY, is_guarded
from secondlevel.space.headers import MOST
from secondlevel.space.images import read_image

# The bytes as they are stored. A server that packs them for the way would hide their true length.
HEADERS = {"Accept-Encoding": "identity"}
MOST_OF_TABLE = 50_000_000  # bytes of a table or an index; one of 10,000 columns and 500 rows has less


def fetch(url, path, timeout, checksum=None, recorded_in=None, check=None, most=MOST):
    """Download one file; `path` appears only when the file is whole and right.

    Parameters
    ----------
    url : str
    path : str or Path
    timeout : float
        How many seconds of silence from the server to bear. A slow download that keeps moving goes on up to `most`.
    checksum : str, optional
        The SHA-256 that the file must have, in hexadecimal, or, of 32 digits, the MD5.
    recorded_in : str or Path, optional
        The file that holds this checksum, for the message.
    check : callable, optional
        A reader that takes a path and raises `InputError` if the file is no good.
    most : int
        How many bytes the file can have; by default those of the largest image that is read.

    Returns
    -------
    str
        The sha256 of the file, in hexadecimal.

    Raises
    ------
    InputError
        If there is no connection or one that is not encrypted, or the server answers with an error, falls silent,
        stops early, sends a web page, more than `most` or than there is room for, or a file that fails the checksum or
        the check.
    """
    with replacing(path) as part:
        download(url, part, timeout, most)
        refuse_wrong_file(url, part, path, checksum, recorded_in)
        try:
            if check is not None:
                check(part)
        except InputError as error:
            reason = str(error).replace(str(part), str(path)).rstrip(".")
            raise InputError(f"{url} gave no usable file, so it was not kept: {reason}; try again.") from None
        return pooch.file_hash(str(part), alg="sha256")


def download(url, part, timeout, most):
    """Write what an address gives into a file; an `InputError` if it does not come, comes unguarded or is too much."""
    require_guarded(url, url)

    def heard(response, **_):
        """Look at an answer before its body is read, be it the file's or one that leads on to another address."""
        require_guarded(response.url, url)
        if response.is_redirect:
            require_guarded(target_of(url, response), url)
            response.close()  # what it says beside the address is of no use, and may have no end
        else:
            file.require_room(length_of(url, response))

    # pooch.retrieve would take a part file that a killed job left for the finished download.
    fetcher = pooch.HTTPDownloader(chunk_size=1 << 16, timeout=timeout, headers=HEADERS, hooks={"response": heard})
    with Bounded(part, url, most) as file:
        try:
            fetcher(url, file, None)
        except requests.RequestException as error:
            raise InputError(f"{url} could not be downloaded: {what_went_wrong(error, timeout)}.") from None


def length_of(url, response):
    """How many bytes an answer says to have; 0 if it does not say."""
    length = response.headers.get("Content-Length", "0")
    if not re.fullmatch("[0-9]{1,18}", length):
        raise InputError(f"{url} has a length of '{short(length)}', which is none; check base_url in the config.")
    return int(length)


def require_guarded(target, url):
    """An `InputError` if an address, to which `url` has led, is that of a server whose answer others could change."""
    if not is_guarded(target):
        via = "" if target == url else f" leads to {short(target)}, which"
        raise InputError(f"{url}{via} {WHY}, and was not asked; check base_url in the config.")


def target_of(url, response):
    """The address to which an answer leads."""
    try:
        return urljoin(response.url, requests.Session().get_redirect_target(response))
    except ValueError:
        location = short(response.headers["location"])
        raise InputError(f"{url} leads to '{location}', which is no address; check base_url in the config.") from None


def refuse_wrong_file(url, part, path, checksum, recorded_in):
    """An `InputError` if a downloaded file is a web page, or its checksum is not the expected one, if there is one."""
    if is_web_page(part):
        raise InputError(f"{url} gave a web page (HTML) in place of {Path(path).name}; check base_url in the config.")
    kind = "md5" if len(checksum or "") == 32 else "sha256"
    found = pooch.file_hash(str(part), alg=kind)
    if checksum is not None and found != checksum:
        raise InputError(
            f"{url} has the {kind} {found}, but {recorded_in} records {checksum}, so the file was not kept; try again, "
            "and only if you trust the new file correct or delete that record."
        )


def fetch_recorded(url, path, folder, timeout, check=None, most=MOST):
    """Download a file of a dataset that publishes no checksums, and trust the first copy.

    Its sha256 is recorded at the first download and required at every later one. The record,
    ``<folder>/registry/<file>.sha256``, is a line of sha256sum's own format:
    ``cat registry/*.sha256 | sha256sum -c`` in `folder` checks all files. There is one record per file, so that
    jobs that run side by side never write the same one.

    Parameters
    ----------
    url, path, timeout, check, most
        As in `fetch`. File names must be unique in `folder`.
    folder : str or Path
        The dataset's folder; `path` lies in it.

    Returns
    -------
    first : bool
        Whether the checksum was recorded now.

    Raises
    ------
    InputError
        As `fetch`, and if the file differs from the recorded one.
    """
    record = Path(folder) / "registry" / f"{Path(path).name}.sha256"
    recorded = record.read_text(encoding="utf-8").partition(" ")[0] if record.exists() else None
    found = fetch(url, path, timeout, recorded, record, check, most)
    if recorded is None:
        with replacing(record) as part:
            part.write_text(f"{found}  {Path(path).relative_to(folder).as_posix()}\n", encoding="utf-8")
    return recorded is None


def what_went_wrong(error, timeout):
    """Say in words what an exception of requests means, and what to do."""
    root = error
    while root.__cause__ or root.__context__:
        root = root.__cause__ or root.__context__
    if isinstance(error, requests.HTTPError):
        status = error.response.status_code
        final = 400 <= status < 500 and status not in (408, 429)
        advice = "check base_url in the config" if final else "the trouble is the server's, try again later"
        return f"the server answered {status} {error.response.reason}; {advice}"
    if isinstance(error, requests.Timeout) or isinstance(root, TimeoutError):
        return f"it timed out after {timeout:g} s of silence; try again later, or raise timeout in the config"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        got, rest = getattr(root, "partial", None), getattr(root, "expected", None)
        size = f" (got {got} of {got + rest} bytes)" if isinstance(got, int) and isinstance(rest, int) else ""
        return f"it was cut short{size}; try again"
    return f"no connection to the server ({root}); check the network, and base_url in the config"


def is_web_page(path):
    """Tell whether a file starts as an HTML page does."""
    with open(path, "rb") as file:
        return file.read(1024).lstrip().lower().startswith((b"<!doctype html", b"<html"))


def check_gzip_image(path):
    """Read a ``.nii.gz`` file to its last byte, its checksum included.

    Raises
    ------
    InputError
        If it is not gzip, is broken or cut short, or is no three-dimensional image.
    """
    read_image(path)
