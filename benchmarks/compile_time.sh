#!/usr/bin/env bash
# compile_time.sh [--csv FILE] [--svg FILE] [--runs N] [COMPILER...]: what it costs to compile whole files with models
# in them at -O2: user and system seconds, the best of N (3), and the peak of the memory, with the bounds of what has
# one. Wall time and loaded machines say nothing, so this is no test. Needs python3; compilers: g++ and clang++.
# "limits raised": the compiler's limit of constant evaluation is too low for this file, and was raised.
set -euo pipefail
benchmarks=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$benchmarks")
csv=
svg=
runs=3
while (($#)); do
  case $1 in
    --csv | --svg | --runs)
      (($# > 1)) || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    -*) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
    *) break ;;
  esac
done
(($#)) || set -- g++ clang++
command -v python3 >/dev/null || { echo "compile_time.sh needs python3" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [[ -z $csv ]]; then csv=$folder/figures.csv; fi

# --- the files ------------------------------------------------------------------------------------------------------

head_of_file() {
  cat <<'CPP'
#include <ambit/ambit.hpp>
using namespace ambit;
constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}
CPP
}
runner() { # BUILDER: the one function of the file
  printf 'compiled<%s> net;\nfloat const* run_it(float const* x) { return net.run(x).data(); }\n' "$1"
}
chain_of() { # LAYERS FIRST STEP: dense and relu, FIRST units in, STEP more from layer to layer
  head_of_file
  cat <<CPP
inline constexpr auto chain = [](graph& g) {
  tensor x = placeholder(g, "x", {1, $2});
  for (int i = 0; i < $1; ++i) x = relu(dense(g, name{"layer_", i}, x, $2 + $3 * (i + 1)));
  return x;
};
CPP
  runner chain
}

echo '#include <ambit/ambit.hpp>' >"$folder/header.cpp"
{
  head_of_file
  cat <<'CPP'
inline constexpr auto mlp = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 784});
  x = relu(dense(g, "fc1", x, 128));
  x = relu(dense(g, "fc2", x, 64));
  return softmax(dense(g, "fc3", x, 10));
};
CPP
  runner mlp
} >"$folder/B.cpp"
chain_of 30 32 1 >"$folder/shapes_30.cpp"
chain_of 256 16 0 >"$folder/equal_256.cpp"
for layers in 1 3 10 30 100 300 1000; do chain_of $layers 16 0 >"$folder/chain_$layers.cpp"; done
{
  cat "$folder/chain_100.cpp"
  echo 'float accesses() {'
  echo '  float sum = 0;'
  for ((i = 0; i < 100; ++i)); do echo "  sum += net[\"layer_$i/kernel\"_n](0, $((i % 16)));"; done
  echo '  return sum;'
  echo '}'
} >"$folder/accesses_100.cpp"

# --- measuring ------------------------------------------------------------------------------------------------------

includes=(-I"$root/include")
for eigen in /usr/include/eigen3 /usr/local/include/eigen3; do
  if [[ -d $eigen ]]; then includes+=(-isystem "$eigen"); fi
done

compile_once() { # COMPILER FILE FLAG...: seconds and megabytes, or nothing where it does not compile
  local compiler=$1 file=$2
  shift 2
  set -- "$compiler" -std=c++20 -O2 -DNDEBUG "${includes[@]}" "$@" -c -o "$folder/object.o" "$file"
  python3 - "$@" 2>/dev/null <<'PY'
import resource, subprocess, sys
failed = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if not failed:
    print(f"{used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss / 1024:.0f}")
PY
}
limits_of() { # COMPILER: flags that raise them
  if "$1" --version | grep -q clang; then
    echo -fconstexpr-steps=2000000000
  else
    echo -fconstexpr-ops-limit=2000000000 -fconstexpr-loop-limit=10000000
  fi
}
measure() { # COMPILER FILE: seconds, megabytes, and whether limits were raised; nothing where it does not compile
  local best once raised=no flags=()
  best=$(compile_once "$1" "$2")
  if [[ -z $best ]]; then
    raised=yes
    read -ra flags <<<"$(limits_of "$1")"
    best=$(compile_once "$1" "$2" "${flags[@]}")
    if [[ -z $best ]]; then return 0; fi
  fi
  for ((i = 1; i < runs; ++i)); do
    # Where it takes long, noise is a small part.
    if awk -v a="$best" 'BEGIN { exit !(a + 0 > 10) }'; then break; fi
    once=$(compile_once "$1" "$2" "${flags[@]}")
    best=$(printf '%s\n%s\n' "$best" "$once" | sort -n | head -n 1)
  done
  echo "$best $raised"
}

report() { # COMPILER CASE LAYERS BOUND: a line of the table and of the CSV; sets `seconds`
  local figures megabytes raised note=
  figures=$(measure "$1" "$folder/$2.cpp")
  if [[ -z $figures ]]; then
    seconds=
    printf '%-12s %-14s does not compile\n' "$1" "$2"
    return 0
  fi
  read -r seconds megabytes raised <<<"$figures"
  if [[ $raised == yes ]]; then note="   limits raised"; fi
  printf '%-12s %-14s %7.2f s %6d MB%s%s\n' "$1" "$2" "$seconds" "$megabytes" "$(against "$seconds" "$4" s)" "$note"
  echo "$1,$2,$3,$seconds,$megabytes,$raised" >>"$csv"
}
against() { # VALUE BOUND UNIT
  if [[ -n $2 ]]; then
    awk -v a="$1" -v b="$2" -v unit="$3" 'BEGIN { printf "   bound %s %s%s", b, unit, a <= b ? "" : ": EXCEEDED" }'
  fi
}

echo "compiler,case,layers,seconds,megabytes,raised" >"$csv"
for compiler in "$@"; do
  command -v "$compiler" >/dev/null || continue
  report "$compiler" header 0 ''
  report "$compiler" B 3 1.6
  report "$compiler" shapes_30 30 2.5
  report "$compiler" equal_256 256 5
  without=
  for layers in 1 3 10 30 100 300 1000; do
    report "$compiler" "chain_$layers" $layers ''
    if ((layers == 100)); then without=$seconds; fi
  done
  report "$compiler" accesses_100 100 ''
  if [[ -n $seconds && -n $without ]]; then
    each=$(awk -v a="$seconds" -v b="$without" 'BEGIN { printf "%.1f", (a - b) * 10 }')
    printf '%-12s %-14s %7.1f ms%12s%s\n' "$compiler" "an access" "$each" '' "$(against "$each" 3 ms)"
  fi
done
if [[ -n $svg ]]; then python3 "$benchmarks/compile_time.py" "$csv" "$svg"; fi
