// SPDX-License-Identifier: BSL-1.0
// How files of safetensors are put together and changed.
#pragma once

#include "fuzz.hpp"
#include <ambit/io/detail/little_endian.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fuzz {

inline std::string file_of(std::string_view header, std::string_view data) {
  std::string out;
  ambit::detail::io::append_little_endian(out, std::uint64_t{header.size()});
  return out.append(header).append(data);
}

/// Changes the header or the data; the length of the header is right in three of four.
inline std::string mutated_header(std::string const& input, change const& changed, std::uint64_t random,
                                  std::size_t most) {
  if (random % 4 == 0 || input.size() < 8 || most < 64) return changed(input, most);
  std::string_view const text = input;
  auto const length = static_cast<std::size_t>(
      std::min<std::uint64_t>(ambit::detail::io::little_endian<std::uint64_t>(text), text.size() - 8));
  std::string header(text.substr(8, length)), data(text.substr(8 + length));
  if (random % 4 == 1 && !data.empty())
    data = changed(std::move(data), most - 8 - length);
  else
    header = changed(std::move(header), most - 8 - data.size());
  return file_of(header, data);
}

}  // namespace fuzz
