#!/usr/bin/env bash
# A session's run like one before allocates nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2086
"$CXX" $AMBIT_FLAGS -O1 "$AMBIT_SOURCE_DIR/tests/programs/session/heap.cpp" -o "$folder/heap" \
  -Wl,--wrap=malloc,--wrap=aligned_alloc
status=0
"$folder/heap" || status=$?
[ "$status" -ne 2 ] || { echo "the counters do not count"; exit 1; }
[ "$status" -eq 0 ] || { echo "runs allocate"; exit 1; }
