"""The max statistic's null distribution, drawn in chunks and gathered."""


rule permute:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        sample=rules.quality_check.output.sample,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
    output:
        chunk=temp(f"{RESULTS}/permutation/chunk-{{scatteritem}}.npz"),
    log:
        f"{RESULTS}/logs/permute_{{scatteritem}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/permute_{{scatteritem}}.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(2500 if PERMUTATION["variance_fwhm"] else 1000, 0.2, "maps"),
        runtime=minutes_of_chunk,
    params:
        core=core_digest("permute"),
        contrasts=lambda wildcards: CONTRASTS[wildcards.analysis],
        permutation=lambda wildcards: {key: setting("permutation", key)(wildcards) for key in SHUFFLING},
        clusters=config["clusters"],
        tfce=config["tfce"],
        two_sided=setting("two_sided"),
    script:
        "../scripts/permute.py"


rule reduce_null:
    input:
        chunks=gather.permutations(f"results/{{{{analysis}}}}/permutation/chunk-{{scatteritem}}.npz"),
    output:
        null=f"{RESULTS}/permutation/null.npz",
    log:
        f"{RESULTS}/logs/reduce_null.log",
    benchmark:
        f"{RESULTS}/benchmarks/reduce_null.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, 3, "chunks", sum),
        runtime=minutes(10),
    params:
        core=core_digest("reduce_null"),
    script:
        "../scripts/reduce_null.py"


rule correct:
    input:
        null=rules.reduce_null.output.null,
        mask=rules.brain_mask.output.mask,
    output:
        **with_sidecars(**CORRECTED),
        **{
            name: report(path, caption="../report/null_summary.rst", category="{analysis}", subcategory="{contrast}")
            for name, path in SUMMARIES.items()
        },
        null=f"{RESULTS}/contrast-{{contrast}}_null.tsv",
    log:
        f"{RESULTS}/logs/correct_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/correct_{{contrast}}.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("correct"),
        alpha=config["alpha"]["fwe"],
        tail=PERMUTATION["tail"],
    script:
        "../scripts/correct.py"


rule correct_across:
    input:
        null=rules.reduce_null.output.null,
        mask=rules.brain_mask.output.mask,
    output:
        **with_sidecars(logp=statmap("logp", "maxTcontrasts")),
    log:
        f"{RESULTS}/logs/correct_across_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/correct_across_{{contrast}}.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("correct_across"),
    script:
        "../scripts/correct_across.py"
