// SPDX-License-Identifier: BSL-1.0
// What a graph begins with: placeholders and constants.
#pragma once

#include <ambit/ops/expression.hpp>

namespace ambit {

namespace detail {

struct placeholder_op {
  static constexpr op_type const& type = op_types::placeholder;
};
struct constant_op {
  static constexpr op_type const& type = op_types::constant;
};
struct variable_op {
  static constexpr op_type const& type = op_types::variable;
};

/// An op without operands, named as SPEC 4.5 has it.
constexpr tensor source(graph& g, op_type const& type, name const& n, std::string_view default_name, shape const& s,
                        dtype d) {
  if (!g.begin()) return {g, -1};
  tables& t = tables_of(g);
  place const where = n.where();
  scope_name const opened = t.open(n.given() ? n : name(default_name, where.file, where.line));
  symbol const op_name = t.op_name_in(opened, where);
  int id = -1;
  if (op_name >= 0) {
    if (s.valid())
      id = t.add(type, op_name, s, d, where);
    else
      t.fail({errc::shape_invalid, t.symbols.to_text(op_name), {}, to_text(s), where, {}});
  }
  g.settle();
  return {g, id};
}

}  // namespace detail

/// An input of the model, given its value when it runs (tf.placeholder). Extents may be `dyn`.
constexpr tensor placeholder(graph& g, name n = {}, shape s = unknown_shape, dtype type = dtype::f32) {
  return detail::source(g, op_types::placeholder, n, "Placeholder", s, type);
}

/// A constant (tf.constant): a number, a vector `{1.f, 2.f}`, or `literal{{1.f, 2.f, 3.f, 4.f}, {2, 2}}`.
/// Errors: BAD_OP_NAME (the name is used up then), BAD_LITERAL where values and shape differ in number.
constexpr tensor constant(graph& g, literal value, name n = {}) {
  if (!g.begin()) return {g, -1};
  detail::tables& t = tables_of(g);
  name const wanted = n.given() ? n : name("Const", n.where().file, n.where().line);
  int id = -1;
  if (value.consistent()) {
    id = t.add_constant(value, wanted);
  } else {
    text size;
    size.append(value.size());
    t.fail({errc::bad_literal, text(wanted.stem()), to_text(value.shape()), std::move(size), n.where(), {}});
  }
  g.settle();
  return {g, id};
}

namespace op_types {
inline constexpr op_type no_op{.name = "NoOp", .has_output = false};
}
/// An op without inputs and output (tf.no_op).
constexpr tensor noop(graph& g, name n = {}) {
  return detail::source(g, op_types::no_op, n, "NoOp", unknown_shape, dtype::none);
}

}  // namespace ambit
