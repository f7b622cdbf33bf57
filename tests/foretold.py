"""What a dry run says of a config, without a run."""

import settings as configs
from conftest import REPO
from secondlevel.report.outlook import outlook

SCHEMAS = [configs.read_yaml(REPO / "workflow" / "schemas" / f"{name}.yaml") for name in ("defaults", "config.schema")]


def foretold(given):
    """The lines on the only analysis of a config, whose settings are made as workflow/rules/run.smk makes them."""
    ((_, chosen),) = configs.analyses_of(given, *SCHEMAS)[1].items()
    facts = configs.facts
    variables = {"covariates": facts.covariates(chosen), "labels": facts.labels(chosen), "table": "sample.tsv"}
    of_design = {key: facts.of_design(chosen, key) for key in ("factors", "center")}
    return outlook(chosen | variables | of_design)
