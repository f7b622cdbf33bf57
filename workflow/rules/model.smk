"""The group model of each contrast, and where its map passes a threshold."""


rule fit:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
    output:
        **with_sidecars(
            effect=statmap("effect"),
            variance=statmap("variance"),
            lower=statmap("effect", "lower95"),
            upper=statmap("effect", "upper95"),
            d=statmap("d"),
            t=statmap("t"),
            z=statmap("z"),
            p=statmap("p"),
            logp=statmap("logp", "bonferroni"),
            r=statmap("r"),
        ),
    log:
        f"{RESULTS}/logs/fit_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_{{contrast}}.tsv"
    wildcard_constraints:
        contrast=one_of(sum(T_CONTRASTS.values(), [])),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 0.2, "maps"),
        runtime=minutes(10),
    params:
        core=core_digest("fit"),
        two_sided=two_sided,
    script:
        "../scripts/fit.py"


rule fit_f:
    input:
        maps=rules.masked_maps.output.maps,
        mask=rules.brain_mask.output.mask,
        design=rules.design_matrix.output.design,
        contrasts=rules.design_matrix.output.contrasts,
    output:
        **with_sidecars(
            f=statmap("F"),
            z=statmap("z"),
            p=statmap("p"),
            logp=statmap("logp", "bonferroni"),
            r2=statmap("r2"),
        ),
    log:
        f"{RESULTS}/logs/fit_f_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_f_{{contrast}}.tsv"
    wildcard_constraints:
        contrast=one_of(sum(F_CONTRASTS.values(), [])),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(700, 0.2, "maps"),
        runtime=minutes(10),
    params:
        core=core_digest("fit_f"),
    script:
        "../scripts/fit_f.py"


rule threshold:
    input:
        mask=rules.brain_mask.output.mask,
        z=statmap("z"),
        p=statmap("p"),
    output:
        **with_sidecars(q=statmap("q")),
        thresholds=report(
            f"{RESULTS}/contrast-{{contrast}}_thresholds.json",
            caption="../report/thresholds.rst",
            category="{analysis}",
            subcategory="{contrast}",
        ),
    log:
        f"{RESULTS}/logs/threshold_{{contrast}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/threshold_{{contrast}}.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("threshold"),
        alpha=config["alpha"],
        two_sided=two_sided,
    script:
        "../scripts/threshold.py"
