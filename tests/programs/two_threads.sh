#!/usr/bin/env bash
# A graph refuses a second thread that builds (OTHER_THREAD) where NDEBUG is not defined; the check itself is no data race.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for compiler in "$CXX" clang++-14; do
  command -v "$compiler" >/dev/null || continue
  for options in "-O0" "-O2" "-O1 -fsanitize=thread"; do
    if [[ $options == *thread ]] &&
      ! echo 'int main() {}' | "$compiler" -fsanitize=thread -x c++ - -o "$folder/empty" 2>/dev/null; then
      echo "$compiler: no thread sanitizer"
      continue
    fi
    # shellcheck disable=SC2086
    "$compiler" $AMBIT_FLAGS $options -UNDEBUG -pthread "$AMBIT_SOURCE_DIR/tests/programs/two_threads/main.cpp" \
      -o "$folder/two_threads"
    "$folder/two_threads" || { echo "$compiler $options: a second thread builds"; exit 1; }
  done
done
