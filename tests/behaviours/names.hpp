// SPDX-License-Identifier: BSL-1.0
// Names of ops (SPEC 1, 2, 4).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool an_op_has_the_name_asked_for() {
  graph g;
  return constant(g, 1.f, "c").name() == "c:0";
}
constexpr bool a_taken_name_gets_the_first_free_suffix() {
  graph g;
  constant(g, 1.f, "c");
  return constant(g, 1.f, "c").name() == "c_1:0" && constant(g, 1.f, "c").name() == "c_2:0";
}
constexpr bool a_suffix_asked_for_is_skipped_later() {  // SPEC 1.2
  graph g;
  return constant(g, 1.f, "foo_2").name() == "foo_2:0" && constant(g, 1.f, "foo").name() == "foo:0" &&
         constant(g, 1.f, "foo").name() == "foo_1:0" && constant(g, 1.f, "foo").name() == "foo_3:0";
}
constexpr bool a_generated_name_counts_as_used() {  // SPEC 1.2
  graph g;
  return constant(g, 1.f, "foo").name() == "foo:0" && constant(g, 1.f, "foo").name() == "foo_1:0" &&
         constant(g, 1.f, "foo_1").name() == "foo_1_1:0";
}
constexpr bool names_compete_without_regard_to_case() {  // SPEC 1.2
  graph g;
  return constant(g, 1.f, "foo").name() == "foo:0" && constant(g, 1.f, "Foo").name() == "Foo_1:0" &&
         constant(g, 1.f, "FOO_1").name() == "FOO_1_1:0";
}
constexpr bool a_path_does_not_take_its_beginnings() {  // SPEC 1.3
  graph g;
  constant(g, 1.f, "a/b/c");
  get_variable(g, "foo/w", {2});
  name_scope a{g, "a"};
  bool const first = a.path() == "a/";
  a.close();
  variable_scope foo{g, "foo"};
  return first && g.current_name_scope() == "foo";
}
constexpr bool names_are_never_released() {  // SPEC 1.4
  graph g;
  { name_scope s{g, "s"}; }
  return constant(g, 1.f, "s").name() == "s_1:0";
}
constexpr bool a_name_that_is_looked_at_is_not_taken() {  // SPEC 1.5
  graph g;
  bool const free = next_name(g, "x") == "x" && next_name(g, "x") == "x";
  return free && g.unique_name("x") == "x" && next_name(g, "x") == "x_1" && g.unique_name("x") == "x_1";
}
constexpr bool a_name_may_have_an_index() {
  graph g;
  bool ok = true;
  for (int i = 0; i < 3; ++i) constant(g, 1.f, name{"layer_", i});
  ok = g.find("layer_0").valid() && g.find("layer_1").valid() && g.find("layer_2").valid();
  return ok && constant(g, 1.f, "layer_1").name() == "layer_1_1:0";
}
constexpr bool an_index_and_a_suffix_are_one_text() {
  graph g;
  constant(g, 1.f, "foo");
  constant(g, 1.f, "foo");
  return constant(g, 1.f, name{"foo_", 1}).name() == "foo_1_1:0";
}
constexpr bool ops_have_default_names() {  // SPEC 4.3
  graph g;
  tensor x = placeholder(g, {}, {2, 2});
  tensor c = constant(g, 1.f);
  tensor m = matmul(x, x);
  tensor i = identity(x);
  tensor r = relu(x);
  tensor l = l2_loss(x);
  tensor n = negative(x);
  return x.name() == "Placeholder:0" && c.name() == "Const:0" && m.name() == "MatMul:0" && i.name() == "Identity:0" &&
         r.name() == "Relu:0" && l.name() == "L2Loss:0" && n.name() == "Neg:0";
}
constexpr bool operators_have_lower_case_names() {  // SPEC 4.3
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor sum = x + x;
  tensor difference = x - x;
  tensor product = x * x;
  return sum.name() == "add:0" && difference.name() == "sub:0" && product.name() == "mul:0";
}
constexpr bool operator_and_function_compete() {  // SPEC 4.3
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor a = add(x, x);
  tensor b = x + x;
  tensor c = add(x, x);
  return a.name() == "Add:0" && b.name() == "add_1:0" && c.name() == "Add_2:0";
}
constexpr bool a_number_becomes_a_constant_below_its_op() {  // SPEC 4.6
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor a = add(1, x, "a");
  tensor b = multiply(x, 2, "b");
  return a.name() == "a:0" && g.find("a/x").op() == "Const" && !g.find("a/y").valid() && b.name() == "b:0" &&
         g.find("b/y").dtype() == dtype::f32;
}
constexpr bool an_op_without_output_has_no_colon() {  // SPEC 4.1
  graph g;
  return noop(g).name() == "NoOp" && noop(g, "init").name() == "init";
}
constexpr bool an_absolute_name_is_used_as_it_is() {  // SPEC 4.2
  graph g;
  tensor x = placeholder(g, "x", {2});
  name_scope s{g, "s"};
  tensor y = identity(x, "y/");
  tensor c = constant(g, 1.f, "c/");
  return y.name() == "y:0" && c.name() == "c:0";
}
constexpr bool an_absolute_name_of_an_op_is_refused() {  // SPEC 4.2
  graph g{on_error::keep};
  constant(g, 1.f, "c");
  constant(g, 1.f, "c/");
  return refused(g, errc::duplicate_node, "c");
}
constexpr bool an_absolute_name_is_not_taken() {  // SPEC 4.2
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2});
  tensor y = identity(x, "y/");
  tensor z = identity(x, "y");  // takes the unmarked name and meets the op
  return y.valid() && !z.valid() && refused(g, errc::duplicate_node, "y");
}
constexpr bool a_scope_gives_its_name_to_an_op() {  // SPEC 4.2
  graph g;
  tensor x = placeholder(g, "x", {2});
  name_scope bar{g, "bar"};
  tensor y = identity(x, name(bar.path()));
  return y.name() == "bar:0";
}
constexpr bool a_bad_constant_name_is_used_up() {  // SPEC 2.3, 4.5
  graph g{on_error::keep};
  name_scope n{g, "n"};
  constant(g, 1.f, "a b");
  return caught(g, errc::bad_op_name, "n/a b") && next_name(g, "a b") == "n/a b_1";
}
constexpr bool a_bad_name_of_another_op_is_not() {  // SPEC 4.5
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2});
  name_scope n{g, "n"};
  [[maybe_unused]] tensor y = identity(x, "a b");
  return caught(g, errc::bad_scope_name, "a b") && next_name(g, "a b") == "n/a b";
}
constexpr bool a_constant_without_letters_is_named_by_its_scope() {  // SPEC 4.5
  graph g{on_error::keep};
  constant(g, 1.f, "");
  bool const at_root = caught(g, errc::bad_op_name, "");
  name_scope n{g, "n"};
  return at_root && constant(g, 1.f, "").name() == "n/:0";
}
constexpr bool a_failed_op_has_used_its_name_up() {  // SPEC 4.7
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2, 3});
  tensor bad = matmul(x, x);
  bool const shapes = caught(g, errc::op_shape, "MatMul");
  tensor w = placeholder(g, "w", {3, 2});
  tensor good = matmul(x, w);
  return !bad.valid() && shapes && good.name() == "MatMul_1:0";
}
constexpr bool names_allow_dots_dashes_and_slashes() {  // SPEC 2.1
  graph g;
  return constant(g, 1.f, "a.b-c_d/e").name() == "a.b-c_d/e:0" && constant(g, 1.f, ".x").name() == ".x:0" &&
         constant(g, 1.f, "9").name() == "9:0";
}
constexpr bool a_name_must_begin_well() {  // SPEC 2.1
  graph g{on_error::keep};
  constant(g, 1.f, "_x");
  bool const underscore = caught(g, errc::bad_op_name, "_x");
  constant(g, 1.f, "-x");
  return underscore && caught(g, errc::bad_op_name, "-x");
}
constexpr bool borrowed_text_is_copied() {
  graph g;
  char letters[] = "abc";
  constant(g, 1.f, name(letters));
  letters[0] = 'x';
  return g.find("abc").valid() && !g.find("xbc").valid();
}
constexpr bool an_expression_is_recorded_from_left_to_right() {
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor y = (relu(x) + relu(x)) * relu(x);
  tensor left = g.find("Relu");
  return y.name() == "mul:0" && left.id() + 1 == g.find("Relu_1").id() && left.id() + 2 == g.find("add").id() &&
         left.id() + 3 == g.find("Relu_2").id() && left.id() + 4 == y.id();
}
constexpr bool an_expression_lands_where_it_was_written() {
  graph g;
  tensor x = placeholder(g, "x", {2});
  auto written_inside = [&] {
    name_scope s{g, "s"};
    return relu(x) + x;
  };
  tensor y = written_inside();
  return y.name() == "s/add:0" && g.find("s/Relu").valid();
}
constexpr bool an_expression_that_lost_its_name_is_refused() {
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {2});
  auto late = relu(x);
  tensor first = relu(x);
  tensor second = std::move(late);
  return first.name() == "Relu:0" && !second.valid() && refused(g, errc::expression_out_of_order, "Relu", "Relu_1", "");
}
constexpr bool variables_may_come_between_an_expression_and_its_recording() {
  graph g;
  tensor x = placeholder(g, "x", {2, 2});
  auto product = matmul(x, x);
  tensor bias = get_variable(g, "bias", {2});
  tensor y = std::move(product) + bias;
  return y.name() == "add:0" && g.find("MatMul").valid();
}

}  // namespace behaviours
