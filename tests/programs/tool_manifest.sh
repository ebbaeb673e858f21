#!/usr/bin/env bash
# `ambit manifest`: a header that the compiler takes, and with which it accepts the right model and refuses the wrong one.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR"
. tests/programs/tool/support.sh
file=examples/digits/digits.safetensors

ambit manifest $file -o "$work/digits.hpp"
ambit manifest $file | diff -u "$work/digits.hpp" -
cp $file "$work"
ambit manifest "$work/digits.safetensors" | diff -u "$work/digits.hpp" - || fail "a header depends on its folder"

cat >"$work/use.cpp" <<'END'
#include "digits.hpp"
#include "examples/digits/digits.hpp"
#include <ambit/io/content_hash.hpp>
#include <ambit/io/safetensors.hpp>
#ifdef WRONG
inline constexpr auto checked = [](ambit::graph& g) {
  ambit::tensor x = placeholder(g, "pixels", {1, 64});
  ambit::variable_scope fc{g, "model/fc1"};
  return matmul(x, ambit::get_variable(g, "kernel", {64, 31}));
};
#else
inline constexpr auto checked = optical_digits::digits;
#endif
static_assert(ambit::matches<checked, digits_manifest>);
static_assert(digits_manifest.file == "digits.safetensors");
int main() {
  return ambit::content_hash(ambit::safetensors("examples/digits/digits.safetensors")) == digits_manifest.hash ? 0 : 1;
}
END
for compiler in "$CXX" clang++-14; do
  command -v "$compiler" >/dev/null || continue
  # shellcheck disable=SC2086
  "$compiler" $AMBIT_FLAGS -I. -I"$work" -Wall -Wextra -Werror "$work/use.cpp" -o "$work/use"
  "$work/use" || fail "the hash of the header is not that of the file"
  # shellcheck disable=SC2086
  if LC_ALL=C "$compiler" $AMBIT_FLAGS -I. -I"$work" -fsyntax-only -DWRONG "$work/use.cpp" 2>"$work/err"; then
    fail "a model of another shape is accepted"
  fi
  expect_error '[MANIFEST_SHAPE]'
  expect_error '[MANIFEST_UNEXPECTED]'
done

# Names: of the constant, with a namespace; of tensors that need escapes; patterns; no tensors.
header='{"a\"b\\c\u00e9\n7":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"slot/Adam":{"dtype":"BOOL","shape":[],"data_offsets":[4,5]}}'
# shellcheck disable=SC2059
{ printf "\\x$(printf %02x ${#header})\\0\\0\\0\\0\\0\\0\\0" && printf '%s12345' "$header"; } >"$work/2 names.safetensors"
ambit manifest "$work/2 names.safetensors" --name models::odd --ignore '*/Adam' --output="$work/odd.hpp"
ambit manifest "$work/2 names.safetensors" --ignore '*' >"$work/none.hpp"
cat >"$work/names.cpp" <<'END'
#include "none.hpp"
#include "odd.hpp"
using namespace models;
static_assert(odd.tensors.size() == 1 && odd.tensors[0].dtype == ambit::dtype::bf16);
static_assert(odd.tensors[0].name == "a\"b\\c\303\251\n" "7" && odd.tensors[0].shape == ambit::shape{2});
static_assert(odd.tensors[0].name_hash == ambit::detail::fnv1a(odd.tensors[0].name));
static_assert(weights_2_names_manifest.tensors.empty());
END
# shellcheck disable=SC2086
"$CXX" $AMBIT_FLAGS -I"$work" -Wall -Wextra -Werror -fsyntax-only "$work/names.cpp"

expect_status 2 manifest $file --name 'a b'
expect_error '"a b"'
expect_status 2 manifest $file --name a::
expect_status 2 manifest
expect_status 2 manifest $file $file
expect_status 1 manifest $file -o "$work/no/folder.hpp"
expect_error '[FILE_ACCESS]'
expect_status 1 manifest "$work/none.safetensors" -o "$work/kept.hpp"
[[ ! -e $work/kept.hpp ]] || fail "an error left a header"

# The hash once more, by its definition.
if command -v python3 >/dev/null; then
  python3 - $file >"$work/hash" <<'END'
import json, sys
data = open(sys.argv[1], "rb").read()
size = int.from_bytes(data[:8], "little")
header = json.loads(data[8:8 + size])
names = {"F32": "float32"}
value = 14695981039346656037
def add(part):
    global value
    for byte in part + b"\0":
        value = (value ^ byte) * 1099511628211 % 2**64
for name in sorted(header):
    tensor = header[name]
    shape, (begin, end) = tuple(tensor["shape"]), tensor["data_offsets"]
    for part in name.encode(), names[tensor["dtype"]].encode(), str(shape).encode(), data[8 + size + begin:8 + size + end]:
        add(part)
print("0x%016xULL" % value)
END
  grep -q -F -f "$work/hash" "$work/digits.hpp" || fail "the hash is not $(cat "$work/hash")"
fi
