#!/usr/bin/env bash
# Instructions of one run, counted by callgrind in a build for AVX2: for the small network no more than 1.01 of the same
# written by hand with Eigen; with g++ no more than these bounds, too. clang 14 loads its constants anew for each use, by
# hand as here. Counts do not depend on what else the machine does.
set -euo pipefail
command -v valgrind >/dev/null || { echo "skipped: no valgrind to count with; package: valgrind"; exit 77; }
grep -q avx2 /proc/cpuinfo || { echo "skipped: no CPU with AVX2; package: none"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# shellcheck disable=SC2086
"$CXX" $AMBIT_FLAGS -O3 -DNDEBUG -march=x86-64-v3 "$AMBIT_SOURCE_DIR/tests/programs/instructions/main.cpp" -o "$folder/program"
total() { # MODEL COUNT
  valgrind --tool=callgrind --callgrind-out-file="$folder/out" "$folder/program" "$1" "$2" 2>&1 >/dev/null |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
each() { echo $((($(total "$1" 1100) - $(total "$1" 100)) / 1000)); }

failed=0
tiny=$(each tiny)
hand=$(each hand)
lstm=$(each lstm)
gru=$(each gru)
bound() { # WHAT FOUND MOST
  echo "$1: $2 instructions, at most $3"
  (($2 <= $3)) || failed=1
}
bound "8-16-16-1, tanh; by hand $hand" "$tiny" $((hand * 101 / 100))
if ! "$CXX" --version | grep -q clang; then
  bound "8-16-16-1, tanh" "$tiny" 203
  bound "LSTM 1-20, dense 20-1" "$lstm" 1053
  bound "GRU 1-20, dense 20-1" "$gru" 963
fi
exit "$failed"
