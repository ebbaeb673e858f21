#!/usr/bin/env bash
# Every function `constexpr bool name()` of tests/behaviours is in its table.inc, which is what runs them.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR/tests/behaviours"

diff <(sed -n 's/^constexpr bool \([a-zA-Z_]*\)().*/\1/p' -- *.hpp | sort) \
     <(sed -n 's/^AMBIT_BEHAVIOUR(\(.*\))$/\1/p' table.inc | sort) ||
  { echo "tests/behaviours/table.inc (>) and the functions (<) differ"; exit 1; }
