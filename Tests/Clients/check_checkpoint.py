#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds checkpoints that `hadal train` wrote to the library transformers.

Usage: check_checkpoint.py HADAL FOLDER TEXT...

HADAL is the program, FOLDER a checkpoint of a run, each TEXT a file of UTF-8 text. transformers
builds the model from the folder alone, in float32; of each text's first tokens every logit must be
that of `hadal score --compute f32` within 2e-4, and every weight must be used. Needs
`pip install torch transformers safetensors`; exits with 69 without them. Exit 1: a difference.
"""
import json
import os
import subprocess
import sys
import tempfile

# That of the oracles in float32: Tests/ModelsTests/OracleTests.swift.
BOUND = 2e-4


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 64
    hadal, folder, *texts = sys.argv[1:]
    for path in [folder, *texts]:
        if not os.path.exists(path):
            print(f"check_checkpoint: no such file or folder ({path})", file=sys.stderr)
            return 66
    # Nothing is fetched, and what is left aside is judged below.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", HF_HUB_DISABLE_PROGRESS_BARS="1")
    try:
        import torch
        from safetensors.torch import load_file
        from transformers import AutoModelForCausalLM
    except ImportError as error:
        print(f"the Python package {error.name} is not installed", file=sys.stderr)
        return 69

    model, info = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True, attn_implementation="eager"
    )
    model.eval()
    faults = [f"missing weight: {name}" for name in sorted(info["missing_keys"])]
    faults += [f"weight of another shape: {name}" for name in info["mismatched_keys"]]
    # transformers has no layer of multi-token prediction; it leaves its weights aside.
    layers = model.config.num_hidden_layers
    faults += [
        f"weight that nobody uses: {name}"
        for name in sorted(info["unexpected_keys"])
        if not name.startswith(f"model.layers.{layers}.")
    ]
    limit = model.config.max_position_embeddings
    largest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for path in texts:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            run = subprocess.run(
                [hadal, "tokenize", "-m", folder, "--json", "-"],
                input=text.encode(), capture_output=True, check=True,
            )
            ids = json.loads(run.stdout)["ids"][:limit]
            logits = os.path.join(scratch, "logits.safetensors")
            subprocess.run(
                [hadal, "score", "-m", folder, "--compute", "f32", "--json", "--logits", logits,
                 "--ids", ",".join(map(str, ids))],
                capture_output=True, check=True,
            )
            ours = load_file(logits)["logits"]
            os.remove(logits)
            with torch.no_grad():
                theirs = model(torch.tensor([ids])).logits[0]
            if ours.shape != theirs.shape:
                faults.append(f"{path}: shape {tuple(ours.shape)}, expected {tuple(theirs.shape)}")
                continue
            difference = (ours - theirs).abs().max().item()
            largest = max(largest, difference)
            if not difference <= BOUND:
                faults.append(f"{path}: logits differ by {difference:.2e}, bound {BOUND:.0e}")
    for fault in faults[:20]:
        print(fault)
    print(f"{len(texts)} texts, logits differ by {largest:.1e} at most, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
