"""Names of the user in captions, and in parameters of jobs, which Snakemake's report shows.

Plain Python, which imports no other file: rules use it too.
"""

import json


def harmless(value):
    """Settings whose texts can stand in a caption, and in the script of a page that holds them.

    No text holds a backtick or a line break, so that a name cannot become markup of reStructuredText; nor a <, as
    Snakemake's report writes the parameters of jobs into a script, which ``</script>`` would end. All other texts stay
    as they are.
    """
    if isinstance(value, dict):
        return {harmless(key): harmless(below) for key, below in value.items()}
    if isinstance(value, list):
        return [harmless(below) for below in value]
    if not isinstance(value, str):
        return value
    text = " ".join(value.split()).replace("`", "'").replace("<", "\u2039")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def guarded(value):
    """A list or a mapping for a job's parameters: itself, or as harmless JSON if it is not `harmless`."""
    return value if harmless(value) == value else json.dumps(value).replace("<", "\\u003c").replace("`", "\\u0060")


def unguarded(value):
    """What was `guarded`."""
    return json.loads(value) if isinstance(value, str) else value
