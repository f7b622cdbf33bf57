"""The design, and the linear model of each contrast."""


rule design_matrix:
    input:
        sample=rules.quality_check.output.sample,
    output:
        design=f"{RESULTS}/design.tsv",
        contrasts=f"{RESULTS}/contrasts.tsv",
        about=f"{RESULTS}/design.json",
    log:
        f"{RESULTS}/logs/design_matrix.log",
    benchmark:
        f"{RESULTS}/benchmarks/design_matrix.tsv"
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        core=core_digest("design_matrix"),
        design=setting("design"),
        factors=of_settings(facts.of_design, "factors"),
        center=of_settings(facts.of_design, "center"),
        scale=of_settings(facts.of_design, "scale"),
        split=of_settings(facts.of_design, "split"),
        contrasts=setting("contrasts"),
    message:
        "build the design of {wildcards.analysis}"
    script:
        "../scripts/design_matrix.py"


# The maps of a model whose maps lack values or have variances, and of whether having a value goes with a contrast.
MODEL_MAPS = with_sidecars(
    **{
        key: of_contrast(kind.name(None, FORM))
        for key, kind in (maps.OF_WEIGHTED | (maps.OF_VARIANCES if VARIANCES else {})).items()
    }
)
MISSING = with_sidecars(missing=statmap("{statistic}", "missing"))


# One job for all contrasts of an analysis, since each takes but a second: here, and in the stages that follow.
for analysis, chosen in SETTINGS.items():

    rule:
        name:
            rule_name("fit", analysis)
        input:
            **files_of(
                analysis,
                maps=rules.masked_maps.output.maps,
                **VARIANCES,
                mask=rules.brain_mask.output.mask,
                design=rules.design_matrix.output.design,
                contrasts=rules.design_matrix.output.contrasts,
            ),
        output:
            **files_of(analysis, "t", **stat_maps(maps.OF_T)),
            **files_of(analysis, "F", **stat_maps(maps.OF_F)),
            **(files_of(analysis, **MISSING, **MODEL_MAPS) if incomplete.is_weighted(chosen) else {}),
        log:
            f"results/{analysis}/logs/fit.log",
        benchmark:
            f"results/{analysis}/benchmarks/fit.tsv"
        priority: 50
        group:
            "model"
        conda:
            "../envs/core.yaml"
        threads: 1
        resources:
            mem_mb=memory(700, 0.2, "maps"),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            core=core_digest("fit"),
            two_sided=facts.two_sided(chosen),
            difference=lambda wildcards, words=facts.difference(chosen): words,  # it can hold braces
            weighted=incomplete.is_weighted(chosen),
        message:
            f"fit the contrasts of {analysis}"
        script:
            "../scripts/fit.py"
