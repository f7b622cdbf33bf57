"""Second-level association of brain maps with subject variables, from the dataset to the figures."""

from snakemake.utils import min_version

min_version("9.15")


configfile: workflow.source_path("config/config.yaml")


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"


scattergather:
    permutations=config["permutation"]["chunks"],


wildcard_constraints:
    contrast="[A-Za-z0-9]+",


localrules:
    all,


include: "workflow/rules/dataset.smk"
include: "workflow/rules/sample.smk"
include: "workflow/rules/model.smk"
include: "workflow/rules/permutation.smk"
include: "workflow/rules/figures.smk"


rule all:
    default_target: True
    input:
        rules.quality_check.output,
        rules.design_matrix.output,
        rules.threshold.output,
        rules.design_figure.output,
        expand(rules.fit.output, contrast=T_CONTRASTS),
        expand(rules.fit_f.output, contrast=F_CONTRASTS),
        expand(rules.correct.output, contrast=CONTRASTS),
        expand(rules.correct_across.output, contrast=CONTRASTS if PERMUTATION["across_contrasts"] else []),
        expand(rules.cluster_tables.output, contrast=CONTRASTS),
        expand(rules.map_figures.output, contrast=CONTRASTS),
        expand(rules.null_figure.output, contrast=CONTRASTS),
        expand(rules.association_figure.output, contrast=T_CONTRASTS),
