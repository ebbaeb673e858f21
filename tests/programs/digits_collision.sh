#!/usr/bin/env bash
# What examples/digits shows of a collision: each compiler still says it, and the captured texts still fit the sources.
set -euo pipefail
folder=$AMBIT_SOURCE_DIR/examples/digits/collision

fail() {
  echo "$1"
  exit 1
}
check() { # FILE: it names the variable, and the user's lines as the sources have them now
  local flat call inner
  flat=$(tr '\n' ' ' <"$1" | tr -s ' ')
  call=$(sed -n '/dense(g, "fc1", hidden/=' "$folder/collision.cpp")
  inner=$(sed -n '/get_variable(g, "kernel"/=' "$folder/../digits.hpp")
  for text in variable_already_exists "'k', 'e', 'r', 'n', 'e', 'l'" "[VAR_EXISTS]" "collision.cpp:$call:" "digits.hpp:$inner:"; do
    grep -F -q -e "$text" <<<"$flat" || fail "$1 lacks $text; examples/digits/collision/capture.sh makes it anew"
  done
}

check "$folder/g++.txt"
check "$folder/clang++.txt"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
tried=0
for compiler in "$CXX" clang++-14; do
  command -v "$compiler" >/dev/null || continue
  "$folder/capture.sh" "$compiler" >"$said" || fail "capture.sh $compiler failed"
  check "$said"
  tried=$((tried + 1))
done
echo "$tried compilers tried"
