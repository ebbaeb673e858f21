#!/usr/bin/env bash
# An expression that is dropped is a warning with every compiler; a state op, which records at once, is none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

write() { # STATEMENT
  cat >"$folder/drop.cpp" <<END
#include <ambit/core.hpp>
#include <ambit/ops.hpp>
using namespace ambit;
void drop(tensor x, tensor v);
void drop([[maybe_unused]] tensor x, [[maybe_unused]] tensor v) { $1; }
END
}
compilers=0
for compiler in "$CXX" g++-11 g++-12 clang++-14 clang++-16; do
  command -v "$compiler" >/dev/null || continue
  compilers=$((compilers + 1))
  # shellcheck disable=SC2086
  check() { "$compiler" $AMBIT_FLAGS -Wall -Wextra -Werror -fsyntax-only "$folder/drop.cpp" >"$folder/output" 2>&1; }
  for statement in "x + x" "relu(x)" "matmul(x, v) + 1" "reduce_sum(x, {0})"; do
    write "$statement"
    if check; then echo "$compiler: \"$statement;\" is dropped without a warning"; exit 1; fi
    grep -q -e 'unused-result' -e 'unused-value' "$folder/output" || { cat "$folder/output"; exit 1; }
  done
  for statement in "assign(v, x)" "assign_add(v, x * 2)" "tensor t = x + x; (void)t" "(void)(x + x)"; do
    write "$statement"
    check || { echo "$compiler: \"$statement;\" is refused"; cat "$folder/output"; exit 1; }
  done
done
echo "$compilers compilers"
