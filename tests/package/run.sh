#!/usr/bin/env bash
# run.sh MODE: get ambit as a user would, then build and run tests/package/consumer with it.
#   find_package       from an installed tree, and again after that tree was moved
#   pkg_config         the same, without CMake
#   add_subdirectory   from the sources
#   deb                from the Debian package, unpacked
set -euo pipefail
mode=$1
consumer=$AMBIT_SOURCE_DIR/tests/package/consumer
work=$AMBIT_BINARY_DIR/tests/package/$mode
rm -rf "$work"
mkdir -p "$work"

skip() {
  echo "skipped: $1; package: $2"
  exit 77
}

with_cmake() { # BUILD_FOLDER OPTION...
  local build=$work/$1
  shift
  # CMake's registry and CMAKE_PREFIX_PATH of the caller must not lead to another copy.
  rm -rf "$work/project"
  cp -r "$consumer" "$work/project"
  env -u CMAKE_PREFIX_PATH cmake -S "$work/project" -B "$build" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "$@"
  cmake --build "$build"
  "$build/consumer"
  "$build/embedded"
  # Another instruction set is another layout: the weights follow.
  cmake -S "$work/project" -B "$build" -DCMAKE_CXX_FLAGS=-DEIGEN_DONT_VECTORIZE >/dev/null
  cmake --build "$build" --target embedded
  "$build/embedded"
  # A weight file that no longer fits is seen by the next build.
  LC_ALL=C sed -i 's/\[2,2\]/[4,1]/' "$work/project/weights.safetensors"
  local target why
  for target in consumer embedded; do
    if cmake --build "$build" --target $target >"$work/refused" 2>&1; then
      echo "$target: a weight file of another shape was accepted" && return 1
    fi
    why='shape: variable "model/kernel"'
    if [[ $target == consumer ]]; then why='[MANIFEST_SHAPE]'; fi
    grep -F -q "$why" "$work/refused" || { cat "$work/refused" && return 1; }
  done
}

with_pkg_config() { # PREFIX
  local flags
  flags=$(PKG_CONFIG_PATH=$1/share/pkgconfig pkg-config --cflags --libs ambit)
  echo "pkg-config: $flags"
  case $flags in *"-I$1/"*) ;; *) echo "no include folder under $1" && return 1 ;; esac
  # shellcheck disable=SC2086 # the flags are words
  "$CXX" -std=c++20 "$consumer/main.cpp" -o "$1/consumer" $flags
  "$1/consumer"
}

must_not_know() { # FOLDER TEXT: no installed file holds the path of a build or source tree
  if grep -r -F -l -e "$2" "$1"; then
    echo "the files above hold the path $2" && return 1
  fi
}

install_and_move() { # sets $first and $second, the prefix before and after the move
  first=$work/first second=$work/second
  cmake --install "$AMBIT_BINARY_DIR" --prefix "$first"
  must_not_know "$first" "$AMBIT_SOURCE_DIR"
}

case $mode in
  find_package)
    install_and_move
    with_cmake build_first -Dambit_ROOT="$first"
    mv "$first" "$second"
    with_cmake build_second -Dambit_ROOT="$second"
    ;;
  pkg_config)
    command -v pkg-config >/dev/null || skip "no pkg-config" pkg-config
    pkg-config --exists eigen3 || skip "no eigen3.pc" libeigen3-dev
    install_and_move
    with_pkg_config "$first"
    mv "$first" "$second"
    with_pkg_config "$second"
    ;;
  add_subdirectory)
    with_cmake build -DAMBIT_CONSUME=add_subdirectory -DAMBIT_SOURCE_DIR="$AMBIT_SOURCE_DIR"
    ;;
  deb)
    command -v dpkg-deb >/dev/null || skip "no dpkg-deb" dpkg
    command -v cpack >/dev/null || skip "no cpack" cmake
    (cd "$work" && cpack -G DEB --config "$AMBIT_BINARY_DIR/CPackConfig.cmake" -B "$work/deb")
    dpkg-deb --info "$work"/deb/*.deb
    dpkg-deb --extract "$work"/deb/*.deb "$work/root"
    must_not_know "$work/root" "$AMBIT_SOURCE_DIR"
    with_cmake build -Dambit_ROOT="$work/root/usr"
    if command -v pkg-config >/dev/null && pkg-config --exists eigen3; then with_pkg_config "$work/root/usr"; fi
    ;;
  *)
    echo "no mode $mode" >&2
    exit 2
    ;;
esac
