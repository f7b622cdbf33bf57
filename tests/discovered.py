"""What the viewer of a report says of true discoveries, against the files, the core's bounds and scipy's clusters."""

import nibabel as nib
import numpy as np
from scipy import ndimage, sparse
from scipy.sparse.csgraph import connected_components

from secondlevel.base.files import read_json
from secondlevel.inference.discoveries import at_least
from viewed import choose, file_of, press, text_of, viewer_data


class Voxels:
    """The voxels of an analysis: the values of its maps, and which of them make a cluster."""

    many = "voxels"

    def __init__(self, folder):
        self.folder, image = folder, nib.load(folder / "mask.nii.gz")
        self.inside, self.affine = image.get_fdata() > 0, image.affine

    def values(self, contrast, key):
        return file_of(self.folder, contrast, key)

    def at(self, mm):
        """The number of the element at a place."""
        number = np.cumsum(self.inside).reshape(self.inside.shape) - 1
        return number[tuple(np.rint(np.linalg.solve(self.affine, [*mm, 1])[:3]).astype(int))]

    def clusters(self, above):
        """The cluster of each element that is above."""
        volume = np.zeros(self.inside.shape, dtype=bool)
        volume[self.inside] = above
        return ndimage.label(volume)[0][self.inside]


class Vertices:
    """The same of the vertices of two hemispheres, which are the elements of an analysis."""

    many = "vertices"

    def __init__(self, folder):
        self.folder = folder
        meshes = [nib.load(folder / f"hemi-{side}_mesh.surf.gii").agg_data() for side in "LR"]
        self.inside = np.concatenate([nib.load(folder / f"hemi-{side}_mask.label.gii").agg_data() for side in "LR"]) > 0
        self.points = np.concatenate([points for points, _ in meshes])[self.inside]
        corners = np.concatenate([meshes[0][1], meshes[1][1] + len(meshes[0][0])])
        ends = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]).T
        joined = sparse.csr_array((np.ones(len(ends[0])), ends), (len(self.inside),) * 2)
        self.joined = joined[self.inside][:, self.inside]

    def values(self, contrast, key):
        stat, _, desc = key.partition("_")
        end = f"stat-{stat}_desc-{desc}" if desc else f"stat-{stat}"
        files = [self.folder / f"contrast-{contrast}_hemi-{side}_{end}_statmap.shape.gii" for side in "LR"]
        return np.concatenate([nib.load(path).agg_data() for path in files]).astype(float)[self.inside]

    def at(self, mm):
        return np.argmin(np.linalg.norm(self.points - mm, axis=1))

    def clusters(self, above):
        (chosen,), found = np.nonzero(above), np.zeros(len(above), dtype=int)
        found[chosen] = 1 + connected_components(self.joined[chosen][:, chosen], directed=False)[1]
        return found


def check_discoveries(browser, folder, elements=Voxels):
    """At 50 thresholds of each contrast, the bounds of what is above and of the cluster under the cross are the core's.

    Thresholds are of the statistic that was tested and of the size of the effect, on one side and on both.
    """
    random, elements = np.random.default_rng(4), elements(folder)
    for contrast in viewer_data(folder / "report.html")["contrasts"]:
        name = contrast["name"]
        choose(browser, "contrast", name)
        press(browser, "peak")
        at, levels = elements.at(contrast["peak"]), elements.values(name, "level_discoveries").astype(int)
        most = read_json(folder / f"contrast-{name}_desc-discoveries_null.json")["true_discoveries"]
        assert at_least(levels) == most
        seen = set()
        for each in (contrast["maps"][0], next(m for m in contrast["maps"] if m["key"] in ("effect", "r2"))):
            choose(browser, "map", each["key"])
            values = elements.values(name, each["key"])
            both = each["negative"] and browser.run("return document.getElementById('viewer-negative').checked")
            sizes, signed = np.abs(values) if both else values, values * np.sign(values[at]) if both else values
            for threshold in random.uniform(0, sizes.max(), 25).round(max(each["digits"], 0)):
                choose(browser, "threshold", threshold)
                above, said = sizes > threshold, text_of(browser, "active")
                count, bound = int(above.sum()), at_least(levels[above])
                curve = browser.run("return secondlevelViewer.curve(arguments[0])", threshold)
                assert curve == {"count": count, "bound": bound}
                if not count:
                    assert said == ""
                    continue
                assert said.startswith(f"At least {bound} of these {count} ({100 * bound // count} %)"), threshold
                clusters = elements.clusters(signed > threshold)
                under = clusters == (clusters[at] or -1)
                own = f"at least {at_least(levels[under])} of {under.sum()} (" if under.any() else "in no cluster"
                assert own in said, threshold
                seen.add(bound)
        assert len(seen) > 2 or most < 3
    label_of = browser.run("return document.getElementById('viewer-curve').getAttribute('aria-label')")
    assert label_of.startswith(f"Share of the {elements.many} above a threshold that is truly active")
    choose(browser, "threshold", 0.001)
    assert text_of(browser, "count").split()[1] == elements.many
