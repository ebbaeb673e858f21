// SPDX-License-Identifier: BSL-1.0
// get_variable in the order of its checks, and variable (SPEC 8, 10, 12, 13).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool a_variable_is_float_and_glorot_by_default() {  // SPEC 8.12
  graph g;
  tensor v = get_variable(g, "v", {2, 3});
  return v.dtype() == dtype::f32 && v.shape() == shape{2, 3} && v.is_variable() &&
         g.variable(v).initializer.kind()->id() == "glorot_uniform" && g.variable(v).trainable;
}
constexpr bool an_integer_variable_begins_with_zeros() {  // SPEC 8.12
  graph g;
  tensor v = get_variable(g, "v", {2}, {.dtype = dtype::i32});
  return v.dtype() == dtype::i32 && g.variable(v).initializer.kind()->id() == "zeros";
}
constexpr bool a_complex_variable_needs_an_initializer() {  // SPEC 8.12
  graph g{on_error::keep};
  get_variable(g, "v", {2}, {.dtype = dtype::c64});
  return caught(g, errc::no_default_init, "v", "complex64", "") && get_variable(g, "v", {2}).name() == "v:0";
}
constexpr bool a_constant_gives_dtype_and_shape() {  // SPEC 8.12
  graph g;
  variable_scope s{g, "s", {.dtype = dtype::f64}};
  tensor v = get_variable(g, "v", {.initializer = 5});
  tensor w = get_variable(g, "w", {.initializer = literal{1.f, 2.f}});
  return v.dtype() == dtype::i32 && v.shape() == shape{} && w.dtype() == dtype::f32 && w.shape() == shape{2};
}
constexpr bool a_constant_excludes_a_shape() {  // SPEC 8.10a
  graph g{on_error::keep};
  get_variable(g, "v", {2}, {.initializer = 5});
  bool const vector = caught(g, errc::const_init_with_shape, "v");
  get_variable(g, "v", shape{}, {.initializer = 5});
  return vector && caught(g, errc::const_init_with_shape, "v") && next_name(g, "v") == "v";
}
constexpr bool a_constant_with_a_shape_is_refused_before_the_lookup() {  // SPEC 8.10a
  graph g{on_error::keep};
  get_variable(g, "v", {2});
  get_variable(g, "v", {3}, {.initializer = 5});
  return refused(g, errc::const_init_with_shape, "v");
}
constexpr bool a_scopes_constant_excludes_a_shape_too() {  // SPEC 8.10a
  graph g{on_error::keep};
  variable_scope s{g, "s", {.initializer = 5}};
  get_variable(g, "v", {2});
  return refused(g, errc::const_init_with_shape, "s/v");
}
constexpr bool a_constant_of_another_dtype_leaves_an_op_behind() {  // SPEC 8.4, 18.3
  graph g{on_error::keep};
  variable_scope s{g, "s"};
  get_variable(g, "v", {.dtype = dtype::f32, .initializer = 5});
  return caught(g, errc::init_dtype_conflict, "s/v", "float32", "int32") && g.find("Const").valid() &&
         next_name(g, "v") == "s/v";
}
constexpr bool a_constant_of_the_dtype_leaves_an_op_behind_too() {  // SPEC 8.4
  graph g;
  tensor v = get_variable(g, "v", {.dtype = dtype::i32, .initializer = 5});
  return v.name() == "v:0" && g.find("Const").valid();
}
constexpr bool a_dtype_conflict_comes_before_the_lookup() {  // SPEC 8.4
  graph g{on_error::keep};
  get_variable(g, "v", {2});
  get_variable(g, "v", {.dtype = dtype::f32, .initializer = 5});
  return refused(g, errc::init_dtype_conflict, "v");
}
constexpr bool existence_is_checked_before_the_shape() {  // SPEC 8.10b
  graph g{on_error::keep};
  get_variable(g, "v", {2});
  get_variable(g, "v", {3}, {.dtype = dtype::i32});
  return refused(g, errc::var_exists, "v");
}
constexpr bool the_shape_is_checked_before_the_dtype() {  // SPEC 8.10b
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {2, 3});
  get_variable(g, "v", {3, 2}, {.dtype = dtype::i32});
  return refused(g, errc::shape_mismatch, "s/v", "(3, 2)", "(2, 3)");
}
constexpr bool a_scalar_is_not_a_vector() {  // SPEC 8.10b
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {2});
  get_variable(g, "v", shape{});
  return refused(g, errc::shape_mismatch, "s/v", "()", "(2,)");
}
constexpr bool an_open_extent_fits() {  // SPEC 8.10b
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  tensor v = get_variable(g, "v", {2, 3});
  bool const fits = get_variable(g, "v", {dyn, 3}) == v;
  get_variable(g, "v", {dyn, 4});
  return fits && refused(g, errc::shape_mismatch, "s/v", "(?, 4)", "(2, 3)");
}
constexpr bool another_dtype_is_refused() {  // SPEC 8.10b
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {2});
  get_variable(g, "v", {2}, {.dtype = dtype::f64});
  return refused(g, errc::dtype_mismatch, "s/v", "float64", "float32");
}
constexpr bool the_default_dtype_counts_when_reusing() {  // SPEC 8.10b
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {.initializer = 5});
  get_variable(g, "v");
  return refused(g, errc::dtype_mismatch, "s/v", "float32", "int32");
}
constexpr bool reusing_changes_nothing() {  // SPEC 8.10b
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  tensor v = get_variable(g, "v", {2}, {.initializer = zeros_initializer()});
  get_variable(
      g, "v", {2},
      {.initializer = ones_initializer(), .regularizer = l2(0.5), .trainable = false, .collections = {"mine"}});
  return g.variable(v).initializer.kind()->id() == "zeros" && g.variable(v).trainable &&
         g.get_collection("mine").empty() && g.get_collection(collections::regularization_losses).empty();
}
constexpr bool a_new_variable_needs_a_full_shape() {  // SPEC 8.12, 18.3
  graph g{on_error::keep};
  get_variable(g, "v");
  bool const none = caught(g, errc::shape_unknown, "v");
  get_variable(g, "v", {dyn, 2});
  return none && caught(g, errc::shape_unknown, "v") && get_variable(g, "v", {2}).name() == "v:0";
}
constexpr bool a_random_initializer_uses_the_name_up() {  // SPEC 17, 12.8
  graph g{on_error::keep};
  get_variable(g, "v", {2}, {.dtype = dtype::i32, .initializer = random_normal()});
  bool const refused_dtype = caught(g, errc::init_float_only, "v");
  tensor retry = get_variable(g, "v", {2}, {.dtype = dtype::i32});
  return refused_dtype && retry.name() == "v_1:0" && g.find_variable("v") == retry;
}
constexpr bool a_bad_variable_name_is_told_in_full() {  // SPEC 17
  graph g{on_error::keep};
  variable_scope s{g, "s"};
  get_variable(g, "a b", {2});
  return refused(g, errc::bad_scope_name, "s/a b");
}
constexpr bool a_variable_of_ones_own_is_never_shared() {  // SPEC 12.2
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  return variable(g, 1.f, "v").name() == "s/v:0" && variable(g, 1.f, "v").name() == "s/v_1:0";
}
constexpr bool a_variable_is_called_Variable() {  // SPEC 12.2
  graph g;
  return variable(g, 1.f).name() == "Variable:0" && variable(g, 1.f).name() == "Variable_1:0";
}
constexpr bool name_scopes_prefix_a_variable_of_ones_own() {  // SPEC 12.2
  graph g;
  { variable_scope foo{g, "foo"}; }
  variable_scope foo{g, "foo"};
  name_scope n{g, "n"};
  return variable(g, 1.f, "v").name() == "foo_1/n/v:0";
}
constexpr bool a_variable_needs_an_initial_value() {  // SPEC 12.1
  graph g{on_error::keep};
  variable(g, {}, "v");
  return caught(g, errc::no_initial_value, "v") && variable(g, 1.f, "v").name() == "v:0";
}
constexpr bool an_initial_value_needs_a_shape() {  // SPEC 12.7
  graph g{on_error::keep};
  tensor x = placeholder(g, "x", {dyn, 2});
  variable(g, x, "v");
  bool const open = caught(g, errc::init_shape_unknown, "v", "", "(?, 2)");
  return open && variable(g, x, "w", {.validate_shape = false}).shape() == shape{dyn, 2};
}
constexpr bool a_local_variable_is_neither_global_nor_trainable() {  // SPEC 13.1
  graph g;
  tensor v = get_local_variable(g, "v", {2}, {.trainable = true});
  return !g.variable(v).trainable && g.global_variables().empty() && g.trainable_variables().empty() &&
         names_of(g.local_variables()) == " v:0";
}
constexpr bool local_variables_share_the_store() {  // SPEC 13.1
  graph g{on_error::keep};
  tensor v = get_local_variable(g, "v", {2});
  bool shared = false;
  {
    variable_scope root{g, absolute{""}, {.reuse = reuse::yes}};
    shared = get_variable(g, "v", {2}) == v;
  }
  get_variable(g, "v", {2});
  return shared && refused(g, errc::var_exists, "v");
}
constexpr bool a_variable_synchronised_on_read_is_not_trained() {  // SPEC 8.7
  graph g;
  tensor v = get_variable(g, "v", {2}, {.synchronization = synchronization::on_read});
  return !g.variable(v).trainable && g.trainable_variables().empty() && names_of(g.global_variables()) == " v:0";
}
constexpr bool a_regularizer_records_its_loss_below_the_key() {  // SPEC 10.1, 10.2
  graph g;
  variable_scope s{g, "s", {.regularizer = l2(0.5)}};
  get_variable(g, "v", {2});
  return names_of(g.get_collection(collections::regularization_losses)) == " s/v/Regularizer/l2_regularizer:0" &&
         g.find("s/v/Regularizer/l2_regularizer/L2Loss").valid();
}
constexpr bool a_regularizer_acts_once() {  // SPEC 10.1
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic, .regularizer = l2(0.5)}};
  get_variable(g, "v", {2});
  get_variable(g, "v", {2});
  get_local_variable(g, "w", {2});  // SPEC 10.3
  variable(g, 1.f, "u");            // SPEC 10.3
  return g.get_collection(collections::regularization_losses).size() == 2;
}
constexpr bool no_regularizer_stops_inheritance() {  // SPEC 10.2
  graph g;
  variable_scope s{g, "s", {.regularizer = l2(0.5)}};
  get_variable(g, "v", {2}, {.regularizer = no_regularizer()});
  variable_scope inner{g, "inner", {.regularizer = no_regularizer()}};
  get_variable(g, "v", {2});
  return g.get_collection(collections::regularization_losses).empty();
}
constexpr bool a_shape_must_be_one() {
  graph g{on_error::keep};
  get_variable(g, "v", {2, -3});
  return refused(g, errc::shape_invalid, "v");
}

}  // namespace behaviours
