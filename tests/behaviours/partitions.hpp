// SPDX-License-Identifier: BSL-1.0
// Partitioned variables (SPEC 8.9, 9).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr partition two_axes(shape const&, dtype, partitioner_parameters const&) {
  partition p;
  p.parts = {2, 2};
  return p;
}
constexpr partition no_parts(shape const&, dtype, partitioner_parameters const&) {
  partition p;
  p.parts = {0, 1};
  return p;
}
/// As many parts as its parameter says, along the first axis, even where that is shorter.
constexpr partition as_told(shape const& s, dtype, partitioner_parameters const& p) {
  return detail::divide(s, 0, p[0]);
}

constexpr bool a_partitioned_variable_has_parts() {  // SPEC 9.7, 9.8, 9.9
  graph g;
  tensor v = get_variable(g, "v", {5, 2}, {.partitioner = fixed_size_partitioner(3)});
  list<tensor> const parts = v.parts();
  return v.is_partitioned() && v.name() == "v" && v.shape() == shape{5, 2} && v.dtype() == dtype::f32 &&
         names_of(parts) == " v/part_0:0 v/part_1:0 v/part_2:0" && parts[0].shape() == shape{2, 2} &&
         parts[1].shape() == shape{2, 2} && parts[2].shape() == shape{1, 2};
}
constexpr bool the_divided_axis_need_not_be_the_first() {  // SPEC 9.7
  graph g;
  tensor v = get_variable(g, "v", {5, 4}, {.partitioner = fixed_size_partitioner(2, 1)});
  return v.parts()[0].shape() == shape{5, 2} && v.parts()[1].shape() == shape{5, 2};
}
constexpr bool one_part_is_a_part() {  // SPEC 9.9
  graph g;
  tensor v = get_variable(g, "v", {5}, {.partitioner = fixed_size_partitioner(1)});
  return names_of(v.parts()) == " v/part_0:0";
}
constexpr bool a_scalar_ignores_the_partitioner() {  // SPEC 8.9a
  graph g;
  tensor v =
      get_variable(g, "v", shape{}, {.initializer = zeros_initializer(), .partitioner = fixed_size_partitioner(2)});
  return !v.is_partitioned() && v.name() == "v:0";
}
constexpr bool parts_are_collected_the_whole_is_not() {  // SPEC 9.8, 9.9
  graph g;
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  return names_of(g.global_variables()) == " v/part_0:0 v/part_1:0" &&
         names_of(g.trainable_variables()) == " v/part_0:0 v/part_1:0";
}
constexpr bool each_part_is_regularized() {  // SPEC 9.8, 10.1
  graph g;
  get_variable(g, "v", {4}, {.regularizer = l2(0.5), .partitioner = fixed_size_partitioner(2)});
  return names_of(g.get_collection(collections::regularization_losses)) ==
         " v/part_0/Regularizer/l2_regularizer:0 v/part_1/Regularizer/l2_regularizer:0";
}
constexpr bool a_partitioned_variable_is_shared_as_a_whole() {  // SPEC 9.4
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  tensor v = get_variable(g, "v", {4});
  return get_variable(g, "v", {4}) == v && g.global_variables().size() == 2;
}
constexpr bool reuse_needs_no_partitioner() {  // SPEC 8.9b
  graph g;
  tensor v;
  {
    variable_scope s{g, "s"};
    v = get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  }
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  return get_variable(g, "v", {4}) == v;
}
constexpr bool automatic_reuse_needs_the_partitioner() {  // SPEC 8.9c, 23.14
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  get_variable(g, "v", {4});
  return refused(g, errc::single_over_part, "s/v");
}
constexpr bool a_part_can_be_fetched() {  // SPEC 9.9
  graph g;
  tensor v = get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  variable_scope inside{g, "v", {.reuse = reuse::yes}};
  return get_variable(g, "part_1", {2}) == v.parts()[1];
}
constexpr bool a_partitioned_variable_is_made_once() {  // SPEC 9.4
  graph g{on_error::keep};
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  return refused(g, errc::part_exists, "v");
}
constexpr bool a_single_variable_is_not_partitioned_later() {  // SPEC 9.1
  graph g{on_error::keep};
  get_variable(g, "v", {4});
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  return refused(g, errc::part_over_single, "v");
}
constexpr bool a_partitioned_variable_must_exist_to_be_reused() {  // SPEC 9.5
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  return refused(g, errc::part_missing, "s/v");
}
constexpr bool a_shared_partitioned_variable_must_agree() {  // SPEC 9.4
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic, .partitioner = fixed_size_partitioner(2)}};
  get_variable(g, "v", {4});
  get_variable(g, "v", {6});
  bool const shape_differs = caught(g, errc::part_shape_mismatch, "s/v", "(6,)", "(4,)");
  get_variable(g, "v", {4}, {.dtype = dtype::f64});
  bool const dtype_differs = caught(g, errc::part_dtype_mismatch, "s/v", "float64", "float32");
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(4)});
  return shape_differs && dtype_differs && caught(g, errc::part_layout_mismatch, "s/v", "[4]", "[2]");
}
constexpr bool a_partition_needs_a_full_shape() {  // SPEC 9.3
  graph g{on_error::keep};
  get_variable(g, "v", {.partitioner = fixed_size_partitioner(2)});
  bool const none = caught(g, errc::part_shape_unknown, "v");
  get_variable(g, "v", {dyn, 2}, {.partitioner = fixed_size_partitioner(2)});
  return none && caught(g, errc::part_shape_unknown, "v", "", "(?, 2)");
}
constexpr bool a_partition_divides_one_axis() {  // SPEC 9.3
  graph g{on_error::keep};
  get_variable(g, "v", {4, 4}, {.partitioner = &two_axes});
  bool const both = caught(g, errc::partitioner_multi_axis, "v", "(4, 4)", "[2, 2]");
  get_variable(g, "v", {4, 4, 4}, {.partitioner = &two_axes});
  bool const rank = caught(g, errc::partitioner_rank, "v", "(4, 4, 4)", "[2, 2]");
  get_variable(g, "v", {4, 4}, {.partitioner = &no_parts});
  return both && rank && caught(g, errc::partitioner_zero, "v", "(4, 4)", "[0, 1]");
}
constexpr bool the_partition_is_checked_before_the_lookup() {  // SPEC 9.3
  graph g{on_error::keep};
  get_variable(g, "v", {4, 4}, {.partitioner = fixed_size_partitioner(2)});
  get_variable(g, "v", {4, 4}, {.partitioner = &two_axes});
  return refused(g, errc::partitioner_multi_axis, "v");
}
constexpr bool more_parts_than_elements_leave_parts_behind() {  // SPEC 9.7
  graph g{on_error::keep};
  partitioner const three{&as_told, {3}};
  get_variable(g, "v", {2}, {.partitioner = three});
  bool const range = caught(g, errc::part_offset_range, "v");
  bool const remain = names_of(g.global_variables()) == " v/part_0:0 v/part_1:0" && !g.find_variable("v").valid();
  get_variable(g, "v", {2}, {.partitioner = fixed_size_partitioner(2)});
  return range && remain && refused(g, errc::var_exists, "v/part_0");
}
constexpr bool parts_of_another_count_are_refused() {  // SPEC 9.6
  graph g{on_error::keep};
  {
    variable_scope v{g, "v"};
    get_variable(g, "part_0", {2});
  }
  get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  return refused(g, errc::part_count_changed, "v");
}
constexpr bool a_constant_is_cut_into_parts() {  // SPEC 9.8
  graph g;
  tensor v =
      get_variable(g, "v", {3}, {.initializer = literal{1.f, 2.f, 3.f}, .partitioner = fixed_size_partitioner(2)});
  list<tensor> const parts = v.parts();
  return parts[0].shape() == shape{2} && parts[1].shape() == shape{1} && g.variable(parts[1]).part.offset == 2;
}
constexpr bool a_partitioned_variable_is_joined_where_it_is_used() {  // SPEC 9.9
  graph g;
  tensor v = get_variable(g, "v", {4}, {.partitioner = fixed_size_partitioner(2)});
  tensor y = relu(v);
  tensor z = tanh(v);
  return y.shape() == shape{4} && g.find("v/ConcatPartitions/concat").op() == "ConcatV2" &&
         g.find("v").op() == "Identity" && g.find("v/ConcatPartitions/concat_1").valid() && g.find("v_1").valid() &&
         z.name() == "Tanh:0";
}
constexpr bool fixed_size_makes_no_more_parts_than_elements() {  // SPEC 9.12
  shape const s{3, 8};
  return fixed_size_partitioner(5)(s, dtype::f32).parts == list<int>{3, 1} &&
         fixed_size_partitioner(4, 1)(s, dtype::f32).parts == list<int>{1, 4};
}
constexpr bool axis_size_keeps_parts_small() {  // SPEC 9.12
  shape const s{8, 4};                                 // a slice of axis 0 is 16 bytes
  return variable_axis_size_partitioner(48)(s, dtype::f32).parts == list<int>{3, 1} &&
         variable_axis_size_partitioner(48, 0, 2)(s, dtype::f32).parts == list<int>{2, 1} &&
         variable_axis_size_partitioner(1)(s, dtype::f32).parts == list<int>{8, 1};
}
constexpr bool min_max_keeps_parts_large() {  // SPEC 9.12
  shape const s{8, 4};                               // 128 bytes
  return min_max_variable_partitioner(8, 0, 64)(s, dtype::f32).parts == list<int>{2, 1} &&
         min_max_variable_partitioner(2, 0, 16)(s, dtype::f32).parts == list<int>{2, 1} &&
         min_max_variable_partitioner(8)(s, dtype::f32).parts == list<int>{1, 1};
}

}  // namespace behaviours
