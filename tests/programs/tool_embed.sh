#!/usr/bin/env bash
# `ambit embed`: weights as C++ and as assembly, laid out for several instruction sets, give what a loaded model gives; and
# whatever does not fit is refused.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR"
. tests/programs/tool/support.sh
file=examples/digits/digits.safetensors

# A model with what is special: a variable that no file holds, several dtypes, panels whose last one is not full, what is
# computed from weights alone.
cat >"$work/model.hpp" <<'END'
#include <ambit/ambit.hpp>
inline constexpr auto special = [](ambit::graph& g) {
  using namespace ambit;
  tensor x = placeholder(g, "x", {1, 7});
  variable_scope model{g, "model"};
  tensor kernel = get_variable(g, "kernel", {7, 37}, {.initializer = glorot_uniform()});
  tensor own = get_variable(g, "own", {.initializer = literal{{0.5F, -1.F, 2.F}, {3}}, .collections = {"local_variables"}});
  tensor all = get_variable(g, "all", {5}, {.initializer = constant_initializer(-3), .collections = {"local_variables"}});
  tensor count = get_variable(g, "count", {2}, {.dtype = dtype::i64});
  get_variable(g, "unused", {4});
  tensor cell = layers::streaming_lstm(g, "cell", reshape(x, {1, 1, 7}), 21, lstm_format::tensorflow1);
  tensor product = matmul(x, kernel), folded = exp(own), twice = all * 2.F, counts = count * 2;
  return std::tuple(product, folded, twice, counts, cell);
};
END
cat >"$work/special_layout.cpp" <<'END'
#include "model.hpp"
#include <ambit/compiled/weight_layout.hpp>
extern "C" {
extern constexpr auto layout = ambit::weight_layout<special>;
}
END
cat >"$work/special.cpp" <<'END'
#include "model.hpp"
#include <ambit/io/safetensors.hpp>
#ifdef MAKE
int main(int, char** words) {
  ambit::parameters<special> p;
  for (int k = 0; k < 7; ++k)
    for (int o = 0; o < 37; ++o) p.edit(ambit::path<"model/kernel">{})(k, o) = static_cast<float>(k * 100 + o) / 3;
  p.edit(ambit::path<"model/count">{})(1) = 1LL << 40;
  auto kernel = p.edit(ambit::path<"model/cell/kernel">{});
  for (int i = 0; i < kernel.size(); ++i) kernel(i) = static_cast<float>(i % 17 - 8) / 32;
  ambit::write_safetensors(words[1], p);
}
#else
#include "special_weights.hpp"
#include <cstring>
int main(int, char** words) {
  ambit::compiled<special> net;
  ambit::load(net, ambit::safetensors(words[1]));
  static ambit::compiled<special, ambit::in_rom<models::w>> rom;
  float const x[7] = {1, -2, 3, -4, 5, -6, 7};
  net.run(x), rom.run(x);  // the state of the cell
  auto const [a, b, c, d, m] = net.run(x);
  auto const [e, f, g, h, n] = rom.run(x);
  bool const same = std::memcmp(a.data(), e.data(), sizeof(float) * 37) == 0 && b == f && c == g && d == h && m == n && m(20) != 0;
  return same && a(36) != 0 && g(4) == -6 && h(1) == 2LL << 40 ? 0 : 1;
}
#endif
END

compile() { # FLAGS SOURCE... -o PROGRAM
  # shellcheck disable=SC2086
  "$CXX" $AMBIT_FLAGS -O1 -I. -I"$work" -Wall -Wextra -Wpedantic -Werror "$@"
}
compile -DMAKE "$work/special.cpp" -o "$work/make"
"$work/make" "$work/special.safetensors"
for flags in "" -DEIGEN_DONT_VECTORIZE -mavx2\ -mfma -mavx512f\ -mavx512dq\ -mfma; do
  read -ra words <<<"$flags"
  for flag in "${words[@]}"; do # instructions that this machine cannot execute
    case $flag in -mavx*) grep -qw "${flag#-m}" /proc/cpuinfo 2>/dev/null || continue 2 ;; esac
  done
  compile "${words[@]}" -c "$work/special_layout.cpp" -o "$work/layout.o"
  rm -f "$work"/special_weights.*
  ambit embed "$work/special.safetensors" --layout "$work/layout.o" --name models::w -o "$work/special_weights.hpp"
  compile "${words[@]}" "$work/special.cpp" -o "$work/use"
  "$work/use" "$work/special.safetensors" || fail "$flags: embedded weights give something else"
  used=("${words[@]}")
done
# The same from assembly, whose symbol is data that cannot be written.
ambit embed "$work/special.safetensors" --layout "$work/layout.o" --name models::w -o "$work/special_weights.S"
compile "${used[@]}" "$work/special.cpp" "$work/special_weights.S" -o "$work/use"
"$work/use" "$work/special.safetensors" || fail "assembly gives something else"
nm "$work/use" >"$work/symbols"
grep -q ' R ambit_rom_[0-9a-f]*_w$' "$work/symbols" || fail "the weights are not read-only data"
# Weights of another layout are refused by the compiler.
ambit embed "$work/special.safetensors" --layout "$work/layout.o" --name models::w -o "$work/special_weights.hpp"
if compile -DEIGEN_DONT_VECTORIZE -fsyntax-only "$work/special.cpp" 2>"$work/err"; then
  fail "weights for other vectors are accepted"
fi
expect_error '[ROM_LAYOUT]'

# The text of the layout is read from any file that holds it; the same weights give the same header.
strings -a -n 3 "$work/layout.o" | sed -n '/^ambit weight layout [0-9]/,/^end$/p' >"$work/layout.txt"
ambit embed "$work/special.safetensors" --layout "$work/layout.txt" --name models::w | diff -q - "$work/special_weights.hpp"

# A machine of the other byte order: its words are the same numbers, the halves of each the other way around.
sed 's/ little / big /' "$work/layout.txt" >"$work/big.txt"
ambit embed "$work/special.safetensors" --layout "$work/big.txt" --name models::w >"$work/big.hpp"
grep -q 'little_endian = false' "$work/big.hpp" || fail "the byte order is not in the header"
python3 - "$work/special_weights.hpp" "$work/big.hpp" 2>/dev/null <<'END' || { command -v python3 >/dev/null && fail "another byte order is laid out wrongly"; }
import re, sys
little, big = ([int(w, 16) for w in re.findall(r"(0x[0-9a-f]+)(?=[,\n])", open(f).read().split("_block[] = {")[1].split("};")[0])]
               for f in sys.argv[1:])
swap = lambda w: (w >> 32) | ((w & 0xffffffff) << 32)
# float32 first; int64 words are the same numbers
assert len(little) == len(big) > 0
assert all(b in (swap(a), a) for a, b in zip(little, big)) and any(a != b for a, b in zip(little, big))
assert 2**40 in little and 2**40 in big
END

# Files and names that differ from the model.
ambit convert "$work/special.safetensors" "$work/renamed.npz"
cat >"$work/other.cpp" <<'END'
#include <ambit/ambit.hpp>
#include <ambit/compiled/weight_layout.hpp>
inline constexpr auto other = [](ambit::graph& g) {
  ambit::variable_scope net{g, "net"};
  return matmul(placeholder(g, "x", {1, 37}), ambit::get_variable(g, "w", {37, 7}));
};
extern "C" {
extern constexpr auto layout = ambit::weight_layout<other>;
}
END
compile -c "$work/other.cpp" -o "$work/other.o"
expect_status 1 embed "$work/special.safetensors" --layout "$work/other.o"
expect_error 'missing: variable "net/w"'
ambit embed "$work/renamed.npz" --layout "$work/other.o" --transpose model/kernel=net/w --ignore 'model/*' >"$work/turned.hpp"
expect_status 1 embed "$work/renamed.npz" --layout "$work/other.o" --rename model/kernel=net/w --ignore 'model/*'
expect_error 'net/w'
expect_status 2 embed "$work/renamed.npz" --layout "$work/other.o" --rename model/kernel
expect_status 2 embed $file
expect_error '--layout'
expect_status 1 embed $file --layout $file
expect_error 'weight_layout<model>'
cat "$work/other.o" "$work/layout.o" >"$work/both.o"
expect_status 1 embed $file --layout "$work/both.o"
expect_error 'second'

# A damaged layout: every byte of it changed, and cut short everywhere. Never anything but an error with its place.
size=$(wc -c <"$work/layout.txt")
for ((i = 21; i < size; i += 7)); do
  head -c "$i" "$work/layout.txt" >"$work/cut.txt"
  expect_status 1 embed "$work/special.safetensors" --layout "$work/cut.txt"
  expect_error 'at byte'
done
for lie in 's/ 37 / 38 /' 's/^\(saved .*float32 2 7 37\) 0/\1 64/' 's/ 1 little [0-9]*/ 1 little 99999999/' 's/layout 1/layout 2/' \
  's/float32/float33/' 's/^saved 12/saved 4000000000/' 's/little/middle/'; do
  sed "$lie" "$work/layout.txt" >"$work/lie.txt"
  cmp -s "$work/lie.txt" "$work/layout.txt" && fail "$lie changes nothing"
  expect_status 1 embed "$work/special.safetensors" --layout "$work/lie.txt"
done
