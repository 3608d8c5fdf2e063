#!/bin/sh
# Makes screenshots/filters: for every filter, the photo as it is beside the photo with the filter as it is
# added. Both halves are written by Parallax; ImageMagick only puts them side by side. Defringe has a part
# of the photo at 100 %, whose red and blue were drawn apart from green as a lens does it.
# Usage: assets/make_filter_pictures.sh PHOTO [PARALLAX [FILTER...]]; needs jq and ImageMagick.
set -eu
photo=${1:?usage: $0 PHOTO [PARALLAX]}
parallax=${2:-target/release/parallax}
if [ $# -gt 2 ]; then shift 2; wanted="$*"; else wanted=; fi
out=$(dirname "$0")/../screenshots/filters
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
"$parallax" apply "$photo" -o "$work/photo.png" --set resize.long_side=560
"$parallax" apply "$photo" -o "$work/apart.png" \
    --set chromatic-aberration.red=100 --set chromatic-aberration.blue=100
"$parallax" apply "$work/apart.png" -o "$work/fringed.png" \
    --set chromatic-aberration.red=100 --set chromatic-aberration.blue=100 \
    --set crop.left=0.135 --set crop.top=0.15 --set crop.width=560px --set crop.height=315px
"$parallax" filters --json | jq -r '.filters[].id' | while read -r id; do
    case " ${wanted:-$id} " in *" $id "*) ;; *) continue ;; esac
    before=$work/photo.png
    if [ "$id" = defringe ]; then before=$work/fringed.png; fi
    flags=$("$parallax" filters --json | jq -r --arg id "$id" \
        '.filters[] | select(.id == $id) | .parameters[] | select(.on_add != null)
            | "\($id).\(.id)=\(.on_add | if type == "array" then map(map(tostring) | join(",")) | join(";") else . end)"')
    set --
    for flag in $flags; do set -- "$@" --set "$flag"; done
    if "$parallax" apply "$before" -o "$work/after.png" --overwrite "$@" 2>"$work/why"; then
        convert "$before" "$work/after.png" -background white -gravity center +smush 6 \
            -strip -quality 88 "$out/$id.jpg"
    else
        echo "left out: $id: $(cat "$work/why")" >&2
    fi
done
