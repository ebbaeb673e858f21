// SPDX-License-Identifier: BSL-1.0
// A target under libFuzzer: scripts/fuzz.
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" {
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed);
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);  // libFuzzer's own

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  (void)fuzz::run(std::string(reinterpret_cast<char const*>(data), size));
  return 0;
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  auto const changed = [](std::string text, std::size_t limit) {
    std::size_t const before = text.size(), room = std::max(limit, before);
    text.resize(room);
    text.resize(room == 0 ? 0 : LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), before, room));
    return text;
  };
  std::string const out =
      fuzz::mutated(std::string(reinterpret_cast<char const*>(data), size), changed, seed, most).substr(0, most);
  std::copy(out.begin(), out.end(), data);
  return out.size();
}
}
