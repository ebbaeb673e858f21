// SPDX-License-Identifier: BSL-1.0
// The rules of expressions, each written once as `constexpr bool` and run twice: tests/static/expressions.cpp asserts them
// in the compiler, tests/unit/expressions.cpp runs them. table.inc lists them.
#pragma once

#include <ambit/core.hpp>
#include <ambit/ops.hpp>

#include <string_view>
#include <utility>

namespace expressions {

using namespace ambit;

/// A graph with two inputs, that keeps its errors.
struct fixture {
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2, 3});
  tensor y = placeholder(g, "y", {2, 3});
  int const before = size();

  [[nodiscard]] constexpr int size() const { return tables_of(g).nodes.size(); }
  /// The names of what was recorded since, in its order, each after a space.
  [[nodiscard]] constexpr text recorded() {
    text out;
    for (int i = before; i < size(); ++i) {
      text const name = tensor{g, i}.name();
      out += ' ';
      out += name.view().substr(0, name.size() - 2);
    }
    return out;
  }
  [[nodiscard]] constexpr text operand_of(tensor t, int k) {
    return tensor{g, tables_of(g).inputs[tables_of(g).nodes[t.id()].first_input + k]}.name();
  }
  [[nodiscard]] constexpr bool refused(errc code, std::string_view name) const {
    return g.failed() && g.error().code == code && g.error().name == name;
  }
};

// ---- order

constexpr bool operands_come_before_their_op() {
  fixture f;
  tensor w = get_variable(f.g, "w", {3, 4}), b = get_variable(f.g, "b", {4});
  int const first = f.size();
  tensor t = relu(matmul(f.x, w) + b);
  return tensor{f.g, first}.name() == "MatMul:0" && tensor{f.g, first + 1}.name() == "add:0" && t.name() == "Relu:0" &&
         f.operand_of(t, 0) == "add:0" && f.size() == first + 3;
}
constexpr bool operands_are_recorded_from_left_to_right() {
  fixture f;
  tensor t = add(square(f.x), square(f.y));
  return f.recorded() == " Square Square_1 Add" && f.operand_of(t, 0) == "Square:0" &&
         f.operand_of(t, 1) == "Square_1:0";
}
constexpr bool a_walk_is_post_order() {
  fixture f;
  tensor t = (f.x + f.y) * (f.x - f.y) / relu(-f.x);
  return f.recorded() == " add sub mul Neg Relu truediv" && t.valid();
}
constexpr bool order_holds_in_deep_trees() {
  fixture f;
  tensor t = exp(exp(f.x) + exp(exp(f.y))) + exp(f.y);
  return f.recorded() == " Exp Exp_1 Exp_2 add Exp_3 Exp_4 add_1" && t.valid();
}
constexpr bool a_list_of_operands_keeps_its_order() {
  fixture f;
  tensor t = concat({f.x, exp(f.y), exp(f.x)}, 0);
  return f.recorded() == " Exp Exp_1 concat" && f.operand_of(t, 1) == "Exp:0" && t.shape() == shape{6, 3};
}

// ---- numbers

constexpr bool a_number_is_a_constant_below_the_op() {
  fixture f;
  tensor t = f.x + 1;
  return f.recorded() == " add/y add" && f.operand_of(t, 1) == "add/y:0";
}
constexpr bool a_number_on_the_left_is_x() {
  fixture f;
  tensor t = 2 * f.x;
  return f.recorded() == " mul/x mul" && f.operand_of(t, 0) == "mul/x:0";
}
constexpr bool each_use_of_a_number_is_a_constant_of_its_own() {
  fixture f;
  tensor t = f.x * 2 + f.y * 2;
  return f.recorded() == " mul/y mul mul_1/y mul_1 add" && t.valid();
}
constexpr bool a_number_is_of_the_tensors_dtype() {
  fixture f;
  tensor d = placeholder(f.g, "d", {2}, dtype::f64);
  tensor i = placeholder(f.g, "i", {2}, dtype::i32);
  tensor a = f.x + 1, b = f.x + 1.5, c = d * 2, e = 7 - i;
  auto number = [&](tensor t, int k) {
    return tensor{f.g, tables_of(f.g).inputs[tables_of(f.g).nodes[t.id()].first_input + k]}.dtype();
  };
  return !f.g.failed() && a.dtype() == dtype::f32 && number(a, 1) == dtype::f32 && number(b, 1) == dtype::f32 &&
         number(c, 1) == dtype::f64 && number(e, 0) == dtype::i32 && e.dtype() == dtype::i32;
}
constexpr bool a_fraction_is_no_integer() {
  fixture f;
  tensor i = placeholder(f.g, "i", {2}, dtype::i32);
  tensor t = i + 1.5;
  return f.refused(errc::op_dtype, "add") && !t.valid();
}
constexpr bool a_bool_is_no_number() {
  fixture f;
  tensor t = f.x + true;
  return f.refused(errc::op_dtype, "add") && !t.valid();
}
constexpr bool numbers_alone_name_their_graph() {
  fixture f;
  tensor t = add(value(f.g, 1.F), value(f.g, {2.F, 3.F}));
  return f.recorded() == " Add/x Add/y Add" && t.shape() == shape{2};
}
constexpr bool values_of_the_wrong_number_are_refused() {
  fixture f;
  tensor t = f.x + value(f.g, literal{{1.F, 2.F}, {3}});
  return f.refused(errc::bad_literal, "add") && !t.valid();
}

// ---- scopes

constexpr bool an_expression_keeps_its_name_scope() {
  fixture f;
  auto layer = [&] {
    name_scope scope{f.g, "layer"};
    return relu(f.x + f.y);
  };
  tensor t = layer();
  return f.recorded() == " layer/add layer/Relu" && f.g.current_name_scope() == "" && t.valid();
}
constexpr bool an_expression_keeps_its_variable_scope() {
  fixture f;
  auto layer = [&](name n) {
    variable_scope scope{f.g, n};
    tensor b = get_variable(f.g, "b", {3});
    return f.x + b;
  };
  tensor one = layer("one");
  tensor two = layer("two");
  return one.name() == "one/add:0" && two.name() == "two/add:0";
}
constexpr bool parts_of_an_expression_keep_their_own_scopes() {
  fixture f;
  auto in = [&](name n) {
    name_scope scope{f.g, n};
    return square(f.x);
  };
  tensor t = in("a") + in("b");
  return t.name() == "add:0" && f.operand_of(t, 0) == "a/Square:0" && f.operand_of(t, 1) == "b/Square:0";
}
constexpr bool an_expression_is_recorded_where_it_was_written() {
  fixture f;
  auto e = f.x + f.y;
  name_scope scope{f.g, "later"};
  tensor t = std::move(e);
  tensor u = -t;
  return t.name() == "add:0" && u.name() == "later/Neg:0";
}

// ---- names

constexpr bool a_name_goes_last() {
  fixture f;
  tensor a = add(f.x, f.y, "sum_ab");
  tensor b = relu(a, "r");
  tensor c = softmax(b, "p");
  tensor d = softmax(c, 0, "q");
  tensor e = matmul(d, f.x, {.transpose_b = true}, "m");
  tensor h = matmul(e, e, "n");
  tensor i = reduce_sum(h, {0}, keepdims::yes, "s");
  tensor j = reduce_max(i, "t");
  tensor k = reshape(f.x, {6}, "flat");
  tensor l = transpose(f.x, "u");
  tensor m = transpose(f.x, {1, 0}, "v");
  tensor n = concat({k, k}, 0, "w");
  return f.recorded() == " sum_ab r p q m n s t flat u v w" && j.valid() && l.valid() && m.valid() && n.valid();
}
constexpr bool a_name_may_have_an_index() {
  fixture f;
  for (int i = 0; i < 3; ++i) {
    tensor t = tanh(f.x, name{"step_", i});
    if (!t.valid()) return false;
  }
  return f.recorded() == " step_0 step_1 step_2";
}

// ---- recorded once, in order

constexpr bool what_is_not_kept_is_not_recorded() {
  fixture f;
  static_cast<void>(f.x + f.y);
  tensor t = f.x + f.y;
  return f.recorded() == " add" && t.valid();
}
constexpr bool an_expression_may_wait_where_no_name_is_taken() {
  fixture f;
  auto e = f.x * f.y;
  tensor t = f.x + f.y;
  tensor u = std::move(e);
  return f.recorded() == " add mul" && !f.g.failed() && u.valid() && t.valid();
}
constexpr bool a_name_taken_meanwhile_is_out_of_order() {
  fixture f;
  auto e = f.x + f.y;
  tensor t = f.x + 1;
  tensor u = std::move(e);
  return f.refused(errc::expression_out_of_order, "add") && t.valid() && !u.valid();
}
constexpr bool a_name_taken_before_is_in_order() {
  fixture f;
  tensor t = f.x + 1;
  auto e = f.x + f.y;
  tensor other = f.x * 2;
  tensor u = std::move(e);
  return u.name() == "add_1:0" && t.valid() && other.valid();
}
constexpr bool an_inner_name_taken_meanwhile_is_out_of_order() {
  fixture f;
  auto e = relu(square(f.x));
  tensor t = square(f.y);
  tensor u = std::move(e);
  return f.refused(errc::expression_out_of_order, "Square") && t.valid() && !u.valid();
}
constexpr bool a_name_taken_in_another_scope_is_in_order() {
  fixture f;
  auto e = f.x + f.y;
  {
    name_scope scope{f.g, "other"};
    tensor t = f.x + 1;
    if (t.name() != "other/add:0") return false;
  }
  tensor u = std::move(e);
  return u.name() == "add:0";
}
constexpr bool variables_may_be_made_beside() {
  fixture f;
  tensor w = get_variable(f.g, "w", {3, 4});
  tensor t = matmul(f.x, w) + get_variable(f.g, "bias", {4});
  return t.name() == "add:0" && f.operand_of(t, 0) == "MatMul:0" && f.operand_of(t, 1) == "bias:0";
}
constexpr bool a_moved_from_operand_is_empty() {
  fixture f;
  auto e = f.x + f.y;
  tensor t = std::move(e);
  tensor u = f.x * std::move(e);
  return f.refused(errc::expression_empty, "add") && t.valid() && !u.valid();
}

// ---- graphs

constexpr bool operands_are_of_one_graph() {
  fixture f, other;
  tensor t = f.x + other.y;
  return f.refused(errc::wrong_graph, "y:0") && !other.g.failed() && !t.valid();
}
constexpr bool operands_within_are_of_one_graph() {
  fixture f, other;
  tensor t = f.x + relu(other.y);
  return f.g.failed() && f.g.error().code == errc::wrong_graph && !t.valid();
}
constexpr bool an_operand_is_of_some_graph() {
  fixture f;
  tensor t = matmul(f.x, tensor{});
  return f.refused(errc::empty_tensor, "MatMul") && !t.valid();
}
constexpr bool after_an_error_nothing_is_recorded() {
  fixture f;
  tensor bad = matmul(f.x, f.y);
  int const size = f.size();
  tensor t = f.x + bad;
  return f.refused(errc::op_shape, "MatMul") && f.size() == size && !t.valid();
}

// ---- state

constexpr bool state_ops_record_at_once() {
  fixture f;
  tensor v = get_variable(f.g, "v", {2, 3});
  assign(v, f.x + f.y);
  assign_add(v, f.x, "more");
  return f.recorded() == " v add Assign more";
}
constexpr bool a_state_op_is_a_value() {
  fixture f;
  tensor v = get_variable(f.g, "v", {2, 3});
  tensor t = assign_add(v, f.x) * 2;
  return f.operand_of(t, 0) == "AssignAdd:0" && t.shape() == shape{2, 3};
}
constexpr bool only_variables_are_assigned_to() {
  fixture f;
  tensor t = assign(f.x, f.y);
  return f.refused(errc::not_a_variable, "x:0") && !t.valid();
}
constexpr bool the_shape_of_a_variable_stays() {
  fixture f;
  tensor v = get_variable(f.g, "v", {3});
  tensor t = assign(v, f.x);
  return f.refused(errc::op_shape, "Assign") && !t.valid();
}
constexpr bool the_dtype_of_a_variable_stays() {
  fixture f;
  tensor v = get_variable(f.g, "v", {2, 3}, {.dtype = dtype::f64});
  tensor t = assign(v, f.x);
  return f.refused(errc::op_dtype, "Assign") && !t.valid();
}

}  // namespace expressions
