"""Machine code where no folder can be written that would keep it; what it computes is tested with the whole maps."""

import numba
import pytest
from numba.core.caching import CacheImpl

from secondlevel.permutation.whole_maps.unionfind import compiled


def twice(value):
    return 2 * value


@pytest.mark.parametrize("writable", [True, False])
def test_functions_are_compiled_whether_or_not_they_can_be_kept(monkeypatch, writable):
    if not writable:
        monkeypatch.setattr(CacheImpl, "_locator_classes", [])
        with pytest.raises(RuntimeError, match="cannot cache"):
            numba.njit(cache=True)(twice)
    function = compiled(twice)
    assert (function(3), function(0.5)) == (6, 1.0)
    assert function.nopython_signatures
