#!/bin/sh
# run_example.sh PROGRAM EXPECTED: PROGRAM succeeds, and prints what the file EXPECTED holds if there is one.
set -eu
[ -e "$2" ] || exec "$1"
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$1" >"$output"
diff -u "$2" "$output"
