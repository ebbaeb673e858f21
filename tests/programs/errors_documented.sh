#!/usr/bin/env bash
# docs/errors.md has one section an error id, listed in its contents, and each section shows the code of the tests: what
# lies between the markers `// [ID wrong]`, `// [ID right]` and `// [end]` of tests/compile_fail and of two units.
set -euo pipefail
cd "$AMBIT_SOURCE_DIR"
page=docs/errors.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ids() { # of the table, of the compiler's messages, of the files
  sed -n 's/^    {"\([A-Z_]*\)",.*/\1/p' include/ambit/core/error_codes.hpp
  grep -h -o '\[[A-Z_]*\]")' -r include/ambit/compiled | tr -d '[]")'
  sed -n 's/^AMBIT_DIAGNOSTIC([a-z_]*, "\([A-Z_]*\)".*/\1/p' include/ambit/compiled/diagnostic_table.inc
  grep -h -o -e '"[A-Z]*_[A-Z]*"' -e '\[[A-Z]*_[A-Z]*\]' -r include/ambit/io | tr -d '[]"'
}
code_of_tests() { # ID wrong|right, then the lines without their indentation and without TRACE
  awk '
    /^ *\/\/ \[[A-Z_]+ (wrong|right)\]$/ { gsub(/[][\/]/, ""); print "#", $1, $2; inside = 1; cut = -1; next }
    /^ *\/\/ \[end\]$/ { inside = 0 }
    inside {
      sub(/ *\/\/ TRACE *$/, "")
      if (cut < 0 && match($0, /^ */)) cut = RLENGTH
      print substr($0, cut + 1)
    }' tests/compile_fail/*.cpp tests/unit/documented_errors.cpp tests/unit/documented_sessions.cpp
}
code_of_page() {
  awk '
    /^### / { id = $2 }
    /^```/ { inside = !inside; next }
    inside && /^\/\/ (wrong|right)$/ { print "#", id, $2; next }
    inside && NF { print }' "$page"
}
sorted() { awk '/^#/ { key = $0 } { print key "\t" $0 }' | sort -s -t "$(printf '\t')" -k1,1 | cut -f2-; }

sed -n 's/^### //p' "$page" >"$work/sections"
grep -o '\[[A-Z_]*\](#[a-z_]*)' "$page" | sed -n 's/^\[\([A-Z_]*\)\](#\(.*\))$/\1 \2/p' |
  awk '!seen[$1]++ { print $1; if ($2 != tolower($1)) print "link", $2 }' >"$work/contents"
ids | sort -u >"$work/ids"
sort "$work/sections" >"$work/sorted_sections"
code_of_tests | sorted >"$work/tests"
code_of_page | sorted >"$work/page"

failed=0
differ() { # TEXT A B
  diff "$2" "$3" || { echo "$1"; failed=1; }
}
differ "ids (<) and sections of $page (>) differ" "$work/ids" "$work/sorted_sections"
differ "contents (<) and sections (>) of $page differ" "$work/contents" "$work/sections"
differ "the code of the tests (<) and of $page (>) differ" "$work/tests" "$work/page"
exit $failed
