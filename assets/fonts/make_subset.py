"""Makes the three faces of this folder from Inter 3.19 (see ../README.md).

    pip install fonttools==4.*
    python3 make_subset.py /usr/share/fonts/opentype/inter

Keeps Latin, Greek, Cyrillic and the signs the window uses; makes the tabular digits the only digits,
because egui cannot switch font features on; drops every other alternate; renames the family, since
what is changed should not pass as the original.
"""

import sys
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Parallax Sans"
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x192), (0x218, 0x21B), (0x2BB, 0x2DD),
          (0x370, 0x3FF), (0x400, 0x45F), (0x490, 0x491), (0x1E80, 0x1E9E), (0x2010, 0x2026),
          (0x2030, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2122), (0x2153, 0x215E)]
SIGNS = "←↑→↓↔↕↩↪⇥⇧⌃⌘⌥⌫⏎␣⎋−∞≈≠≤≥√∆∑✓✗●○■□▲△▼▽◆◇·×÷±°µ²³½ƒ"


def tabular(font):
    """From each digit's glyph to its tabular form, read from the font's own `tnum`."""
    table = font["GSUB"].table
    found = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    found.update(getattr(part, "ExtSubTable", part).mapping)
    return found


def rename(font, style):
    post = FAMILY.replace(" ", "") + "-" + style.replace(" ", "")
    for record in list(font["name"].names):
        if record.nameID in (1, 16):
            record.string = FAMILY
        elif record.nameID in (2, 17):
            record.string = style
        elif record.nameID in (3, 6):
            record.string = post
        elif record.nameID == 4:
            record.string = f"{FAMILY} {style}"
        elif record.nameID == 7 or record.nameID >= 25:
            font["name"].names.remove(record)
    cff = font["CFF "].cff
    cff.fontNames = [post]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = f"{FAMILY} {style}", FAMILY


def make(source, style, target):
    font = TTFont(source)
    digits = tabular(font)
    for sub in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            if code in sub.cmap:
                sub.cmap[code] = digits.get(sub.cmap[code], sub.cmap[code])
    # The heavier faces round one digit two units narrower than its sisters.
    advance = font["hmtx"][font.getBestCmap()[ord("0")]][0]
    for code in range(ord("0"), ord("9") + 1):
        glyph = font.getBestCmap()[code]
        font["hmtx"][glyph] = (advance, font["hmtx"][glyph][1])
    rename(font, style)
    options = subset.Options(layout_features=["kern", "mark", "mkmk"], name_IDs=["*"],
                             notdef_outline=True, desubroutinize=False, hinting=True)
    cutter = subset.Subsetter(options)
    codes = {code for first, last in RANGES for code in range(first, last + 1)}
    cutter.populate(unicodes=codes | {ord(sign) for sign in SIGNS})
    cutter.subset(font)
    font.save(target)


for face, style in [("Regular", "Regular"), ("Medium", "Medium"), ("SemiBold", "Semi Bold")]:
    make(f"{sys.argv[1]}/Inter-{face}.otf", style, f"ParallaxSans-{face}.otf")
