// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/freeze.hpp>
#include <ambit/core/hash.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ambit::detail {

/// The names of the variables, one after the other.
template <auto Builder>
struct variable_names {
  static constexpr auto const& table = frozen_for<Builder>;
  static constexpr int count = table.sizes.variables;
  static constexpr int size = [] {
    int n = 0;
    for (int v = 0; v < count; ++v) n += static_cast<int>(table.name(table.variables.data()[v].node).size());
    return n;
  }();
  struct letters {
    std::array<char, static_cast<std::size_t>(at_least_one<size>)> chars{};
    std::array<int, static_cast<std::size_t>(count + 1)> begin{};
  };
  static constexpr letters all = [] {
    letters l;
    int at = 0;
    for (int v = 0; v < count; ++v) {
      text const name = table.name(table.variables.data()[v].node);
      l.begin.data()[v] = at;
      for (char c : name.view()) l.chars.data()[at++] = c;
    }
    l.begin.data()[count] = at;
    return l;
  }();
  static constexpr std::string_view of(int v) {
    return {all.chars.data() + all.begin.data()[v], static_cast<std::size_t>(all.begin.data()[v + 1] - all.begin.data()[v])};
  }
};

/// The variables by the hashes that the graph made of their names while it was built: each access by path is a search, and
/// the compiler runs it.
template <auto Builder>
inline constexpr auto variable_places = [] {
  constexpr auto const& table = frozen_for<Builder>;
  constexpr std::size_t size = std::bit_ceil(static_cast<std::size_t>(2 * table.sizes.variables + 1));
  std::array<int, size> places{};
  for (int& place : places) place = -1;
  for (int v = 0; v < table.sizes.variables; ++v) {
    auto at = static_cast<std::size_t>(table.variables.data()[v].hash % size);
    while (places.data()[at] >= 0) at = (at + 1) % size;
    places.data()[at] = v;
  }
  return places;
}();

/// The number of the variable of a path, or -1.
template <auto Builder>
constexpr int find_variable(std::string_view path) {
  std::uint64_t const hash = fnv1a(path);
  auto const& table = frozen_for<Builder>;
  auto const& places = variable_places<Builder>;
  for (auto at = static_cast<std::size_t>(hash % places.size()); places.data()[at] >= 0; at = (at + 1) % places.size()) {
    frozen_variable const& v = table.variables.data()[places.data()[at]];
    if (v.hash == hash && table.name(v.node) == path) return places.data()[at];
  }
  return -1;
}

}  // namespace ambit::detail
