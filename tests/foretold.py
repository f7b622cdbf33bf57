"""What a dry run says of a config, without a run."""

import settings as configs
from conftest import REPO
from secondlevel.report.outlook import looked_at, outlook

SCHEMAS = [configs.read_yaml(REPO / "workflow" / "schemas" / f"{name}.yaml") for name in ("defaults", "config.schema")]


def foretold(given):
    """The lines on the only analysis of a config, as a dry run tells them."""
    looked_at.cache_clear()  # each call is a dry run of its own
    ((_, chosen),) = configs.analyses_of(given, *SCHEMAS)[1].items()
    return outlook(configs.facts.of_outlook(chosen, "sample.tsv"))
