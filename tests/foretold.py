"""What a dry run says of a config, without a run."""

import settings as configs
from conftest import REPO
from secondlevel.report.glimpse import looked_at
from secondlevel.report.outlook import outlook, sample_of, shared_kind
from secondlevel.space.kinds.parcel_maps import table_of
from secondlevel.space.series import content_of

SCHEMAS = [configs.read_yaml(REPO / "workflow" / "schemas" / f"{name}.yaml") for name in ("defaults", "config.schema")]
# What a process keeps of the files that it has read.
HELD = looked_at, sample_of, shared_kind, table_of, content_of


def foretold_each(given):
    """The lines on each analysis of a config by its name, as a dry run tells them."""
    for shared in HELD:
        shared.cache_clear()  # each call is a dry run of its own
    analyses = configs.analyses_of(given, *SCHEMAS)[1]
    own = {name: f"results/{name}/participants.tsv" for name in analyses if analyses[name]["dataset"] == "own"}
    tables = dict.fromkeys(analyses, "sample.tsv") | own
    return {name: outlook(configs.facts.of_outlook(chosen, tables[name])) for name, chosen in analyses.items()}


def foretold(given):
    """The lines on the only analysis of a config, as a dry run tells them."""
    (lines,) = foretold_each(given).values()
    return lines
