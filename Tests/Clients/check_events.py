#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the event files of a training run with TensorBoard's own package and holds every scalar
against the run's metrics.jsonl.

    check_events.py RUN_FOLDER

Needs: pip install tensorboard. Exit 0: all equal; 1: a difference, which is printed; 64: usage;
66: no such folder.
"""
import json
import math
import os
import struct
import sys

TAGS = {
    "loss": "loss/train",
    "validation_loss": "loss/validation",
    "mtp_loss": "loss/mtp",
    "balance_loss": "loss/balance",
    "learning_rate": "optimizer/learning_rate",
    "gradient_norm": "optimizer/gradient_norm",
    "tokens_per_s": "speed/tokens_per_s",
    "share_of_peak": "speed/share_of_peak",
    "seconds": "speed/step_s",
    "tokens": "progress/tokens",
}


def single(value):
    """A number as an event file holds it."""
    return struct.unpack("f", struct.pack("f", value))[0]


def expected(rows):
    """(tag, step) -> value, from metrics.jsonl."""
    scalars = {}
    for row in rows:
        for key, tag in TAGS.items():
            if row[key] is not None:
                scalars[tag, row["step"]] = single(row[key])
        for layer in row["layers"]:
            scalars[f"experts/max_vio_layer_{layer['layer']}", row["step"]] = single(layer["max_vio"])
            if layer["bias_drift"] is not None:
                scalars[f"experts/bias_drift_layer_{layer['layer']}", row["step"]] = single(
                    layer["bias_drift"]
                )
    return scalars


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    folder = sys.argv[1]
    if not os.path.isdir(folder):
        print(f"check_events: no such folder ({folder})", file=sys.stderr)
        return 66
    from tensorboard.backend.event_processing import event_accumulator

    with open(os.path.join(folder, "metrics.jsonl"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    # 0: keep all of them.
    sizes = {event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0}
    events = event_accumulator.EventAccumulator(folder, size_guidance=sizes)
    events.Reload()
    found = {}
    for tag in events.Tags()["scalars"]:
        for event in events.Scalars(tag):
            if (tag, event.step) in found:
                print(f"{tag} has step {event.step} twice")
                return 1
            found[tag, event.step] = event.value
    wanted = expected(rows)
    faults = sorted(set(wanted) ^ set(found))
    faults += [key for key in wanted if key in found and wanted[key] != found[key]
               and not (math.isnan(wanted[key]) and math.isnan(found[key]))]
    for key in faults[:20]:
        print(f"{key}: expected {wanted.get(key)}, found {found.get(key)}")
    texts = [tag for tag in events.Tags()["tensors"]
             if events.SummaryMetadata(tag).plugin_data.plugin_name == "text"]
    count = sum(len(events.Tensors(tag)) for tag in texts)
    print(f"{len(rows)} steps, {len(wanted)} scalars, {count} texts, {len(faults)} differences")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
