#!/usr/bin/env bash
# Names, scopes, the graph and the recording of ops compile without Eigen, and include none of the headers that cost the
# most.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/core.cpp" <<'END'
#include <ambit/core.hpp>
#include <ambit/init/regularizers.hpp>
#include <ambit/ops.hpp>
using namespace ambit;
static_assert([] {
  graph g;
  variable_scope scope{g, "model"};
  tensor x = placeholder(g, "x", {1, 2});
  tensor y = relu(matmul(x, get_variable(g, "kernel", {2, 3}, {.regularizer = l2(0.1)})) + 1);
  return y.name() == "model/Relu:0";
}());
int main() {}
END
read -r -a flags <<<"$AMBIT_FLAGS"
plain=()
for ((i = 0; i < ${#flags[@]}; ++i)); do
  if [[ ${flags[i]} == -isystem && ${flags[i + 1]:-} == "$AMBIT_EIGEN_INCLUDE" ]]; then
    i=$((i + 1))
  else
    plain+=("${flags[i]}")
  fi
done
for compiler in "$CXX" g++-11 clang++-14; do
  command -v "$compiler" >/dev/null || continue
  "$compiler" "${plain[@]}" -fsyntax-only "$folder/core.cpp"
  # And core.hpp alone does not ask for them.
  printf '#include <ambit/core.hpp>\n' >"$folder/alone.cpp"
  if "$compiler" "${plain[@]}" -M "$folder/alone.cpp" | tr ' ' '\n' |
    grep -E '/(Eigen/|(string|map|iostream|vector|functional|algorithm)$)'; then
    echo "$compiler: core.hpp includes these"
    exit 1
  fi
done
