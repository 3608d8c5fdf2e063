#!/bin/sh
# Makes screenshots/filters: for every filter, the photo as it is beside the photo with the filter as it is
# added. Both halves are written by Parallax; ImageMagick only puts them side by side.
# Usage: assets/make_filter_pictures.sh PHOTO [PARALLAX]; needs jq and ImageMagick.
set -eu
photo=${1:?usage: $0 PHOTO [PARALLAX]}
parallax=${2:-target/release/parallax}
out=$(dirname "$0")/../screenshots/filters
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
"$parallax" apply "$photo" -o "$work/photo.png" --set resize.long_side=560
"$parallax" filters --json | jq -r '.filters[].id' | while read -r id; do
    flags=$("$parallax" filters --json | jq -r --arg id "$id" \
        '.filters[] | select(.id == $id) | .parameters[] | select(.on_add != null)
            | "\($id).\(.id)=\(.on_add | if type == "array" then map(map(tostring) | join(",")) | join(";") else . end)"')
    set --
    for flag in $flags; do set -- "$@" --set "$flag"; done
    if "$parallax" apply "$work/photo.png" -o "$work/after.png" --overwrite "$@" 2>"$work/why"; then
        convert "$work/photo.png" "$work/after.png" -background white -gravity center +smush 6 \
            -strip -quality 88 "$out/$id.jpg"
    else
        echo "left out: $id: $(cat "$work/why")" >&2
    fi
done
