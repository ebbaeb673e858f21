#!/bin/sh
# was_compiled.sh SOURCE OBJECT: the build compiled SOURCE as it is now.
if [ -e "$2" ] && [ -z "$(find "$1" -newer "$2")" ]; then exit 0; fi
echo "$1 was not compiled; the build's output tells why"
exit 1
