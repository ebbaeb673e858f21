#!/usr/bin/env bash
# Tables and Snappy blocks against LevelDB's and Snappy's own code: ours are theirs to the byte, and read each other; so
# with the indexes of TensorFlow, where the fixtures are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
need() { # HEADER PACKAGE
  # shellcheck disable=SC2086
  echo "#include <$1>" | "$CXX" $AMBIT_FLAGS -E -x c++ - >/dev/null 2>&1 && return
  echo "skipped: no $1; package: $2"
  exit 77
}
need protozero/pbf_reader.hpp libprotozero-dev
need leveldb/table_builder.h libleveldb-dev
need snappy.h libsnappy-dev

# shellcheck disable=SC2086
"$CXX" $AMBIT_FLAGS -O1 "$AMBIT_SOURCE_DIR/tests/programs/checkpoint_leveldb/main.cpp" -o "$folder/compare" -lleveldb -lsnappy -pthread
indexes=()
for index in "$AMBIT_FIXTURES"/tf_bundles/*.index "$AMBIT_FIXTURES"/tf1_mnist/*.index; do
  if [[ -e $index ]]; then indexes+=("$index"); fi
done
"$folder/compare" "$folder" "${indexes[@]}"
