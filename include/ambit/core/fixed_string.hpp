// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace ambit {

/// A string as a template argument.
template <std::size_t Size>
struct fixed_string {
  char chars[Size + 1] = {};

  constexpr fixed_string() = default;
  constexpr fixed_string(char const (&text)[Size + 1]) {
    for (std::size_t i = 0; i < Size; ++i) chars[i] = text[i];
  }
  [[nodiscard]] constexpr std::string_view view() const { return {chars, Size}; }
};
template <std::size_t N>
fixed_string(char const (&)[N]) -> fixed_string<N - 1>;

/// The path of a variable as a type: "model"_n / "fc1"_n / "kernel"_n is the same as "model/fc1/kernel"_n.
template <fixed_string Text>
struct path {
  static constexpr std::string_view view = Text.view();
};
template <fixed_string Head, fixed_string Tail>
constexpr auto operator/(path<Head>, path<Tail>) {
  constexpr auto joined = [] {
    constexpr std::size_t head = Head.view().size();
    fixed_string<head + 1 + Tail.view().size()> s;
    for (std::size_t i = 0; i < head; ++i) s.chars[i] = Head.chars[i];
    s.chars[head] = '/';
    for (std::size_t i = 0; i < Tail.view().size(); ++i) s.chars[head + 1 + i] = Tail.chars[i];
    return s;
  }();
  return path<joined>{};
}

inline namespace literals {
template <fixed_string Text>
constexpr path<Text> operator""_n() {
  return {};
}
}  // namespace literals

}  // namespace ambit
