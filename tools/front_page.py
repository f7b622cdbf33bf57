"""The page that an archive opens with: what was found, how to look at it, and how to make it again."""

import html
import platform
import re

from packing import FOLDER, INPUTS, dataset, packed_results
from secondlevel.base.signs import on_a_line
from secondlevel.report.provenance import REPORT

ANSWER = re.compile(r'<meta name="description" content="([^"]*)"')
PAGE = """\
# {names}: a group analysis of brain maps

{answers}

## To look at it

{looks}

Maps are NIfTI images, with a JSON file of the same name that says what each holds; `_desc-<method>_table.tsv` are the
tables of clusters and peaks. [WORKFLOW.md](WORKFLOW.md) says what every file is, and what is computed and why.

## To make it again

```bash
make verify                      # is every file as it was packed?
make reproduce INPUTS=folder     # run the workflow on the inputs, and compare every result with its checksum
```

The second command sets up the software of `requirements.lock`, for which it needs {software}.
As a container, `Containerfile` and `container.def` make the same. It finds the inputs below `folder` by their SHA-256,
wherever they lie and whatever they are called, {where}. Results land in `reproduced/`. On another
kind of processor, or with other software, numbers can differ in their last digits: then the comparison says which files
differ, and `archive/<analysis>/provenance.json` says what they were made with.

## Data

{data}

The inputs, by the paths that the analysis knew them by:

{inputs}
"""


def answers(folder):
    """What the report in a folder of results says in short."""
    found = ANSWER.search((folder / REPORT).read_text(encoding="utf-8"))
    return html.unescape(found[1]).strip() if found else ""


def data_of(record, licence):
    """What there is to say of an analysis' data."""
    about, name = dataset(record), record["settings"].get("dataset", "own")
    works = [f"{title} https://doi.org/{doi}" for _, title, doi in about.works.values()]
    what = "The data are the authors' own." if name == "own" else f"The data are the dataset {name}."
    return " ".join(filter(None, [what, about.licence, *works, licence and f"Licence: {licence}."]))


def software(with_packages):
    """What is needed to set up the software."""
    if not with_packages:
        return "Python 3.11 or later, `make` and the internet"
    version = ".".join(platform.python_version_tuple()[:2])
    return f"`make` and Python {version}: `wheels/` holds its packages for {platform.system()} on {platform.machine()}"


def page(records, licence, with_inputs, with_packages):
    """The page.

    Parameters
    ----------
    records : dict of dict by Path
        What rule provenance wrote, by the folder of the results.
    licence : str
        Of the data; empty if it is not told.
    with_inputs : bool
        Whether the archive holds the inputs.
    with_packages : bool
        Whether it holds the packages of the lock file.

    Returns
    -------
    str
    """
    looks = [
        f"- **{record['analysis']}**: open [its report]({FOLDER}/{record['analysis']}/results/{REPORT}) in a browser; "
        f"{len(packed_results(record))} files are beside it."
        for record in records.values()
    ]
    inputs = {name: sha for record in records.values() for name, sha in record["inputs"].items()}
    return PAGE.format(
        names=" and ".join(record["analysis"] for record in records.values()),
        answers="\n\n".join(filter(None, map(answers, records))),
        looks="\n".join(looks),
        software=software(with_packages),
        where=f"and in `{INPUTS}` of this archive" if with_inputs else "by default in this folder",
        data="\n\n".join(dict.fromkeys(data_of(record, licence) for record in records.values())),
        inputs="\n".join(
            f"- `{on_a_line(name)}`{' (made by the workflow)' * name.startswith('resources/')}, SHA-256 `{sha}`"
            for name, sha in sorted(inputs.items())
        ),
    )
