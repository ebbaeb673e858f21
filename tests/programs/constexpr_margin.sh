#!/usr/bin/env bash
# The 256-layer model leaves room: its graph builds in fewer steps than clang's limit of 1,048,576, and with less than g++'s
# limit of 33,554,432 operations. A change that eats the margin fails here before it fails for a user.
set -euo pipefail
clang_steps=950000
gcc_operations=25000000

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/graph.cpp" <<'END'
#include "deep/models.hpp"
constexpr int nodes = [] {
  ambit::graph g;
  deep::layers{256}(g);
  return tables_of(g).nodes.size();
}();
static_assert(nodes == 1 + 256 * 5);
END
cat >"$folder/model.cpp" <<'END'
#include "deep/models.hpp"
#include <ambit/compiled/compiled.hpp>
static_assert(ambit::compiled<deep::layers{256}>::memory().arena == 2 * 64);
END

tried=0
for compiler in clang++-14 clang++-16 clang++; do
  command -v "$compiler" >/dev/null || continue
  tried=$((tried + 1))
  for file in graph model; do
    # shellcheck disable=SC2086
    "$compiler" $AMBIT_FLAGS -fconstexpr-steps=$clang_steps -fsyntax-only "$folder/$file.cpp"
  done
done
for compiler in g++-11 g++-12 g++; do
  command -v "$compiler" >/dev/null || continue
  tried=$((tried + 1))
  # shellcheck disable=SC2086
  "$compiler" $AMBIT_FLAGS -fconstexpr-ops-limit=$gcc_operations -fsyntax-only "$folder/model.cpp"
done
[ "$tried" -gt 0 ] || { echo "skipped: neither clang++ nor g++; package: g++"; exit 77; }
