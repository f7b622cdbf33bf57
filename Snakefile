"""Second-level association of brain maps with subject variables, from the dataset to the figures."""

from snakemake.utils import min_version

min_version("9.15")


configfile: workflow.source_path("config/config.yaml")


report: "workflow/report/workflow.rst"


include: "workflow/rules/settings.smk"
include: "workflow/rules/core.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/resources.smk"
include: "workflow/rules/start.smk"


scattergather:
    permutations=config["permutation"]["chunks"],


wildcard_constraints:
    analysis=one_of(SETTINGS),
    contrast="[A-Za-z0-9]+",


include: "workflow/rules/dataset.smk"
include: "workflow/rules/sample.smk"
include: "workflow/rules/model.smk"
include: "workflow/rules/permutation.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/targets.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/report.smk"


# A dry run says in words what will be analysed.
if asked_for(DRY_RUN):
    preview()


rule all:
    default_target: True
    input:
        [results_of(analysis) for analysis in SETTINGS],
        expand([*rules.provenance.output, *rules.report.output], analysis=SETTINGS),
