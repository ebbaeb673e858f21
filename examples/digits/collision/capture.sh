#!/usr/bin/env bash
# capture.sh [COMPILER]: what the compiler says about collision.cpp, cut to what helps a reader: the first error, the
# line with the variable's name, and the user's own lines in the trace. Made g++.txt and clang++.txt:
#   capture.sh g++ >g++.txt; capture.sh clang++-14 >clang++.txt
# AMBIT_FLAGS, where set, are the options with which ambit and its dependencies are found.
set -euo pipefail
compiler=${1:-${CXX:-g++}}
cd "$(dirname "${BASH_SOURCE[0]}")"

eigen=/usr/include/eigen3
if [[ ! -e $eigen/Eigen/Core && -e /usr/local/include/eigen3/Eigen/Core ]]; then eigen=/usr/local/include/eigen3; fi
read -ra flags <<<"${AMBIT_FLAGS:--std=c++20 -I../../../include -isystem $eigen}"
if output=$(LC_ALL=C "$compiler" "${flags[@]}" -fsyntax-only -fmessage-length=0 -fdiagnostics-color=never collision.cpp 2>&1); then
  echo "collision.cpp compiled, and must not" >&2
  exit 1
fi

case $("$compiler" --version) in
  *clang*) name=clang++ ;;
  *) name=g++ ;;
esac
version=$("$compiler" -dumpfullversion 2>/dev/null || "$compiler" -dumpversion)
printf '$ %s -std=c++20 collision.cpp        (version %s)\n' "$name" "$version"

# Paths as a reader knows them; the library's own frames are left out.
said=$(sed -e 's|[^ ]*/include/ambit/|ambit/|g' -e 's|[^ "]*\.\./digits\.hpp|digits.hpp|g' <<<"$output" | awk '
  function show(line, limit) {
    if (length(line) > limit) line = substr(line, 1, limit - 4) " ..."
    for (indent = ""; length(line) > 112; indent = "    ") {
      cut = 112
      while (cut > 60 && substr(line, cut, 1) != " ") --cut
      print substr(line, 1, cut - 1)
      line = "    " substr(line, cut + 1)
    }
    print line
  }
  function from_user() { return /^(collision\.cpp|digits\.hpp):[0-9]+:/ && !/required from here|in instantiation of/ }
  !named && /variable_already_exists</ { named = 1; show($0, 600); next }
  !failed && / error: / { failed = 1; show($0, 600); next }
  from_user() { show($0, 240); source = /: note:/ ? 2 : 0; next }
  source > 0 { --source; print }
')
for text in variable_already_exists "'m', 'o', 'd', 'e', 'l', '/', 'f', 'c', '1'" VAR_EXISTS collision.cpp:11:; do
  if ! tr '\n' ' ' <<<"$said" | tr -s ' ' | grep -F -q -e "$text"; then
    printf 'the message of %s lacks %s:\n%s\n' "$compiler" "$text" "$output" >&2
    exit 1
  fi
done
printf '%s\n' "$said"
