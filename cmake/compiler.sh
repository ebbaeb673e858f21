# Sourced by the compile checks. Sets `family` to GCC or CLANG; exits with 77 where the compiler is absent.
# shellcheck shell=sh disable=SC2034

use_compiler() {
  if ! command -v "$1" >/dev/null 2>&1; then
    package=$(basename "$1" | sed 's/^clang++/clang/')
    echo "skipped: no compiler $1; package: $package"
    exit 77
  fi
  case $("$1" --version) in
    *clang*) family=CLANG ;;
    *) family=GCC ;;
  esac
}
