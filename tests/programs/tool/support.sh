# Sourced by tool_*.sh, the tests of tools/ambit. Leaves a folder $work and a function `ambit`, the tool.
# shellcheck shell=bash
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ -z ${AMBIT_TOOL:-} ]]; then
  AMBIT_TOOL=$AMBIT_BINARY_DIR/tools/ambit/ambit
  if [[ ! -f $AMBIT_TOOL ]]; then # a build without tools
    AMBIT_TOOL=$work/ambit
    # shellcheck disable=SC2086
    "$CXX" $AMBIT_FLAGS "$AMBIT_SOURCE_DIR/tools/ambit/main.cpp" -o "$AMBIT_TOOL"
  fi
fi
ambit() { "$AMBIT_TOOL" "$@"; }

fail() {
  echo "$1"
  exit 1
}
expect_status() { # STATUS WORD...: the tool ends so, says why on the standard error, and prints nothing else
  local wanted=$1 status=0
  shift
  ambit "$@" >"$work/out" 2>"$work/err" || status=$?
  [[ $status == "$wanted" ]] || fail "ambit $*: status $status, expected $wanted: $(cat "$work/err")"
  [[ $wanted == 0 || -s $work/err ]] || fail "ambit $*: failed and said nothing"
  [[ $wanted == 0 || ! -s $work/out ]] || fail "ambit $*: failed and printed $(cat "$work/out")"
}
expect_error() { # TEXT: the last run said so
  grep -F -q -e "$1" "$work/err" || fail "not said: $1; but: $(cat "$work/err")"
}
