"""What a dry run tells of maps, and of the files beside them that the config names."""

from secondlevel.base.names import listed
from secondlevel.inference.atlas import Atlas
from secondlevel.report.glimpse import is_path, told_mask, values
from secondlevel.sample.holes import least_subjects
from secondlevel.sample.quality import of_orientation
from secondlevel.space.forms import VOLUME
from secondlevel.space.mask_forms import is_rule, masks_of, unruled
from secondlevel.space.mask_rules import least_nonzero
from secondlevel.space.units import VOXELS


def of_maps(chosen, kind, settings):
    """What to say of the maps of those who are kept; an `InputError` if a file beside them cannot be used."""
    lines = frames(chosen, kind, settings["resample_to"])
    require_images(chosen, kind, settings)
    if hasattr(kind, "of_meshes"):
        joined = bool(settings["clusters"] or settings["tfce"])
        lines += kind.of_meshes(chosen.qualities_of_kept[0].frame, settings["smoothing_fwhm"], joined)
    return lines + values(chosen, kind, settings)


def frames(chosen, kind, resample_to):
    """What to say of what maps are on, and of their axes, from their headers."""
    subjects = list(chosen.table["participant_id"][chosen.kept])
    found = [quality.frame for quality in chosen.qualities_of_kept]
    groups = kind.alike(found)
    lines = [f"Maps of {kind.describe(found[group[0]])}: {listed(subjects[n] for n in group)}" for group in groups]
    if resample_to:
        lines.append(f"All are resampled to the grid of {resample_to}")
    elif len(groups) > 1:
        lines.append(f"Unlike {kind.frames} are refused: {kind.advice}, or exclude some")
    unknown = of_orientation(chosen.of_unknown_orientation, len(subjects))
    return [*lines, unknown] if unknown else lines


def require_images(chosen, kind, settings):
    """An `InputError` if an image that the config names beside the maps, or the rule of a mask, cannot be used."""
    if is_rule(settings["mask"]) and "nonzero" in settings["mask"]:
        least_nonzero(settings["mask"], sum(chosen.kept), kind.unit)
    mask, atlas = unruled(settings["mask"]), settings["atlas"]
    found = [quality.frame for quality in chosen.qualities_of_kept]
    if settings["resample_to"]:
        found = [kind.frame_of(None)]
    frame = found[0] if len(kind.alike(found)) == 1 else None
    if is_path(mask):
        kind.require_mask(masks_of(mask, kind.about["parts"]), frame)
    if atlas and not is_brought(settings):
        if kind.about["kind"] == VOLUME:
            Atlas.read(atlas["image"], atlas["labels"])
        else:
            kind.require_atlas(list(atlas.values()), frame)


def prepared(settings):
    """The mask, and what is made of the maps before they are analysed."""
    scaled = "; each map divided by its mean over the mask" if settings["scale_maps"] else ""
    return f"Mask: {told_mask(settings['mask'])}; smoothing: {settings['smoothing_fwhm']:g} mm{scaled}"


def is_brought(settings):
    """Whether the atlas is one that the workflow brings, which is not there yet in the first run."""
    return isinstance(settings["tables"]["atlas"], str)


def places(settings, unit):
    """By what the places of peaks will be named."""
    if is_brought(settings):
        return f"Places of peaks: named by the atlas {settings['tables']['atlas']}"
    if settings["atlas"]:
        return f"Places of peaks: named by {listed(named(settings['atlas']))}"
    if unit.named:
        return "Places of peaks: told by the maps' own names"
    in_mni = "; if the maps are in MNI space, write tables: {atlas: aal}"
    return f"Places of peaks: not named{in_mni if unit is VOXELS else ''}"


def named(atlas):
    """The files of an atlas that a reader knows it by."""
    return [path for part, path in atlas.items() if part != "labels"]


def of_coverage(settings, n_subjects, unit):
    """What to say of subjects without a value."""
    if not settings["coverage"]:
        return []
    least = least_subjects(settings["coverage"]["subjects"], n_subjects)
    return [f"{unit.title} are analysed at which {least} or more of {n_subjects} maps have a value"]
