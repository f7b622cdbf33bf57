"""Rule describe: what the results of an analysis are, as a dataset of BIDS derivatives and for NeuroVault."""

import os

from secondlevel.base.columns import read_columns, write_columns
from secondlevel.base.files import read_json, replacing, write_json
from secondlevel.base.guarding import unguarded
from secondlevel.base.logs import log_to
from secondlevel.report.description import About, bidsignore, dataset_description, readme
from secondlevel.report.neurovault import neurovault_columns
from secondlevel.sample.people import people_of
from secondlevel.space.forms import Form
from secondlevel.space.sources import paths_of


def main(smk):
    log, out, settings = log_to(smk.log[0]), smk.output, smk.params.settings
    folder = os.path.dirname(out.description)
    sample, maps = read_columns(smk.input.sample), {name: read_json(f"{folder}/{name}") for name in smk.params.maps}
    n_people, space = len(set(people_of(sample, settings))), read_json(smk.input.mask).get("SpatialReference")
    settings |= {"difference": unguarded(settings["difference"])}
    kind, n_maps, form = unguarded(smk.params.kind), len(sample["map"]), Form(**smk.params.form)
    paths = [path for source in sample["map"] for path in paths_of(source, kind)]
    about = About(smk.wildcards.analysis, settings, paths, n_maps, n_people, space, list(maps), form)
    write_json(out.description, dataset_description(about, folder, smk.params.workflow))
    for path, text in ((out.readme, readme(about)), (out.ignored, bidsignore(about.form))):
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8")
    if out.neurovault:
        write_columns(out.neurovault, neurovault_columns(about, maps))
    log.info("%d maps", len(maps))


if __name__ == "__main__":
    main(snakemake)
