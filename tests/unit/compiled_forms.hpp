// SPDX-License-Identifier: BSL-1.0
// Every form of builder, as a project has it in a header that several files include.
#pragma once

#include <ambit/ambit.hpp>

#include <boost/hana/tuple.hpp>

#include <array>
#include <tuple>
#include <utility>

namespace forms {

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

inline constexpr auto lambda = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  return relu(dense(g, "fc", x, 3));
};

constexpr tensor function(graph& g) {
  tensor x = placeholder(g, "x", {1, 2});
  return dense(g, "fc", x, 3);
}

/// Parameters are part of the type of the model: two of equal parameters are one model.
struct mlp {
  int hidden;
  int layers = 1;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {1, 2});
    for (int i = 0; i < layers; ++i) x = tanh(dense(g, name{"layer_", i}, x, hidden));
    return x;
  }
};

// The forms of results.
inline constexpr auto an_expression = [](graph& g) { return placeholder(g, "x", {2}) * 2; };
inline constexpr auto a_pair = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  return std::pair<tensor, tensor>{tensor(x + 1), tensor(x + 2)};
};
inline constexpr auto a_tuple = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  return std::tuple(x + 1, x - (-2), relu(x));  // expressions too
};
inline constexpr auto an_array = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  return std::array<tensor, 3>{x + 1, x + 2, relu(x)};
};
inline constexpr auto a_hana_tuple = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  return boost::hana::make_tuple(x + 1, x - (-2), relu(x));
};
struct named_results {
  tensor one, two;
  std::array<tensor, 2> more;  // an aggregate in an aggregate
};
inline constexpr auto an_aggregate = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  return named_results{x + 1, x + 2, {relu(x), x}};
};

// One object in the program, defined in compiled_forms_other.cpp.
extern compiled<lambda> shared_lambda;
extern compiled<function> shared_function;
extern compiled<mlp{4, 2}> shared_mlp;

/// What the other file sees.
struct seen {
  void const* lambda_table;
  void const* mlp_plan;
  std::string_view first_name;
};
seen from_the_other_file();
float run_in_the_other_file(float a, float b);

}  // namespace forms
