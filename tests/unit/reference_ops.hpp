// SPDX-License-Identifier: BSL-1.0
// What the files of the reference share: arrays by index, and the tables of functions that they add to. A new family of ops
// is a file reference_FAMILY.cpp with one function `function_table FAMILY_functions()`, declared below and merged by
// `functions` in reference.cpp.
#pragma once

#include "reference.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace reference {

using index = std::array<int, ambit::shape::max_rank>;

/// Calls `f` with every index of a shape, in row-major order.
inline void each(ambit::shape const& s, std::function<void(index const&)> const& f) {
  if (s.elements() == 0) return;
  index i{};
  for (;;) {
    f(i);
    int axis = s.rank();
    while (axis-- > 0) {
      auto& at = i[static_cast<std::size_t>(axis)];
      if (++at < s[axis]) break;
      at = 0;
    }
    if (axis < 0) return;
  }
}
/// The element of an array at an index of a shape that it broadcasts to.
inline double element(array const& a, index const& i, int rank) {
  std::size_t at = 0;
  for (int k = 0; k < a.shape.rank(); ++k) {
    int const wanted = i[static_cast<std::size_t>(k + rank - a.shape.rank())];
    at = at * static_cast<std::size_t>(a.shape[k]) + static_cast<std::size_t>(a.shape[k] == 1 ? 0 : wanted);
  }
  return a.values[at];
}
inline double& element(array& a, index const& i) {
  std::size_t at = 0;
  for (int k = 0; k < a.shape.rank(); ++k)
    at = at * static_cast<std::size_t>(a.shape[k]) + static_cast<std::size_t>(i[static_cast<std::size_t>(k)]);
  return a.values[at];
}
inline array filled(ambit::shape const& s, double with) {
  return {s, std::vector<double>(static_cast<std::size_t>(s.elements()), with)};
}

/// One node: its operands and attributes, and the shape and dtype of its result.
struct call {
  std::vector<array> const& operands;
  std::vector<std::int64_t> const& attributes;
  ambit::shape result;
  ambit::dtype dtype = ambit::dtype::none;
};
using function = std::function<array(call const&)>;
/// By TensorFlow's type of the op.
using function_table = std::map<std::string, function, std::less<>>;

inline function unary(double (*f)(double)) {
  return [f](call const& c) {
    array out = c.operands[0];
    for (double& v : out.values) v = f(v);
    return out;
  };
}
inline function binary(double (*f)(double, double)) {
  return [f](call const& c) {
    array out = filled(c.result, 0);
    each(c.result, [&](index const& i) {
      element(out, i) = f(element(c.operands[0], i, c.result.rank()), element(c.operands[1], i, c.result.rank()));
    });
    return out;
  };
}
/// A reduction whose attributes are how many axes, the axes, and whether they stay.
array reduce(call const& c, double start, double (*fold)(double, double));

function_table array_functions();
function_table math_functions();
function_table nn_functions();

}  // namespace reference
