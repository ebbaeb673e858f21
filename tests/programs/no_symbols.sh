#!/usr/bin/env bash
# The object of a compiled model needs a few functions of the C library and nothing else: no heap, no exceptions, no RTTI,
# no streams.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/object.cpp" <<'END'
#include "programs/no_heap/model.hpp"

extern "C" float run_model(float const* x);
static compiled<model> net;
float run_model(float const* x) {
  net.edit("fc/bias"_n).setConstant(0.5F);
  auto const [a, b, c, d] = net.run(x);
  return a.sum() + b(0, 1) + c(0, 2) + d(0, 0);
}
END
# Loops of memory, and libm for what Eigen has no packets for.
allowed='mem(cpy|set|move)|(exp|log|tanh|sqrt|expm1|log1p)f?|_GLOBAL_OFFSET_TABLE_'
compilers=0
for compiler in "$CXX" g++-12 clang++-14; do
  command -v "$compiler" >/dev/null || continue
  compilers=$((compilers + 1))
  # shellcheck disable=SC2086
  "$compiler" $AMBIT_FLAGS -O2 -DNDEBUG -fno-exceptions -fno-rtti -fno-stack-protector -fno-threadsafe-statics \
    -c "$folder/object.cpp" -o "$folder/object.o"
  if nm -u "$folder/object.o" | awk '{print $2}' | grep -v -x -E "$allowed"; then
    echo "$compiler: the object of a model needs these symbols"
    exit 1
  fi
done
echo "$compilers compilers"
