// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/freeze.hpp>
#include <ambit/core/hash.hpp>

#include <array>
#include <cstddef>
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

/// The number of the variable of a path, or -1; by the hash that the graph made while it was built.
template <auto Builder>
constexpr int find_variable(std::string_view path) {
  std::uint64_t const hash = fnv1a(path);
  auto const& table = frozen_for<Builder>;
  for (int v = 0; v < table.sizes.variables; ++v)
    if (table.variables.data()[v].hash == hash && table.name(table.variables.data()[v].node) == path) return v;
  return -1;
}

}  // namespace ambit::detail
