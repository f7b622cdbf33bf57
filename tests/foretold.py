"""What a dry run says of a config, without a run."""

import settings as configs
from conftest import REPO
from secondlevel.report.glimpse import looked_at
from secondlevel.report.outlook import outlook, sample_of

SCHEMAS = [configs.read_yaml(REPO / "workflow" / "schemas" / f"{name}.yaml") for name in ("defaults", "config.schema")]


def foretold_each(given):
    """The lines on each analysis of a config by its name, as a dry run tells them."""
    for shared in (looked_at, sample_of):
        shared.cache_clear()  # each call is a dry run of its own
    analyses = configs.analyses_of(given, *SCHEMAS)[1]
    return {name: outlook(configs.facts.of_outlook(chosen, "sample.tsv")) for name, chosen in analyses.items()}


def foretold(given):
    """The lines on the only analysis of a config, as a dry run tells them."""
    (lines,) = foretold_each(given).values()
    return lines
