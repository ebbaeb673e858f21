#!/bin/sh
# skip.sh REASON PACKAGE: a test that cannot run here.
echo "skipped: $1; package: $2"
exit 77
