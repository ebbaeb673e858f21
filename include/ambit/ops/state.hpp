// SPDX-License-Identifier: BSL-1.0
// Ops that change variables. They record at once, are never dropped as unused, and take effect at the end of a run: every
// read in a run sees the value from before it.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>

namespace ambit {

namespace detail {
struct assignment {
  static constexpr bool elementwise = true;
  static constexpr std::string_view operands[] = {"ref", "value"};
  constexpr void infer(inference& i) const {
    if (!i.is_variable(0)) return i.refuse_not_a_variable(0);
    if (!i.same_dtypes()) return;
    if (!compatible(i.shape(0), i.shape(1)) || !i.shape(1).known()) return i.refuse_shape("a value of the variable's shape");
    i.output(i.shape(0), i.dtype(0));
  }
};
}  // namespace detail

struct assign_op : detail::assignment {
  static constexpr op_type type{.name = "Assign", .state = true};
  static constexpr std::string_view default_name = "Assign";
  auto lower(auto const&, auto const& value) const { return value; }
};
struct assign_add_op : detail::assignment {
  static constexpr op_type type{.name = "AssignAdd", .state = true};
  static constexpr std::string_view default_name = "AssignAdd";
  auto lower(auto const& variable, auto const& value) const { return variable + value; }
};

/// Gives a variable a new value of its shape and dtype (tf.assign). The result is that value.
template <operand Value>
constexpr tensor assign(tensor variable, Value&& value, name n = {}) {
  return {apply(assign_op{}, n, variable, std::forward<Value>(value)), nullptr, 0};
}
/// Adds to a variable (tf.assign_add). The result is the sum.
template <operand Value>
constexpr tensor assign_add(tensor variable, Value&& value, name n = {}) {
  return {apply(assign_add_op{}, n, variable, std::forward<Value>(value)), nullptr, 0};
}

}  // namespace ambit
