#!/usr/bin/env bash
# Running and changing a compiled model allocates nothing: malloc and its family are replaced by counters for a whole
# program, and each call is watched.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for compiler in "$CXX" clang++-14; do
  command -v "$compiler" >/dev/null || continue
  for options in "-O0" "-O2"; do
    # shellcheck disable=SC2086
    "$compiler" $AMBIT_FLAGS $options "$AMBIT_SOURCE_DIR/tests/programs/no_heap/main.cpp" -o "$folder/no_heap" \
      -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=posix_memalign
    status=0
    "$folder/no_heap" || status=$?
    [ "$status" -ne 2 ] || { echo "$compiler $options: the counters do not count"; exit 1; }
    [ "$status" -eq 0 ] || { echo "$compiler $options: the model allocates"; exit 1; }
  done
done
