#!/usr/bin/env bash
# Two shared libraries of one model, for different vector ISAs, in one process: each runs its own code, whichever was
# loaded first, and exports no function of Eigen's that the other one could be given.
set -euo pipefail
cpu=$(sed -n 's/^flags[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
has() { case " $cpu " in *" $1 "*) ;; *) return 1 ;; esac; }
if has avx512f && has fma; then
  isa="-mavx512f -mfma"
elif has avx2 && has fma; then
  isa="-mavx2 -mfma"
else
  echo "skipped: no CPU with AVX2 and FMA; package: none"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
source=$AMBIT_SOURCE_DIR/tests/programs/two_isas

for compiler in "$CXX" clang++-14; do
  command -v "$compiler" >/dev/null || continue
  # shellcheck disable=SC2086
  "$compiler" $AMBIT_FLAGS -O1 "$source/main.cpp" -o "$folder/main" -ldl
  # Without optimisation every inline function of Eigen's is a symbol, and no template argument of ambit's can set those of
  # its packets apart: debug builds of plug-ins need this flag.
  for level in "-O0 -fvisibility-inlines-hidden" -O2; do
    for option in "" "-fno-exceptions"; do
      # shellcheck disable=SC2086
      {
        "$compiler" $AMBIT_FLAGS -Werror=attributes $level $option -fPIC -shared "$source/library.cpp" -o "$folder/base.so"
        "$compiler" $AMBIT_FLAGS -Werror=attributes $level $option $isa -fPIC -shared "$source/library.cpp" -o "$folder/wide.so"
      }
      for order in "base wide" "wide base"; do
        # shellcheck disable=SC2086
        set -- $order
        "$folder/main" "$folder/$1.so" "$folder/$2.so" || { echo "$compiler $level $option, $order"; exit 1; }
      done
      # Weak definitions in the dynamic table are what the linker merges. Functions that are not declared inline and know no
      # type of ambit's are compiled into their callers by AMBIT_FLATTEN, but not without optimisation.
      known=none
      case $level in -O0*) known='generic_fast_tanh_float|pexp<float>|check_static_allocation_size|check_for_aliasing' ;; esac
      for library in base wide; do
        if nm -D --defined-only "$folder/$library.so" | awk '$2 ~ /[WVu]/ && $3 ~ /^_ZNK?5Eigen/ { print $3 }' | c++filt |
          grep -v -E "ambit::abi_|$known"; then
          echo "$compiler $level $option: $library.so exports these functions of Eigen's"
          exit 1
        fi
      done
      nm -D --defined-only "$folder/base.so" | awk '$2 ~ /[WVu]/ { print $3 }' | sort >"$folder/base.symbols"
      nm -D --defined-only "$folder/wide.so" | awk '$2 ~ /[WVu]/ { print $3 }' | sort >"$folder/wide.symbols"
      # What they have in common is code that no flag changes: names and shapes, tables.
      if comm -12 "$folder/base.symbols" "$folder/wide.symbols" | c++filt | grep -E 'lowering|kernels|::run|workspace|parameters<|compiled<'; then
        echo "$compiler $level $option: the libraries share this evaluation"
        exit 1
      fi
    done
  done
done
