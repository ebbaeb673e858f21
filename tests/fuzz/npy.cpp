// SPDX-License-Identifier: BSL-1.0
// Arrays of NumPy, from a file and from memory, which must come to the same.
#include "npy_parts.hpp"
#include <ambit/io/npy.hpp>

bool fuzz::run(std::string const& input) {
  std::filesystem::path const path = here() / "f.npy";
  write(path, input);
  auto const outcome = [&](auto open) { return read_and_load(path.string(), input.size(), 4, open); };
  std::string const read = outcome([&] { return ambit::npy(path, "model/x"); });
  auto const bytes = std::as_bytes(std::span(input));
  require(outcome([&] { return ambit::npy::from_bytes(bytes, "model/x", path.string()); }) == read,
          "bytes are read unlike a file");
  return read.starts_with("read");
}

std::vector<std::string> fuzz::seeds() { return arrays(); }

std::string fuzz::mutated(std::string const& input, change const& changed, std::uint64_t random, std::size_t most) {
  return mutated_array(input, changed, random, most);
}
