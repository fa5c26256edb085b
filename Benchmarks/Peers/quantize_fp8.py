#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a BF16 checkpoint again with its layers' matrices as E4M3 in 128 x 128 blocks, as DeepSeek-V3
publishes them. For measuring speed.

usage: quantize_fp8.py MODEL OUT    (needs torch and safetensors)
"""
import glob
import json
import os
import shutil
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

BLOCK = 128


def quantize(weight):
    rows, columns = weight.shape
    padded = torch.nn.functional.pad(weight.float(), (0, -columns % BLOCK, 0, -rows % BLOCK))
    squares = padded.unflatten(1, (-1, BLOCK)).unflatten(0, (-1, BLOCK))
    scales = (squares.abs().amax(dim=(1, 3)) / 448).clamp(min=1e-12)
    values = (squares / scales[:, None, :, None]).flatten(2, 3).flatten(0, 1)[:rows, :columns]
    return values.to(torch.float8_e4m3fn).contiguous(), scales


def main(source, target):
    os.makedirs(target, exist_ok=True)
    tensors = {}
    for path in sorted(glob.glob(source + "/*.safetensors")):
        with safe_open(path, "pt") as file:
            for name in file.keys():
                weight = file.get_tensor(name)
                if ".layers." in name and weight.ndim == 2 and ".gate.weight" not in name:
                    tensors[name], tensors[name + "_scale_inv"] = quantize(weight)
                else:
                    tensors[name] = weight
    save_file(tensors, target + "/model.safetensors", {"format": "pt"})
    for path in glob.glob(source + "/*.json"):
        if not path.endswith(".index.json"):
            shutil.copy(path, target)
    config = json.load(open(target + "/config.json"))
    config["quantization_config"] = {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [BLOCK, BLOCK],
                                     "activation_scheme": "dynamic"}
    json.dump(config, open(target + "/config.json", "w"), indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
