// SPDX-License-Identifier: BSL-1.0
// Functions, activations, comparisons, logic, casts, reductions and what works along one axis.
#include "reference_ops.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A floating attribute.
double number(call const& c, std::size_t k) { return std::bit_cast<double>(c.attributes[k]); }
/// One operand; the function also sees the node.
function with_attributes(double (*f)(double, call const&)) {
  return [f](call const& c) {
    array out = c.operands[0];
    for (double& v : out.values) v = f(v, c);
    return out;
  };
}
function ternary(double (*f)(double, double, double)) {
  return [f](call const& c) {
    array out = filled(c.result, 0);
    int const rank = c.result.rank();
    each(c.result, [&](index const& i) {
      element(out, i) = f(element(c.operands[0], i, rank), element(c.operands[1], i, rank), element(c.operands[2], i, rank));
    });
    return out;
  };
}

double round_half_to_even(double x) {
  double const below = std::floor(x), rest = x - below;
  if (rest != 0.5) return rest < 0.5 ? below : below + 1;
  return std::fmod(below, 2) == 0 ? below : below + 1;
}
double softplus(double x) { return x > 30 ? x : std::log1p(std::exp(x)); }
double gelu(double x, call const& c) {
  if (c.attributes[0] == 0) return x / 2 * std::erfc(-x / std::sqrt(2.0));
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
}
double cast(double x, call const& c) {
  switch (c.dtype) {
  case ambit::dtype::boolean: return x != 0 ? 1 : 0;
  case ambit::dtype::f32: return static_cast<double>(static_cast<float>(x));
  case ambit::dtype::f64: return x;
  default: break;
  }
  double const end = c.dtype == ambit::dtype::i32 ? 2147483648.0 : 9223372036854775808.0;
  if (std::isnan(x)) return 0;
  return std::clamp(std::trunc(x), -end, c.dtype == ambit::dtype::i32 ? end - 1 : end);
}

/// With a function of each element before and of each result after.
function reduction(double start, double (*before)(double), double (*fold)(double, double), double (*after)(double)) {
  return [=](call const& c) {
    std::vector<array> changed{c.operands[0]};
    for (double& v : changed[0].values) v = before(v);
    array out = reduce({changed, c.attributes, c.result, c.dtype}, start, fold);
    for (double& v : out.values) v = after(v);
    return out;
  };
}
double same(double x) { return x; }
double plus(double a, double b) { return a + b; }
double least(double a, double b) { return a < b ? a : b; }
double most(double a, double b) { return a > b ? a : b; }
array minimum(call const& c) {
  double const highest = c.dtype == ambit::dtype::i32   ? std::numeric_limits<std::int32_t>::max()
                         : c.dtype == ambit::dtype::i64 ? 9223372036854775807.0
                                                        : infinity;
  return reduce(c, highest, least);
}
/// In double precision sums of exp do not overflow for what the tests draw.
array logsumexp(call const& c) { return reduction(0, std::exp, plus, std::log)(c); }

/// Elements along an axis, for each index of the others: `f` maps one line to one line.
array along(array const& x, std::int64_t axis, std::vector<double> (*f)(std::vector<double>, call const&), call const& c) {
  auto const at = static_cast<std::size_t>(axis < 0 ? axis + x.shape.rank() : axis);
  array out = x;
  each(x.shape, [&](index const& i) {
    if (i[at] != 0) return;
    std::vector<double> line;
    index from = i;
    for (int k = 0; k < x.shape[static_cast<int>(at)]; ++k) from[at] = k, line.push_back(element(x, from, x.shape.rank()));
    line = f(line, c);
    for (int k = 0; k < x.shape[static_cast<int>(at)]; ++k) from[at] = k, element(out, from) = line[static_cast<std::size_t>(k)];
  });
  return out;
}
std::vector<double> log_softmax_of(std::vector<double> line, call const&) {
  double const top = *std::max_element(line.begin(), line.end());
  double sum = 0;
  for (double v : line) sum += std::exp(v - top);
  for (double& v : line) v = v - top - std::log(sum);
  return line;
}
std::vector<double> cumsum_of(std::vector<double> line, call const& c) {
  if (c.attributes[2] != 0) std::reverse(line.begin(), line.end());
  double sum = 0;
  for (double& v : line) {
    double const own = v;
    v = c.attributes[1] != 0 ? sum : sum + own;
    sum += own;
  }
  if (c.attributes[2] != 0) std::reverse(line.begin(), line.end());
  return line;
}
/// The place of the first element that no other is better than.
function arg(bool (*better)(double, double)) {
  return [better](call const& c) {
    array const& x = c.operands[0];
    int const rank = x.shape.rank();
    auto const at = static_cast<std::size_t>(c.attributes[0] < 0 ? c.attributes[0] + rank : c.attributes[0]);
    array out = filled(c.result, 0);
    each(c.result, [&](index const& i) {
      index from{};
      for (std::size_t k = 0, own = 0; k < static_cast<std::size_t>(rank); ++k)
        if (k != at) from[k] = i[own++];
      index best = from;
      for (from[at] = 1; from[at] < x.shape[static_cast<int>(at)]; ++from[at])
        if (better(element(x, from, rank), element(x, best, rank))) best = from;
      element(out, i) = best[at];
    });
    return out;
  };
}

}  // namespace

function_table math_functions() {
  return {
      {"Abs", unary(std::abs)},
      {"Sign", unary([](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; })},
      {"Floor", unary(std::floor)},
      {"Ceil", unary(std::ceil)},
      {"Round", unary(round_half_to_even)},
      {"Reciprocal", unary([](double x) { return 1 / x; })},
      {"Rsqrt", unary([](double x) { return 1 / std::sqrt(x); })},
      {"Log1p", unary(std::log1p)},
      {"Expm1", unary(std::expm1)},
      {"Erf", unary(std::erf)},
      {"Sin", unary(std::sin)},
      {"Cos", unary(std::cos)},
      {"Pow", binary(std::pow)},
      {"Maximum", binary(most)},
      {"Minimum", binary(least)},
      {"ClipByValue", ternary([](double x, double low, double high) { return most(least(x, high), low); })},

      {"LeakyRelu", with_attributes([](double x, call const& c) { return x > 0 ? x : number(c, 0) * x; })},
      {"PRelu", binary([](double x, double alpha) { return x > 0 ? x : alpha * x; })},
      {"Elu", with_attributes([](double x, call const& c) { return x > 0 ? x : number(c, 0) * std::expm1(x); })},
      {"Selu", unary([](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543773 * std::expm1(x)); })},
      {"Softplus", unary(softplus)},
      {"Softsign", unary([](double x) { return x / (1 + std::abs(x)); })},
      {"Gelu", with_attributes(gelu)},
      {"Swish", unary([](double x) { return x / (1 + std::exp(-x)); })},
      {"Mish", unary([](double x) { return x * std::tanh(softplus(x)); })},
      {"HardSigmoid", with_attributes([](double x, call const& c) { return std::clamp(number(c, 0) * x + number(c, 1), 0.0, 1.0); })},
      {"HardSwish", unary([](double x) { return x * std::clamp(x / 6 + 0.5, 0.0, 1.0); })},

      {"Equal", binary([](double a, double b) { return a == b ? 1.0 : 0.0; })},
      {"NotEqual", binary([](double a, double b) { return a != b ? 1.0 : 0.0; })},
      {"Less", binary([](double a, double b) { return a < b ? 1.0 : 0.0; })},
      {"LessEqual", binary([](double a, double b) { return a <= b ? 1.0 : 0.0; })},
      {"Greater", binary([](double a, double b) { return a > b ? 1.0 : 0.0; })},
      {"GreaterEqual", binary([](double a, double b) { return a >= b ? 1.0 : 0.0; })},
      {"LogicalAnd", binary([](double a, double b) { return a * b; })},
      {"LogicalOr", binary([](double a, double b) { return most(a, b); })},
      {"LogicalXor", binary([](double a, double b) { return a != b ? 1.0 : 0.0; })},
      {"LogicalNot", unary([](double a) { return 1 - a; })},
      {"Select", ternary([](double condition, double x, double y) { return condition != 0 ? x : y; })},
      {"Cast", with_attributes(cast)},

      {"Min", minimum},
      {"Prod", reduction(1, same, [](double a, double b) { return a * b; }, same)},
      {"ReduceL1", reduction(0, std::abs, plus, same)},
      {"ReduceL2", reduction(0, [](double x) { return x * x; }, plus, std::sqrt)},
      {"ReduceLogSumExp", logsumexp},
      {"Any", reduction(0, same, most, same)},
      {"All", reduction(1, same, least, same)},
      {"ArgMax", arg([](double a, double b) { return a > b; })},
      {"ArgMin", arg([](double a, double b) { return a < b; })},
      {"LogSoftmax", [](call const& c) { return along(c.operands[0], c.attributes[0], log_softmax_of, c); }},
      {"Cumsum", [](call const& c) { return along(c.operands[0], c.attributes[0], cumsum_of, c); }},
  };
}

}  // namespace reference
