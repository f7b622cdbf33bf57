"""Each dataset becomes a sample table and one map per subject. No later stage knows where they came from.

The sample table has a row per subject: `participant_id`, `map` (the image's path from the table's own folder,
n/a if there is none) and the variables.
"""

import re

SIMULATED = "resources/simulated_localizer"
SIMULATED_IDS = [f"S{i:02}" for i in range(1, config["datasets"]["simulated_localizer"]["subjects"] + 1)]


rule simulate_dataset:
    output:
        table=f"{SIMULATED}/sample.tsv",
        truth=f"{SIMULATED}/truth.json",
        slope=f"{SIMULATED}/truth_slope.nii.gz",
        maps=expand(f"{SIMULATED}/maps/sub-{{id}}.nii.gz", id=SIMULATED_IDS),
    log:
        f"{SIMULATED}/logs/simulate_dataset.log",
    benchmark:
        f"{SIMULATED}/benchmarks/simulate_dataset.tsv"
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        core=core_digest("simulate_dataset"),
        ids=SIMULATED_IDS,
        seed=config["datasets"]["simulated_localizer"]["seed"],
        slope=config["datasets"]["simulated_localizer"]["slope"],
    script:
        "../scripts/simulate_dataset.py"


# The Brainomics/Localizer dataset is for non-commercial use only. It is downloaded from its own server, never
# redistributed, and nothing of it is part of this workflow. It publishes no checksums: those of the first download
# are recorded in resources/localizer/registry/, which is no output, since Snakemake would delete it before a rerun.
# A param that is a function of the output is no reason to rerun when its value changes: so are the timeouts.
LOCALIZER = "resources/localizer"
LOCALIZER_TABLE = f"{LOCALIZER}/{{slug}}_sample.tsv"
LOCALIZER_MAP = f"{LOCALIZER}/maps/sub-{{subject}}_{{slug}}.nii.gz"
# The contrast as it stands in file names, lowercase words joined by '-', so that several lie side by side. The
# scripts find the dataset's own label for it.
LOCALIZER_SLUG = "-".join(re.findall("[a-z0-9]+", config["datasets"]["localizer"]["contrast"].lower()))


rule localizer_index:
    output:
        index=f"{LOCALIZER}/index.json",
        participants=f"{LOCALIZER}/participants.tsv",
        behaviour=f"{LOCALIZER}/behavioural.tsv",
    log:
        f"{LOCALIZER}/logs/localizer_index.log",
    benchmark:
        f"{LOCALIZER}/benchmarks/localizer_index.tsv"
    retries: 3
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=core_digest("localizer_index"),
        base_url=config["datasets"]["localizer"]["base_url"],
        timeout=lambda wildcards, output: config["datasets"]["localizer"]["timeout"],
    script:
        "../scripts/localizer_index.py"


checkpoint localizer_table:
    input:
        index=rules.localizer_index.output.index,
        participants=rules.localizer_index.output.participants,
        behaviour=rules.localizer_index.output.behaviour,
    output:
        table=LOCALIZER_TABLE,
    log:
        f"{LOCALIZER}/logs/localizer_table_{{slug}}.log",
    benchmark:
        f"{LOCALIZER}/benchmarks/localizer_table_{{slug}}.tsv"
    wildcard_constraints:
        slug="[a-z0-9-]+",
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        core=core_digest("localizer_table"),
        contrast="{slug}",
        map=lambda wildcards: f"maps/sub-{{subject}}_{wildcards.slug}.nii.gz",
    script:
        "../scripts/localizer_table.py"


rule localizer_map:
    input:
        index=rules.localizer_index.output.index,
    output:
        map=LOCALIZER_MAP,
    log:
        f"{LOCALIZER}/logs/localizer_map_{{subject}}_{{slug}}.log",
    benchmark:
        f"{LOCALIZER}/benchmarks/localizer_map_{{subject}}_{{slug}}.tsv"
    wildcard_constraints:
        subject="[A-Za-z0-9]+",
        slug="[a-z0-9-]+",
    retries: 3
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=core_digest("localizer_map"),
        base_url=config["datasets"]["localizer"]["base_url"],
        timeout=lambda wildcards, output: config["datasets"]["localizer"]["timeout"],
        subject="{subject}",
        contrast="{slug}",
    script:
        "../scripts/localizer_map.py"


# The dataset names its images by number only. The number of an image is also the row of its subject's variables.
EMOTION = "resources/emotion_regulation"
EMOTION_SERVER = config["datasets"]["emotion_regulation"]["base_url"]
EMOTION_TABLE = "Wager_2008_emotionreg_behavioral_data.txt"
EMOTION_IMAGES = {f"S{i:02}": f"older/con_0081{i:04}" for i in range(1, 31)}
EMOTION_CHECKSUMS = workflow.source_path("../checksums/emotion_regulation.txt")
EMOTION_SHA256 = {name: digest for digest, name in map(str.split, Path(EMOTION_CHECKSUMS).read_text().splitlines())}


rule emotion_regulation_table:
    output:
        table=f"{EMOTION}/sample.tsv",
        behaviour=f"{EMOTION}/{EMOTION_TABLE}",
    log:
        f"{EMOTION}/logs/emotion_regulation_table.log",
    benchmark:
        f"{EMOTION}/benchmarks/emotion_regulation_table.tsv"
    retries: 3
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=core_digest("emotion_regulation_table"),
        url=f"{EMOTION_SERVER}/{EMOTION_TABLE}",
        timeout=lambda wildcards, output: config["datasets"]["emotion_regulation"]["timeout"],
        sha256=EMOTION_SHA256[EMOTION_TABLE],
        recorded_in="workflow/checksums/emotion_regulation.txt",
        subjects=list(EMOTION_IMAGES),
        map=lambda wildcards: "maps/sub-{subject}.img",
    script:
        "../scripts/emotion_regulation_table.py"


rule emotion_regulation_map:
    output:
        image=f"{EMOTION}/maps/sub-{{subject}}.img",
        header=f"{EMOTION}/maps/sub-{{subject}}.hdr",
    log:
        f"{EMOTION}/logs/emotion_regulation_map_{{subject}}.log",
    benchmark:
        f"{EMOTION}/benchmarks/emotion_regulation_map_{{subject}}.tsv"
    wildcard_constraints:
        subject="|".join(EMOTION_IMAGES),
    retries: 3
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=core_digest("emotion_regulation_map"),
        image_url=lambda wildcards: f"{EMOTION_SERVER}/{EMOTION_IMAGES[wildcards.subject]}.img",
        image_sha256=lambda wildcards: EMOTION_SHA256[f"{EMOTION_IMAGES[wildcards.subject]}.img"],
        header_url=lambda wildcards: f"{EMOTION_SERVER}/{EMOTION_IMAGES[wildcards.subject]}.hdr",
        header_sha256=lambda wildcards: EMOTION_SHA256[f"{EMOTION_IMAGES[wildcards.subject]}.hdr"],
        timeout=lambda wildcards, output: config["datasets"]["emotion_regulation"]["timeout"],
        recorded_in="workflow/checksums/emotion_regulation.txt",
    script:
        "../scripts/emotion_regulation_map.py"


# The user's own maps. Which files there are is known once the table is made.
checkpoint own_table:
    input:
        participants=participants,
    output:
        table=f"{RESULTS}/participants.tsv",
        extra=f"{RESULTS}/maps_without_participant.tsv",
    log:
        f"{RESULTS}/logs/own_table.log",
    benchmark:
        f"{RESULTS}/benchmarks/own_table.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("own_table"),
        id=setting("datasets", "own", "id"),
        maps=setting("datasets", "own", "maps"),
        # New files in a folder of maps change what is found there.
        there=lambda wildcards: files_there(SETTINGS[wildcards.analysis]["datasets"]["own"]["maps"]),
    script:
        "../scripts/own_table.py"
