"""Draws the program's icon: parallax.svg and parallax-256.png, from one list of shapes.

    python3 make_icon.py

No library is needed; the PNG is filled by testing points, sixteen a pixel.
"""

import pathlib
import struct
import zlib

SIZE = 256
# x, y, width, height, corner radius, colour. Later ones lie on earlier ones.
SHAPES = [
    (8, 8, 240, 240, 54, "#242424"),
    (44, 44, 120, 120, 16, "#6E6E6E"),
    (92, 92, 120, 120, 16, "#DCDCDC"),
    (92, 92, 72, 72, 16, "#F0A000"),
]
# The frames are hollow; the tile where they meet is not.
HOLES = {1: (58, 58, 92, 92, 6), 2: (106, 106, 92, 92, 6)}


def inside(x, y, shape):
    left, top, width, height, radius = shape[:5]
    dx = max(left + radius - x, 0, x - (left + width - radius))
    dy = max(top + radius - y, 0, y - (top + height - radius))
    return left <= x < left + width and top <= y < top + height and dx * dx + dy * dy <= radius * radius


def color_at(x, y):
    """Red, green, blue and cover of the topmost shape at a point."""
    found = (0, 0, 0, 0)
    for index, shape in enumerate(SHAPES):
        if inside(x, y, shape) and not (index in HOLES and inside(x, y, HOLES[index])):
            code = shape[5]
            found = (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16), 255)
    return found


def pixel(column, row):
    points = [color_at(column + (i + 0.5) / 4, row + (j + 0.5) / 4) for i in range(4) for j in range(4)]
    cover = sum(point[3] for point in points)
    if cover == 0:
        return bytes(4)
    mean = [round(sum(point[c] * point[3] for point in points) / cover) for c in range(3)]
    return bytes(mean + [round(cover / 16)])


def png():
    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(SIZE)) for y in range(SIZE))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def svg():
    def path(x, y, width, height, radius):
        across, down = width - 2 * radius, height - 2 * radius
        arc = f"a{radius} {radius} 0 0 1"
        return (f"M{x + radius} {y}h{across}{arc} {radius} {radius}v{down}{arc} -{radius} {radius}"
                f"h-{across}{arc} -{radius} -{radius}v-{down}{arc} {radius} -{radius}z")

    parts = []
    for index, shape in enumerate(SHAPES):
        outline = path(*shape[:5])
        if index in HOLES:
            outline += path(*HOLES[index])
        parts.append(f'  <path fill="{shape[5]}" fill-rule="evenodd" d="{outline}"/>')
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">\n{body}\n</svg>\n'


here = pathlib.Path(__file__).parent
(here / "parallax.svg").write_text(svg())
(here / "parallax-256.png").write_bytes(png())
