#!/usr/bin/env bash
# compile_core.sh [COMPILER...]: what it costs to include ambit/core.hpp, user and system seconds, the best of five; the
# aim is under 0.5. Wall time and loaded machines say nothing, so this is no test.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
[ "$#" -gt 0 ] || set -- g++ clang++

measure() { # COMPILER FILE: seconds
  local best=1000 TIMEFORMAT='%U %S' seconds
  for _ in 1 2 3 4 5; do
    seconds=$({ time "$1" -std=c++20 -I"$root/include" -fsyntax-only "$2"; } 2>&1 | awk '{ print $1 + $2 }')
    best=$(awk -v a="$seconds" -v b="$best" 'BEGIN { print a < b ? a : b }')
  done
  echo "$best"
}
echo '#include <ambit/core.hpp>' >"$folder/core.cpp"
printf '#include <ambit/core.hpp>\n#include <ambit/ops.hpp>\n' >"$folder/ops.cpp"
echo 'int main() {}' >"$folder/empty.cpp"
for compiler in "$@"; do
  command -v "$compiler" >/dev/null || continue
  for file in empty core ops; do
    printf '%-12s %-6s %s s\n' "$compiler" "$file" "$(measure "$compiler" "$folder/$file.cpp")"
  done
done
