#!/usr/bin/env python3
"""Puts measured figures into the README, between marks; nothing in them is typed by hand.

make_figures.py backends BENCH.json
    The table of backends. BENCH.json is what `parallax bench PHOTO --recipe
    assets/recipes/deep-landscape.toml --workers 1,2 --json BENCH.json` wrote.

make_figures.py peers OURS.json PEERS.json
    The table against other programs. OURS.json is what `parallax bench PHOTO --suite peers
    --backends single,threads,ceiling --workers 1,2 --json OURS.json` wrote, PEERS.json what the
    peers' own `bench.py PHOTO --workers 1,2 --json PEERS.json` wrote, of the same photo on the same
    machine.

--readme FILE writes to another file than the README; `-` prints the table.
"""
import argparse
import json
import pathlib
import sys

README = pathlib.Path(__file__).parent.parent / "README.md"
NAMES = {"opencv": "OpenCV", "halide": "Halide", "pillow": "Pillow", "floor": "NumPy"}
# Not programs to choose instead, but the machine's own limits.
LIMITS = {"copy"}
# A work of ours that one peer does under another name: OpenCV halves the colour of a JPEG unless told
# otherwise, libvips at this quality does not.
ALIASES = {"encode-420": ("encode", {"opencv"})}


def load(path):
    bench = json.loads(pathlib.Path(path).read_text())
    if bench["version"] != 2:
        sys.exit(f"{path}: version {bench['version']} of the figures, this script reads 2")
    return bench


def number(value, form):
    return "–" if value is None else form.format(value)


def ms(value):
    """Three digits that mean something."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}".replace(",", " ")


def percent(share):
    return number(None if share is None else share * 100, "{:.0f} %")


def about(bench):
    machine, photo = bench["machine"], bench["photo"]
    return (
        f"{photo['width']} × {photo['height']} pixels ({photo['megapixels']:.1f} megapixels, "
        f"{photo['depth_bits']} bit) from memory to memory, {machine['cpu_model']}, "
        f"{machine['usable_cores']} cores, {machine['simd_level']}"
    )


def backends(bench):
    rows = bench["results"]
    lines = [
        f"Measured by `parallax bench` on {bench['measured_at'][:10]}: {about(bench)}, recipe "
        f"*{rows[0]['what']}*, median of {len(rows[0]['runs'])} runs in turn.",
        "",
        "| backend | workers | median ms | megapixels a second | speed-up | efficiency | of the ceiling | MB moved | memory MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        name = row["contender"] + (f" ({row['transport']})" if row["transport"] else "")
        memory = row["peak_rss_bytes"]
        cells = [
            name,
            str(row["workers"]),
            f"{row['median_ms']:.0f}",
            number(row["megapixels_per_s"], "{:.1f}"),
            number(row["speedup_vs_single"], "{:.2f}×"),
            percent(row["efficiency"]),
            percent(row["ceiling_share"]),
            f"{row['bytes_moved'] / 1e6:.0f}",
            number(memory and memory / 2**20, "{:.0f}"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    same = len({row["output_sha256"] for row in rows}) == 1
    return lines + ["", "Every run gave the same bytes." if same else "The runs gave DIFFERENT bytes."]


def find(rows, **wanted):
    """The one row with these values, or None."""
    fits = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return fits[0] if fits else None


def rivals_at(what, others):
    """Times and names of the peers on one core, the best first."""
    name, who = ALIASES.get(what, (what, None))
    rivals = [
        (row["median_ms"], NAMES.get(row["peer"], row["peer"]))
        for row in others
        if row["what"] == name and row["workers"] == 1
        and (row["peer"] in who if who else row["peer"] != "floor" or what in LIMITS)
    ]
    return sorted(rivals)


def peers(bench, others):
    rows = bench["results"]
    n_workers = max(row["workers"] for row in rows)
    lines = [
        f"Measured on {bench['measured_at'][:10]}: {about(bench)}. Milliseconds, medians of "
        f"{len(rows[0]['runs'])} runs in turn (the peers' as often as their own script repeats them); "
        "a ratio below 1 is less time than the best peer's.",
        "",
        f"| work | Parallax, one core | best peer, one core | ratio | other peers | Parallax, {n_workers} threads | of the ceiling |",
        "|---|---:|---:|---:|---|---:|---:|",
    ]
    for what in dict.fromkeys(row["what"] for row in rows):
        ours = find(rows, what=what, contender="single")
        if ours is None:
            continue
        rivals = rivals_at(what, others)
        threads = find(rows, what=what, contender="threads", workers=n_workers)
        cells = [
            f"`{what}`",
            ms(ours["median_ms"]),
            f"{rivals[0][1]} {ms(rivals[0][0])}" if rivals else "–",
            f"{ours['median_ms'] / rivals[0][0]:.2f}" if rivals else "–",
            ", ".join(f"{name} {ms(time)}" for time, name in rivals[1:]) or "–",
            ms(threads["median_ms"]) if threads else "–",
            percent(threads and threads["ceiling_share"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines + [
        "",
        f"The ceiling is what {n_workers} runs on one core each deliver side by side, sharing nothing: "
        f"the most that {n_workers} workers can give on this machine.",
    ]


def write(path, mark, lines):
    table = "\n".join(lines) + "\n"
    if path == "-":
        print(table, end="")
        return
    begin, end = f"<!-- {mark}:begin -->\n", f"<!-- {mark}:end -->"
    readme = pathlib.Path(path)
    head, rest = readme.read_text().split(begin)
    readme.write_text(head + begin + table + end + rest.split(end)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", default=str(README), help=argparse.SUPPRESS)
    tables = parser.add_subparsers(dest="table", required=True)
    tables.add_parser("backends").add_argument("bench")
    against = tables.add_parser("peers")
    against.add_argument("bench")
    against.add_argument("peers")
    args = parser.parse_args()
    bench = load(args.bench)
    if args.table == "backends":
        write(args.readme, "figures", backends(bench))
    else:
        write(args.readme, "peers", peers(bench, json.loads(pathlib.Path(args.peers).read_text())))


if __name__ == "__main__":
    main()
