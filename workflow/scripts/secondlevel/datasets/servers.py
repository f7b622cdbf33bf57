"""Which servers are asked for files: none to which the way is not encrypted, but for those of this machine.

Read by the check of the config, too, so it imports no other file of the core.
"""

import re

GUARDED = re.compile(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/|\Z)", re.I)
WHY = "is not encrypted, so that anybody on the way could change what comes"


def is_guarded(url):
    """Whether nobody else can change what an address gives: it is https, or a server on this machine."""
    return GUARDED.match(url) is not None
