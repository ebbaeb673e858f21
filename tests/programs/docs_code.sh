#!/usr/bin/env bash
# The C++ in README.md and docs/ compiles, with all warnings, with the compiler of the build and with clang 14; what has
# a main function also runs, beside the weights of examples/digits. In a page
#   ```cpp              that begins with #include starts a file; any other continues the one before it
#   ```cpp statements   continues it with the body of a function
# docs/errors.md shows wrong code too, and has its own tests in tests/compile_fail. Links from page to page lead somewhere.
set -euo pipefail
work=$AMBIT_BINARY_DIR/tests/docs_code
rm -rf "$work"
mkdir -p "$work"

extract() { # PAGE PREFIX
  awk -v page="$1" -v prefix="$2" '
    function out(line) { print line >file }
    inside && /^```/ {
      if (statements) out("}")
      inside = 0
      next
    }
    inside && starts { starts = 0
      if (/^#include/) { file = prefix "_" ++files ".cpp" }
      else if (!file) { print page ":" NR ": the first block of a page must begin with #include" >"/dev/stderr"; exit 1 }
      if (statements) out("[[maybe_unused]] static void block" NR "() {")
      out("#line " NR " \"" page "\"")
    }
    inside { out($0) }
    /^```cpp( statements)?$/ { inside = starts = 1; statements = /statements/ }
  ' "$1"
}
cd "$AMBIT_SOURCE_DIR"
while IFS= read -r page; do
  extract "$page" "$work/$(basename "$page" .md)"
done < <(find README.md docs -name '*.md' ! -path docs/errors.md | sort)

cp examples/digits/digits.safetensors "$work"
read -ra flags <<<"$AMBIT_FLAGS"
flags+=(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror -Wno-unused)
compilers=("$CXX")
case $("$CXX" --version) in
  *clang*) ;;
  *) if command -v clang++-14 >/dev/null; then compilers+=(clang++-14); fi ;;
esac

failed=0
links() { # PAGE: targets outside of code
  awk '/^```/ { code = !code; next } !code' "$1" | grep -o -E '\]\([^)]+\)' | sed 's/^](//; s/[#)].*$//' | grep -v -e '^http' -e '^$' || true
}
while IFS= read -r page; do
  for link in $(links "$page"); do
    if [[ ! -e $(dirname "$page")/$link ]]; then
      echo "$page: no $link"
      failed=1
    fi
  done
done < <(find README.md docs examples -name '*.md' | sort)

for compiler in "${compilers[@]}"; do
  for file in "$work"/*.cpp; do
    echo "$(basename "$file") $(basename "$compiler")"
    if grep -q '^int main' "$file"; then
      { "$compiler" "${flags[@]}" -O1 "$file" -o "$work/program" && (cd "$work" && ./program >output); } || failed=1
    else
      "$compiler" "${flags[@]}" -fsyntax-only "$file" || failed=1
    fi
  done
done
exit $failed
