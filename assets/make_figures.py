#!/usr/bin/env python3
"""Puts measured figures into the README, between its figures marks: make_figures.py BENCH.json DATE

BENCH.json is what `parallax bench PHOTO --recipe assets/recipes/deep-landscape.toml --workers 1,2
--runs 5 --json BENCH.json` wrote; nothing here is typed by hand."""
import json
import pathlib
import sys

bench, date = json.load(open(sys.argv[1])), sys.argv[2]
machine, photo = bench["machine"], bench["photo"]
lines = [
    f"Measured by `parallax bench` on {date}: {photo['width']} × {photo['height']} pixels "
    f"({photo['megapixels']:.1f} megapixels) from memory to memory, recipe *{bench['results'][0]['what']}*, "
    f"{machine['cpu_model']}, {machine['usable_cores']} cores, {machine['simd_level']}, "
    f"median of {len(bench['results'][0]['runs'])} runs in turn.",
    "",
    "| backend | workers | median ms | megapixels a second | speed-up | efficiency | MB moved | memory MiB |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
]
for row in bench["results"]:
    name = row["backend"] + (f" ({row['transport']})" if row.get("transport") else "")
    number = lambda value, form: "n/a" if value is None else form.format(value)
    lines.append(
        f"| {name} | {row['workers']} | {row['median_ms']:.0f} | {number(row['megapixels_per_s'], '{:.1f}')} "
        f"| {number(row['speedup_vs_single'], '{:.2f}×')} | {number(row['efficiency'] and row['efficiency'] * 100, '{:.0f} %')} "
        f"| {row['bytes_moved'] / 1e6:.0f} | {number(row['peak_rss_bytes'] and row['peak_rss_bytes'] / 2**20, '{:.0f}')} |"
    )
same = len({row["output_sha256"] for row in bench["results"]}) == 1
lines += ["", "Every run gave the same bytes." if same else "The runs gave DIFFERENT bytes.", ""]

readme = pathlib.Path(__file__).parent.parent / "README.md"
text = readme.read_text()
begin, end = "<!-- figures:begin -->\n", "<!-- figures:end -->"
head, rest = text.split(begin)
readme.write_text(head + begin + "\n".join(lines) + end + rest.split(end)[1])
