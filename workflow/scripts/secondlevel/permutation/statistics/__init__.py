"""The test statistics that are permuted, one file each; `protocol` says what one has to offer.

`STATISTICS` are those that the config can name, and `catalogue` says in words what each is.
"""
