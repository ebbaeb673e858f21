// SPDX-License-Identifier: BSL-1.0
// The registry of a graph's variables, each rule written once as `constexpr bool` and run twice: asserted in
// tests/static/registry.cpp, run in tests/unit/registry.cpp.
#pragma once

#include "behaviours/support.hpp"
#include <ambit/graph/registry.hpp>

namespace registry {

using namespace ambit;
using behaviours::names_of;

/// Two layers whose names begin alike, a variable that is not stored, one that is not trainable, a table in two parts.
constexpr void build(graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  variable_scope model{g, "model"};
  for (int units : {1, 10}) {
    variable_scope layer{g, name{"fc", units}};
    tensor kernel = get_variable(g, "kernel", {4, units});
    tensor bias = get_variable(g, "bias", {units}, {.trainable = false});
    (void)tensor(matmul(x, kernel) + bias);
    variable_scope cell{g, "cell"};
    get_variable(g, "kernel", {2}, {.dtype = dtype::f64});
  }
  variable(g, literal(0), "step");
  get_variable(g, "table", {10, 4}, {.partitioner = fixed_size_partitioner(2)});
}

constexpr bool all_in_the_order_of_creation() {
  graph g;
  build(g);
  return names_of(variables(g)) ==
         " model/fc1/kernel:0 model/fc1/bias:0 model/fc1/cell/kernel:0 model/fc10/kernel:0 model/fc10/bias:0"
         " model/fc10/cell/kernel:0 model/step:0 model/table/part_0:0 model/table/part_1:0";
}
constexpr bool a_scope_ends_at_a_slash() {
  graph g;
  build(g);
  return names_of(variables(g, {.scope = "model/fc1"})) ==
             " model/fc1/kernel:0 model/fc1/bias:0 model/fc1/cell/kernel:0" &&
         names_of(variables(g, {.scope = "model/fc1/"})) == names_of(variables(g, {.scope = "model/fc1"})) &&
         names_of(variables(g, {.scope = "model/fc10/cell"})) == " model/fc10/cell/kernel:0";
}
constexpr bool a_scope_that_does_not_exist_is_empty() {
  graph g;
  build(g);
  return variables(g, {.scope = "model/fc"}).empty() && variables(g, {.scope = "fc1"}).empty() &&
         variables(g, {.scope = "model/fc1/kernel"}).empty() && variables(g, {.scope = "/"}).size() == 9 &&
         variables(g, {.scope = "Model"}).empty();
}
constexpr bool a_prefix_is_text() {
  graph g;
  build(g);
  return variables(g, {.prefix = "model/fc1"}).size() == 6 && variables(g, {.prefix = "model/fc1/"}).size() == 3 &&
         variables(g, {.prefix = "model/fc1/kernel"}).size() == 1 && variables(g, {.prefix = "fc1"}).empty();
}
constexpr bool a_collection_keeps_its_order() {
  graph g;
  build(g);
  for (char const* path : {"model/step", "model/fc1/bias", "model/step"}) g.add_to_collection("mine", g.find(path));
  g.add_to_collection("mine", g.find("x"));
  return names_of(variables(g, {.collection = "mine"})) == " model/step:0 model/fc1/bias:0" &&
         variables(g, {.collection = collections::trainable_variables}).size() == 7 &&
         variables(g, {.collection = "none"}).empty();
}
constexpr bool conditions_hold_together() {
  graph g;
  build(g);
  return names_of(variables(
             g, {.scope = "model", .prefix = "model/fc10", .collection = collections::trainable_variables})) ==
         " model/fc10/kernel:0 model/fc10/cell/kernel:0";
}
constexpr bool a_partitioned_variable_is_its_parts_or_one() {
  graph g;
  build(g);
  return names_of(variables(g, {.scope = "model/table"})) == " model/table/part_0:0 model/table/part_1:0" &&
         names_of(variables(g, {.prefix = "model/table", .whole = true})) == " model/table" &&
         variables(g, {.scope = "model/table", .whole = true}).empty() &&
         variables(g, {.collection = collections::trainable_variables, .whole = true}).size() == 6 &&
         count_variables(g, {.prefix = "model/table"}) == variable_totals{2, 40, 160, 0} &&
         count_variables(g, {.prefix = "model/table", .whole = true}) == variable_totals{1, 40, 160, 0};
}
constexpr bool elements_and_bytes_are_summed() {
  graph g;
  build(g);
  return count_variables(g, {.scope = "model/fc1"}) == variable_totals{3, 4 + 1 + 2, 4 * 5 + 8 * 2, 0} &&
         count_variables(g) == variable_totals{9, 7 + 52 + 1 + 40, 36 + 216 + 4 + 160, 0};
}
constexpr bool sums_do_not_overflow() {
  graph g;
  constexpr int large = 2'000'000'000;
  get_variable(g, "a", {large, large});
  get_variable(g, "b", {large, large, 4});
  variable(g, placeholder(g, "p", {dyn, 2}), "c", {.validate_shape = false});
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return count_variables(g) == variable_totals{3, most, most, 1};
}
constexpr bool a_graph_without_variables_has_none() {
  graph g;
  return variables(g).empty() && count_variables(g) == variable_totals{} && nearest_variables(g, "a").empty();
}
constexpr bool a_variable_is_found_by_op_and_by_key() {
  graph g;
  build(g);
  constant(g, 1.f, "w");
  tensor w = get_variable(g, "w", {2});  // its op is w_1
  return existing_variable(g, "model/step").name() == "model/step:0" && existing_variable(g, "w") == w &&
         existing_variable(g, "w_1:0") == w && existing_variable(g, "model/table").is_partitioned() &&
         existing_variable(g, "model/table/part_1").is_variable();
}
constexpr bool an_unknown_one_is_refused_with_the_nearest() {
  graph g{on_error::keep};
  build(g);
  tensor none = existing_variable(g, "model/fc1/kernal");
  bool const refused = behaviours::caught(g, errc::variable_unknown, "model/fc1/kernal", "",
                                          "model/fc1/kernel, model/fc10/kernel, model/fc1/bias");
  none = existing_variable(g, "x");  // an op, but no variable
  return refused && behaviours::caught(g, errc::variable_unknown, "x", "", "none") && !none.valid();
}
constexpr bool nearest_names_come_nearest_first() {
  graph g;
  build(g);
  list<text> const near = nearest_variables(g, "model/fc10/bios");
  return near.size() == 3 && near[0] == "model/fc10/bias" && near[1] == "model/fc1/bias" &&
         nearest_variables(g, "entirely/other").empty();
}

}  // namespace registry
