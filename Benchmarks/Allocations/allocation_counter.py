#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs Hadal with a library before the C library that counts its requests for memory.

usage: imported by scripts/count-allocations and scripts/check-thresholds
"""
import collections
import os
import platform
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HADAL = os.path.join(ROOT, os.environ.get("HADAL_SCRATCH", ".build"), "release", "hadal")
FEW, MANY, REPEATS = 32, 64, 2


def stop(text, code=69):
    print(f"{os.path.basename(sys.argv[0])}: {text}", file=sys.stderr)
    sys.exit(code)


def checkpoint(name):
    """A checkpoint of the oracles, or of their subset in the repository; None where it is absent."""
    shared = os.environ.get("HADAL_SHARED", os.path.join(ROOT, "..", "shared"))
    for folder in (os.path.join(shared, "oracles"), os.path.join(ROOT, "Tests", "Fixtures", "oracles")):
        path = os.path.join(folder, "checkpoints", name)
        if os.path.exists(os.path.join(path, "config.json")):
            return path
    return None


def require_tools():
    if platform.libc_ver()[0] != "glibc" or not shutil.which("cc"):
        stop("needs glibc and a C compiler")
    if not os.access(HADAL, os.X_OK):
        stop("needs a release build: swift build -c release")


def bench(model):
    return lambda count: ["bench", "-m", model, "--prompt", "0", "--depth", "64", "--repeat", "1",
                          "--tokens", str(count)]


def run(model):
    return lambda count: ["run", "-m", model, "--prompt-ids", "1", "--ignore-eos", "--max-tokens", str(count)]


def cases(model):
    """The commands that decode a model: its name, how to ask for a count of tokens, and how often it decodes."""
    name = os.path.basename(os.path.normpath(model))
    yield f"bench {name}", bench(model), REPEATS
    if os.path.exists(os.path.join(model, "tokenizer.json")):
        yield f"run {name}", run(model), 1


class Counter:
    def __init__(self, work, threads=2):
        self.threads = str(threads)
        self.library = os.path.join(work, "count_allocations.so")
        self.result = os.path.join(work, "stacks")
        self.peak = 0
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_allocations.c")
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", source, "-o", self.library,
                        "-ldl"], check=True)

    def stacks(self, arguments):
        """How often each stack asked for memory while a command ran; `peak` is the most bytes it held."""
        environment = dict(os.environ, LD_PRELOAD=self.library, HADAL_ALLOCATIONS=self.result,
                           HADAL_CONFIG="", SWIFT_DETERMINISTIC_HASHING="1")
        subprocess.run([HADAL, *arguments, "--threads", self.threads], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        first, *lines = open(self.result).read().splitlines()
        lost, self.peak = map(int, first.split())
        if lost:
            stop(f"{lost} stacks more than the library can hold", 70)
        counts = collections.Counter()
        for line in lines:
            count, *places = line.split(" ")
            counts[tuple(places)] += int(count)
        return counts

    def per_token(self, command, repeats):
        """The count of one token, and each stack's share of it."""
        few, many = self.stacks(command(FEW)), self.stacks(command(MANY))
        grown = {stack: (many[stack] - few[stack]) / (MANY - FEW) / repeats for stack in {*few, *many}}
        return sum(grown.values()), {stack: count for stack, count in grown.items() if abs(count) >= 0.01}
