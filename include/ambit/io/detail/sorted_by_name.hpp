// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

namespace ambit::detail::io {

/// Indices of a list of named things, by name; the same names in their own order.
template <class Named>
[[nodiscard]] std::vector<std::size_t> sorted_by_name(std::span<Named const> things) {
  std::vector<std::size_t> order(things.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    int const compared = std::string_view(things[a].name).compare(std::string_view(things[b].name));
    return compared != 0 ? compared < 0 : a < b;
  });
  return order;
}

}  // namespace ambit::detail::io
