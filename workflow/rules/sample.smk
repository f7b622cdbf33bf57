"""Who is in the sample, what is analysed of their maps, and how each of these lies among the others."""

# What counts as having no value, and whether all subjects need one.
HOLES = {
    "holes": of_settings(incomplete.holes),
    "partial": of_settings(incomplete.is_partial),
    "coverage": setting("coverage"),
}
READERS = 2  # threads that read maps, each one at a time: as many as any node of a cluster has


rule quality_check:
    input:
        table=sample_table,
        maps=sample_maps,
        companions=companion_maps,
        reference=reference_grid,
        design=design_files,
        region=map_mean_region,
    output:
        sample=f"{RESULTS}/sample.tsv",
        excluded=reported(f"{RESULTS}/excluded.tsv", "excluded", "Sample"),
        quality=reported(f"{RESULTS}/quality.tsv", "quality", "Sample"),
        read=f"{LEDGER}/quality_check.json",
        survey=temp(f"{LEDGER}/survey.npz"),
    log:
        f"{RESULTS}/logs/quality_check.log",
    benchmark:
        f"{RESULTS}/benchmarks/quality_check.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    group:
        "sample"
    conda:
        "../envs/figures.yaml"
    threads: READERS
    resources:
        mem_mb=memory(700, 60 * READERS, "maps"),
        runtime=minutes(5, 0.02, "maps"),
    params:
        **WORDS,
        **HOLES,
        core=core_digest("quality_check"),
        kind=of_settings(facts.kind),
        state=state_of(
            f"{LEDGER}/quality_check.json", own_maps, companion_maps, reference_grid, design_files, map_mean_region
        ),
        zeros=of_settings(facts.zeros),
        # Snakemake's report shows them.
        variables=of_settings(lambda settings: guarding.guarded(facts.in_table(settings))),
        labels=of_settings(lambda settings: guarding.guarded(facts.labels(settings))),
        exclude=of_settings(lambda settings: guarding.guarded(settings["exclude"])),
        map_mean=of_settings(lambda settings: guarding.guarded([facts.map_mean_over(settings)])),
        elsewhere=of_settings(lambda settings: guarding.guarded(facts.elsewhere(settings))),
    message:
        "check every subject and map of {wildcards.analysis}"
    script:
        "../scripts/quality_check.py"


rule brain_mask:
    input:
        sample=rules.quality_check.output.sample,
        maps=sample_maps,
        companions=companion_maps,
        # Where it cannot be told from the subjects who have a value is not analysed.
        design=lambda wildcards: f"{RESULTS}/design.tsv" if SETTINGS[wildcards.analysis]["coverage"] else [],
        reference=reference_grid,
        given=given_mask,
        read=rules.quality_check.output.read,
        survey=rules.quality_check.output.survey,
    output:
        mask=of_contrast(FORM.mask),
        json=f"{RESULTS}/mask.json",
        read=f"{LEDGER}/brain_mask.json",
    log:
        f"{RESULTS}/logs/brain_mask.log",
    benchmark:
        f"{RESULTS}/benchmarks/brain_mask.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    group:
        "sample"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 60, "maps"),
        runtime=minutes(10),
    params:
        **HOLES,
        core=core_digest("brain_mask"),
        kind=of_settings(facts.kind),
        state=state_of(f"{LEDGER}/brain_mask.json", given_mask),
        mask=setting("mask"),
        zeros=of_settings(facts.zeros),
        space=FORM.space,
    message:
        f"choose the {UNIT.many} of {{wildcards.analysis}}"
    script:
        "../scripts/brain_mask.py"


rule masked_maps:
    input:
        sample=rules.quality_check.output.sample,
        maps=sample_maps,
        companions=companion_maps,
        reference=reference_grid,
        mask=rules.brain_mask.output.mask,
        read=rules.quality_check.output.read,
    output:
        **VARIANCES,
        maps=f"{RESULTS}/maps.npy",
        about=f"{RESULTS}/maps.json",
    log:
        f"{RESULTS}/logs/masked_maps.log",
    benchmark:
        f"{RESULTS}/benchmarks/masked_maps.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    group:
        "sample"
    conda:
        "../envs/figures.yaml"
    threads: READERS
    resources:
        mem_mb=memory(700, 60 * READERS, "maps"),
        runtime=minutes(5, 0.02, "maps"),
    params:
        **HOLES,
        core=core_digest("masked_maps"),
        kind=of_settings(facts.kind),
        fwhm=setting("smoothing_fwhm"),
        scale_maps=setting("scale_maps"),
    message:
        "smooth and mask the maps of {wildcards.analysis}"
    script:
        "../scripts/masked_maps.py"


# The design, which a later stage makes of the sample, tells how much each subject weighs in it.
rule compare_maps:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        sample=rules.quality_check.output.sample,
        design=f"{RESULTS}/design.tsv",
    output:
        similarity=reported(f"{RESULTS}/similarity.tsv", "similarity", "Sample"),
        coverage=f"{RESULTS}/coverage.json",
        brain=f"{RESULTS}/standard_brain.nii.gz" if FORM.brain else [],
    log:
        f"{RESULTS}/logs/compare_maps.log",
    benchmark:
        f"{RESULTS}/benchmarks/compare_maps.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        **WORDS,
        core=core_digest("compare_maps"),
    message:
        "compare the maps of {wildcards.analysis}"
    script:
        "../scripts/compare_maps.py"


rule same_sample:
    input:
        lambda wildcards: [path.format(analysis=FIRST[wildcards.analysis]) for path in OF_SAMPLE],
    output:
        OF_SAMPLE,
    log:
        f"{RESULTS}/logs/same_sample.log",
    benchmark:
        f"{RESULTS}/benchmarks/same_sample.tsv"
    wildcard_constraints:
        analysis=one_of(SETTINGS.keys() - FIRST.values()),
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("same_sample"),
    message:
        "{wildcards.analysis} has the sample of another analysis"
    script:
        "../scripts/same_sample.py"
