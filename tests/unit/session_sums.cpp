// SPDX-License-Identifier: BSL-1.0
// What products compute on their sums before they store them: the same as one op after the other, which is what runs where
// each value is fetched.
#include "session_runs.hpp"
#include <ambit/ambit.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

using namespace ambit;

namespace {

/// Whole numbers: sums are exact in any order.
reference::array drawn(std::mt19937& random, shape const& s) {
  reference::array a{s, {}};
  std::uniform_int_distribution<int> number(-4, 4);
  for (std::int64_t i = 0; i < s.elements(); ++i) a.values.push_back(number(random));
  return a;
}

/// Fetches what a graph computes one by one, and all of it at once, where nothing is left out.
template <class Build>
void check_alone_and_together(std::string const& what, Build const& build) {
  BOOST_TEST_CONTEXT(what) {
    graph g;
    list<tensor> const values = build(g);
    session_test::runs s(g);
    std::mt19937 random(3);
    for (tensor const& v : g.global_variables()) {
      text const name = v.name();  // "w:0"
      s.write(name.view().substr(0, static_cast<std::size_t>(name.size()) - 2), drawn(random, v.shape()));
    }
    std::vector<reference::array> inputs;
    for (int i = 0; i < g.size(); ++i)
      if (g[i].op() == "Placeholder") inputs.push_back(drawn(random, g[i].shape()));
    std::vector<std::vector<double>> const all = s.run(values, inputs);
    for (int k = 0; k < values.size(); ++k) {
      list<tensor> one;
      one.push_back(values[k]);
      std::vector<double> const alone = s.run(one, inputs)[0];
      BOOST_TEST(alone == all[static_cast<std::size_t>(k)], boost::test_tools::per_element());
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_sums)

BOOST_AUTO_TEST_CASE(of_convolutions) {
  struct images {
    shape x, filter;
    padding pad;
    dtype type;
  };
  for (images const& i : {images{{2, 13, 12, 1}, {3, 3, 1, 8}, padding::valid, dtype::f32},
                          images{{1, 9, 20, 1}, {5, 2, 1, 5}, padding::valid, dtype::f32},
                          images{{1, 11, 10, 1}, {3, 3, 1, 6}, padding::same, dtype::f32},
                          images{{2, 8, 9, 3}, {3, 3, 3, 20}, padding::valid, dtype::f32},
                          images{{1, 7, 7, 8}, {2, 2, 8, 70}, padding::valid, dtype::f32},
                          images{{1, 7, 7, 8}, {2, 2, 8, 5}, padding::valid, dtype::f64}})
    for (bool const biased : {true, false})
      check_alone_and_together(std::string(to_text(i.x).view()) + ", " + std::string(to_text(i.filter).view()), [&](graph& g) {
        list<tensor> all;
        tensor const x = placeholder(g, "x", i.x, i.type);
        tensor const w = get_variable(g, "w", i.filter, {.dtype = i.type});
        all.push_back(conv2d(x, w, {.padding = i.pad}));
        if (biased) all.push_back(all.back() + get_variable(g, "b", {i.filter[3]}, {.dtype = i.type}));
        all.push_back(relu(all.back()));
        all.push_back(max_pool2d(all.back(), 2, 2));
        all.push_back(relu(all.back()));
        all.push_back(max_pool2d(all.back(), 2, 2));  // a pool of a pool
        all.push_back(tanh(flatten(all.back())));
        return all;
      });
}
BOOST_AUTO_TEST_CASE(in_other_orders) {
  check_alone_and_together("pools before relu, and of other sizes", [](graph& g) {
    list<tensor> all;
    tensor const x = placeholder(g, "x", {1, 14, 14, 2});
    tensor const w = get_variable(g, "w", {3, 3, 2, 4}), b = get_variable(g, "b", {4});
    tensor const c = conv2d(x, w) + b;
    all.push_back(relu(max_pool2d(conv2d(x, w), 2, 2)));
    all.push_back(max_pool2d(conv2d(x, w), 2, 3));
    all.push_back(max_pool2d(conv2d(x, w), 3, 3));
    all.push_back(max_pool2d(conv2d(x, w), 2, 2, {.stride = 1}));
    all.push_back(max_pool2d(conv2d(x, w), 2, 2, {.padding = padding::same}));
    all.push_back(relu(conv2d(x, w)) + b);
    all.push_back(relu(conv2d(x, w) * 2.0F));
    all.push_back(relu(reshape(conv2d(x, w), {144, 4})));
    all.push_back(max_pool2d(relu(c), 2, 2) + max_pool2d(c, 2, 2));
    all.push_back(avg_pool2d(relu(conv2d(x, w)), 2, 2));
    return all;
  });
}
BOOST_AUTO_TEST_CASE(of_products) {
  for (int const rows : {1, 5, 40})
    for (int const outputs : {3, 20, 100})
      for (dtype const type : {dtype::f32, dtype::f64, dtype::i32})
        check_alone_and_together("a product", [&](graph& g) {
          list<tensor> all;
          tensor const x = placeholder(g, "x", {rows, 30}, type);
          tensor const w = get_variable(g, "w", {30, outputs}, {.dtype = type, .initializer = zeros_initializer()});
          tensor const b = get_variable(g, "b", {outputs}, {.dtype = type, .initializer = zeros_initializer()});
          all.push_back(matmul(x, w) + b);
          all.push_back(relu(all.back()));
          all.push_back(relu(matmul(x, w)));
          all.push_back(relu(all.back()) + b);
          return all;
        });
}
BOOST_AUTO_TEST_CASE(of_other_kinds) {
  check_alone_and_together("transposed convolutions, of one dimension, of each channel; products of a batch", [](graph& g) {
    list<tensor> all;
    tensor const x = placeholder(g, "x", {2, 5, 6, 3});
    tensor const w = get_variable(g, "w", {3, 3, 7, 3}), b = get_variable(g, "b", {7});
    all.push_back(conv2d_transpose(x, w, {.stride = 2}) + b);
    all.push_back(relu(all.back()));
    all.push_back(relu(depthwise_conv2d(x, get_variable(g, "d", {2, 2, 3, 2}))));
    tensor const t = placeholder(g, "t", {1, 30, 2});
    all.push_back(conv1d(t, get_variable(g, "v", {4, 2, 9}), {.dilation = 2}));
    all.push_back(relu(all.back()));
    all.push_back(max_pool1d(all.back(), 2));
    tensor const m = placeholder(g, "m", {3, 4, 5}), n = placeholder(g, "n", {3, 5, 6});
    all.push_back(relu(batch_matmul(m, n)));
    return all;
  });
}

BOOST_AUTO_TEST_SUITE_END()
