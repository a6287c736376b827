#!/bin/sh
# Put this bundle into a folder, without a network:  ./install.sh FOLDER [PUBLIC-KEY]
# What is in FOLDER already is upgraded: var/, .env, secrets/ and models/ stay as they are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-}
[ -n "$to" ] || { echo "Say where: ./install.sh FOLDER [PUBLIC-KEY]" >&2; exit 1; }

python=${PYTHON_FOR_SETUP:-python3}
wanted=$(sed -n 's/.*"python": "\([0-9.]*\)".*/\1/p' "$here/MANIFEST.json")
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$wanted" ] || {
  echo "The wheels in this bundle are for Python $wanted; $python is $found. Name another in PYTHON_FOR_SETUP." >&2; exit 1; }
if [ "$(uname -m)" = x86_64 ] && ! grep -qw avx2 /proc/cpuinfo; then
  echo "llama.cpp in this bundle needs a processor with AVX2." >&2; exit 1
fi

if [ $# -gt 1 ]; then "$python" "$here/verify_bundle.py" "$here" --key "$2" # an empty one is refused, too
else "$python" "$here/verify_bundle.py" "$here"; fi

mkdir -p "$to"
to=$(cd "$to" && pwd)
files=$to/.setup/bundle-files
# What an earlier bundle brought and this one does not would be read as if it were still meant.
if [ -f "$files" ]; then
  sort "$files" >"$files.before"
  tar -tf "$here/tree.tar" | sort | comm -23 "$files.before" - | while IFS= read -r gone; do rm -f "$to/$gone"; done
  rm -f "$files.before"
fi
tar -xf "$here/tree.tar" -C "$to"
tar -tf "$here/tree.tar" >"$files"
rm -rf "$to/wheels"
cp -R "$here/wheels" "$to/wheels"
if [ -f "$here/images/images.tar" ] && command -v docker >/dev/null; then docker load -i "$here/images/images.tar"; fi
echo "Hearth is in $to. Start it there with: make run"
