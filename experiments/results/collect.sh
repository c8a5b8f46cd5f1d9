#!/bin/sh
# Copies what is kept of a full run into a folder beside this script: figures, plots, pages below 300 kB.
# usage: collect.sh OUTPUT FOLDER [PLOT...]      PLOT: names under OUTPUT/plots, without .svg; none copies no plot
set -eu
[ $# -ge 2 ] || { echo "usage: $0 OUTPUT FOLDER [PLOT...]" >&2; exit 2; }
output=$1 folder=$(dirname "$0")/$2
shift 2
figures=$(find "$output" -maxdepth 1 \( -name '*.figures.json' -o -name summary.json \))
[ -n "$figures" ] || { echo "$output holds no figures; expected what --out or --report wrote" >&2; exit 1; }
for file in $figures; do
    grep -q '"commit": "' "$file" || { echo "$file does not say by which commit it was made; expected a build from the repository" >&2; exit 1; }
    if grep -qE '"--(part|steps)"' "$file"; then echo "$file is not of a full run" >&2; exit 1; fi
done
mkdir -p "$folder/plots"
cp $figures "$folder"
find "$output" -maxdepth 1 -name '*.html' -size -300k -exec cp {} "$folder" \;
for plot in "$@"; do cp "$output/plots/$plot.svg" "$folder/plots"; done
rmdir "$folder/plots" 2>/dev/null || true
du -sh "$folder"
