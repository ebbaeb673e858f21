#!/bin/sh
# compile_pass.sh COMPILER FILE FLAGS...: FILE compiles.
set -eu
. "$(dirname "$0")/compiler.sh"
compiler=$1 file=$2
shift 2
use_compiler "$compiler"
exec "$compiler" "$@" -fsyntax-only "$file"
