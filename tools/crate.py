"""The description of an archive that machines read: a Workflow Run RO-Crate.

Leo et al. 2024, Recording provenance of workflow runs with RO-Crate, PLoS ONE 19, e0309210; the profile is
https://w3id.org/ro/wfrun/workflow/0.5. Identical archives have identical descriptions.
"""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

import yaml
from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from packing import FOLDER, INPUTS, dataset, sha256_of, size_of
from secondlevel.report.provenance import NAME

METADATA = "ro-crate-metadata.json"
WFRUN = "https://w3id.org/ro/wfrun"
PROFILES = [f"{WFRUN}/process/0.5", f"{WFRUN}/workflow/0.5", "https://w3id.org/workflowhub/workflow-ro-crate/1.0"]
SPDX = "https://spdx.org/licenses/"


def described(root, content, records, licence):
    """The description of an archive.

    Parameters
    ----------
    root : Path
        The folder of the workflow, with CITATION.cff.
    content : dict of Path or bytes by str
        All other files of the archive, or their bytes, by their path in it.
    records : dict of dict by Path
        What rule provenance wrote, by the folder of the results.
    licence : str
        Of the data; empty if it is not told.

    Returns
    -------
    dict
        JSON-LD.
    """
    crate, citation = ROCrate(version="1.1"), yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    names = " and ".join(record["analysis"] for record in records.values())
    workflow = add_workflow(crate, citation)
    files = {path: add_file(crate, path, data) for path, data in content.items() if path != "Snakefile"}
    for folder, record in records.items():
        add_run(crate, workflow, folder, record, files)
    latest = max(written(folder / NAME) for folder in records)
    crate.root_dataset.append_to("conformsTo", [add(crate, url, "CreativeWork", name=url) for url in PROFILES])
    crate.root_dataset["name"] = f"A group analysis of brain maps: {names}"
    crate.root_dataset["description"] = (
        "Maps, tables, figures and the report of a second-level analysis, with the workflow that made them."
    )
    crate.root_dataset["license"] = licence or stated(records) or "not stated; ask the authors of the data"
    crate.root_dataset["datePublished"] = latest
    crate.root_dataset["author"] = workflow["author"]
    return crate.metadata.generate()


def add(crate, identifier, kind, **properties):
    """A thing that is no file of the archive."""
    return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))


def add_workflow(crate, citation):
    """The workflow and its authors."""
    workflow = crate.add_workflow("Snakefile", main=True, lang="snakemake")
    workflow["name"], workflow["version"] = citation["title"], citation["version"]
    workflow["license"] = f"{SPDX}{citation['license']}"
    workflow["description"] = " ".join(citation["abstract"].split())
    workflow["author"] = [
        add(crate, f"#author-{number}", "Organization" if "name" in person else "Person", name=name_of(person))
        for number, person in enumerate(citation["authors"], 1)
    ]
    return workflow


def name_of(person):
    """The name of an author in CITATION.cff, an organization or a person."""
    return person.get("name") or f"{person['given-names']} {person['family-names']}"


def add_file(crate, path, data):
    """A file of the archive."""
    about = {"sha256": sha256_of(data), "contentSize": str(size_of(data)), "encodingFormat": kind_of(path)}
    return crate.add_file(dest_path=path, properties={"name": Path(path).name, **about})


def add_run(crate, workflow, folder, record, files):
    """The run that made an analysis: its inputs, results, settings and software."""
    place = f"{FOLDER}/{record['analysis']}"
    inputs = [add_input(crate, name, sha256, files) for name, sha256 in record["inputs"].items()]
    software = [
        add(crate, f"#{name}-{version}", "SoftwareApplication", name=name, softwareVersion=version)
        for name, version in record["software"].items()
        if version
    ]
    run = add(
        crate,
        f"#run-{record['analysis']}",
        "CreateAction",
        name=f"Analysis {record['analysis']}",
        description=f"On {record['machine'].get('system', 'an unknown system')}.",
        endTime=written(folder / NAME),
    )
    run["instrument"] = workflow
    run["object"] = [*inputs, files[f"{place}/config.json"]]
    run["result"] = [file for path, file in files.items() if path.startswith(f"{place}/results/")]
    crate.root_dataset.append_to("mentions", run)
    known = workflow.get("softwareRequirements") or []
    workflow["softwareRequirements"] = list({entity.id: entity for entity in [*known, *software]}.values())


def add_input(crate, name, sha256, files):
    """An input: the file of the archive, or, where it holds none, what has its checksum (RFC 6920)."""
    packed = files.get(f"{INPUTS}/{sha256[:16]}/{Path(name).name}")
    about = {"name": name, "sha256": sha256, "encodingFormat": kind_of(name)}
    return packed or crate.add_file(f"nih:/sha-256;{sha256}", properties=about)


def kind_of(path):
    """The media type of a file by its name."""
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def stated(records):
    """What the datasets say of their licence."""
    return " ".join(dict.fromkeys(dataset(record).licence or "" for record in records.values())).strip()


def written(path):
    """When a file was written, in ISO 8601."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC).isoformat()
