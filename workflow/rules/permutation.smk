"""The null distributions of the max statistics, drawn in chunks."""


rule permute:
    input:
        **VARIANCES,
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
    # From here the longest way leads to the report: what lies on it goes before what can be done beside it.
    priority: 50
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(facts.about_statistic(config).memory, 0.2, "maps"),
        runtime=minutes_of_chunk,
    params:
        core=core_digest("permute"),
        contrasts=of_settings(facts.contrasts),
        permutation=of_settings(facts.shuffling),
        whole_maps=facts.whole_maps(config, catalogue.whole_maps()),
        two_sided=setting("two_sided"),
        part=lambda wildcards: wildcards.scatteritem.replace("-of-", " of "),
    message:
        "permute {wildcards.analysis}: shuffles {params.part}"
    script:
        "../scripts/permute.py"
