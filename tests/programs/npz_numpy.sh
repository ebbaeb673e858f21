#!/usr/bin/env bash
# NumPy on the other side: it writes arrays of every dtype, in both byte orders and both orders of axes, stored and
# deflated, which ambit reads; and it reads what ambit writes.
set -euo pipefail
here=$AMBIT_SOURCE_DIR/tests/programs/npz_numpy
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python=
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import numpy' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[[ $python ]] || { echo "skipped: no NumPy; package: python3-numpy"; exit 77; }
echo '#include <zlib.h>' | "$CXX" -E -x c++ - >/dev/null 2>&1 || { echo "skipped: no zlib.h; package: zlib1g-dev"; exit 77; }

# shellcheck disable=SC2086
"$CXX" $AMBIT_FLAGS -O1 "$here/main.cpp" -o "$folder/program" -lz
cd "$folder"
"$python" "$here/check.py" write
./program
"$python" "$here/check.py" read
