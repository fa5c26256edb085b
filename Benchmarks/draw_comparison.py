#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what scripts/compare-architectures trained, and prints it as Markdown.

usage: draw_comparison.py DIR

DIR has for each run VARIANT-SEED the folder that `hadal train` wrote, and VARIANT-SEED.jsonl with what
it printed. DIR/comparison.svg gets the validation loss over the operations of training: a thin line a
run, a thick one for the mean of a variant.
"""
import json
import math
import os
import statistics
import sys

VARIANTS, SEEDS = ("mixture", "dense"), (1, 2, 3)
NAMES = {"mixture": "mixture, latent attention, multi-token prediction", "dense": "dense twin"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 440, 64, 20, 20, 56
STYLE = """
  .ground{fill:#fff} text{fill:#57606a;font:13px system-ui,sans-serif} .grid{stroke:#d8dee4}
  .mixture{stroke:#0a58ca} .dense{stroke:#b54708;stroke-dasharray:7 3}
  .run{fill:none;stroke-width:1;stroke-opacity:.55} .mean{fill:none;stroke-width:3}
  @media (prefers-color-scheme:dark){.ground{fill:#0f1318} text{fill:#9da7b3} .grid{stroke:#303944}
  .mixture{stroke:#6cb0ff} .dense{stroke:#f5a259}}
"""


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Run:
    """One run: its plan, its curve [(operations, loss)], and its median rate."""

    def __init__(self, folder, variant, seed):
        path = os.path.join(folder, f"{variant}-{seed}")
        self.seed = seed
        self.plan = next(line["plan"] for line in lines_of(f"{path}.jsonl") if "plan" in line)
        self.operations_per_token = self.plan["operations_per_token"]["total"]
        metrics = lines_of(f"{path}/metrics.jsonl")
        self.tokens = metrics[-1]["tokens"]
        self.rate = statistics.median(line["tokens_per_s"] for line in metrics)
        self.curve = [(line["tokens"] * self.operations_per_token, line["validation_loss"])
                      for line in metrics if line["validation_loss"] is not None]
        self.loss = self.curve[-1][1]


def mean_curve(runs):
    return [(at[0][0], statistics.mean(loss for _, loss in at)) for at in zip(*(run.curve for run in runs))]


def ticks(low, high):
    """Round values between two, some six of them, and how many decimals they need."""
    raw = max(high - low, 1e-9) / 6
    scale = 10.0 ** int(f"{raw:e}".split("e")[1])
    step = next(scale * factor for factor in (1, 2, 5, 10) if scale * factor >= raw)
    values, value = [], math.ceil(low / step) * step
    while value <= high + step * 1e-6:
        values.append(value)
        value += step
    return values, max(0, -int(f"{step:e}".split("e")[1]))


def drawing(runs):
    """The SVG. The first sixth of the way falls from far above and may lie outside."""
    everything = [point for variant in VARIANTS for run in runs[variant] for point in run.curve]
    last = max(x for x, _ in everything)
    losses = [loss for x, loss in everything if x >= last / 6]
    margin = max(max(losses) - min(losses), 0.01) * 0.05
    low, high = min(losses) - margin, max(losses) + margin

    def place(x, y):
        return (LEFT + x / last * (WIDTH - LEFT - RIGHT),
                TOP + (high - y) / (high - low) * (HEIGHT - TOP - BOTTOM))

    def path(points, kind):
        places = " ".join("%.1f,%.1f" % place(*point) for point in points)
        return f'<polyline class="{kind}" points="{places}"/>'

    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
           "<title>Validation loss over the operations of training</title>", f"<style>{STYLE}</style>",
           f'<clipPath id="area"><rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" '
           f'height="{floor - TOP}"/></clipPath>',
           f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>']
    values, decimals = ticks(low, high)
    for value in values:
        y = place(0, value)[1]
        out.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.{decimals}f}</text>')
    values, decimals = ticks(0, last / 1e12)
    for value in values:
        x = place(value * 1e12, low)[0]
        out.append(f'<path class="grid" d="M{x:.1f} {floor}v5"/>'
                   f'<text x="{x:.1f}" y="{floor + 19}" text-anchor="middle">{value:.{decimals}f}</text>')
    out.append(f'<path class="grid" d="M{LEFT} {floor}H{right}"/>')
    out.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">'
               "training operations, TFLOP</text>")
    out.append(f'<text transform="translate(16 {(TOP + floor) / 2})rotate(-90)" text-anchor="middle">'
               "validation loss, nats a token</text>")
    out.append('<g clip-path="url(#area)">')
    out += [path(run.curve, f"run {variant}") for variant in VARIANTS for run in runs[variant]]
    out += [path(mean_curve(runs[variant]), f"mean {variant}") for variant in VARIANTS]
    out.append("</g>")
    for index, variant in enumerate(VARIANTS):
        y = TOP + 16 + 20 * index
        out.append(f'<path class="mean {variant}" d="M{right - 350} {y}h34"/>'
                   f'<text x="{right - 308}" y="{y + 4}">{NAMES[variant]}</text>')
    out.append(f'<text x="{right - 308}" y="{TOP + 60}">thick: mean of {len(SEEDS)} seeds; thin: each run</text>')
    return "\n".join(out + ["</svg>", ""])


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def report(runs):
    """The Markdown: every run, then the variants, then the difference at equal seed."""
    each = [[variant, str(run.seed), f"{run.loss:.4f}", f"{run.rate:.0f}"]
            for variant in VARIANTS for run in runs[variant]]
    print(table(["variant", "seed", "validation loss", "tokens/s"], each), end="\n\n")
    summary = []
    for variant in VARIANTS:
        plan, losses = runs[variant][0].plan, [run.loss for run in runs[variant]]
        counts = plan["parameters"]
        summary.append([
            variant, f"{statistics.mean(losses):.4f}", f"{min(losses):.4f} to {max(losses):.4f}",
            f"{statistics.median(run.rate for run in runs[variant]):.0f}",
            f"{counts['total'] / 1e6:.2f} M", f"{counts['active'] / 1e6:.2f} M",
            f"{counts['mtp'] / 1e6:.2f} M" if counts.get("mtp") else "none",
            f"{plan['operations_per_token']['total'] / 1e6:.2f} MFLOP"])
    print(table(["variant", "mean loss", "spread", "tokens/s", "parameters", "active", "prediction layer besides",
                 "operations a token"], summary), end="\n\n")
    apart = [first.loss - second.loss for first, second in zip(*(runs[variant] for variant in VARIANTS))]
    signed = [f"{value:+.4f}".replace("-", "−") for value in apart + [statistics.mean(apart)]]
    print(f"{' − '.join(VARIANTS)}, by seed: {', '.join(signed[:-1])}; mean {signed[-1]}, "
          f"standard error {statistics.stdev(apart) / len(apart) ** 0.5:.4f}. "
          f"{runs[VARIANTS[0]][0].tokens:,} tokens a run.")


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] == ["--help"] else 64)
    folder = sys.argv[1]
    runs = {variant: [Run(folder, variant, seed) for seed in SEEDS] for variant in VARIANTS}
    with open(os.path.join(folder, "comparison.svg"), "w", encoding="utf-8") as file:
        file.write(drawing(runs))
    report(runs)


main()
