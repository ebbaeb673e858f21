#!/usr/bin/env bash
# Every rule of tests/expressions is in its table.inc, which is what runs them.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR/tests/expressions"

diff <(sed -n 's/^constexpr bool \([a-zA-Z_]*\)().*/\1/p' rules.hpp | sort) \
     <(sed -n 's/^AMBIT_RULE(\(.*\))$/\1/p' table.inc | sort) ||
  { echo "tests/expressions/table.inc (>) and the rules (<) differ"; exit 1; }
