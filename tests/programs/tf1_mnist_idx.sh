#!/usr/bin/env bash
# examples/tf1_mnist with files of MNIST as its arguments: the accuracy, or what is wrong with them.
set -euo pipefail
checkpoint=${AMBIT_FIXTURES:-/nonexistent}/tf1_mnist/model.ckpt-46900
program=$AMBIT_BINARY_DIR/examples/tf1_mnist
if [[ ! -e $checkpoint.index ]]; then
  echo "skipped: no tf1_mnist folder of fixtures (AMBIT_FIXTURES); package: none"
  exit 77
fi
if [[ ! -x $program ]]; then
  echo "skipped: built without examples; package: none"
  exit 77
fi
if ! echo '#include <protozero/pbf_reader.hpp>' | $CXX $AMBIT_FLAGS -E -x c++ - >/dev/null 2>&1; then
  echo "skipped: no protozero; package: libprotozero-dev"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Ten blank images, and each digit once: whatever the network sees in them, it is right about one.
{ printf '\0\0\10\3\0\0\0\12\0\0\0\34\0\0\0\34' && head -c 7840 /dev/zero; } >"$work/images"
printf '\0\0\10\1\0\0\0\12\0\1\2\3\4\5\6\7\10\11' >"$work/labels"
[[ $("$program" "$checkpoint" --idx "$work/images" "$work/labels") == "1 of 10 right, accuracy 0.1000" ]]

status=0
"$program" "$checkpoint" --idx "$work/labels" "$work/images" 2>"$work/err" || status=$?
[[ $status == 1 ]]
grep -q 'labels: expected the number 2051 first' "$work/err"
for arguments in "$checkpoint" "$checkpoint --idx $work/images" "$checkpoint --idx a b c"; do
  status=0
  # shellcheck disable=SC2086
  "$program" $arguments 2>"$work/err" || status=$?
  [[ $status == 2 ]]
  grep -q '^usage: ' "$work/err"
done
