"""What can be wrong below `permutation` in a config, in sentences. Plain Python, loaded by settings.py."""

WIDEST = 1000  # mm, as smoothing_fwhm in config.schema.yaml
facts = short = None  # the module facts.py, and a function of complaints.py; set by settings.py


def of_statistic(config):
    """What is wrong with the test statistic and what is asked of it."""
    threshold = (config["clusters"] or {}).get("threshold", "")
    named, key = config["permutation"]["statistic"], "config key 'permutation.statistic'"
    name, value = facts.statistics.chosen(named)
    about = facts.statistics.STATISTICS.get(name)
    if len(named) > 1 and not isinstance(named, str):
        yield f"{key}: it names {short(' and '.join(named))}, perhaps in several config files; name one."
    if about is None:
        yield f"{key}: there is no '{short(name)}'; it can be {', '.join(facts.statistics.STATISTICS)}."
        return
    wrong = {
        None: value is not None,
        "variable": not isinstance(value, str) or not value.strip(),
        "fwhm": isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= WIDEST,
    }[about.value]
    if wrong:
        width = f"{{{name}: WIDTH IN MM, ABOVE 0, AT MOST {WIDEST}}}"
        how = {None: name, "variable": f"{{{name}: VARIABLE}}", "fwhm": width}[about.value]
        yield f"{key}: '{name}' is written 'statistic: {how}'."
    if not about.as_t and threshold[:1] in ("p", "z"):
        yield (
            f"config key 'clusters.threshold': {name} has no known distribution that a p or z could be taken from; "
            "write 't > 3' or the like, or set clusters to null."
        )
    if config["tfce"] and config["tfce"]["statistic"] == "z" and not about.exact:
        yield "config key 'tfce.statistic': only t and F can be turned into z; write 't' for the statistic itself."
    if (nuisance := config["permutation"]["nuisance"]) not in about.nuisance:
        instead = f"write {about.nuisance[0]}, or set permutation.statistic to t"
        yield f"config key 'permutation.nuisance': {nuisance} is not defined for {name}; {instead}."
    if config["permutation"]["across_contrasts"] and not about.exact:
        yield "config key 'permutation.across_contrasts': it needs t or F; set permutation.statistic to t."


def of_shuffles(settings):
    """What is wrong with what one analysis shuffles."""
    permutation, (name, _) = settings["permutation"], facts.statistics.chosen(settings["permutation"]["statistic"])
    scheme = permutation["scheme"]
    if facts.about_statistic(settings).flips_clusters and scheme not in ("auto", "flip"):
        yield (
            f"config key 'permutation.scheme': {name} turns the signs of whole clusters, which {scheme} does not; "
            "write flip or auto."
        )
    levels = [level["variable"] for level in facts.levels_of(permutation["blocks"])]
    for variable in sorted({variable for variable in levels if levels.count(variable) > 1}):
        yield f"config key 'permutation.blocks': '{short(variable)}' stands at more than one level; name it once."
