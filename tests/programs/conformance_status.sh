#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# ambit_conformance: exit status 0, 1 and 2, and what it says; malformed files are refused with file and line.
set -euo pipefail

program="$AMBIT_BINARY_DIR/tests/ambit_conformance"
if [[ ! -x "$program" ]]; then
  echo "skipped: ambit_conformance is not built; package: none"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# expect STATUS TEXT CASE-FILE...: runs it on the text of standard input and on further files
expect() {
  local wanted=$1 text=$2 status=0 output
  shift 2
  cat > "$folder/x.cases"
  output=$("$program" "$folder/x.cases" "$@" 2>&1) || status=$?
  if [[ $status -ne $wanted || $output != *"$text"* ]]; then
    printf 'expected status %s and "%s", found status %s and:\n%s\nfor:\n' "$wanted" "$text" "$status" "$output"
    cat "$folder/x.cases"
    failures=$((failures + 1))
  fi
}
# malformed LINE: lines of the body of a case that is refused at that line
malformed() {
  { echo "case x"; cat; echo "endcase"; } > "$folder/body"
  expect 2 "x.cases:$(($1 + 1)): " < "$folder/body"
}

expect 0 "1 passed, 0 failed" <<< $'case x\nget v v shape=[1]\nexpect name $v v:0\nendcase'
expect 0 "0 passed, 0 failed" <<< "# nothing"
expect 1 $'x.cases:3: case x: expect name $v\n  expected: w:0\n  found:    v:0\n0 passed, 1 failed' \
  <<< $'case x\nget v v shape=[1]\nexpect name $v w:0\nendcase'
expect 1 "no error" <<< $'case x\nraises ValueError code=VAR_EXISTS\nget v v shape=[1]\nend\nendcase'
expect 1 "VAR_EXISTS" <<< $'case x\nget v v shape=[1]\nget v v shape=[1]\nendcase'
expect 1 "before it" \
  <<< $'case x\nraises TypeError code=NAME_REQUIRED\nvariable_scope None\nget v v shape=[1]\nend\nend\nendcase'
expect 2 "cannot be read" "$folder/absent.cases" <<< ""
expect 2 "x.cases:1: " <<< $'get v v'
expect 2 "x.cases:1: " <<< $'case x\nget v v shape=[1]'
expect 2 "x.cases:3: " <<< $'case x\nname_scope a\nendcase'

malformed 1 <<< "wave"
malformed 1 <<< "get v"
malformed 1 <<< "get v v size=[1]"
malformed 1 <<< "get v v shape=[1,"
malformed 1 <<< "get v v shape=[-1]"
malformed 1 <<< "get v v shape=[1] shape=[1]"
malformed 1 <<< "get v v dtype=float"
malformed 1 <<< "get v v initializer=value:[1,[2]]"
malformed 1 <<< "get v v partitioner=fixed"
malformed 1 <<< "get v v getter=pass"
malformed 1 <<< 'get v "v'
malformed 1 <<< "op t sum 1"
malformed 1 <<< "op t add 1"
malformed 1 <<< "expect name v v:0"
malformed 1 <<< 'expect colour $v blue'
malformed 1 <<< 'expect name $v v:0'
malformed 1 <<< "end"
malformed 2 <<< $'name_scope a as s\nexpect dtype $s float32\nend'
malformed 2 <<< $'name_scope a\nexit s\nend'
malformed 1 <<< $'raises Error code=X\nend'
malformed 2 <<< $'template T t\ncall $T\nend\ncall $T'

exit $((failures > 0))
