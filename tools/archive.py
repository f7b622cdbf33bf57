"""Pack the workflow, its settings and the checksums of inputs and results into one file that makes the results anew.

    PYTHONPATH=workflow/scripts python tools/archive.py OUT.tar.gz [FOLDER ...]      # as for verify.py

Neither inputs nor results are packed: who unpacks it needs the inputs, and gets the results by `make reproduce`. Equal
results make equal archives.
"""

import gzip
import io
import sys
import tarfile
from collections import Counter
from pathlib import Path

from secondlevel.base.errors import InputError
from secondlevel.base.files import json_text
from secondlevel.base.signs import on_a_line, say
from secondlevel.report.provenance import NAME, read_record
from verify import folders_of, give_up, verify

ROOT = Path(__file__).resolve().parent.parent
PACKED = ["Snakefile", "Makefile", "pyproject.toml", "requirements.lock", "README.md", "CHANGELOG.md", "CITATION.cff"]
PACKED += ["LICENSE", "config", "profiles", "workflow", "tools", "results/.gitkeep"]
TEXT = """\
# An archive of {names}

`make reproduce` sets up the software pinned in `requirements.lock`, checks the inputs that are at hand against their
checksums, runs the workflow with the archived settings, and compares every result with its checksum. It needs Python
3.11 or later and `make`, and the internet for the software and for what the workflow downloads, unless it is there.

Put the inputs where these paths, seen from this folder, say, or change the paths in `archive/<analysis>/config.json`:

{inputs}

On another kind of processor, or with other software, numbers can differ in their last digits: then the comparison says
which files differ, and `archive/<analysis>/provenance.json` says what they were made with.
"""


def files():
    """The files of the workflow, by their name in the archive."""
    for name in PACKED:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield str(file.relative_to(ROOT)), file.read_bytes()


def packed(name, content):
    """Files by their path as the bytes of a compressed archive, all below a folder of a name, none with a time."""
    archive = io.BytesIO()
    with tarfile.TarFile(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, data in sorted(content.items()):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(archive.getvalue(), mtime=0)


def main(out, arguments):
    try:
        records = {folder: read_record(folder / NAME) for folder in folders_of(arguments)}
        as_recorded = [verify(folder, record) for folder, record in records.items()]
        if not all(as_recorded):
            raise InputError("results that are not as recorded are not archived; run the workflow again.")
        doubled = [name for name, count in Counter(r["analysis"] for r in records.values()).items() if count > 1]
        if doubled:
            raise InputError(f"more than one of the folders holds the analysis {doubled[0]}; name one of them.")
    except (InputError, OSError) as error:
        give_up(error)
    content = dict(files())
    for record in records.values():
        folder = f"archive/{record['analysis']}"
        content |= {f"{folder}/{NAME}": json_text(record).encode()}
        content |= {f"{folder}/config.json": json_text(record["config"]).encode()}
    names = " and ".join(record["analysis"] for record in records.values())
    inputs = sorted({name for record in records.values() for name in record["inputs"]})
    inputs = "\n".join(
        f"- `{on_a_line(name)}`{' (made by the workflow)' * name.startswith('resources/')}" for name in inputs
    )
    content["REPRODUCE.md"] = TEXT.format(names=names, inputs=inputs).encode()

    Path(out).write_bytes(packed(Path(out).name.removesuffix(".tar.gz"), content))
    say(f"{out}: {len(content)} files, {Path(out).stat().st_size / 1e3:.0f} kB.")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
