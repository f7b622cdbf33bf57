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
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        core=core_digest("fit"),
        two_sided=config["two_sided"],
    script:
        "../scripts/fit.py"


rule threshold:
    input:
        mask=rules.brain_mask.output.mask,
        z=expand(rules.fit.output.z, contrast=CONTRASTS),
        p=expand(rules.fit.output.p, contrast=CONTRASTS),
    output:
        thresholds=report(f"{RESULTS}/thresholds.json", caption="../report/thresholds.rst", category="Results"),
        q=expand(statmap("q"), contrast=CONTRASTS),
        json=expand(sidecar(statmap("q")), contrast=CONTRASTS),
    log:
        f"{RESULTS}/logs/threshold.log",
    benchmark:
        f"{RESULTS}/benchmarks/threshold.tsv"
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        core=core_digest("threshold"),
        contrasts=CONTRASTS,
        alpha=config["alpha"],
        two_sided=config["two_sided"],
    script:
        "../scripts/threshold.py"
