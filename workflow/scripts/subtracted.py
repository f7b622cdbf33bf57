"""What can be wrong in a config with maps that are subtracted, in sentences. Plain Python, loaded by settings.py."""

facts = None  # the module facts.py, set by settings.py

KEY = "config key 'datasets.own.maps'"


def complaints(own):
    """What is wrong with maps that are subtracted; `own` is what stands below ``datasets.own``."""
    maps, operands = own["maps"], facts.forms.operands(own)
    by_rows = isinstance(maps["difference"], dict)
    if by_rows and not maps.get("of"):
        yield (
            f"{KEY}: it lacks 'of', which says where the map of each row is, such as 'of: "
            "maps/{participant_id}_{session}.nii.gz'."
        )
    elif not by_rows and "of" in maps:
        yield f"{KEY}: difference says where both maps are, so that 'of' is not needed; take it out."
    elif None in (operand["maps"] for operand in operands):
        yield f"{KEY}: one of the maps to subtract is null; say where it is."
    else:
        yield from unlike_complaints(*operands) if len(operands) > 1 else ()
    for column in maps["difference"] if by_rows else ():
        if column in own["id"]:
            yield (
                f"config key 'datasets.own.id': it names {column}, by which maps are subtracted, so that a row is left "
                "for each subject; name only what tells subjects apart, such as [participant_id]."
            )
    for companion in facts.COMPANIONS:
        if own[companion]:
            yield (
                f"config key 'datasets.own.{companion}': its files belong to single maps, and these are subtracted; "
                "leave it out, or subtract the maps beforehand."
            )


def unlike_complaints(first, second):
    """Maps of two forms, which cannot be subtracted."""
    one, other = in_words(first), in_words(second)
    if one != other:
        yield f"{KEY}: the maps to subtract are of two forms, {one} and {other}; give two of one form."


def in_words(own):
    """The kind of maps, their meshes, and whether one file holds those of all."""
    maps, parts = own["maps"], [part for part in facts.forms.maps_by_part(own) if part]
    told = f"{facts.forms.kind_of(own)}{' of ' * bool(parts)}{' and '.join(parts)}"
    return f"{told} in one file of all" if isinstance(maps, dict) and {"table", "series"} & maps.keys() else told
