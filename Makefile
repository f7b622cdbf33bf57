# `make run` makes the default analysis, `make test` runs the tests; each sets up all that it needs first.

PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
CORE := PYTHONPATH=workflow/scripts

.PHONY: run test browser test-slurm check docs new-study calibrate verify compare archive reproduce validation benchmark lock clean

run: $(BIN)/.ready
	$(BIN)/snakemake --cores $(CORES)

test: check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Chromium, for the tests of the report, where it is not there and can be had (Debian, as root). Else they are skipped.
browser:
	@{ command -v chromium && command -v chromedriver; } > /dev/null || ! command -v apt-get > /dev/null || \
		test "$$(id -u)" != 0 || { apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver > /dev/null; }

# The same on a real Slurm of two nodes on this machine's loopback. It is installed if it is not there (Debian, as root).
SLURM := slurmctld slurmd slurm-client munge
test-slurm: $(BIN)/.ready
	@command -v slurmctld > /dev/null && command -v slurmd > /dev/null && command -v sbatch > /dev/null && \
		command -v munged > /dev/null || { apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SLURM) > /dev/null; }
	timeout --kill-after=60 1800 $(BIN)/python -m pytest tests/cluster -rP

# What needs no run: formats, lint, the links of the documentation.
check: $(BIN)/.ready docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

# The documentation as a site, in .site. A link or an anchor that leads nowhere is an error (with --quiet it would not be).
docs: $(BIN)/.ready
	$(BIN)/mkdocs build --strict

# A commented config for a study of your own: make new-study NAME=my_study
NAME ?= my_study
new-study: $(BIN)/.ready
	@test ! -e $(NAME).yaml || { echo "$(NAME).yaml is there already; choose another NAME."; exit 1; }
	@sed 's/my_study/$(NAME)/g' config/new_study.yaml > $(NAME).yaml
	@echo "Adapt $(NAME).yaml, then see what it will do: $(BIN)/snakemake -n --configfile $(NAME).yaml"

# The error rate of the permutation test of an analysis of yours, on simulated maps that are like its maps: about a minute
# for each contrast. make calibrate CONFIG=my_study.yaml ANALYSIS=my_study
CONFIG ?= config/config.yaml
ANALYSIS ?= simulated_localizer
calibrate: $(BIN)/.ready
	$(BIN)/snakemake --cores $(CORES) --configfile $(CONFIG) -- results/$(ANALYSIS)/calibration.json
	@$(PYTHON) -c 'import json; print("", *json.load(open("results/$(ANALYSIS)/calibration.json"))["sentences"], sep="\n")'

# Whether all results are what was recorded when they were made.
verify:
	$(CORE) $(PYTHON) tools/verify.py

# Whether two folders of results are the same files, byte for byte: make compare ONE=before/results OTHER=results
ONE ?= before/results
OTHER ?= results
compare:
	$(CORE) $(PYTHON) tools/compare.py $(ONE) $(OTHER)

# Workflow, settings, checksums of inputs and results in one file; in the unpacked one, make reproduce.
ARCHIVE ?= archive.tar.gz
archive:
	$(CORE) $(PYTHON) tools/archive.py $(ARCHIVE)

reproduce: $(BIN)/.ready
	$(CORE) $(BIN)/python tools/reproduce.py --cores $(CORES)

$(BIN)/.ready: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	touch $@

# The error rates of the permutation tests on simulated data, and docs/validation.md, about 50 minutes; and docs/peers.md.
validation: $(BIN)/.ready
	$(CORE) $(BIN)/python validation/error_rates.py
	$(CORE) $(BIN)/python validation/repeated_measures.py
	$(CORE) $(BIN)/python validation/peers.py

# Speed and memory beside other software, and docs/benchmarks.md: wants a quiet machine, 8 GB of memory and of disk.
benchmark: $(BIN)/.ready
	$(BIN)/python benchmarks/permutation_speed.py
	$(BIN)/python benchmarks/permutation_scaling.py
	$(BIN)/python benchmarks/cluster_speed.py
	$(BIN)/python benchmarks/whole_analysis.py

# Write the lock file anew, from what pyproject.toml asks for.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); \
		print(*p["project"]["dependencies"], *p["dependency-groups"]["test"], sep="\n")' > .venv-lock/wanted.txt
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check --requirement .venv-lock/wanted.txt
	.venv-lock/bin/python -m pip freeze --local > requirements.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .site .snakemake .pytest_cache .ruff_cache .hypothesis
