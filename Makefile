# `make run` makes the default analysis, `make test` runs the tests; each sets up all that it needs first. `make help`
# lists all targets, with the line above each that begins with ##.

PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
CORE := PYTHONPATH="$(CURDIR)/workflow/scripts"
# Where a study lies that is kept elsewhere, for verify, archive and calibrate.
DIRECTORY ?= .

.PHONY: run help test browser test-slurm test-container check docs new-study example check-config calibrate verify compare \
	archive reproduce wheels validation benchmark lock clean

## The default analysis.
run: $(BIN)/.ready
	$(BIN)/snakemake --cores $(CORES)

## This list.
help:
	@awk -F: '/^## / { words = substr($$0, 4) } words && /^[a-z-]+:/ { printf "make %-16s%s\n", $$1, words; words = "" }' \
		Makefile

## Formats and lint, then all tests but those on a cluster and in a container.
test: check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

## Chromium, for the tests of the report.
# Where it is not there and can be had (Debian, as root). Else they are skipped.
browser:
	@{ command -v chromium && command -v chromedriver; } > /dev/null || ! command -v apt-get > /dev/null || \
		test "$$(id -u)" != 0 || { apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver > /dev/null; }

## The tests on a real Slurm of two nodes, on this machine's loopback.
# It is installed if it is not there (Debian, as root).
SLURM := slurmctld slurmd slurm-client munge
test-slurm: $(BIN)/.ready
	@command -v slurmctld > /dev/null && command -v slurmd > /dev/null && command -v sbatch > /dev/null && \
		command -v munged > /dev/null || { apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SLURM) > /dev/null; }
	timeout --kill-after=60 1800 $(BIN)/python -m pytest tests/cluster -rP

## The default analysis in the root file system that Containerfile describes.
# It needs no container engine. debootstrap is installed if it is not there (Debian, as root).
test-container: $(BIN)/.ready
	@command -v debootstrap > /dev/null || ! command -v apt-get > /dev/null || test "$$(id -u)" != 0 || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap > /dev/null; }
	timeout --signal=INT --kill-after=60 1800 $(BIN)/python -m pytest tests/container -rPs

## Formats, lint and the links of the documentation, which need no run.
check: $(BIN)/.ready docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

## The documentation as a site, in .site.
# A link or an anchor that leads nowhere is an error (with --quiet it would not be).
docs: $(BIN)/.ready
	$(BIN)/mkdocs build --strict

## A config for a study of your own: NAME=my_study MAPS=derivatives TABLE=participants.tsv
# It looks at maps and table, proposes a design, and says what a dry run says; without both it writes a template. NAME can
# be a path, whose folder is then that of the study. Through the environment all three can hold blanks and quotes.
NAME ?= my_study
MAPS ?=
TABLE ?=
new-study: export NAME := $(NAME)
new-study: export MAPS := $(MAPS)
new-study: export TABLE := $(TABLE)
new-study: $(BIN)/.ready
	@$(CORE) $(BIN)/python tools/new_study.py --maps "$$MAPS" --table "$$TABLE" -- "$$NAME"

## A small simulated study of a kind of maps, to try: KIND=surface FOLDER=try_surface
# KIND is surface, grayordinates, parcels, connectome or time_frequency; its config is in config/examples.
KIND ?= surface
FOLDER ?= try_$(KIND)
example: $(BIN)/.ready
	@$(CORE) $(BIN)/python tools/example_study.py "$(KIND)" "$(FOLDER)"

## Where a config cannot be read, and why: CONFIG=my_study.yaml
# Snakemake does not say.
CONFIG ?= config/config.yaml
check-config: $(BIN)/.ready
	@$(CORE) $(BIN)/python tools/check_config.py $(CONFIG)

## The error rate of your own permutation test: CONFIG=my_study.yaml ANALYSIS=my_study
# On simulated maps that are like its maps: about a minute for each contrast.
ANALYSIS ?= simulated_localizer
calibrate: check-config
	$(BIN)/snakemake --cores $(CORES) --directory "$(DIRECTORY)" --configfile $(CONFIG) -- results/$(ANALYSIS)/calibration.json
	@cd "$(DIRECTORY)" && $(PYTHON) -c \
		'import json; print("", *json.load(open("results/$(ANALYSIS)/calibration.json"))["sentences"], sep="\n")'

## Whether all results are what was recorded; of a study elsewhere: DIRECTORY=folder
verify:
	cd "$(DIRECTORY)" && $(CORE) $(PYTHON) "$(CURDIR)/tools/verify.py"

## Whether two folders of results are the same, byte for byte: ONE=before/results OTHER=results
ONE ?= before/results
OTHER ?= results
compare:
	$(CORE) $(PYTHON) tools/compare.py $(ONE) $(OTHER)

## Workflow, settings and results in one file: ARCHIVE=paper.tar.gz INPUTS=yes LICENCE=CC0
# With INPUTS=yes it holds the inputs, with WHEELS=yes the packages of the lock file (300 MB); LICENCE is that of the data.
ARCHIVE ?= archive.tar.gz
INPUTS ?=
LICENCE ?=
WHEELS ?=
archive: $(BIN)/.ready $(if $(filter yes,$(WHEELS)),wheels)
	cd "$(DIRECTORY)" && $(CORE) "$(CURDIR)/$(BIN)/python" "$(CURDIR)/tools/archive.py" $(ARCHIVE) --licence "$(LICENCE)" \
		$(if $(filter yes,$(INPUTS)),--inputs) $(if $(filter yes,$(WHEELS)),--wheels)

## In an unpacked archive: find the inputs, make the results again, and compare each: INPUTS=folder
reproduce: $(BIN)/.ready
	$(CORE) $(BIN)/python tools/reproduce.py "$(or $(INPUTS),.)" --cores $(CORES)

# A package that comes without a wheel is built, by the setuptools of the lock file and not by any that pip would choose.
# pip need not look for what packages depend on, since all of it is in the lock file; and it would compile all that it
# installs, which takes longer than the analysis: what a run imports is compiled here.
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
OFFLINE = $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)
INSTALL = $(PIP) install --no-compile --no-deps --require-hashes $(OFFLINE)
IMPORTED = snakemake.cli, scipy.stats, pandas, matplotlib.figure, nibabel, numba, formulaic, tfce, joblib, jinja2
$(BIN)/.ready: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv .venv
	sed -n '/^setuptools==/,/[^\]$$/p' requirements.lock > .venv/setuptools.lock
	{ $(INSTALL) --requirement .venv/setuptools.lock && \
		$(INSTALL) --no-build-isolation --requirement requirements.lock; } || { test -z "$(OFFLINE)" || \
		echo "wheels/ lacks what this Python needs; empty it to ask the registry, or name its Python by PYTHON=..."; exit 1; }
	$(BIN)/python -W ignore -c 'import $(IMPORTED)'
	touch $@

## What requirements.lock names, as files for this Python and kind of machine, in wheels/.
# Where they are, they are installed from there, and no registry is asked.
wheels: $(BIN)/.ready
	$(PIP) download --no-build-isolation --no-deps --require-hashes --requirement requirements.lock --dest wheels

## The error rates of the permutation tests on simulated data, about 50 minutes.
# Makes docs/validation.md and docs/peers.md.
validation: $(BIN)/.ready
	$(CORE) $(BIN)/python validation/error_rates.py
	$(CORE) $(BIN)/python validation/repeated_measures.py
	$(CORE) $(BIN)/python validation/dependent.py
	$(CORE) $(BIN)/python validation/discoveries.py
	$(CORE) $(BIN)/python validation/meshes_and_networks.py
	$(CORE) $(BIN)/python validation/missing_values.py
	$(CORE) $(BIN)/python validation/peers.py

## Speed and memory beside other software: wants a quiet machine, 8 GB of memory and of disk.
# Makes docs/benchmarks.md.
benchmark: $(BIN)/.ready
	$(BIN)/python benchmarks/permutation_speed.py
	$(BIN)/python benchmarks/permutation_scaling.py
	$(BIN)/python benchmarks/nuisance_speed.py
	$(BIN)/python benchmarks/robust_speed.py
	$(BIN)/python benchmarks/weighted_speed.py
	$(BIN)/python benchmarks/cluster_speed.py
	$(BIN)/python benchmarks/surface_speed.py
	$(BIN)/python benchmarks/discoveries_cost.py
	$(BIN)/python benchmarks/whole_analysis.py
	$(BIN)/python benchmarks/first_minute.py
	$(BIN)/python benchmarks/large_studies.py
	$(BIN)/python benchmarks/many_contrasts.py

## Write the lock file anew, from what pyproject.toml asks for: UPGRADE=--upgrade takes the newest
# With the checksums of all files of each package, for every platform and Python. Versions that still fit stay as they are.
UPGRADE ?=
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lock/bin/uv pip compile --quiet --python .venv-lock/bin/python --universal --python-version 3.11 --generate-hashes \
		--no-annotate --custom-compile-command "make lock" $(UPGRADE) \
		--group test --output-file requirements.lock pyproject.toml
	rm -rf .venv-lock

## Remove what was installed and built; results stay.
clean:
	rm -rf .venv .site .snakemake .pytest_cache .ruff_cache .hypothesis
