"""The tables of clusters and the figures of each contrast, as PNG and SVG."""


rule cluster_tables:
    input:
        **{method: CORRECTED[method] for method in METHODS},
        null=rules.reduce_null.output.null,
        mask=rules.brain_mask.output.mask,
        thresholds=rules.threshold.output.thresholds,
        z=statmap("z"),
        statistic=lambda wildcards: statmap(model_statistic(wildcards)),
        atlas=[local(ATLAS["image"]), local(ATLAS["labels"])] if ATLAS else [],
    output:
        **{
            f"{kind}_table": report(
                f"{RESULTS}/contrast-{{contrast}}_desc-{kind}_table.tsv",
                caption="../report/cluster_table.rst",
                category="{analysis}",
                subcategory="{contrast}",
            )
            for kind in CLUSTER_KINDS
        },
        **with_sidecars(
            **{f"{kind}_labels": f"{RESULTS}/contrast-{{contrast}}_desc-{kind}_dseg.nii.gz" for kind in CLUSTER_KINDS}
        ),
    log:
        f"{RESULTS}/logs/cluster_tables_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/cluster_tables_{{contrast}}.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        core=core_digest("cluster_tables"),
        methods=METHODS,
        model_statistic=model_statistic,
        alpha=config["alpha"]["fwe"],
        connectivity=CLUSTER_KINDS,
        min_distance=config["tables"]["min_distance"],
        peaks=config["tables"]["peaks"],
    script:
        "../scripts/cluster_tables.py"


rule design_figure:
    input:
        design=rules.design_matrix.output.design,
    output:
        figure=figure("design", "design"),
    log:
        f"{RESULTS}/logs/design_figure.log",
    benchmark:
        f"{RESULTS}/benchmarks/design_figure.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("design_figure"),
        design=setting("design"),
        center=setting("center"),
        contrasts=setting("contrasts"),
    script:
        "../scripts/design_figure.py"


rule sample_figures:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        sample=rules.quality_check.output.sample,
        design=rules.design_matrix.output.design,
    output:
        montage=figure("montage", "montage"),
        quality=figure("quality", "map_quality"),
        variables=figure("variables", "variables"),
        coverage=figure("coverage", "coverage"),
        similarity=report(
            f"{RESULTS}/similarity.tsv",
            caption="../report/similarity.rst",
            category="{analysis}",
            subcategory="Sample",
        ),
        coverage_json=f"{RESULTS}/coverage.json",
        brain=f"{RESULTS}/standard_brain.nii.gz",
    log:
        f"{RESULTS}/logs/sample_figures.log",
    benchmark:
        f"{RESULTS}/benchmarks/sample_figures.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        core=core_digest("sample_figures"),
    script:
        "../scripts/sample_figures.py"


# Few rules draw brains, since the import of what draws them takes longer than all drawing: one that can begin once the
# model is fitted, and one once the permutations are done.
rule model_figures:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
        thresholds=rules.threshold.output.thresholds,
        z=statmap("z"),
        statistic=lambda wildcards: statmap(model_statistic(wildcards)),
        bonferroni=statmap("logp", "bonferroni"),
    output:
        z=contrast_figure("stat-z_desc-fdr", "z_map"),
        bonferroni=contrast_figure("stat-logp_desc-bonferroni", "bonferroni_map"),
        highlight=contrast_figure("stat-z_desc-highlight", "highlight"),
        glass=contrast_figure("stat-z_desc-glass", "glass"),
        association=contrast_figure("desc-peak_association", "association"),
    log:
        f"{RESULTS}/logs/model_figures_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/model_figures_{{contrast}}.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        core=core_digest("model_figures"),
        fwhm=setting("smoothing_fwhm"),
        cut_coords=config["figures"]["cut_coords"],
        logp_from=config["figures"]["logp_from"],
        statistic=model_statistic,
        two_sided=two_sided,
    script:
        "../scripts/model_figures.py"


rule permutation_figures:
    input:
        **{method: CORRECTED[method] for method in METHODS},
        mask=rules.brain_mask.output.mask,
        null=rules.correct.output.null,
        summaries=list(SUMMARIES.values()),
    output:
        **{method: contrast_figure(f"stat-logp_desc-{method}", "permutation_map") for method in METHODS},
        null=contrast_figure("null", "null"),
    log:
        f"{RESULTS}/logs/permutation_figures_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/permutation_figures_{{contrast}}.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        core=core_digest("permutation_figures"),
        scheme=setting("permutation", "scheme"),
        cut_coords=config["figures"]["cut_coords"],
        logp_from=config["figures"]["logp_from"],
        methods=METHODS,
        two_sided=two_sided,
    script:
        "../scripts/permutation_figures.py"
