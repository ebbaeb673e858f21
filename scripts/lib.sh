# Sourced by scripts/demo, scripts/test and scripts/fuzz: what they need to set a machine up and to build.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

say() { printf '\n== %s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# --- packages -------------------------------------------------------------------------------------------------------

# The usual folders are looked into first, as there may be no compiler yet to ask.
have_header() {
  local folder
  for folder in /usr/include /usr/local/include; do
    if [[ -e $folder/$1 || -e $folder/eigen3/$1 ]]; then return 0; fi
  done
  have "${CXX:-g++}" && echo "#include <$1>" | "${CXX:-g++}" -E -x c++ - >/dev/null 2>&1
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}
can_install() { have apt-get && { [[ $(id -u) == 0 ]] || have sudo; }; }

apt_updated=
apt_update() {
  if [[ -z $apt_updated ]]; then
    as_root apt-get update || echo "apt-get update failed; trying with the package lists at hand"
    apt_updated=yes
  fi
}
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# install_required PACKAGE...: all of them, or the end.
install_required() {
  (($#)) || return 0
  have apt-get || die "missing, and there is no apt-get to install them: $*"
  can_install || die "missing, and there is neither root nor sudo to install them: apt-get install $*"
  say "Installing $*"
  apt_update
  apt_install "$@" || die "apt-get could not install $*"
}

# install_optional PACKAGE...: those that this system offers; the tests that need the others are skipped.
install_optional() {
  (($#)) || return 0
  if ! can_install; then
    say "Not here, and no way to install them: $*"
    return 0
  fi
  in_lists apt || apt_update # a fresh system has no package lists
  local package
  for package in "$@"; do
    if ! in_lists "$package"; then
      say "This system has no package $package; the tests that need it are skipped"
      continue
    fi
    say "Installing $package"
    apt_update
    apt_install "$package" || say "apt-get could not install $package; the tests that need it are skipped"
  done
}
in_lists() { [[ -n $(apt-cache madison "$1" 2>/dev/null) ]]; }

set_up() {
  local missing=()
  [[ -n ${CXX:-} ]] || have g++ || missing+=(g++)
  have cmake || missing+=(cmake)
  have ninja || missing+=(ninja-build)
  have_header boost/hana/tuple.hpp || missing+=(libboost-dev) # brings Boost.Test's headers, too
  have_header Eigen/Core || missing+=(libeigen3-dev)
  have_header nlohmann/json.hpp || missing+=(nlohmann-json3-dev)
  install_required "${missing[@]}"
  have_header protozero/pbf_reader.hpp || install_optional libprotozero-dev # for checkpoints, an opt-in

  local version
  version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')
  at_least 3.22 "$version" || die "cmake 3.22 or later is needed; this is $version"
  find_compiler
}

at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; } # at_least WANTED HAVE

# Sets `compiler`: $CXX, or g++, or where that is older than 11 a newer one beside it.
find_compiler() {
  compiler=${CXX:-}
  if [[ -n $compiler ]]; then return 0; fi
  for compiler in g++ g++-{15,14,13,12,11}; do
    if have "$compiler" && at_least 11 "$("$compiler" -dumpfullversion)"; then return 0; fi
  done
  die "g++ 11 or later is needed; this is $(g++ -dumpfullversion) (CXX=... chooses another compiler)"
}

# --- building -------------------------------------------------------------------------------------------------------

# configure FOLDER COMPILER OPTION...: what the preset of that name does, also for a CMake too old for the presets.
# A folder keeps its compiler: naming another one would make CMake start it anew.
configure() {
  local folder=$root/build/$1 options=(-G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "-DCMAKE_CXX_COMPILER=$2")
  if [[ -e $folder/build.ninja ]]; then options=(); fi
  shift 2
  say "Configuring build/${folder##*/}"
  cmake -S "$root" -B "$folder" "${options[@]}" "$@"
}

# build FOLDER OPTION...
build() {
  local folder=$root/build/$1
  shift
  say "Building build/${folder##*/}"
  cmake --build "$folder" --parallel "$jobs" "$@"
}
