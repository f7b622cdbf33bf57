"""Recipes of containers as steps, and a root file system that is made by them where no container engine runs.

Of a Containerfile known are the steps that this project's has, written on a line each.
"""

import json
import os
import re
import shlex
import shutil
import string
import subprocess
import time

PROXIES = {"http_proxy", "https_proxy", "no_proxy"}
# Mounts are this process's own, so that none is left behind.
MOUNTED = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" sh -c "$IN_PLACE" "$@"'
IN_PLACE = 'cd "$0" && exec "$@"'


def of_containerfile(text):
    """The steps of a Containerfile, each a word and the rest of its line."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def of_definition(text):
    """The steps of an Apptainer definition, in the words of a Containerfile."""
    header, *parts = re.split(r"^%", text, flags=re.M)
    (base,) = re.findall(r"^From: (.*)$", header, re.M)
    steps = [("FROM", base)]
    for part in parts:
        name, *lines = (line.strip() for line in part.splitlines() if line.strip())
        for line in lines:
            if name == "files":
                steps.append(("COPY", line))
            elif name == "post":
                steps.append(("RUN", line))
            elif name == "environment":
                steps.append(("ENV", line.removeprefix("export ")))
            elif name == "runscript":
                steps.append(("ENTRYPOINT", json.dumps(shlex.split(line.removeprefix("exec ").removesuffix(' "$@"')))))
    return steps


class Root:
    """A root file system in a folder, made from files in another one, the context, as a Containerfile says.

    The image that it begins with is made by debootstrap, so it must be a Debian, and the caller root.
    """

    def __init__(self, folder, context, **environment):
        self.folder, self.context = folder, context
        self.environment = {name: value for name, value in os.environ.items() if name.lower() in PROXIES}
        self.environment |= {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"} | environment
        self.place, self.entry = "/", []

    def make(self, steps):
        """Take all steps, and print how long each takes."""
        for word, rest in steps:
            start = time.monotonic()
            getattr(self, f"take_{word.lower()}")(rest)
            print(f"{time.monotonic() - start:6.1f} s  {word} {rest}")

    def take_from(self, image):
        suite = re.fullmatch(r"debian:(\w+)-slim", image)[1]
        done(["debootstrap", "--variant=minbase", suite, self.folder], os.environ)

    def take_run(self, command):
        self.run("sh", "-c", command)

    def take_copy(self, rest):
        source, destination = rest.split()
        there = self.folder / destination.lstrip("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        if (self.context / source).is_dir():
            shutil.copytree(self.context / source, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(self.context / source, there)

    def take_env(self, rest):
        name, value = rest.split("=", 1)
        self.environment[name] = string.Template(value).substitute(self.environment)

    def take_workdir(self, place):
        self.place = place
        (self.folder / place.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def take_entrypoint(self, rest):
        self.entry = json.loads(rest)

    def run(self, *command):
        """Run a command in it, and give what it prints."""
        alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", MOUNTED]
        return done([*alone, self.folder, self.place, *command], self.environment | {"IN_PLACE": IN_PLACE})


def done(command, environment):
    """What a command prints that must end well."""
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    finished = subprocess.run([str(part) for part in command], env=environment, timeout=1200, **out)
    assert finished.returncode == 0, finished.stdout
    return finished.stdout
