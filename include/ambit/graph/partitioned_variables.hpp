// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/axes.hpp>
#include <ambit/graph/get_variable.hpp>
#include <ambit/graph/variable_scope.hpp>

namespace ambit {

/// The optional arguments of tf.create_partitioned_variables.
struct partitioned_variables_options {
  ambit::dtype dtype = ambit::dtype::f32;
  ambit::initializer initializer{};
  option trainable{};
  collection_list collections{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {
constexpr partition as_given(shape const&, dtype, partitioner_parameters const& p) {
  partition out;
  for (std::int64_t i = 1; i <= p[0]; ++i) out.parts.push_back(static_cast<int>(p[i]));
  return out;
}
}  // namespace detail

/// A partitioned variable whose key is a variable scope of its own, by default "PartitionedVariable" made unique, and
/// whose parts are returned: tf.create_partitioned_variables (SPEC 9.11). `slicing` has a number of parts for each axis,
/// at most 7. Errors: PARTITIONER_RANK and the other PART_* ones; PART_WITH_GETTER under a custom getter.
constexpr list<tensor> create_partitioned_variables(graph& g, shape s, axes slicing, name n = {},
                                                    partitioned_variables_options const& o = {}) {
  variable_scope_options scope_options;
  scope_options.default_name = "PartitionedVariable";
  scope_options.reuse = o.reuse;
  variable_scope entered{g, n, scope_options};
  detail::tables& t = tables_of(g);
  detail::scope_record const& from = t.scopes[t.scope];
  detail::lookup r;
  r.key = from.name;
  r.where = n.where();
  r.shape = s;
  r.dtype = o.dtype;
  r.initializer = o.initializer;
  if (!r.initializer.given() && from.initializer >= 0) r.initializer = t.initializers[from.initializer];
  r.regularizer = from.regularizer;
  r.reuse = from.reuse;
  r.trainable = o.trainable;
  r.collections = o.collections;
  r.caching_device = from.caching_device;
  r.use_resource = from.use_resource;
  r.constraint = from.constraint;
  r.partitioner = partitioner(&detail::as_given, {slicing.size(), slicing[0], slicing[1], slicing[2], slicing[3],
                                                  slicing[4], slicing[5], slicing[6]});
  list<tensor> parts;
  int count = 1;
  for (int i = 0; i < slicing.size(); ++i) count *= slicing[i];
  {
    detail::saved_name_scope at_root(t, {});
    if (from.getter >= 0 && g.begin()) t.fail(detail::about(t, errc::part_with_getter, r));
    if (int const whole = g.begin() ? detail::get_partitioned(g, r) : -1; whole >= 0) parts = tensor{g, whole}.parts();
  }
  g.settle();
  if (t.failed)
    for (int i = parts.size(); i < count; ++i) parts.push_back({g, -1});  // callers go on where errors are kept
  return parts;
}

}  // namespace ambit
