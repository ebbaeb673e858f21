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

# Round trips through every format that is written, and from each to each.
knows() { ambit --help | grep -q "^  $1: "; }
ambit convert $file "$work/digits.npz"
names=(digits.npz)
if knows checkpoint; then
  ambit convert $file "$work/digits.ckpt-1" --to checkpoint
  ambit convert "$work/digits.npz" "$work/other.index"
  ambit convert "$work/digits.ckpt-1" "$work/from_checkpoint.npz"
  ambit convert "$work/other.index" "$work/from_checkpoint.safetensors"
  [[ -e $work/other.data-00000-of-00001 ]] || fail "no data beside other.index"
  names+=(digits.ckpt-1 other.index other from_checkpoint.npz from_checkpoint.safetensors)
else
  echo "no checkpoints: built without protozero"
fi
for name in "${names[@]}"; do
  [[ $(hash_of "$work/$name") == "$(hash_of $file)" ]] || fail "$name has other contents"
  ambit inspect "$work/$name" | tail -n +2 | diff -u "$work/before" -
done

# Some of them; an array has the name of its file and cannot be written; metadata are lost with a word.
ambit convert $file "$work/some.npz" --ignore '*/bias' --ignore '*/fc2/*'
ambit inspect "$work/some.npz" | grep -q -x 'total: 1 tensor, 2,048 elements, 8,192 bytes'
expect_status 2 convert $file "$work/x.npy"
expect_error 'can be read, but not written'
header='{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
# shellcheck disable=SC2059
{ printf "\\x$(printf %02x ${#header})\\0\\0\\0\\0\\0\\0\\0" && printf '%s1234' "$header"; } >"$work/metadata.safetensors"
ambit convert "$work/metadata.safetensors" "$work/metadata.npz" 2>"$work/err"
expect_error 'warning: the metadata'
if command -v unzip >/dev/null; then
  unzip -p "$work/metadata.npz" w.npy >"$work/w.npy"
  ambit inspect "$work/w.npy" | grep -q '^  w  *float32  (1,)'
fi

# Compressed, as numpy.savez_compressed does it; a tool without zlib says so.
if command -v python3 >/dev/null; then
  python3 - "$work/digits.npz" "$work/small.npz" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as a, zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as b:
    for name in a.namelist():
        b.writestr(name, a.read(name))
END
  if ambit manifest "$work/small.npz" >"$work/out" 2>"$work/err"; then
    [[ $(hash_of "$work/small.npz") == "$(hash_of $file)" ]] || fail "small.npz has other contents"
  else
    expect_error 'zlib'
  fi
fi

# Files of TensorFlow and NumPy, where they are here.
for other in npz/test.npz npz/test.npy tf_bundles/half_plus_two tf_bundles/half_plus_two_snappy.index tf_bundles/some_scope; do
  from=${AMBIT_FIXTURES:-none}/$other
  [[ -e $from || -e $from.index ]] || continue
  if [[ $other == tf_* ]] && ! knows checkpoint; then continue; fi
  ambit convert "$from" "$work/from_others.safetensors"
  [[ $(hash_of "$from") == "$(hash_of "$work/from_others.safetensors")" ]] || fail "$other has other contents"
done
strings=${AMBIT_FIXTURES:-none}/tf_bundles/string_tensors
if [[ -e $strings.index ]] && knows checkpoint; then
  expect_status 1 convert "$strings" "$work/strings.safetensors"
  expect_error '[NOT_WRITABLE]'
  ambit convert "$strings" "$work/strings.safetensors" --ignore 's*'
  ambit manifest "$strings" | grep -q 'ambit::dtype::string'
fi

expect_status 2 convert $file
expect_status 2 convert $file "$work/no_format"
expect_error 'does not tell its format'
expect_status 2 convert $file "$work/x.safetensors" --to gguf
expect_status 1 convert $file "$work/no/folder.safetensors"
expect_error '[FILE_ACCESS]'
expect_status 1 convert "$work/none.safetensors" "$work/x.safetensors"
[[ ! -e $work/x.safetensors ]] || fail "an error left a file"
