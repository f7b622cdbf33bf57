"""The checked config, and the settings of each analysis in it. Plain Python, loaded by the Snakefile.

A config is read in three steps: what it leaves out comes from the defaults, each analysis is the config with what
differs, and then everything that is wrong is told, a sentence each.
"""

import importlib.util
import itertools
import json
from pathlib import Path


class WrongConfig(Exception):
    """Everything that is wrong in a config, a sentence a line."""


def beside(name):
    """A file of this folder as a module, without the folder being on Python's path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


facts, complaints, given_by = beside("facts"), beside("complaints"), beside("given")
complaints.facts = facts
read_yaml, misread = given_by.read_yaml, given_by.misread
MOST_TOLD, LONGEST = 50, 1000  # complaints, and signs of each: names in a config can be of any length


def merged(settings, changes):
    """Settings with changes, which go into mappings and replace everything else, as Snakemake merges configs.

    A test statistic is named by a mapping, too; it is replaced as a whole.
    """
    return settings | {
        key: merged(settings[key], value)
        if isinstance(value, dict) and isinstance(settings.get(key), dict) and key != "statistic"
        else value
        for key, value in changes.items()
    }


def analyses_of(given, defaults, schema):
    """The whole config, and the settings of each analysis in it by name.

    Parameters
    ----------
    given : dict
        The config as the user wrote it.
    defaults : dict
    schema : dict
        JSON schema of the whole config.

    Returns
    -------
    config : dict
    analyses : dict of dict

    Raises
    ------
    WrongConfig
        With all complaints there are.
    """
    refuse(given_by.too_much(given))
    refuse(given_by.no_text(given))
    given = given_by.as_wanted(given, schema)
    refuse([*complaints.old_keys(given), *given_by.no_numbers(given)])
    config = merged(defaults, given)
    wrong = complaints.schema_complaints(json.loads(json.dumps(config)), schema)
    refuse(sorted(itertools.islice(wrong, MOST_TOLD)))
    analyses = {name: merged(config, changes or {}) for name, changes in config["analyses"].items()}
    analyses = analyses or {config.get("analysis"): config}
    refuse(named(config, {name: complaints.missing_keys(settings, name) for name, settings in analyses.items()}))
    own = {name: changes or {} for name, changes in config["analyses"].items()}
    wrong = list(complaints.statistic_complaints(config))
    if facts.about_statistic(config) is None:
        refuse(wrong)
    found = {
        name: complaints.analysis_complaints(settings, own.get(name, settings)) for name, settings in analyses.items()
    }
    refuse([*wrong, *complaints.shared_complaints(config, analyses), *named(config, found)])
    return config, analyses


def refuse(complaints):
    """End with all complaints, if there are any, each in a line, whatever names it holds; of very many, with some."""
    lines = (" ".join(complaint.split()) for complaint in itertools.islice(complaints, MOST_TOLD))
    told = dict.fromkeys(line if len(line) <= LONGEST else f"{line[:LONGEST]}..." for line in lines)
    if told:
        raise WrongConfig("\n".join(told))


def named(config, complaints):
    """Complaints of each analysis, with its name if the config has several."""
    for name, found in complaints.items():
        yield from [f"analysis '{name}', {complaint}" if config["analyses"] else complaint for complaint in found]
