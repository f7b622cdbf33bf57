"""The files of images: which ones are opened, and reading them whole, to the checksum at the end of a packed one."""

import contextlib
import gzip
import os
import zlib

from secondlevel.base.errors import InputError
from secondlevel.base.ledger import noting

GZIP = b"\x1f\x8b"
# What stands in a file in place of an image that was not fetched: of git-lfs, of git-annex.
POINTERS = b"version https://git-lfs", b"annex/objects/"
FORMATS = "maps and masks are .nii, .nii.gz, or .img with .hdr"


@contextlib.contextmanager
def refusing(path):
    """Turn whatever goes wrong with an image in this block into an `InputError` of one line that names its file."""
    try:
        yield
    except (InputError, MemoryError):
        raise
    # Readers of damaged files raise nearly anything, and one file must not end the run of the others.
    except Exception as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"The image {path} is broken or cut short: {what}") from None


def parts_of(path):
    """The files that hold the header and the voxels of an image: one for ``.nii``, two for ``.img`` with ``.hdr``.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    header, voxels : str

    Raises
    ------
    InputError
        If the name has another ending.
    """
    path = str(path)
    packing = path[-3:] if path.lower().endswith(".gz") else ""
    root, ending = os.path.splitext(path.removesuffix(packing))
    if ending.lower() == ".nii":
        return path, path
    if ending.lower() not in (".img", ".hdr"):
        raise InputError(f"The file {path} is not an image that can be read: {FORMATS}; convert it.")
    other = {".img": ".hdr", ".hdr": ".img"}[ending.lower()]
    beside = root + (other.upper() if ending.isupper() else other) + packing
    return (path, beside) if other == ".img" else (beside, path)


def identity(path):
    """What tells an image from all others, by whatever link or part of it goes: the file of its voxels."""
    return file_identity(parts_of(path)[1])


def file_identity(path):
    """What tells a file from all others, by whatever link it goes."""
    path = os.path.realpath(path)
    about = os.stat(path)
    return (about.st_dev, about.st_ino) if about.st_ino else path  # some file systems number no files


def require_file(path):
    """An `InputError` if there is no file, or one that only says where an image can be fetched."""
    if os.path.isdir(path):
        raise InputError(f"The file {path} is not an image that can be read: it is a folder; name a file.")
    if os.path.islink(path) and not os.path.exists(path):
        raise InputError(f"The image {path} does not exist: it is a link to a file that is not here; fetch that file.")
    if not os.path.exists(path):
        raise InputError(f"The image {path} does not exist.")
    if not os.path.isfile(path):  # reading a pipe or a device may never end
        raise InputError(f"The file {path} is not an image that can be read: it is no regular file.")
    with refusing(path), open(path, "rb") as file:
        start = file.read(200)
    if any(pointer in start for pointer in POINTERS):
        raise InputError(
            f"The file {path} is not an image but a pointer to one that was not fetched; fetch it (git annex get, "
            "git lfs pull)."
        )
    if is_packed(path) and not start.startswith(GZIP):
        raise InputError(f"The file {path} is not an image that can be read: its name ends in .gz, but it is not gzip.")


def is_packed(path):
    """Whether a file's name says that it is packed by gzip."""
    return path.lower().endswith(".gz")


def first_bytes(path, size):
    """At most `size` bytes from the beginning of a file, unpacked."""
    with refusing(path), open(path, "rb") as file:
        return (gzip.GzipFile(fileobj=file) if is_packed(path) else file).read(size)


def all_bytes(path, least, most):
    """All of a file, unpacked and held against its checksum if it is packed.

    As gzip does, several packed pieces one after the other are joined, and zeros after the last one are ignored;
    anything else there is damage.

    Parameters
    ----------
    path : str
    least, most : int
        How many bytes there must be. No more than these are unpacked: a small file can hold a lot.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If the file is damaged, or has fewer or more bytes.
    """
    with refusing(path), noting(path) as file:
        content = unzipped(file.read(), most + 1) if is_packed(path) else file.read(most + 1)
    require_length(path, len(content), least, most)
    return content


def unzipped(packed, most):
    """At most some bytes of what gzip has packed: all at once, so that other threads go on meanwhile."""
    pieces = []
    while packed and most:
        piece = zlib.decompressobj(zlib.MAX_WBITS | 16)
        pieces.append(piece.decompress(packed, most))
        most -= len(pieces[-1])
        if most and not piece.eof:
            raise EOFError("its end is missing")
        packed = piece.unused_data.lstrip(b"\0")
    return b"".join(pieces)


def require_length(path, length, least, most):
    """An `InputError` if a file has fewer or more bytes than its header says."""
    if length < least:
        raise InputError(
            f"The image {path} is broken or cut short: it holds {length:,} bytes, its header promises {least:,}; copy "
            "or make it anew."
        )
    if length > most:
        raise InputError(
            f"The image {path} is broken or cut short: it holds more than the {most:,} bytes that its header promises; "
            "copy or make it anew."
        )
