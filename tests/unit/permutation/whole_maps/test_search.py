import numpy as np

from secondlevel.permutation.whole_maps.clusters import TIE, Clusters
from secondlevel.permutation.whole_maps.enhancement import Enhancement
from secondlevel.permutation.whole_maps.search import Search
from secondlevel.space.neighbourhood import Neighbourhood
from volumes import example


def test_a_search_gives_what_its_parts_give_by_method():
    inside, values = example()
    maps = np.array([values, values[::-1], -0.5 * values])
    clusters = Clusters(Neighbourhood(inside, 6), 1.0, True)
    enhancement = Enhancement(Neighbourhood(inside, 18), 0.5, 2.0, True)
    search = Search({"tfce": enhancement, "clusters": clusters})
    assert search.methods == ("maxTFCE", "maxExtent", "maxMass")
    assert search.ties == {"maxTFCE": 1e-4, "maxExtent": 0, "maxMass": TIE}
    for threads in (1, 2):
        found = search.maxima(maps, threads)
        np.testing.assert_array_equal(found["maxTFCE"], [enhancement.maxima(map_)[0] for map_ in maps])
        np.testing.assert_array_equal(found["maxExtent"], [clusters.maxima(map_)[0] for map_ in maps])
        np.testing.assert_array_equal(found["maxMass"], [clusters.maxima(map_)[1] for map_ in maps])
    found = search.maps(maps[0])
    np.testing.assert_array_equal(found["maxTFCE"], enhancement.maps(maps[0])[0])
    np.testing.assert_array_equal([found["maxExtent"], found["maxMass"]], clusters.maps(maps[0]))
