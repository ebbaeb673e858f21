#!/usr/bin/env bash
# ambit.hpp has what compiled models need, and nothing of sessions, files and exports: who does not use those does not
# compile them.
set -euo pipefail
# shellcheck disable=SC2086
headers=$("$CXX" $AMBIT_FLAGS -M -x c++ - <<<'#include <ambit/ambit.hpp>')
grep -q 'ambit/compiled/compiled\.hpp' <<<"$headers" || { echo "the list of headers is not one: $headers"; exit 1; }
if grep -o 'ambit/\(session\|io\|export\)[a-z_/]*\.hpp' <<<"$headers"; then
  echo "ambit.hpp includes these headers, which are to be asked for"
  exit 1
fi
