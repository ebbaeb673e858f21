#!/usr/bin/env bash
# `ambit inspect`: the table of a file; exit codes and messages of the tool.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR"
. tests/programs/tool/support.sh

ambit inspect examples/digits/digits.safetensors >"$work/table"
diff -u "$work/table" - <<'END'
examples/digits/digits.safetensors: safetensors

tensor     dtype    shape     elements  bytes
model/fc1                        2,080  8,320
  bias     float32  (32,)           32    128
  kernel   float32  (64, 32)     2,048  8,192
model/fc2                          330  1,320
  bias     float32  (10,)           10     40
  kernel   float32  (32, 10)       320  1,280

total: 4 tensors, 2,410 elements, 9,640 bytes
END

# A file by hand: eight bytes of length, a header, data. Several dtypes, tensors of the root, hostile names, metadata.
safetensors() { # HEADER DATA_SIZE
  local size=${#1}
  # shellcheck disable=SC2059
  printf "\\x$(printf %02x $((size & 255)))\\x$(printf %02x $((size >> 8)))\\0\\0\\0\\0\\0\\0"
  printf %s "$1"
  head -c "$2" /dev/zero
}
safetensors '{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"n\u001b[31m":{"dtype":"BOOL","shape":[],"data_offsets":[4,5]},"empty":{"dtype":"F32","shape":[0,3],"data_offsets":[5,5]}}' 5 >"$work/mixed.safetensors"
(cd "$work" && ambit inspect mixed.safetensors) >"$work/table"
diff -u "$work/table" - <<'END'
mixed.safetensors: safetensors

tensor       dtype    shape   elements  bytes
(root)                               3      5
  empty      float32  (0, 3)         0      0
  n\x1b[31m  bool     ()             1      1
  w          float16  (1, 2)         2      4

bool: 1 tensor, 1 element, 1 byte
float16: 1 tensor, 2 elements, 4 bytes
float32: 1 tensor, 0 elements, 0 bytes
total: 3 tensors, 3 elements, 5 bytes
metadata format: pt
END
safetensors '{}' 0 >"$work/empty.safetensors"
ambit inspect "$work/empty.safetensors" | grep -q -x 'total: 0 tensors, 0 elements, 0 bytes'
cp "$work/empty.safetensors" "$work/weights.bin"
ambit inspect --format safetensors "$work/weights.bin" | grep -q 'weights.bin: safetensors'
ambit inspect --format=safetensors -- "$work/weights.bin" "$work/empty.safetensors" | grep -c '^total' | grep -q -x 2

expect_status 0 --help
for word in inspect manifest convert safetensors 'exit status'; do
  grep -q -e "$word" "$work/out" || fail "--help does not know $word"
done
for command in inspect manifest convert; do
  expect_status 0 $command --help
  grep -q "^usage: ambit $command" "$work/out" || fail "$command --help"
done
expect_status 0 --version
grep -q -x -E 'ambit [0-9]+\.[0-9]+\.[0-9]+' "$work/out"

expect_status 2
expect_status 2 look
expect_error '"look"'
expect_status 2 inspect
expect_status 2 inspect --loud file
expect_error '"--loud"'
expect_status 2 inspect file --format
expect_error 'needs a value'
expect_status 2 inspect --format gguf file
expect_error 'there is no format "gguf"'
expect_status 2 inspect "$work/weights.bin"
expect_error 'does not tell its format'
expect_status 1 inspect "$work/none.safetensors"
expect_error '[FILE_ACCESS]'
head -c 100 examples/digits/digits.safetensors >"$work/cut.safetensors"
expect_status 1 inspect "$work/cut.safetensors"
expect_error '[BAD_FILE]'
if [[ -e /dev/full ]]; then
  ! ambit inspect examples/digits/digits.safetensors >/dev/full 2>"$work/err" || fail "a full disk is a success"
fi

# Every file of others is shown or refused.
count=0
while IFS= read -r file; do
  status=0
  ambit inspect "$file" >"$work/out" 2>"$work/err" || status=$?
  case $status in 0 | 1) count=$((count + 1)) ;; *) fail "$file: status $status" ;; esac
done < <(find "${AMBIT_FIXTURES:-none}" -name '*.safetensors' 2>/dev/null || true)
echo "$count files of others"
