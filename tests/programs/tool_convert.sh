#!/usr/bin/env bash
# `ambit convert`: the same tensors, names, shapes, dtypes and metadata in another file.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR"
. tests/programs/tool/support.sh
file=examples/digits/digits.safetensors

hash_of() { ambit manifest "$1" --name m | sed -n 's/.*weight_manifest m{[^,]*, \(0x[0-9a-f]*\)ULL.*/\1/p'; }
[[ -n $(hash_of $file) ]] || fail "no hash"

ambit convert $file "$work/copy.safetensors"
[[ $(hash_of "$work/copy.safetensors") == "$(hash_of $file)" ]] || fail "a copy has other contents"
ambit inspect $file | tail -n +2 >"$work/before"
ambit inspect "$work/copy.safetensors" | tail -n +2 | diff -u "$work/before" -
ambit convert "$work/copy.safetensors" "$work/again" --to safetensors
cmp "$work/copy.safetensors" "$work/again"

expect_status 2 convert $file
expect_status 2 convert $file "$work/no_format"
expect_error 'does not tell its format'
expect_status 2 convert $file "$work/x.safetensors" --to gguf
expect_status 1 convert $file "$work/no/folder.safetensors"
expect_error '[FILE_ACCESS]'
expect_status 1 convert "$work/none.safetensors" "$work/x.safetensors"
[[ ! -e $work/x.safetensors ]] || fail "an error left a file"
