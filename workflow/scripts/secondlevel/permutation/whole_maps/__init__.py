"""Statistics that need the whole map of a shuffle; `protocol` says what one has to offer.

`WHOLE_MAPS` of `registry` are those that the config can ask for.
"""
