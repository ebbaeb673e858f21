// SPDX-License-Identifier: BSL-1.0
// Normalization, and what training leaves behind: dropout, stop_gradient.
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <cmath>
#include <numeric>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

template <dtype Type>
constexpr tensor parameter(graph& g, name n, shape s) {
  return get_variable(g, n, s, {.dtype = Type});
}

// Rows shorter and longer than a vector, and than four.
template <dtype Type>
struct every_layer_norm {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {2, 3, 4}, Type);
    tensor wide = placeholder(g, "wide", {3, 77}, Type);
    tensor even = placeholder(g, "even", {2, 128}, Type);
    tensor v = placeholder(g, "v", {19}, Type);
    tensor none = placeholder(g, "none", {0, 3}, Type);
    tensor gamma = parameter<Type>(g, "gamma", {4}), beta = parameter<Type>(g, "beta", {4});
    tensor plane = parameter<Type>(g, "plane", {3, 4});
    tensor long_gamma = parameter<Type>(g, "long_gamma", {77}), long_beta = parameter<Type>(g, "long_beta", {77});
    return std::array<tensor, 15>{
        layer_norm(x),
        layer_norm(x, {.gamma = gamma}),
        layer_norm(x, {.beta = beta}),
        layer_norm(x, {.gamma = gamma, .beta = beta}),
        layer_norm(x, {.gamma = plane, .beta = plane, .over = {1, 2}}),
        layer_norm(x, {.over = {-1, -2}, .epsilon = 1e-3}),
        layer_norm(x, {.over = {0, 1, 2}, .epsilon = 0.25}),
        layer_norm(x, {.over = {0, -1, 1}}),
        layer_norm(wide),
        layer_norm(wide, {.gamma = long_gamma, .beta = long_beta}),
        layer_norm(wide, {.beta = long_beta, .epsilon = 1e-12}),
        layer_norm(even),
        layer_norm(v),
        layer_norm(none),
        relu(layer_norm(x * 2, {.gamma = gamma})) + x,
    };
  }
};

// Groups of whole vectors, of parts of them, of one channel; a rest of channels; more rows than are summed at once.
template <dtype Type>
struct every_group_norm {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {2, 3, 3, 12}, Type);
    tensor wide = placeholder(g, "wide", {2, 5, 64}, Type);
    tensor odd = placeholder(g, "odd", {1, 150, 21}, Type);
    tensor flat = placeholder(g, "flat", {3, 8}, Type);
    tensor one = placeholder(g, "one", {2, 9, 1}, Type);
    tensor none = placeholder(g, "none", {2, 0, 4}, Type);
    tensor gamma = parameter<Type>(g, "gamma", {12}), beta = parameter<Type>(g, "beta", {12});
    tensor long_gamma = parameter<Type>(g, "long_gamma", {64});
    return std::array<tensor, 16>{
        group_norm(x, 1),
        group_norm(x, 3),
        group_norm(x, 12),
        group_norm(x, 4, {.gamma = gamma}),
        group_norm(x, 4, {.beta = beta}),
        group_norm(x, 2, {.gamma = gamma, .beta = beta, .epsilon = 1e-3}),
        group_norm(wide, 4),
        group_norm(wide, 1, {.gamma = long_gamma}),
        group_norm(odd, 7),
        group_norm(odd, 1),
        group_norm(flat, 2),
        group_norm(one, 1),
        group_norm(none, 2),
        instance_norm(x),
        instance_norm(x, {.gamma = gamma, .beta = beta}),
        instance_norm(odd, {.epsilon = 1e-6}) * 2,
    };
  }
};

// Scales and shifts as [channels] and as what broadcasts otherwise. Variances are positive, as their names say.
template <dtype Type>
struct every_batch_norm {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {2, 3, 3, 5}, Type);
    tensor mean = parameter<Type>(g, "mean", {5}), variance = parameter<Type>(g, "positive", {5});
    tensor beta = parameter<Type>(g, "beta", {5}), gamma = parameter<Type>(g, "gamma", {5});
    tensor m = placeholder(g, "m", {3, 1}, Type), v = placeholder(g, "positive_v", {3, 1}, Type);
    return std::array<tensor, 6>{
        batch_norm(x, mean, variance, beta, gamma),       batch_norm(x, mean, variance, beta),
        batch_norm(x, mean, variance, {}, gamma, 1e-5),   batch_norm(x, mean, variance),
        relu(batch_norm(x, mean, variance, beta, gamma)), batch_norm(x, m, v, {}, gamma),
    };
  }
};

constexpr auto dense_block = [](graph& g) {
  tensor x = placeholder(g, "x", {4, 6});
  tensor h = matmul(x, get_variable(g, "w", {6, 9}));
  tensor mean = get_variable(g, "mean", {9}), variance = get_variable(g, "positive", {9});
  return relu(batch_norm(h, mean, variance, get_variable(g, "beta", {9}), get_variable(g, "gamma", {9})));
};

constexpr auto identities = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3});
  tensor b = placeholder(g, "b", {3}, dtype::boolean);
  tensor i = placeholder(g, "i", {3}, dtype::i64);
  return std::array<tensor, 5>{stop_gradient(x), stop_gradient(b), stop_gradient(i) + 1, dropout(x, 0.5),
                               dropout(i, 0)};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_normalization)

BOOST_AUTO_TEST_CASE(layer_norms) {
  same_as_reference<every_layer_norm<dtype::f32>{}>({{2, 3, 4},
                                                     {2, 3, 4},
                                                     {2, 3, 4},
                                                     {2, 3, 4},
                                                     {2, 3, 4},
                                                     {2, 3, 4},
                                                     {2, 3, 4},
                                                     {2, 3, 4},
                                                     {3, 77},
                                                     {3, 77},
                                                     {3, 77},
                                                     {2, 128},
                                                     {19},
                                                     {0, 3},
                                                     {2, 3, 4}},
                                                    1, 4);
  same_as_reference<every_layer_norm<dtype::f64>{}>({}, 2, 4);
}
BOOST_AUTO_TEST_CASE(group_norms) {
  same_as_reference<every_group_norm<dtype::f32>{}>({}, 1, 4);
  same_as_reference<every_group_norm<dtype::f64>{}>({}, 2, 4);
}
BOOST_AUTO_TEST_CASE(batch_norms) {
  same_as_reference<every_batch_norm<dtype::f32>{}>(std::vector<shape>(6, {2, 3, 3, 5}), 1, 4);
  same_as_reference<every_batch_norm<dtype::f64>{}>({}, 2, 4);
  same_as_reference<dense_block>({{4, 9}}, 1, 4);
  static_assert(compiled<dense_block>::memory().arena <= 4 * 9 * 4 + 64);  // the result alone: one step
}
BOOST_AUTO_TEST_CASE(identity_ops) { same_as_reference<identities>({{2, 3}, {3}, {3}, {2, 3}, {3}}); }

// An offset of 65536 between elements that differ by 1: a float holds seven digits, of which the mean must lose none.
BOOST_AUTO_TEST_CASE(large_offsets) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {1, 100});
    return std::array<tensor, 3>{layer_norm(x), group_norm(reshape(x, {1, 50, 2}), 1),
                                 instance_norm(reshape(x, {1, 100, 1}))};
  };
  std::array<float, 100> x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 65536.F + static_cast<float>(i * 37 % 11);
  double const mean = std::accumulate(x.begin(), x.end(), 0.0) / 100;
  double variance = 0;
  for (float v : x) variance += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean) / 100;
  compiled<model> net;
  auto const [layer, group, instance] = net.run(x);
  for (Eigen::Index i = 0; i < 100; ++i) {
    double const expected = (static_cast<double>(x[static_cast<std::size_t>(i)]) - mean) / std::sqrt(variance + 1e-5);
    for (float found : {layer.data()[i], group.data()[i], instance.data()[i]})
      BOOST_TEST(std::abs(static_cast<double>(found) - expected) < 1e-6);
  }
}
// Equal elements have no variance: with an epsilon, zeros.
BOOST_AUTO_TEST_CASE(no_variance) {
  static constexpr auto model = [](graph& g) {
    tensor x = placeholder(g, "x", {1, 2, 33});
    return std::array<tensor, 3>{layer_norm(x), group_norm(x, 3), instance_norm(x)};
  };
  std::array<float, 66> x;
  x.fill(0.1F);
  compiled<model> net;
  auto const [layer, group, instance] = net.run(x);
  for (Eigen::Index i = 0; i < 66; ++i)
    for (float found : {layer.data()[i], group.data()[i], instance.data()[i]}) BOOST_TEST(std::abs(found) < 1e-6F);
}

// numpy: ((x - x.mean(-1)) / sqrt(x.var(-1) + 1e-5)) * gamma + beta and so on, in double precision
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto known = [](graph& g) {
    tensor x = constant(g, literal{{1.F, -2.F, 3.F, 0.5F, 0.25F, -1.F, 4.F, 2.F}, {2, 4}});
    tensor gamma = constant(g, {0.5F, 2.F, -1.F, 1.5F}), beta = constant(g, {1.F, -1.F, 0.5F, 0.25F});
    tensor mean = constant(g, {0.5F, 0.F, 1.F, -1.F}), variance = constant(g, {1.F, 4.F, 0.25F, 2.F});
    return std::array<tensor, 6>{layer_norm(x, {.gamma = gamma, .beta = beta}),    layer_norm(x, {.epsilon = 1e-12}),
                                 group_norm(x, 2, {.gamma = gamma, .beta = beta}), instance_norm(reshape(x, {1, 2, 4})),
                                 batch_norm(x, mean, variance, beta, gamma),       batch_norm(x, mean, variance)};
  };
  compiled<known> net;
  auto const found = net.run();
  auto check = [](auto const& map, std::initializer_list<float> expected) {
    BOOST_TEST_REQUIRE(static_cast<std::size_t>(map.size()) == expected.size());
    Eigen::Index i = 0;
    for (float e : expected) BOOST_TEST(map.data()[i++] == e, boost::test_tools::tolerance(2e-6F));
  };
  check(std::get<0>(found), {1.105279195F, -3.94781746F, -0.83353647F, 0.144720805F, 0.717762531F, -3.457126203F,
                             -0.92778955F, 0.797872734F});
  check(std::get<1>(found), {0.210558722F, -1.473911053F, 1.333538572F, -0.070186241F, -0.564475735F, -1.228564835F,
                             1.427791565F, 0.365249005F});
  check(std::get<2>(found),
        {1.499998889F, -2.999995556F, -0.4999968F, -1.2499952F, 1.4999936F, -2.9999744F, -0.499995F, -1.2499925F});
  check(std::get<3>(found), {0.999964446F, -0.999980001F, -0.999980001F, -0.999991111F, -0.999964446F, 0.999980001F,
                             0.999980001F, 0.999991111F});
  check(std::get<4>(found), {1.249875094F, -2.999750047F, -3.49202392F, 1.840592659F, 0.875062453F, -1.999875023F,
                             -5.48803588F, 3.431185318F});
  check(std::get<5>(found), {0.499750187F, -0.999875023F, 3.99202392F, 1.060395106F, -0.249875094F, -0.499937512F,
                             5.98803588F, 2.120790212F});
}

namespace {

/// The names of the ops of a graph from one on, each after a space.
std::string names_from(graph& g, int first) {
  std::string out;
  for (int i = first; i < g.size(); ++i) {
    text const full = g[i].name();
    out += ' ';
    out += full.view().substr(0, full.view().find(':'));
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(named) {
  graph g;
  tensor x = placeholder(g, "x", {2, 3, 4}), v = placeholder(g, "v", {4});
  tensor a = layer_norm(x), b = layer_norm(x, "norm"), c = group_norm(x, 2),
         d = instance_norm(x, {.gamma = v}, "instance");
  tensor e = instance_norm(x), f = stop_gradient(x), h = dropout(x, 0.1), i = dropout(x, 0.1, "drop");
  BOOST_TEST(a.name().view() == "LayerNorm:0");
  BOOST_TEST(b.name().view() == "norm:0");
  BOOST_TEST(c.name().view() == "GroupNorm:0");
  BOOST_TEST(d.name().view() == "instance:0");
  BOOST_TEST(d.op() == "GroupNorm");
  BOOST_TEST(e.name().view() == "InstanceNorm:0");
  BOOST_TEST(f.name().view() == "StopGradient:0");
  BOOST_TEST(h.name().view() == "dropout/Identity:0");
  BOOST_TEST(i.name().view() == "drop/Identity:0");
}
// What tf.nn.batch_normalization records, in TensorFlow's order.
BOOST_AUTO_TEST_CASE(named_as_tensorflow_names_batch_norms) {
  graph g;
  tensor x = placeholder(g, "x", {2, 4}), m = placeholder(g, "m", {4}), v = placeholder(g, "v", {4});
  int first = g.size();
  static_cast<void>(batch_norm(x, m, v, m, m));
  BOOST_TEST(
      names_from(g, first) ==
      " batchnorm/add/y batchnorm/add batchnorm/Rsqrt batchnorm/mul batchnorm/mul_1 batchnorm/mul_2 batchnorm/sub"
      " batchnorm/add_1");
  first = g.size();
  static_cast<void>(batch_norm(x, m, v));
  BOOST_TEST(names_from(g, first) ==
             " batchnorm_1/add/y batchnorm_1/add batchnorm_1/Rsqrt batchnorm_1/mul batchnorm_1/Neg batchnorm_1/mul_1"
             " batchnorm_1/add_1");
  BOOST_TEST(batch_norm(x, m, v, {}, {}, 1e-5, "bn").name().view() == "bn/add_1:0");
}
BOOST_AUTO_TEST_CASE(unknown_extents) {
  graph g;
  tensor x = placeholder(g, "x", {dyn, 3, 4}), any = placeholder(g, "any"), v = placeholder(g, "v", {4});
  BOOST_TEST((tensor(layer_norm(x, {.gamma = v})).shape() == shape{dyn, 3, 4}));
  BOOST_TEST((tensor(layer_norm(any, {.gamma = v})).shape() == unknown_shape));
  BOOST_TEST((tensor(group_norm(x, 2, {.gamma = v})).shape() == shape{dyn, 3, 4}));
  BOOST_TEST((tensor(group_norm(any, 2)).shape() == unknown_shape));
}
BOOST_AUTO_TEST_CASE(refusals) {
  auto vector = [](graph& g, int size, dtype type = dtype::f32) { return placeholder(g, "v", {size}, type); };
  BOOST_TEST(refusal([&](graph&, tensor x) { return layer_norm(x, {.over = 0}); }) ==
             "OP_ATTRIBUTE LayerNorm: [0] of (2, 3); the last axes of the tensor, at least one");
  BOOST_TEST(refusal([&](graph&, tensor x) {
               return layer_norm(x, {.over = {-1, 1}});
             }) == "OP_ATTRIBUTE LayerNorm: [-1, 1] of (2, 3); the last axes of the tensor, at least one");
  BOOST_TEST(refusal([&](graph&, tensor x) { return layer_norm(x, {.over = {}}); }) ==
             "OP_ATTRIBUTE LayerNorm: [] of (2, 3); the last axes of the tensor, at least one");
  BOOST_TEST(
      refusal([&](graph& g, tensor x) { return layer_norm(x, {.gamma = vector(g, 2)}); }) ==
      R"(OP_SHAPE LayerNorm: "x:0" (2, 3), "v:0" (2,); gamma and beta of the shape of the axes that are normalized)");
  BOOST_TEST(refusal([&](graph& g, tensor x) { return layer_norm(x, {.beta = vector(g, 3, dtype::f64)}); }) ==
             R"(OP_DTYPE LayerNorm: "x:0" float32, "v:0" float64; operands of one dtype)");
  BOOST_TEST(refusal([&](graph&, tensor x) { return layer_norm(x, {.epsilon = -1}); }) ==
             "OP_ATTRIBUTE LayerNorm: an epsilon below 0; an epsilon of at least 0");
  BOOST_TEST(refusal([&](graph& g, tensor) { return layer_norm(vector(g, 3, dtype::i32)); }) ==
             R"(OP_DTYPE LayerNorm: "v:0" int32; a floating dtype)");
  BOOST_TEST(
      refusal([&](graph&, tensor x) { return group_norm(x, 2); }) ==
      "OP_ATTRIBUTE GroupNorm: 2 groups of the channels of (2, 3); a number of groups that divides the channels");
  BOOST_TEST(
      refusal([&](graph&, tensor x) { return group_norm(x, 0); }) ==
      "OP_ATTRIBUTE GroupNorm: 0 groups of the channels of (2, 3); a number of groups that divides the channels");
  BOOST_TEST(refusal([&](graph& g, tensor) { return group_norm(vector(g, 3), 1); }) ==
             R"(OP_SHAPE GroupNorm: "v:0" (3,); a batch, and channels as the last axis)");
  BOOST_TEST(refusal([&](graph& g, tensor x) { return instance_norm(x, {.gamma = vector(g, 2)}); }) ==
             R"(OP_SHAPE InstanceNorm: "x:0" (2, 3), "v:0" (2,); a gamma and a beta for each channel)");
  BOOST_TEST(refusal([&](graph& g, tensor x) {
               return batch_norm(x, vector(g, 2), vector(g, 3));
             }).starts_with("OP_SHAPE batchnorm/"));
  BOOST_TEST(refusal([&](graph&, tensor x) { return dropout(x, 0.5, training::yes); }) ==
             "OP_ATTRIBUTE dropout: training::yes; training::no: dropping elements is not evaluated yet");
  BOOST_TEST(refusal([&](graph&, tensor x) { return dropout(x, 1); }) ==
             "OP_ATTRIBUTE dropout: a rate outside of [0, 1); a rate from 0 to below 1");
  BOOST_TEST(refusal([&](graph&, tensor x) { return dropout(x, -0.1, training::yes, "drop"); }) ==
             "OP_ATTRIBUTE drop: a rate outside of [0, 1); a rate from 0 to below 1");
}

BOOST_AUTO_TEST_SUITE_END()
