// SPDX-License-Identifier: BSL-1.0
#include "ops.hpp"

#include "values.hpp"

namespace conformance {
namespace {

using operand = std::variant<ambit::tensor, ambit::value_operand>;

operand read_operand(environment& e, word const& w, int line) {
  if (w.reference()) return e.tensor(w, line);
  return ambit::value(e.graph(), parse_literal(w, line));
}

ambit::tensor unary(std::string const& kind, operand const& a, ambit::name n) {
  return std::visit(
      [&](auto const& x) -> ambit::tensor {
        if (kind == "neg") return ambit::negative(x, n);
        if (kind == "identity") return ambit::identity(x, n);
        if (kind == "relu") return ambit::relu(x, n);
        return ambit::l2_loss(x, n);
      },
      a);
}

ambit::tensor binary(std::string const& kind, operand const& a, operand const& b, ambit::name n) {
  return std::visit(
      [&](auto const& x, auto const& y) -> ambit::tensor {
        if (kind == "plus") return x + y;
        if (kind == "minus") return x - y;
        if (kind == "times") return x * y;
        if (kind == "add") return ambit::add(x, y, n);
        if (kind == "sub") return ambit::subtract(x, y, n);
        if (kind == "mul") return ambit::multiply(x, y, n);
        return ambit::matmul(x, y, n);
      },
      a, b);
}

}  // namespace

ambit::tensor get_variable(environment& e, statement const& s) {
  ambit::variable_options o;
  o.dtype = environment::dtype(s.find("dtype"), s.line);
  o.initializer = e.initializer(s.find("initializer"), s.line);
  if (word const* const w = s.find("regularizer")) o.regularizer = e.tools.regularizer(*w, s.line);
  if (word const* const w = s.find("trainable")) o.trainable = parse_option(*w, s.line);
  o.collections = e.collections(s.find("collections"), s.line);
  o.caching_device = e.device(s.find("caching_device"), s.line);
  if (word const* const w = s.find("partitioner")) o.partitioner = e.tools.partitioner(*w, s.line);
  if (word const* const w = s.find("validate_shape")) o.validate_shape = parse_bool(*w, s.line).value_or(false);
  if (word const* const w = s.find("use_resource")) o.use_resource = parse_option(*w, s.line);
  if (word const* const w = s.find("getter")) o.custom_getter = e.tools.getter(*w, s.line);
  if (word const* const w = s.find("constraint")) o.constraint = e.tools.constraint(*w);
  if (word const* const w = s.find("sync")) o.synchronization = parse_synchronization(*w, s.line);
  ambit::name const name = e.name(&s.words[1], s.line);
  word const* const given = s.find("shape");
  ambit::shape const shape = given == nullptr ? ambit::unknown_shape : parse_shape(*given, s.line);
  return s.keyword == "get" ? ambit::get_variable(e.graph(), name, shape, o)
                            : ambit::get_local_variable(e.graph(), name, shape, o);
}

ambit::tensor make_variable(environment& e, statement const& s) {
  ambit::new_variable_options o;
  o.dtype = environment::dtype(s.find("dtype"), s.line);
  if (word const* const w = s.find("trainable")) o.trainable = parse_option(*w, s.line);
  o.collections = e.collections(s.find("collections"), s.line);
  o.caching_device = e.device(s.find("caching_device"), s.line);
  if (word const* const w = s.find("validate_shape")) o.validate_shape = parse_bool(*w, s.line).value_or(false);
  if (word const* const w = s.find("use_resource")) o.use_resource = parse_option(*w, s.line);
  if (word const* const w = s.find("constraint")) o.constraint = e.tools.constraint(*w);
  if (word const* const w = s.find("sync")) o.synchronization = parse_synchronization(*w, s.line);
  word const& init = *s.find("init");
  ambit::initializer initial;
  if (init.reference())
    initial = e.tensor(init, s.line);
  else if (!init.none())
    initial = parse_literal(init, s.line);
  return ambit::variable(e.graph(), std::move(initial), e.name(s.find("name"), s.line), o);
}

ambit::tensor make_op(environment& e, statement const& s) {
  std::string const& kind = s.words[1].raw;
  ambit::name const name = e.name(s.find("name"), s.line);
  if (kind == "const") return ambit::constant(e.graph(), parse_literal(s.words[2], s.line), name);
  if (kind == "noop") return ambit::noop(e.graph(), name);
  if (kind == "placeholder") {
    word const* const shape = s.find("shape");
    word const* const dtype = s.find("dtype");
    return ambit::placeholder(e.graph(), name, shape == nullptr ? ambit::unknown_shape : parse_shape(*shape, s.line),
                              dtype == nullptr ? ambit::dtype::f32 : environment::dtype(dtype, s.line));
  }
  operand const first = read_operand(e, s.words[2], s.line);
  if (s.words.size() == 3) return unary(kind, first, name);
  return binary(kind, first, read_operand(e, s.words[3], s.line), name);
}

}  // namespace conformance
