#!/usr/bin/env bash
# One program for each level of the vector ISA: its kernels give what loops in double precision give. What the CPU cannot
# run is compiled only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
source=$AMBIT_SOURCE_DIR/tests/programs/isas/main.cpp
warnings="-Wall -Wextra -Wpedantic -Werror"

features=" $(sed -n 's/^flags[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1) "
has() {
  local feature
  for feature; do case $features in *" $feature "*) ;; *) return 1 ;; esac; done
}
runs() { # LEVEL: whether this CPU runs it
  case $1 in
    x86-64-v2) has sse4_2 ssse3 popcnt ;;
    x86-64-v3) has avx2 fma bmi1 bmi2 f16c movbe abm ;;
    x86-64-v4) has avx512f avx512bw avx512cd avx512dq avx512vl && runs x86-64-v3 ;;
  esac
}
check() { # NAME OPTIONS...
  local name=$1
  shift
  # shellcheck disable=SC2086
  "$CXX" $AMBIT_FLAGS $warnings -O1 "$@" "$source" -o "$folder/program"
  if runs "$name"; then
    "$folder/program" >"$folder/output" || { echo "$name:"; cat "$folder/output"; exit 1; }
    echo "$name: $(cat "$folder/output")"
  else
    echo "$name: compiled, this CPU does not run it"
  fi
}

case $("$CXX" -dumpmachine) in
  x86_64*) for level in x86-64 x86-64-v2 x86-64-v3 x86-64-v4; do check "$level" "-march=$level"; done ;;
  *) check native ;;
esac
check scalar -DEIGEN_DONT_VECTORIZE

cross=aarch64-linux-gnu-g++
case $("$CXX" -dumpmachine) in aarch64*) exit 0 ;; esac
if command -v "$cross" >/dev/null; then
  # shellcheck disable=SC2086
  "$cross" $AMBIT_FLAGS -O1 -static "$source" -o "$folder/neon"
  emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static || true)
  if [ -n "$emulator" ]; then
    "$emulator" "$folder/neon" || { echo "NEON fails"; exit 1; }
  else
    echo "NEON: compiled; to run it, package: qemu-user"
  fi
else
  echo "NEON: not tried; package: g++-aarch64-linux-gnu"
fi
