#!/bin/sh
# compile_fail.sh COMPILER FILE FLAGS...
#
# FILE must be refused for the reason that it states, and its accepting twin, the same file with -DACCEPT, must compile.
# The file states the reason in lines of their own, matched literally; at least one is required:
#   // EXPECT: text         somewhere in the compiler's output (EXPECT-GCC:, EXPECT-CLANG: for one family only)
#   // FIRST: text          in the first error, with the lines that belong to it: what it is an instantiation of, which
#                           g++ prints before it, and the notes after it (FIRST-GCC:, FIRST-CLANG:)
#   // SHOWS: text          in the first error, as a string ("text") or letter by letter ('t', 'e', 'x', 't')
# and it may mark a line of its own, which the compiler's trace must then name by file and number:
#   make_it_wrong(g);       // TRACE
set -eu
. "$(dirname "$0")/compiler.sh"
compiler=$1 file=$2
shift 2
use_compiler "$compiler"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
problems=$folder/problems
: >"$problems"

# No default limit is touched: users see what this test sees.
compile() { LC_ALL=C "$compiler" "$@" -fsyntax-only -fmessage-length=0 -fdiagnostics-color=never "$file"; }

if ! compile "$@" -DACCEPT >"$folder/accept" 2>&1; then
  echo "the accepting twin (-DACCEPT) does not compile:" >>"$problems"
  cat "$folder/accept" >>"$problems"
fi

status=0
compile "$@" >"$folder/output" 2>&1 || status=$?
[ "$status" -ne 0 ] || echo "accepted, but it must be refused" >>"$problems"
if [ "$status" -gt 128 ] || grep -q -i -e 'internal compiler error' -e 'PLEASE submit a bug report' "$folder/output"; then
  echo "the compiler crashed" >>"$problems"
fi
awk 'found && (/error:/ || /^In file included from/ || /: In (instantiation|substitution) of/) { exit }
     { print }
     /error:/ { found = 1 }' "$folder/output" >"$folder/first"

# texts MARKER: the texts of MARKER and of MARKER-FAMILY
texts() { sed -n "s|^[[:space:]]*// $1\(-$family\)\{0,1\}: *||p" "$file" | sed 's/[[:space:]]*$//'; }
must_hold() { # MARKER OUTPUT: each text of MARKER is in OUTPUT
  texts "$1" | while IFS= read -r text; do
    grep -F -q -e "$text" "$2" || echo "$1 not found: $text"
  done
}
must_show() { # OUTPUT: each text of SHOWS is in OUTPUT
  texts SHOWS | while IFS= read -r text; do
    letters=$(printf %s "$text" | sed "s/./'&', /g; s/, \$//")
    grep -F -q -e "\"$text\"" -e "$letters" "$1" || echo "SHOWS not found: $text"
  done
}
{
  if [ -z "$(texts EXPECT)$(texts FIRST)" ]; then echo "no EXPECT or FIRST line for this compiler"; fi
  must_hold EXPECT "$folder/output"
  must_hold FIRST "$folder/first"
  must_show "$folder/first"
  sed -n '\,// TRACE[[:space:]]*$,=' "$file" | while read -r line; do
    grep -F -q -e "$(basename "$file"):$line:" -e "$(basename "$file"):$line\"" "$folder/output" || echo "the trace does not name line $line"
  done
} >>"$problems"

[ -s "$problems" ] || exit 0
echo "$file with $compiler:"
cat "$problems"
echo "--- output of the compiler"
cat "$folder/output"
exit 1
