"""Pictures, as PNG and SVG."""

# The corrections whose maps of -log10 p are drawn together, by the ``desc-`` of the figure.
LOGP_FIGURES = catalogue.figures(config)
# What is drawn of parcels and edges, and of no others.
EFFECTS = {key: of_contrast(maps.OF_T[key].name("{contrast}", FORM)) for key in ("effect", "lower", "upper")}
EFFECTS = EFFECTS if FORM.kind in (forms.PARCELS, forms.CONNECTOME) else {}
# What only volumes have.
GLASS = {"glass": contrast_figure("stat-z_desc-glass", "glass")} if FORM.brain else {}


rule sample_figures:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        sample=rules.quality_check.output.sample,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
        about=rules.design_matrix.output.about,
        similarity=rules.compare_maps.output.similarity,
        coverage=rules.compare_maps.output.coverage,
        sd=rules.diagnose.output.sd,
    output:
        **({"shares": figure("values", "values")} if config["coverage"] else {}),
        design=figure("design", "design"),
        montage=figure("montage", "montage"),
        # As SVG for the page, whose dots have names.
        quality=figure("quality", "map_quality", also=["svg"]),
        variables=figure("variables", "variables"),
        coverage=figure("coverage", "coverage"),
        spread=figure("residual_sd", "residual_sd"),
    log:
        f"{RESULTS}/logs/sample_figures.log",
    benchmark:
        f"{RESULTS}/benchmarks/sample_figures.tsv"
    group:
        "figures"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        **WORDS,
        core=core_digest("sample_figures"),
        whose=of_settings(lambda settings: guarding.guarded(facts.whose(settings))),
        factors=of_settings(lambda settings: guarding.guarded(list(facts.of_design(settings, "factors")))),
        fwhm=setting("smoothing_fwhm"),
        # For the caption of the design only.
        design=of_settings(lambda settings: guarding.harmless(settings["design"])),
        center=of_settings(lambda settings: guarding.harmless(facts.of_design(settings, "center"))),
        scale=of_settings(lambda settings: guarding.harmless(facts.of_design(settings, "scale"))),
        contrasts=of_settings(lambda settings: guarding.harmless(settings["contrasts"])),
    message:
        "draw the sample of {wildcards.analysis}"
    script:
        "../scripts/sample_figures.py"


# Few rules draw, since the imports take longer than all drawing: one that can begin once the model is fitted, and one
# once the permutations are done.
for analysis, chosen in SETTINGS.items():

    rule:
        name:
            rule_name("model_figures", analysis)
        input:
            **files_of(
                analysis,
                maps=rules.masked_maps.output.maps,
                mask=rules.brain_mask.output.mask,
                design=rules.design_matrix.output.design,
                contrasts=rules.design_matrix.output.contrasts,
                about=rules.design_matrix.output.about,
                sample=rules.quality_check.output.sample,
                residuals=rules.diagnose.output.residuals,
                thresholds=of_contrast(catalogue.thresholds_file("{contrast}")),
                z=statmap("z"),
                statistic=statmap("{statistic}"),
                bonferroni=statmap("logp", "bonferroni"),
            ),
            **files_of(analysis, "t", **EFFECTS),
        output:
            **files_of(
                analysis,
                z=contrast_figure("stat-z_desc-fdr", "z_map"),
                bonferroni=contrast_figure("stat-logp_desc-bonferroni", "bonferroni_map"),
                highlight=contrast_figure("stat-z_desc-highlight", "highlight"),
                **GLASS,
                association=contrast_figure("desc-peak_association", "association"),
            ),
        log:
            f"results/{analysis}/logs/model_figures.log",
        benchmark:
            f"results/{analysis}/benchmarks/model_figures.tsv"
        priority: 50
        group:
            "figures"
        conda:
            "../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=memory(1000),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            **WORDS,
            core=core_digest("model_figures"),
            fwhm=chosen["smoothing_fwhm"],
            cut_coords=config["figures"]["cut_coords"],
            logp_from=config["figures"]["logp_from"],
            statistic=facts.model_statistics(chosen),
            two_sided=facts.two_sided(chosen),
        message:
            f"draw the contrasts of {analysis}"
        script:
            "../scripts/model_figures.py"

    rule:
        name:
            rule_name("permutation_figures", analysis)
        input:
            **files_of(
                analysis,
                mask=rules.brain_mask.output.mask,
                **LOGP,
                statistic=statmap("{statistic}"),
                null=of_contrast(catalogue.null_file("{contrast}")),
                summaries=list(SUMMARIES.values()),
            ),
        output:
            **files_of(
                analysis,
                **{key: contrast_figure(f"stat-logp_desc-{key}", "permutation_map") for key in LOGP_FIGURES},
                null=contrast_figure("null", "null"),
            ),
        log:
            f"results/{analysis}/logs/permutation_figures.log",
        benchmark:
            f"results/{analysis}/benchmarks/permutation_figures.tsv"
        priority: 50
        group:
            "figures"
        conda:
            "../envs/figures.yaml"
        threads: 1
        resources:
            mem_mb=memory(1000),
            runtime=minutes(5 + 5 * len(chosen["contrasts"])),
        params:
            **WORDS,
            core=core_digest("permutation_figures"),
            cut_coords=config["figures"]["cut_coords"],
            logp_from=config["figures"]["logp_from"],
            methods=METHODS,
            figures=LOGP_FIGURES,
            two_sided=facts.two_sided(chosen),
        message:
            f"draw the permutation tests of {analysis}"
        script:
            "../scripts/permutation_figures.py"
