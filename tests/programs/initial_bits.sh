#!/usr/bin/env bash
# Initial values are the same bits with every compiler and flag, those that contract and reorder arithmetic among them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
source_folder=$AMBIT_SOURCE_DIR/tests/programs/initial_bits

builds=0
check() { # COMPILER OPTIONS...
  command -v "$1" >/dev/null || return 0
  builds=$((builds + 1))
  # shellcheck disable=SC2086
  "$@" $AMBIT_FLAGS "$source_folder/main.cpp" -o "$folder/program"
  "$folder/program" >"$folder/output"
  diff "$source_folder/expected.txt" "$folder/output" || { echo "$*: other initial values"; exit 1; }
}
for compiler in "$CXX" g++-11 g++-12 clang++-14 clang++-16; do
  check "$compiler" -O0
  check "$compiler" -O3 -march=native -ffp-contract=fast
  check "$compiler" -O3 -march=native -ffast-math
done
echo "$builds builds"
