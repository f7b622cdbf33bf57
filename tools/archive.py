"""Pack an analysis into one file that can be read, checked and run again anywhere.

    PYTHONPATH=workflow/scripts python tools/archive.py OUT.tar.gz [--inputs] [--wheels] [--licence TEXT] [FOLDER ...]

Folders are as for verify.py. Packed are the workflow, the settings, the record and the results of each analysis, its
report among them, and, if asked for, its inputs and the packages that `make wheels` has collected. Equal results make
equal archives.
"""

import argparse
import gzip
import io
import os
import tarfile
from collections import Counter
from pathlib import Path

from crate import METADATA, described
from front_page import page
from packing import FOLDER, INPUTS, LIST, WHEELS, dataset, list_of, packed_results, size_of
from secondlevel.base.errors import InputError
from secondlevel.base.files import json_text
from secondlevel.base.signs import say
from secondlevel.report.provenance import NAME, REPORT, read_record
from verify import folders_of, give_up, verify

ROOT = Path(__file__).resolve().parent.parent
PACKED = ["Snakefile", "Makefile", "pyproject.toml", "requirements.lock", "CHANGELOG.md", "CITATION.cff", "LICENSE"]
PACKED += ["Containerfile", "container.def", "config", "profiles", "workflow", "tools", "results/.gitkeep"]
PACKED += [f"{WHEELS}/.gitkeep"]


def of_workflow():
    """The files of the workflow by their path in the archive."""
    for name in PACKED:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield str(file.relative_to(ROOT)), file
    yield "WORKFLOW.md", ROOT / "README.md"


def of_analysis(folder, record):
    """The files of an analysis, or their bytes, by their path in the archive."""
    place = FOLDER / record["analysis"]
    yield f"{place}/{NAME}", json_text(record).encode()
    yield f"{place}/config.json", json_text(record["config"]).encode()
    if not (folder / REPORT).is_file():
        raise InputError(f"the report {folder / REPORT} is not there; run the workflow again.")
    for name in packed_results(record):
        yield f"{place}/results/{name}", folder / name


def of_inputs(record):
    """The inputs of an analysis by their path in the archive, which tells their content."""
    if not dataset(record).shared:
        raise InputError(f"{record['analysis']}: {dataset(record).licence} Archive it without INPUTS=yes.")
    for name, sha256 in record["inputs"].items():
        if not Path(name).is_file():
            raise InputError(f"the input {name} is not at hand; archive without INPUTS=yes, or where it is.")
        yield f"{INPUTS}/{sha256[:16]}/{Path(name).name}", Path(name)


def of_packages():
    """The packages that `make wheels` has collected, by their path in the archive."""
    files = [path for path in sorted((ROOT / WHEELS).iterdir()) if not path.name.startswith(".")]
    if not files:
        raise InputError(f"no packages are in {WHEELS}/; collect them by make wheels.")
    yield from ((f"{WHEELS}/{path.name}", path) for path in files)


def as_recorded(arguments):
    """The record of each analysis by its folder; an `InputError` if results are not as recorded."""
    records = {folder: read_record(folder / NAME) for folder in folders_of(arguments)}
    if not all([verify(folder, record) for folder, record in records.items()]):  # noqa: C419
        raise InputError("results that are not as recorded are not archived; run the workflow again.")
    doubled = [name for name, count in Counter(r["analysis"] for r in records.values()).items() if count > 1]
    if doubled:
        raise InputError(f"more than one of the folders holds the analysis {doubled[0]}; name one of them.")
    return records


def write(out, name, content):
    """Write a compressed archive of files, or their bytes, by their path below a folder of a name. None has a time."""
    part = out.with_name(f".part-{out.name}")
    try:
        with (
            open(part, "wb") as file,
            gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as compressed,
            tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            for path, data in sorted(content.items()):
                entry = tarfile.TarInfo(f"{name}/{path}")
                entry.size = size_of(data)
                with open(data, "rb") if isinstance(data, Path) else io.BytesIO(data) as source:
                    tar.addfile(entry, source)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def main(wanted):
    try:
        records, out = as_recorded(wanted.folders), Path(wanted.out)
        content = dict(of_workflow())
        for folder, record in records.items():
            content |= of_analysis(folder, record)
            content |= of_inputs(record) if wanted.inputs else {}
        content |= of_packages() if wanted.wheels else {}
        content["README.md"] = page(records, wanted.licence, wanted.inputs, wanted.wheels).encode()
        content[METADATA] = json_text(described(ROOT, content, records, wanted.licence)).encode()
        content[str(LIST)] = json_text(list_of(content)).encode()
        write(out, out.name.removesuffix(".tar.gz"), content)
    except (InputError, OSError) as error:
        give_up(error)
    say(f"{out}: {len(content)} files, {out.stat().st_size / 1e3:,.0f} kB.")


def arguments():
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("folders", nargs="*", metavar="folder")
    parser.add_argument("--inputs", action="store_true", help="pack the inputs, too")
    parser.add_argument("--wheels", action="store_true", help="pack the packages that make wheels has collected, too")
    parser.add_argument("--licence", default="", help="of the data, as the archive's page states it")
    return parser.parse_args()


if __name__ == "__main__":
    main(arguments())
