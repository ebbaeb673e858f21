// SPDX-License-Identifier: BSL-1.0
// Ops that change variables. They record at once, are never dropped as unused, and take effect at the end of a run: every
// read in a run sees the value from before it.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/expression.hpp>
#include <ambit/ops/source.hpp>

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

struct assign_options {
  bool constrained = false;  ///< the variable's constraint, if it has one, is applied to the value first
};

namespace detail {
template <operand Value>
constexpr tensor recorded(tensor variable, Value&& value) {
  using plain = std::remove_cvref_t<Value>;
  if constexpr (arithmetic<plain>)
    return constant(*variable.graph(), literal(value).converted(variable.dtype()));
  else if constexpr (std::same_as<plain, value_operand>)
    return constant(*value.graph, value.value);
  else
    return {std::forward<Value>(value)};
}
}  // namespace detail

/// Gives a variable a new value of its shape and dtype (tf.assign). The result is that value.
template <operand Value>
constexpr tensor assign(tensor variable, Value&& value, name n = {}) {
  return {apply(assign_op{}, n, variable, std::forward<Value>(value)), nullptr, 0};
}
/// `assign(w, w - 0.1f * gradient, {.constrained = true})`: the ops of the constraint are recorded before the Assign.
template <operand Value>
constexpr tensor assign(tensor variable, Value&& value, assign_options const& o, name n = {}) {
  if (!o.constrained || !variable.is_variable()) return assign(variable, std::forward<Value>(value), n);
  graph& g = *variable.graph();
  constraint const limit = g.variable(variable).constraint;
  if (!limit.given()) return assign(variable, std::forward<Value>(value), n);
  return assign(variable, limit.constrained(g, detail::recorded(variable, std::forward<Value>(value))), n);
}
/// Adds to a variable (tf.assign_add). The result is the sum.
template <operand Value>
constexpr tensor assign_add(tensor variable, Value&& value, name n = {}) {
  return {apply(assign_add_op{}, n, variable, std::forward<Value>(value)), nullptr, 0};
}

}  // namespace ambit
