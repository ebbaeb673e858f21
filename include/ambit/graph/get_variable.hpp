// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/variable.hpp>
#include <ambit/graph/variance_scaling.hpp>

#include <utility>

namespace ambit {

/// What get_variable can be told beside name and shape; the arguments of tf.get_variable. What is left open comes from
/// the current variable scope.
struct variable_options {
  ambit::dtype dtype = ambit::dtype::none;
  ambit::initializer initializer{};  ///< by dtype where neither call nor scope has one: Glorot uniform, zeros for integers
  ambit::regularizer regularizer{};
  option trainable{};
  collection_list collections{};  ///< [global_variables] where not given; trainable ones are added to theirs all the same
  device caching_device{};
  ambit::partitioner partitioner{};
  bool validate_shape = true;
  option use_resource{};
  ambit::custom_getter custom_getter{};  ///< replaces the chain of the scopes' getters
  ambit::constraint constraint{};
  ambit::synchronization synchronization = ambit::synchronization::automatic;
  ambit::aggregation aggregation = ambit::aggregation::none;
};

namespace detail {

constexpr failure about(tables const& t, errc code, lookup const& r, text want = {}, text have = {}, int made = -1) {
  place const first = made < 0 ? place{} : t.nodes[made].where;
  return {code, t.symbols.to_text(r.key), std::move(want), std::move(have), r.where, first};
}

constexpr bool same_dtype(dtype a, dtype b) { return a == b || a == dtype::none || b == dtype::none; }

/// SPEC 8.12: what initializes a variable where nobody says. `asked` is what the user asked for, `r` it or a part of it.
constexpr bool default_initializer(tables& t, lookup const& asked, lookup& r) {
  if (r.initializer.given()) return true;
  if (is_floating(r.dtype))
    r.initializer = glorot_uniform_object;
  else if (!is_complex(r.dtype))
    r.initializer = zeros_kind;
  else
    t.fail(about(t, errc::no_default_init, asked, to_string(r.dtype)));
  return r.initializer.given();
}

/// SPEC 8.12: creates a single variable, stores it and regularizes it.
constexpr int create_single(ambit::graph& g, lookup& r) {
  tables& t = tables_of(g);
  if (!default_initializer(t, r, r)) return -1;
  if (!r.initializer.constant()) {
    if (!r.shape.fully_defined() && r.initializer.kind()->needs_shape())
      return t.fail(about(t, errc::shape_unknown, r, {}, to_text(r.shape)));
  } else if (r.part.axis < 0) {
    r.dtype = dtype::none;  // the constant's own (SPEC 8.12)
  }
  r.use_resource = r.use_resource.or_else(t.use_resource);
  int const id = create_variable(g, r);
  if (id < 0) return -1;
  t.symbols[r.key].variable = id;
  if (!t.parts_stored) t.parts_stored = t.symbols.is_leaf(r.key, "part_0");
  if (r.regularizer.given()) {
    if (std::string_view const needed = r.regularizer.needed(); !needed.empty())
      return refuse_parameter(t, "regularizer", needed, r.key, r.where);
    symbol const scope_ = t.symbols.join(r.key, name("Regularizer"));
    if (!t.symbols[scope_].op_valid) return t.fail({errc::bad_scope_name, t.symbols.to_text(scope_) + "/", {}, {}, r.where, {}});
    saved_name_scope restore(t, {scope_, true});
    tensor const loss = r.regularizer.penalty(g, {g, id});
    if (t.failed) return -1;
    if (loss.valid() && loss.graph() != &g)
      return t.fail({errc::wrong_graph, loss.name(), "the variable that it regularizes", {}, r.where, {}});
    if (loss.valid()) t.collection(collections::regularization_losses).push_back(loss.id());
  }
  return id;
}

/// SPEC 8.10: finds or creates a single variable. The order of the checks is TensorFlow's.
constexpr int get_single(ambit::graph& g, lookup& r) {
  tables& t = tables_of(g);
  if (r.initializer.constant() && r.shape.known() && r.part.axis < 0)
    return t.fail(about(t, errc::const_init_with_shape, r));
  if (int const found = t.symbols[r.key].variable; found >= 0) {
    node const& n = t.nodes[found];
    if (r.reuse == reuse::no) return t.fail(about(t, errc::var_exists, r, {}, {}, found));
    bool const sliced = r.part.axis >= 0 && r.initializer.constant();  // asked for without a shape
    if (!sliced && !compatible(r.shape, n.shape))
      return t.fail(about(t, errc::shape_mismatch, r, to_text(r.shape), to_text(n.shape), found));
    if (!same_dtype(r.dtype, n.dtype))
      return t.fail(about(t, errc::dtype_mismatch, r, to_string(r.dtype), to_string(n.dtype), found));
    return found;
  }
  if (r.reuse == reuse::yes) return t.fail(about(t, errc::var_missing, r));
  return create_single(g, r);
}

constexpr text parts_text(list<int> const& parts) {
  text out{"["};
  for (int i = 0; i < parts.size(); ++i) {
    if (i > 0) out += ", ";
    out.append(parts[i]);
  }
  out += ']';
  return out;
}

/// SPEC 9.3: the parts for each axis, checked.
constexpr int divide_axes(tables& t, lookup const& r, list<int>& parts) {
  if (!r.shape.fully_defined()) return t.fail(about(t, errc::part_shape_unknown, r, {}, to_text(r.shape)));
  if (r.shape.rank() < 1) return t.fail(about(t, errc::part_scalar, r));
  partition p = r.partitioner(r.shape, r.dtype);
  parts = std::move(p.parts);
  auto refuse = [&](errc code) { return t.fail(about(t, code, r, to_text(r.shape), parts_text(parts))); };
  if (p.refused) return refuse(p.error);
  if (parts.size() != r.shape.rank()) return refuse(errc::partitioner_rank);
  int divided = 0;
  for (int n : parts) {
    if (n < 1) return refuse(errc::partitioner_zero);
    divided += n > 1 ? 1 : 0;
  }
  if (divided > 1) return refuse(errc::partitioner_multi_axis);
  return 0;
}

constexpr symbol part_key(tables& t, symbol key, int i) { return t.symbols.join(key, name("part_", i)); }

/// SPEC 9: finds or creates a partitioned variable. Its node is hidden: the variable as a whole, over its parts.
constexpr int get_partitioned(ambit::graph& g, lookup& r) {
  tables& t = tables_of(g);
  if (int const single = t.symbols[r.key].variable; single >= 0)
    return t.fail(about(t, errc::part_over_single, r, {}, {}, single));
  if (tensor const value = r.initializer.value_tensor(); value.valid()) {
    if (!compatible(r.shape, value.shape()))
      return t.fail(about(t, errc::part_shape_mismatch, r, to_text(r.shape), to_text(value.shape())));
    r.shape = merged(r.shape, value.shape());
  }
  list<int> parts;
  if (r.partitioner.given() && divide_axes(t, r, parts) < 0) return -1;
  if (int const found = t.symbols[r.key].partitioned; found >= 0) {
    node const& n = t.nodes[found];
    if (r.reuse == reuse::no) return t.fail(about(t, errc::part_exists, r, {}, {}, found));
    if (!compatible(r.shape, n.shape))
      return t.fail(about(t, errc::part_shape_mismatch, r, to_text(r.shape), to_text(n.shape), found));
    if (!same_dtype(r.dtype, n.dtype))
      return t.fail(about(t, errc::part_dtype_mismatch, r, to_string(r.dtype), to_string(n.dtype), found));
    list<int> existing;
    for (int i = 0; i < n.slots; ++i) existing.push_back(static_cast<int>(t.slots[n.first_slot + i]));
    if (!parts.empty() && !(parts == existing))
      return t.fail(about(t, errc::part_layout_mismatch, r, parts_text(parts), parts_text(existing), found));
    return found;
  }
  if (r.reuse == reuse::yes) return t.fail(about(t, errc::part_missing, r));

  int axis = 0;
  for (int i = 0; i < parts.size(); ++i)
    if (parts[i] > 1) axis = i;
  int const count = parts[axis];
  if (t.symbols[part_key(t, r.key, 0)].variable >= 0) {
    bool const last = t.symbols[part_key(t, r.key, count - 1)].variable >= 0;
    if (!last || t.symbols[part_key(t, r.key, count)].variable >= 0) {
      text wanted;
      wanted.append(count);
      return t.fail(about(t, errc::part_count_changed, r, std::move(wanted)));
    }
  }

  list<int> made;
  int offset = 0;
  dtype type = r.dtype;
  for (int i = 0; i < count; ++i) {
    int const extent = r.shape[axis] / count + (i < r.shape[axis] % count ? 1 : 0);
    if (offset >= r.shape[axis] || r.shape.elements() == 0)
      return t.fail(about(t, errc::part_offset_range, r, {}, to_text(r.shape)));
    lookup part = r;
    part.partitioner = {};
    part.key = part_key(t, r.key, i);
    part.shape.set(axis, extent);
    part.part = {axis, offset, r.shape[axis]};
    if (r.initializer.constant()) {
      if (r.initializer.value_tensor().valid()) part.dtype = type = r.initializer.dtype();
    }
    symbol const scope_ = t.symbols.join(part.key, name("PartitionedInitializer"));
    if (!t.symbols[scope_].op_valid) return t.fail(errc::bad_scope_name, scope_, r.where);
    t.unique(scope_, r.where);
    if (t.failed || !default_initializer(t, r, part)) return -1;
    int const id = get_single(g, part);
    if (id < 0) return -1;
    made.push_back(id);
    offset += extent;
  }
  int const first_input = t.inputs.size();
  int const first_slot = t.slots.size();
  for (int id : made) t.inputs.push_back(id);
  for (int n : parts) t.slots.push_back(static_cast<std::uint64_t>(n));
  int const whole = t.add(op_types::partitioned_variable, r.key, r.shape, type, r.where, first_input, first_slot);
  t.symbols[r.key].partitioned = whole;
  return whole;
}

/// SPEC 8.9: what every chain of custom getters ends in.
constexpr int true_getter(ambit::graph& g, lookup& r) {
  tables& t = tables_of(g);
  bool const scalar = r.shape.known() && r.shape.rank() == 0;
  if (r.partitioner.given() && !scalar) {
    if (!r.partitioner.callable()) return t.fail(about(t, errc::partitioner_not_callable, r));
    return get_partitioned(g, r);
  }
  if (!r.partitioner.given() && r.reuse == reuse::yes && t.symbols[r.key].partitioned >= 0) return get_partitioned(g, r);
  if (t.parts_stored)
    if (symbol const part = t.symbols.child(r.key, "part_0"); part >= 0 && t.symbols[part].variable >= 0)
      return t.fail(about(t, errc::single_over_part, r, {}, {}, t.symbols[part].variable));
  return get_single(g, r);
}

constexpr tensor next_getter::operator()(variable_request request) {
  tables& t = tables_of(*graph_);
  if (t.failed) return {*graph_, -1};
  if (link_ >= 0) {
    next_getter next(*graph_, t.getters[link_].outer);
    return t.getters[link_].getter.model()->call(next, std::move(request));
  }
  symbol const key = t.symbols.join(root_symbol, name(request.name));
  lookup r{std::move(request), key};
  int const id = true_getter(*graph_, r);
  graph_->settle();
  return {*graph_, id};
}

/// SPEC 8.1 to 8.8.
constexpr tensor get_variable(ambit::graph& g, name const& n, shape const& s, variable_options const& o) {
  tables& t = tables_of(g);
  scope_record const& from = t.scopes[t.scope];
  lookup r;
  r.regularizer = o.regularizer.given() ? o.regularizer : from.regularizer;
  r.caching_device = given(o.caching_device) ? o.caching_device : from.caching_device;
  r.partitioner = o.partitioner.given() ? o.partitioner : from.partitioner;
  r.use_resource = o.use_resource.or_else(from.use_resource);
  r.reuse = from.reuse;
  r.key = t.symbols.join(from.name, n.given() ? n : name("", n.where().file, n.where().line));
  r.where = n.where();
  r.shape = s;
  saved_name_scope restore(t, {});
  if (!s.valid()) {
    return {g, t.fail(about(t, errc::shape_invalid, r, {}, to_text(s)))};
  }
  if (o.dtype != dtype::none && o.initializer.constant()) {
    if (o.initializer.value() != nullptr) t.add_constant(*o.initializer.value(), name("Const", n.where().file, n.where().line));
    if (o.initializer.dtype() != o.dtype)
      t.fail(about(t, errc::init_dtype_conflict, r, to_string(o.dtype), to_string(o.initializer.dtype())));
    if (t.failed) return {g, -1};
  }
  if (o.initializer.given())
    r.initializer = o.initializer;
  else if (from.initializer >= 0)
    r.initializer = t.initializers[from.initializer];
  r.constraint = o.constraint.given() ? o.constraint : from.constraint;
  r.dtype = o.dtype != dtype::none ? o.dtype : from.dtype;
  r.validate_shape = o.validate_shape;
  r.synchronization = o.synchronization;
  r.aggregation = o.aggregation;
  r.trainable = o.trainable.or_else(o.synchronization != synchronization::on_read);
  r.collections = o.collections;

  int getter = from.getter;
  if (o.custom_getter.given()) {
    getter = t.getters.size();
    t.getters.push_back({o.custom_getter, -1});
  }
  if (getter >= 0) {
    r.name = t.symbols.to_text(r.key);
    next_getter chain(g, getter);
    return chain(static_cast<variable_request&&>(r));
  }
  int const id = true_getter(g, r);
  return {g, id};
}

}  // namespace detail

/// Finds or creates a variable: tf.get_variable. Its key is the current variable scope's name, a slash, and `n`; the name
/// scope has no influence. Whether it must be new, must exist, or either, is the scope's `reuse` (SPEC 8).
///
/// Without a shape the initializer or the existing variable must have one. Returns the variable; a partitioned one as a
/// whole; what the custom getter answers where there is one. Constant time.
/// Errors in this order: INIT_DTYPE_CONFLICT, CONST_INIT_WITH_SHAPE, VAR_EXISTS, SHAPE_MISMATCH, DTYPE_MISMATCH,
/// VAR_MISSING, NO_DEFAULT_INIT, SHAPE_UNKNOWN, BAD_SCOPE_NAME, INIT_FLOAT_ONLY, INIT_SHAPE, BAD_PARAMETER; PART_* and
/// PARTITIONER_* where a partitioner is in force.
constexpr tensor get_variable(graph& g, name n, shape s, variable_options const& o = {}) {
  if (!g.begin()) return {g, -1};
  tensor const result = detail::get_variable(g, n, s, o);
  g.settle();
  return result;
}
constexpr tensor get_variable(graph& g, name n, variable_options const& o = {}) {
  return get_variable(g, n, unknown_shape, o);
}

/// The same for a variable that is neither trainable nor saved: it goes to the collection `local_variables` instead of
/// the global ones (SPEC 13). Reuse is shared with get_variable.
constexpr tensor get_local_variable(graph& g, name n, shape s, variable_options o = {}) {
  o.trainable = false;
  o.collections.add(collections::local_variables);
  return get_variable(g, n, s, o);
}
constexpr tensor get_local_variable(graph& g, name n, variable_options const& o = {}) {
  return get_local_variable(g, n, unknown_shape, o);
}

}  // namespace ambit
