"""What is wrong in a config with where maps are and what they are on, and what each kind of map leaves out.

Plain Python, loaded by settings.py.
"""

complaints = facts = incomplete = subtracted = None  # the modules of these names, set by settings.py

# What a config of a kind need not say, and has to leave as it is where the kind has none of it.
NO_NEIGHBOURS = {"clusters": None, "tfce": None}
DEFAULTS = {"parcels": NO_NEIGHBOURS | {"smoothing_fwhm": 0}, "connectome": {"smoothing_fwhm": 0}}


def defaults_of(defaults, given):
    """The defaults of a config for the kind of its maps."""
    if given.get("dataset", "own") != "own":
        return defaults
    own = merged(defaults["datasets"]["own"], given)
    kind = facts.forms.kind_of(own)  # which can be anything yet
    changes = next((changes for name, changes in DEFAULTS.items() if name == kind), {})
    # Where a mapping is given, what it leaves out is that of other kinds, so that it is refused for what it is.
    found = defaults | {key: value for key, value in changes.items() if not isinstance(given.get(key), dict)}
    if kind == facts.forms.SURFACE:
        found["tfce"] = found["tfce"] | {"extent_power": 1}
    return found


def merged(defaults, given):
    """What stands below ``datasets.own``, whatever else is wrong in a config."""
    own = given
    for key in ("datasets", "own"):
        own = own.get(key) if isinstance(own, dict) else None
    return defaults | {key: value for key, value in (own if isinstance(own, dict) else {}).items() if key in defaults}


def map_complaints(settings, is_file):
    """What is wrong with the maps of one analysis of the user's own data."""
    own, forms = settings["datasets"]["own"], facts.forms
    for key in ("participants", "maps"):
        if own[key] is None:
            yield f"config key 'datasets.own.{key}': it is null, but needed; config/README.md says what it can be."
    if own["participants"] and not is_file(own["participants"]):
        yield complaints.no_file("datasets.own.participants", own["participants"])
    if not own["maps"]:
        return
    wrong = list(subtracted.complaints(own)) if forms.is_difference(own["maps"]) else []
    yield from wrong
    if wrong:
        return
    for operand in forms.operands(own):
        yield from path_complaints(operand, is_file, "datasets.own.maps")
    for key in incomplete.companions(settings):
        yield from path_complaints(forms.beside(own, key), is_file, f"datasets.own.{key}")
        yield from part_complaints(own, key)
    own = forms.operands(own)[0]  # the other one is like it
    if own["nodes"] and not is_file(own["nodes"]):
        yield complaints.no_file("datasets.own.nodes", own["nodes"])
    yield from surface_complaints(own)
    yield from useless_complaints(own)
    yield from kind_complaints(settings, forms.kind_of(own))


def path_complaints(own, is_file, named):
    """Files and folders of maps that cannot be, or of what belongs to maps; `named` is its key."""
    for part, maps in facts.forms.maps_by_part(own).items():
        key = named + (f".{part}" if facts.forms.is_of_parts(own["maps"]) else "")
        name = maps.get("folder", "") if isinstance(maps, dict) else maps
        if not complaints.is_name(name):
            yield complaints.no_file(key, name)
    whole = own["maps"] if isinstance(own["maps"], dict) else {}
    for key in ("table", "series"):
        if key in whole and not is_file(whole[key]):
            yield complaints.no_file(f"{named}.{key}", whole[key])


def part_complaints(own, key):
    """Files that belong to maps, of other meshes than these."""
    parts, of_maps = (list(facts.forms.maps_by_part(of)) for of in (facts.forms.beside(own, key), own))
    if set(parts) != set(of_maps):
        yield (
            f"config key 'datasets.own.{key}': it has files of {', '.join(map(str, parts))}, and 'datasets.own.maps' "
            f"maps of {', '.join(map(str, of_maps))}; give the same of both."
        )


def surface_complaints(own):
    """Meshes that are missing, or that no maps are on."""
    forms, surfaces = facts.forms, own["surfaces"]
    kind = forms.kind_of(own)
    if forms.is_of_parts(own["maps"]) and kind != forms.SURFACE:
        yield (
            f"config key 'datasets.own.maps': it has maps of {', '.join(own['maps'])}, as meshes have, and these "
            f"are of the kind {kind}, which has one file for each subject; write its path."
        )
        return
    if kind not in (forms.SURFACE, forms.GRAYORDINATES):
        if surfaces:
            yield f"config key 'datasets.own.surfaces': maps of the kind {kind} are on no surface; take it out."
        return
    if kind == forms.GRAYORDINATES:
        others = set(surfaces) - set(forms.HEMISPHERES) if isinstance(surfaces, dict) else set()
        if isinstance(surfaces, str) or others:
            yield "config key 'datasets.own.surfaces': grayordinates have the cortex on two, named left and right."
        return
    parts = list(forms.maps_by_part(own))
    if surfaces is None:
        yield (
            "config key 'datasets.own.surfaces': it is null, but maps of vertices need the mesh that they are on, such "
            f"as 'surfaces: {{{parts[0]}: fsaverage5}}' or the path of a .surf.gii file."
        )
    elif isinstance(surfaces, dict) and set(surfaces) != set(parts):
        yield (
            f"config key 'datasets.own.surfaces': it has meshes of {', '.join(surfaces)}, and 'datasets.own.maps' maps "
            f"of {', '.join(parts)}; give each the other."
        )
    elif isinstance(surfaces, str) and len(parts) > 1:
        yield f"config key 'datasets.own.surfaces': maps are of {', '.join(parts)}; give the mesh of each."


def useless_complaints(own):
    """What is said below ``datasets.own`` of maps of another kind."""
    forms = facts.forms
    kind, whole = forms.kind_of(own), own["maps"] if isinstance(own["maps"], dict) else {}
    for key, of_kind in (("parcels", forms.PARCELS), ("nodes", forms.CONNECTOME), ("axes", forms.VOLUME)):
        if own[key] and kind != of_kind:
            yield (
                f"config key 'datasets.own.{key}': it is for maps of the kind {of_kind}, and these are of the kind "
                f"{kind}; take it out, or correct 'datasets.own.kind'."
            )
    for key, of_kind in (("table", forms.PARCELS), ("series", forms.VOLUME)):
        if key in whole and kind != of_kind:
            yield (
                f"config key 'datasets.own.maps.{key}': it holds maps of the kind {of_kind}, and 'datasets.own.kind' "
                f"says {kind}; take one of them out."
            )
    if own["parcels"] and kind == forms.PARCELS and forms.ending_of(own["maps"]) == ".pscalar.nii":
        yield "config key 'datasets.own.parcels': it chooses columns of tables, and CIFTI files have none; take it out."


def kind_complaints(settings, kind):
    """Settings that a kind of map has no use for."""
    forms, permutation = facts.forms, settings["permutation"]
    if kind == forms.VOLUME:
        return
    if facts.masks.unruled(settings["mask"]) == "mni":
        key = facts.mask_key(settings)
        yield f"config key '{key}': mni is for volumes, and these maps are of the kind {kind}; write background."
    if settings["resample_to"]:
        yield f"config key 'resample_to': it is for volumes, and these maps are of the kind {kind}; write null."
    if facts.statistics.chosen(permutation["statistic"])[0] == "pseudo_t":
        yield (
            "config key 'permutation.statistic': pseudo_t smooths variances over the voxels of volumes, and these maps "
            f"are of the kind {kind}; write t."
        )
    if kind in (forms.PARCELS, forms.CONNECTOME) and settings["smoothing_fwhm"]:
        yield f"config key 'smoothing_fwhm': maps of the kind {kind} cannot be smoothed; write 0."
    for key in NO_NEIGHBOURS if kind == forms.PARCELS else ():
        if settings[key]:
            yield f"config key '{key}': parcels have no neighbours, so there are none of them; write null."


def mask_complaints(settings):
    """Masks for parts that maps do not have, or one for several parts."""
    mask, wanted = facts.masks.unruled(settings["mask"]), facts.forms.wanted(settings)
    parts, key = wanted["parts"], facts.mask_key(settings)
    if isinstance(mask, dict) and not parts:
        yield (
            f"config key '{key}': maps of the kind {wanted['kind']} have one mask; write its path, background, "
            "or a rule of nonzero, above, in and within."
        )
    elif isinstance(mask, dict) and set(mask) != set(parts):
        yield (
            f"config key '{key}': it has masks of {', '.join(mask)}, and 'datasets.own.maps' maps of "
            f"{', '.join(parts)}; give each the other."
        )
    elif isinstance(mask, str) and mask not in ("background", "mni") and len(parts) > 1:
        yield (
            f"config key '{key}': maps are of {', '.join(parts)}; give the mask of each, such as '{key}: {{{parts[0]}: "
            "FILE, ...}', or write background."
        )


def atlas_complaints(config, analyses):
    """An atlas that is none for maps of a kind."""
    forms, form, key = facts.forms, facts.form(analyses), "config key 'tables.atlas':"
    atlas = facts.atlases.by_part(config["tables"]["atlas"], form.parts)
    if atlas in (None, facts.atlases.AUTO) or facts.atlases.complaint(atlas):
        return
    endings = {forms.SURFACE: facts.atlases.OF_MESHES, forms.GRAYORDINATES: (".dlabel.nii",)}
    endings |= {forms.PARCELS: (".plabel.nii",)} if form.ending == ".pscalar.nii" else {}
    files = atlas if isinstance(atlas, dict) else {}
    if form.kind == forms.VOLUME:
        if files and set(files) != {"image", "labels"}:
            yield f"{key} for volumes it is written '{{image: FILE, labels: FILE}}', and it has {', '.join(files)}."
    elif form.kind not in endings:
        yield f"{key} maps of the kind {form.kind} have names of their own; write null."
    elif not files or not all(path.lower().endswith(endings[form.kind]) for path in files.values()):
        ends = " or ".join(endings[form.kind])
        yield f"{key} for maps of the kind {form.kind} it is a file of labels, {ends}; name one, or write null."
    elif set(files) != set(form.parts or ["image"]):
        wanted = ", ".join(f"{part}: FILE" for part in form.parts or ["image"])
        yield f"{key} it has {', '.join(files)}, and these maps need '{{{wanted}}}'."


def unlike_complaints(analyses):
    """Analyses of one config whose results would have other names."""
    found = {}
    for name, settings in analyses.items():
        form = facts.forms.form_of(settings)
        found.setdefault((form.kind, form.ending, form.parts), name)
    if len(found) > 1:
        told = ", ".join(
            f"{name} of {kind} ({', '.join(parts) or ending})" for (kind, ending, parts), name in found.items()
        )
        yield f"config key 'analyses': they have maps of more than one kind, {told}; write a config for each."
