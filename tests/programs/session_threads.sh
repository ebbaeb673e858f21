#!/usr/bin/env bash
# Several threads run one session, each in a workspace of its own, under ThreadSanitizer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2086
"$CXX" $AMBIT_FLAGS -O1 -g -fsanitize=thread "$AMBIT_SOURCE_DIR/tests/programs/session/threads.cpp" -o "$folder/threads" -pthread
# Address space layout with more entropy than the sanitizer's runtime of these compilers expects ends it at the start.
run=("$folder/threads")
if command -v setarch >/dev/null && setarch "$(uname -m)" -R true 2>/dev/null; then run=(setarch "$(uname -m)" -R "${run[@]}"); fi
"${run[@]}"
