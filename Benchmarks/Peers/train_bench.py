#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Training steps of Hadal beside those of torch_train.py of HADAL_SHARED/peers, in turns.

usage: train_bench.py PEERS HADAL CONFIG [CONFIG ...] [--rounds 3] [--steps 5] [--variants LIST]
           [--texts FOLDER] [--peak GFLOPS] [--json FILE]

PEERS is the folder of torch_train.py, HADAL the program. Each round runs every variant of torch and
then Hadal, a fresh process each, so that what else the machine does meets all of them alike. torch
trains on random ids, Hadal on texts by `hadal train`, whose step holds all that a run does: data,
clipping, AdamW, the update of biases. The variant hadal-32 is Hadal with 32 experts
for the configuration's; others count likewise. Two steps of each process are not counted. The ratio is that of
a round's medians; the table has the median of the rounds, the lowest and the highest.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile

RECIPE = """name: bench
model: {{config: {config}, deviation: 0.02}}
tokenizer: {folder}/tokenizer
data: [{{shards: {folder}/shards}}]
compute: bf16
packing: continuous
sequence: {sequence}
batch: {batch}
steps: {steps}
learning_rate: {{peak: 3e-4, warm_up: 0, schedule: constant}}
balance: {{loss: 0}}
checkpoints: {{every: 1000000}}
validation: {{every: 0}}
"""


def run(command, environment=None):
    """What a command printed last, its processor's seconds and its peak memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    out, errors = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit(f"{command[0]}: {errors.strip().splitlines()[-1] if errors.strip() else process.returncode}")
    return out, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def hadal(options, folder, config, experts, seconds_of):
    """Takes the seconds of each counted step; returns the peak memory of the process."""
    if experts:
        changed = json.load(open(config)) | {"n_routed_experts": experts, "n_group": 1, "topk_group": 1}
        config = f"{folder}/config.json"
        with open(config, "w") as file:
            json.dump(changed, file)
    recipe = f"{folder}/recipe.yaml"
    with open(recipe, "w") as file:
        file.write(RECIPE.format(config=os.path.abspath(config), folder=folder, sequence=options.seq,
                                 batch=options.micro_batch, steps=options.steps + 2))
    with tempfile.TemporaryDirectory() as out:
        # GNU time's figure is that of the child alone; RUSAGE_CHILDREN would be the largest of all.
        script = ("import resource,subprocess,sys;c=subprocess.run(sys.argv[1:]).returncode;"
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss*1024);sys.exit(c)")
        environment = os.environ | {"XDG_DATA_HOME": out}
        text, _ = run([sys.executable, "-c", script, options.hadal, "train", recipe, "--out", f"{out}/run",
                       "--threads", str(options.threads), "--json"], environment)
    lines = text.strip().splitlines()
    steps = [json.loads(line) for line in lines[:-1]]
    seconds_of += [step["seconds"] for step in steps if "step" in step][2:]
    return int(lines[-1])


def torch(options, config, variant, seconds_of):
    text, _ = run([sys.executable, f"{options.peers}/torch_train.py", config, "--child", variant, "--steps",
                   str(options.steps), "--warm", "2", "--micro-batch", str(options.micro_batch), "--seq",
                   str(options.seq), "--threads", str(options.threads)])
    result = json.loads(text.strip().splitlines()[-1])
    seconds_of += result["times"]
    return result["rss"]


def data(options, folder, vocabulary):
    for command in (["tokenizer", options.texts, "--vocabulary-size", str(vocabulary), "--out", f"{folder}/tokenizer"],
                    ["shards", options.texts, "--tokenizer", f"{folder}/tokenizer", "--out", f"{folder}/shards"]):
        run([options.hadal, "data", *command])


def measure(options, path):
    import torch_train
    config = json.load(open(path))
    tokens = options.micro_batch * options.seq
    operations = torch_train.flops_per_token(config, options.seq)
    names = [name for name in options.variants.split(",") if name] + ["hadal"]
    rates, memory = {name: [] for name in names}, {name: 0 for name in names}
    with tempfile.TemporaryDirectory() as folder:
        data(options, folder, config["vocab_size"])
        for number in range(options.rounds):
            for name in names:
                seconds = []
                if name.startswith("hadal"):
                    experts = int(name.partition("-")[2] or 0)
                    peak = hadal(options, folder, path, experts, seconds)
                else:
                    peak = torch(options, path, name, seconds)
                rates[name].append(tokens / statistics.median(seconds))
                memory[name] = max(memory[name], peak)
                print(f"round {number + 1}, {name}: {rates[name][-1]:.0f} tokens/s, load {os.getloadavg()[0]:.1f}",
                      file=sys.stderr, flush=True)
    label = os.path.basename(os.path.dirname(os.path.abspath(path))) + "/" + os.path.basename(path)
    print(f"\n{label}: {operations / 1e6:.1f} MFLOP a token, {tokens} tokens a step, {options.threads} threads\n")
    print("| | tokens/s | share of peak | Hadal's ratio | peak memory | Hadal's share |")
    print("|---|---|---|---|---|---|")
    rows = []
    for name in names:
        ratios = sorted(own / other for own, other in zip(rates["hadal"], rates[name]))
        rate = statistics.median(rates[name])
        share = f"{rate * operations / 1e9 / options.peak:.0%}" if options.peak else ""
        print(f"| {name} | {rate:.0f} [{min(rates[name]):.0f}, {max(rates[name]):.0f}] | {share} | "
              f"{statistics.median(ratios):.2f} [{ratios[0]:.2f}, {ratios[-1]:.2f}] | {memory[name] / 1e9:.2f} GB | "
              f"{memory['hadal'] / memory[name]:.2f} |")
        rows.append({"config": label, "variant": name, "tokens_per_s": rates[name], "ratios": ratios,
                     "memory": memory[name]})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers")
    parser.add_argument("hadal")
    parser.add_argument("configs", nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--variants", default="hf-compile:bf16,plain:bf16")
    parser.add_argument("--micro-batch", type=int, default=8)
    parser.add_argument("--seq", type=int, default=512)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--texts", default="../shared/oracles/text")
    parser.add_argument("--peak", type=float, help="GFLOP/s of BF16, from roofline")
    parser.add_argument("--json")
    options = parser.parse_args()
    sys.path.insert(0, options.peers)
    options.hadal = os.path.abspath(options.hadal)
    rows = [row for config in options.configs for row in measure(options, config)]
    if options.json:
        with open(options.json, "w") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
