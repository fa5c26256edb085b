#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds a tokenizer that `hadal data tokenizer` wrote to the library `tokenizers`.

Usage: check_tokenizer.py HADAL FOLDER TEXT...

HADAL is the program, FOLDER the tokenizer's folder, each TEXT a file of UTF-8 text or a folder of
.txt files. Every text, and every paragraph by itself, must have the same ids in both and come back
from them. With --train the library trains on the same texts too, and pieces and merges must be the
same. Needs `pip install tokenizers`; exits with 69 without it.
"""
import json
import pathlib
import subprocess
import sys

try:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
except ImportError:
    print("the Python package tokenizers is not installed", file=sys.stderr)
    sys.exit(69)


def texts(paths):
    files = []
    for path in map(pathlib.Path, paths):
        files += sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    return [file.read_bytes().decode("utf-8") for file in files]


def hadal_ids(hadal, folder, documents):
    """The ids of hadal, control tokens in the text left alone, as for a user's words."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in documents)
    run = subprocess.run(
        [hadal, "tokenize", "-m", folder, "--batch", "-", "--json"],
        input=lines.encode(), capture_output=True, check=True)
    return [json.loads(line)["ids"] for line in run.stdout.splitlines()]


def compare(hadal, folder, documents):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    different = 0
    for text, own in zip(documents, hadal_ids(hadal, folder, documents)):
        theirs = tokenizer.encode(text).ids
        if own != theirs:
            different += 1
            print(f"different ids: {text[:60]!r}", file=sys.stderr)
        elif tokenizer.decode(theirs, skip_special_tokens=True) != text:
            different += 1
            print(f"does not come back: {text[:60]!r}", file=sys.stderr)
    return different


def train(folder, documents):
    """Trains with the library on the same texts and compares the model."""
    written = json.loads(pathlib.Path(folder, "tokenizer.json").read_bytes())
    tokenizer = Tokenizer(models.BPE())
    steps = []
    for step in written["pre_tokenizer"].get("pretokenizers", [written["pre_tokenizer"]]):
        if step["type"] == "Split":
            steps.append(pre_tokenizers.Split(Regex(step["pattern"]["Regex"]), "isolated"))
        else:
            steps.append(pre_tokenizers.ByteLevel(
                add_prefix_space=False, use_regex=step["use_regex"]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=len(written["model"]["vocab"]), min_frequency=2, show_progress=False,
        special_tokens=[token["content"] for token in written["added_tokens"]],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(documents, trainer)
    theirs = json.loads(tokenizer.to_str())["model"]
    own = written["model"]
    same = own["vocab"] == theirs["vocab"]
    merges = [list(pair) if isinstance(pair, list) else pair.split(" ")
              for pair in theirs["merges"]]
    print(f"trained by the library: pieces {'equal' if same else 'differ'}, "
          f"merges {'equal' if merges == own['merges'] else 'differ'}")
    if merges != own["merges"]:
        for rank, (one, other) in enumerate(zip(own["merges"], merges)):
            if one != other:
                print(f"merge {rank}: {one} here, {other} there", file=sys.stderr)
                break
    return 0 if same and merges == own["merges"] else 1


def main():
    arguments = sys.argv[1:]
    if "--help" in arguments or len(arguments) < 3:
        print(__doc__)
        sys.exit(0 if "--help" in arguments else 64)
    trains = "--train" in arguments
    hadal, folder, *paths = [argument for argument in arguments if argument != "--train"]
    whole = texts(paths)
    paragraphs = [part for text in whole for part in text.split("\n\n")]
    odd = ["", " ", "\n", "a\r\n\r\nb", "\u00a0x\u3000y", "\U0001f98a\u200d!", "\t\t  x",
           "12345678 ١٢٣٤ १२३", "don't DON'T 's", "e\u0301 \u0345", "((()))[[{{", "\x00\x7f\x1b"]
    documents = whole + paragraphs + odd
    different = compare(hadal, folder, documents)
    print(f"{len(documents)} texts, {different} different")
    failed = different
    if trains:
        failed += train(folder, whole)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
