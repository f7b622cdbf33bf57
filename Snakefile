"""Second-level association of brain maps with subject variables, from the dataset to the figures."""

from snakemake.utils import min_version

min_version("9.15")


# The default analysis, unless a config is named, or this workflow is a part of another one, which has one.
if workflow.modifier.is_main_snakefile() and not workflow.config_settings.configfiles:

    configfile: workflow.source_path("config/config.yaml")


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/resources.smk"


scattergather:
    permutations=PERMUTATION["chunks"],


wildcard_constraints:
    analysis=one_of(SETTINGS),


include: "workflow/rules/datasets.smk"
include: "workflow/rules/sample.smk"
include: "workflow/rules/model.smk"
include: "workflow/rules/permutation.smk"
include: "workflow/rules/inference.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/targets.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/run.smk"


rule all:
    default_target: True
    input:
        wanted,
    localrule: True
    message:
        "all is made"
