// SPDX-License-Identifier: BSL-1.0
// Self-attention and encoder blocks against plain loops in double precision.
#include "layers_support.hpp"

using namespace ambit;
using layers_test::array;
using layers_test::numbers;

namespace {

constexpr int batch = 2, steps = 5, units = 6, hidden = 10;

/// Whether the query at one step may see the key at another, of a sequence.
using visible = std::function<bool(int sequence, int query, int key)>;

/// Of sequences [batch, steps, units], with the variables below `path`.
numbers attention(std::map<std::string, array> const& w, std::string const& path, numbers const& x, int heads,
                  visible const& sees, bool biased = true) {
  auto at = [](int i) { return static_cast<std::size_t>(i); };
  auto values = [&](std::string const& n) { return w.at(path + n).values; };
  numbers const all = layers_test::dense(x, layers_test::transposed(values("in_proj_weight"), 3 * units),
                                         biased ? values("in_proj_bias") : numbers{}, 3 * units);
  int const width = units / heads, sequences = static_cast<int>(x.size()) / (steps * units);
  numbers joined(x.size(), 0);
  for (int b = 0; b < sequences; ++b)
    for (int h = 0; h < heads; ++h)
      for (int q = 0; q < steps; ++q) {
        auto value = [&](int step, int part, int k) {
          return all[at((b * steps + step) * 3 * units + part * units + h * width + k)];
        };
        numbers weights(steps, 0);
        double sum = 0;
        for (int k = 0; k < steps; ++k) {
          if (!sees(b, q, k)) continue;
          double score = 0;
          for (int i = 0; i < width; ++i) score += value(q, 0, i) * value(k, 1, i);
          weights[at(k)] = std::exp(score / std::sqrt(static_cast<double>(width)));
          sum += weights[at(k)];
        }
        for (int i = 0; i < width; ++i)
          for (int k = 0; k < steps; ++k)
            joined[at((b * steps + q) * units + h * width + i)] += weights[at(k)] / sum * value(k, 2, i);
      }
  return layers_test::dense(joined, layers_test::transposed(values("out_proj/weight"), units),
                            biased ? values("out_proj/bias") : numbers{}, units);
}
numbers sum_of(numbers a, numbers const& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}
numbers encoder_block(std::map<std::string, array> const& w, std::string const& path, numbers const& x, int heads,
                      layers::norm_place place, std::function<double(double)> const& activation, double epsilon,
                      visible const& sees) {
  auto values = [&](std::string const& n) { return w.at(path + n).values; };
  auto norm = [&](numbers const& y, std::string const& n) {
    return layers_test::layer_norm(y, values(n + "/weight"), values(n + "/bias"), epsilon);
  };
  auto forward = [&](numbers const& y) {
    numbers const inner =
        layers_test::mapped(layers_test::dense(y, layers_test::transposed(values("linear1/weight"), hidden),
                                               values("linear1/bias"), hidden),
                            activation);
    return layers_test::dense(inner, layers_test::transposed(values("linear2/weight"), units), values("linear2/bias"),
                              units);
  };
  if (place == layers::norm_place::before) {
    numbers const y = sum_of(x, attention(w, path + "self_attn/", norm(x, "norm1"), heads, sees));
    return sum_of(y, forward(norm(y, "norm2")));
  }
  numbers const y = norm(sum_of(x, attention(w, path + "self_attn/", x, heads, sees)), "norm1");
  return norm(sum_of(y, forward(y)), "norm2");
}

template <dtype T>
constexpr auto plain = [](graph& g) {
  return layers::multi_head_attention(g, "a", placeholder(g, "x", {batch, steps, units}, T), 3);
};
template <dtype T>
constexpr auto looking_back = [](graph& g) {
  return layers::multi_head_attention(g, "a", placeholder(g, "x", {steps, units}, T), 2,
                                      {.causal = true, .use_bias = false});
};
constexpr auto padded = [](graph& g) {
  tensor x = placeholder(g, "x", {batch, steps, units});
  tensor padding = placeholder(g, "padding", {batch, steps}, dtype::boolean);
  return layers::multi_head_attention(g, "a", x, 1, {.causal = true, .key_padding_mask = padding});
};
template <dtype T>
constexpr auto after = [](graph& g) {
  return layers::transformer_encoder_layer(g, "e", placeholder(g, "x", {batch, steps, units}, T), 2, hidden,
                                           layers::norm_place::after);
};
template <dtype T>
constexpr auto before = [](graph& g) {
  return layers::transformer_encoder_layer(g, "e", placeholder(g, "x", {batch, steps, units}, T), 3, hidden,
                                           layers::norm_place::before,
                                           {.activation = activation::gelu, .causal = true, .epsilon = 1e-3});
};

numbers sequences(int count = batch) {
  std::mt19937 random(9);
  return layers_test::draw(random, count * steps * units);
}
bool everything(int, int, int) { return true; }
bool the_past(int, int query, int key) { return key <= query; }

template <dtype T>
void check_plain() {
  compiled<plain<T>> net;
  auto const weights = layers_test::fill(net);
  layers_test::check(layers_test::run<T>(net, sequences()), attention(weights, "a/", sequences(), 3, everything), T,
                     "attention", 2);
}
template <dtype T>
void check_looking_back() {
  compiled<looking_back<T>> net;
  auto const weights = layers_test::fill(net);
  numbers const x = sequences(1);
  layers_test::check(layers_test::run<T>(net, x), attention(weights, "a/", x, 2, the_past, false), T, "causal", 2);
}
template <dtype T>
void check_blocks() {
  auto const first = std::make_unique<compiled<after<T>>>();
  auto weights = layers_test::fill(*first);
  numbers expected = encoder_block(
      weights, "e/", sequences(), 2, layers::norm_place::after, [](double v) { return std::max(v, 0.0); }, 1e-5,
      everything);
  layers_test::check(layers_test::run<T>(*first, sequences()), expected, T, "norms after", 4);

  auto const second = std::make_unique<compiled<before<T>>>();
  weights = layers_test::fill(*second, 2);
  expected = encoder_block(
      weights, "e/", sequences(), 3, layers::norm_place::before,
      [](double v) { return v * 0.5 * std::erfc(-v / std::sqrt(2.0)); }, 1e-3, the_past);
  layers_test::check(layers_test::run<T>(*second, sequences()), expected, T, "norms before", 4);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers_attention)

BOOST_AUTO_TEST_CASE(all_positions) {
  check_plain<dtype::f32>();
  check_plain<dtype::f64>();
}
BOOST_AUTO_TEST_CASE(no_position_sees_a_later_one) {
  check_looking_back<dtype::f32>();
  check_looking_back<dtype::f64>();
}
BOOST_AUTO_TEST_CASE(nobody_looks_at_padding) {
  compiled<padded> net;
  auto const weights = layers_test::fill(net);
  bool const padding[batch * steps] = {false, false, false, true, true, false, true, false, false, true};
  auto const x = layers_test::as<float>(sequences());
  auto sees = [&](int b, int query, int key) { return key <= query && !padding[b * steps + key]; };
  layers_test::check(evaluation_test::elements(net.run(x.data(), padding)),
                     attention(weights, "a/", sequences(), 1, sees), dtype::f32, "padding", 2);
}
BOOST_AUTO_TEST_CASE(the_mask_is_no_step_of_a_run) {
  constexpr auto& builder = looking_back<dtype::f32>;
  constexpr auto const& table = detail::frozen_for<builder>;
  bool computed_before = false;
  for (int i = 0; i < table.sizes.nodes; ++i)
    if (table.name(i) == "a/causal_mask/Less")
      computed_before = lowering::plan_for<builder>.at[static_cast<std::size_t>(i)].where == lowering::storage::folded;
  BOOST_TEST(computed_before);
}
BOOST_AUTO_TEST_CASE(encoder_blocks) {
  check_blocks<dtype::f32>();
  check_blocks<dtype::f64>();
}

BOOST_AUTO_TEST_SUITE_END()
