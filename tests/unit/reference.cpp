// SPDX-License-Identifier: BSL-1.0
#include "reference_ops.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace reference {
namespace {

using ambit::shape;

array matmul(call const& c) {
  array const& a = c.operands[0];
  array const& b = c.operands[1];
  bool const ta = c.attributes[0] != 0, tb = c.attributes[1] != 0;
  array out = filled(c.result, 0);
  each(c.result, [&](index const& i) {
    for (int k = 0; k < a.shape[ta ? 0 : 1]; ++k)
      element(out, i) +=
          element(a, ta ? index{k, i[0]} : index{i[0], k}, 2) * element(b, tb ? index{i[1], k} : index{k, i[1]}, 2);
  });
  return out;
}

array softmax(call const& c) {
  array const& x = c.operands[0];
  int const rank = x.shape.rank();
  auto const axis = static_cast<std::size_t>(c.attributes[0] < 0 ? c.attributes[0] + rank : c.attributes[0]);
  array out = x;
  each(x.shape, [&](index const& i) {
    double sum = 0;
    index other = i;
    for (int k = 0; k < x.shape[static_cast<int>(axis)]; ++k) {
      other[axis] = k;
      sum += std::exp(element(x, other, rank) - element(x, i, rank));
    }
    element(out, i) = 1 / sum;
  });
  return out;
}

double plus(double a, double b) { return a + b; }
array sum(call const& c) { return reduce(c, 0, plus); }
array mean(call const& c) {
  array out = sum(c);
  double const count = static_cast<double>(c.operands[0].values.size()) / static_cast<double>(out.values.size());
  for (double& v : out.values) v /= count;
  return out;
}
array maximum(call const& c) {
  return reduce(c, -std::numeric_limits<double>::infinity(), [](double a, double b) { return a > b ? a : b; });
}
array l2_loss(call const& c) {
  array out = filled({}, 0);
  for (double v : c.operands[0].values) out.values[0] += v * v / 2;
  return out;
}

array reshape(call const& c) { return {c.result, c.operands[0].values}; }
array transpose(call const& c) {
  array const& x = c.operands[0];
  int const rank = x.shape.rank();
  array out = filled(c.result, 0);
  each(c.result, [&](index const& i) {
    index from{};
    for (int k = 0; k < rank; ++k) {
      std::int64_t const axis = c.attributes[0] == 0 ? rank - 1 - k : c.attributes[static_cast<std::size_t>(1 + k)];
      from[static_cast<std::size_t>(axis < 0 ? axis + rank : axis)] = i[static_cast<std::size_t>(k)];
    }
    element(out, i) = element(x, from, rank);
  });
  return out;
}
array concat(call const& c) {
  array out = filled(c.result, 0);
  auto const axis = static_cast<std::size_t>(c.attributes[0] < 0 ? c.attributes[0] + c.result.rank() : c.attributes[0]);
  int offset = 0;
  for (array const& part : c.operands) {
    each(part.shape, [&](index const& i) {
      index to = i;
      to[axis] += offset;
      element(out, to) = element(part, i, part.shape.rank());
    });
    offset += part.shape[static_cast<int>(axis)];
  }
  return out;
}

function_table own_functions() {
  return {
      {"Add", binary(plus)},
      {"BiasAdd", binary(plus)},
      {"Sub", binary([](double a, double b) { return a - b; })},
      {"Mul", binary([](double a, double b) { return a * b; })},
      {"RealDiv", binary([](double a, double b) { return a / b; })},
      {"Neg", unary([](double a) { return -a; })},
      {"Identity", unary([](double a) { return a; })},
      {"Exp", unary(std::exp)},
      {"Log", unary(std::log)},
      {"Square", unary([](double a) { return a * a; })},
      {"Sqrt", unary(std::sqrt)},
      {"Relu", unary([](double a) { return a > 0 ? a : 0; })},
      {"Relu6", unary([](double a) { return a > 6   ? 6
                                            : a > 0 ? a
                                                    : 0; })},
      {"Tanh", unary(std::tanh)},
      {"Sigmoid", unary([](double a) { return 1 / (1 + std::exp(-a)); })},
      {"Softmax", softmax},
      {"L2Loss", l2_loss},
      {"MatMul", matmul},
      {"Sum", sum},
      {"Mean", mean},
      {"Max", maximum},
      {"Reshape", reshape},
      {"Transpose", transpose},
      {"ConcatV2", concat},
      {"Assign", [](call const& c) { return c.operands[1]; }},
      {"AssignAdd", binary(plus)},
  };
}
function_table const& functions() {
  static function_table const all = [] {
    function_table table = own_functions();
    for (function_table const& more : {array_functions(), math_functions(), nn_functions()}) table.insert(more.begin(), more.end());
    return table;
  }();
  return all;
}

}  // namespace

array reduce(call const& c, double start, double (*fold)(double, double)) {
  array const& x = c.operands[0];
  std::array<bool, shape::max_rank> gone{};
  auto const count = static_cast<std::size_t>(c.attributes[0]);
  for (std::size_t k = 0; k < count; ++k) {
    std::int64_t const axis = c.attributes[1 + k];
    gone[static_cast<std::size_t>(axis < 0 ? axis + x.shape.rank() : axis)] = true;
  }
  if (count == 0) gone.fill(true);
  shape kept;
  for (int k = 0; k < x.shape.rank(); ++k) kept.push_back(gone[static_cast<std::size_t>(k)] ? 1 : x.shape[k]);
  array out = filled(kept, start);
  each(x.shape, [&](index const& i) {
    index to = i;
    for (std::size_t k = 0; k < to.size(); ++k)
      if (gone[k]) to[k] = 0;
    element(out, to) = fold(element(out, to), element(x, i, x.shape.rank()));
  });
  out.shape = c.result;
  return out;
}

std::vector<array> run(ambit::graph& g, ambit::list<ambit::tensor> const& outputs, std::vector<array> const& inputs,
                       variables& state) {
  auto const& tables = tables_of(g);
  auto const name_of = [&](int id) { return std::string(tables.symbols.to_text(tables.nodes[id].name).view()); };
  std::vector<array> values;
  variables after = state;
  std::size_t placeholder = 0;
  for (int id = 0; id < tables.nodes.size(); ++id) {
    auto const& node = tables.nodes[id];
    std::vector<array> operands;
    std::vector<std::int64_t> attributes;
    for (int k = 0; k < node.inputs; ++k)
      operands.push_back(values[static_cast<std::size_t>(tables.inputs[node.first_input + k])]);
    for (int k = 0; k < node.slots; ++k)
      attributes.push_back(static_cast<std::int64_t>(tables.slots[node.first_slot + k]));
    array value;
    if (node.type->name == "Placeholder") {
      value = inputs.at(placeholder++);
    } else if (node.type->name == "VariableV2") {
      value = state.at(name_of(id));
    } else if (node.type->name == "Const") {
      value.shape = node.shape;
      for (std::int64_t bits : attributes)
        value.values.push_back(ambit::literal::value_of<double>(node.dtype, static_cast<std::uint64_t>(bits)));
    } else if (!node.type->hidden) {
      auto const found = functions().find(node.type->name);
      if (found == functions().end()) throw std::invalid_argument("no reference for " + std::string(node.type->name));
      value = found->second({operands, attributes, node.shape, node.dtype});
      if (node.type->state) after[name_of(tables.inputs[node.first_input])] = value;
    }
    values.push_back(std::move(value));
  }
  std::vector<array> out;
  for (ambit::tensor const& t : outputs) out.push_back(values[static_cast<std::size_t>(t.id())]);
  state = std::move(after);
  return out;
}

}  // namespace reference
