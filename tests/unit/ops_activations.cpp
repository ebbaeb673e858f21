// SPDX-License-Identifier: BSL-1.0
#include "evaluation.hpp"
#include "refusal.hpp"

#include <array>
#include <limits>

using namespace ambit;
using evaluation_test::same_as_reference;

namespace {

/// Every activation, each alone, also over four times the range of the numbers drawn.
template <dtype Type>
struct activations {
  int rows = 1;
  int columns = 1;
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {rows, columns}, Type);
    tensor slopes = placeholder(g, "positive_slopes", {columns}, Type);
    return std::array<tensor, 24>{
        leaky_relu(x),       leaky_relu(x, 0.01),
        leaky_relu(x, 1.5),  leaky_relu(x, -1),
        elu(x),              elu(x * 4, 0.5),
        selu(x * 4),         softplus(x),
        softplus(x * 16),    softsign(x),
        gelu(x),             gelu(x * 4),
        gelu(x, gelu_form::tanh), gelu(x * 4, gelu_form::tanh),
        swish(x),            swish(x * 8),
        mish(x),             mish(x * 16),
        hard_sigmoid(x * 2), hard_sigmoid(x * 2, {.alpha = 1.0 / 6}),
        hard_swish(x * 2),   prelu(x, slopes),
        prelu(x, 0.25),      hard_sigmoid(x, {.alpha = -1, .beta = 0.25}),
    };
  }
};
/// Every kind of tail, each length with the activations in one group.
struct tails {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      tensor x = placeholder(g, name{"x_", n}, {n});
      out[at++] = gelu(leaky_relu(x)) * swish(x) + mish(elu(x)) - softplus(hard_swish(x)) * softsign(selu(x)) +
                  prelu(x, hard_sigmoid(x)) * gelu(x, gelu_form::tanh);
    }
    return out;
  }
};
constexpr auto slopes = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3, 4});
  tensor each = placeholder(g, "each", {3, 4}), last = placeholder(g, "last", {4}), row = placeholder(g, "row", {3, 1});
  return std::array<tensor, 4>{prelu(x, each), prelu(x, last), prelu(x, row), prelu(x, get_variable(g, "alpha", {1, 1, 4}))};
};
/// Behind a product they are computed on its sums.
constexpr auto dense = [](graph& g) {
  tensor x = placeholder(g, "x", {3, 5});
  tensor h = swish(matmul(x, get_variable(g, "w", {5, 9})) + get_variable(g, "b", {9}));
  return prelu(matmul(gelu(h), get_variable(g, "v", {9, 7})), get_variable(g, "alpha", {7}));
};

template <dtype Type>
struct special {
  constexpr auto operator()(graph& g) const {
    tensor x = placeholder(g, "x", {11}, Type);
    return std::array<tensor, 11>{leaky_relu(x), elu(x),  selu(x),         softplus(x),   gelu(x),      gelu(x, gelu_form::tanh),
                                  swish(x),      mish(x), hard_sigmoid(x), hard_swish(x), prelu(x, 0.5)};
  }
};

template <class T>
void check_special_values() {
  constexpr double inf = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
  constexpr double tiny = 1e-30, large = sizeof(T) == 4 ? 3e38 : 1e300, log2 = 0.6931471805599453;
  constexpr double x[] = {0, -0., tiny, -tiny, 1000, -1000, large, -large, inf, -inf, none};
  std::array<T, 11> in;
  for (std::size_t i = 0; i < 11; ++i) in[i] = static_cast<T>(x[i]);
  compiled<special<dtype_of<T>>{}> net;
  auto const found = net.run(in);
  auto check = [&](char const* what, auto const& map, std::initializer_list<double> expected) {
    std::size_t i = 0;
    for (double e : expected) {
      double const f = static_cast<double>(map.data()[i]);
      double const slack = 8 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(e) + 1e-36;
      bool const same = f == e || (std::isnan(f) && std::isnan(e)) || (std::isfinite(e) && std::abs(f - e) < slack);
      BOOST_TEST(same, what << " of " << x[i] << " is " << f << ", expected " << e);
      ++i;
    }
  };
  std::initializer_list<double> const like_swish = {0, 0, tiny / 2, -tiny / 2, 1000, 0, large, 0, inf, 0, none};
  check("leaky_relu", std::get<0>(found), {0, 0, tiny, -tiny / 5, 1000, -200, large, -large / 5, inf, -inf, none});
  check("elu", std::get<1>(found), {0, 0, tiny, -tiny, 1000, -1, large, -1, inf, -1, none});
  double const s = 1.0507009873554805, a = s * 1.6732632423543772;
  check("selu", std::get<2>(found), {0, 0, s * tiny, -a * tiny, s * 1000, -a, s * large, -a, inf, -a, none});
  check("softplus", std::get<3>(found), {log2, log2, log2, log2, 1000, 0, large, 0, inf, 0, none});
  check("gelu", std::get<4>(found), like_swish);
  check("gelu by tanh", std::get<5>(found), like_swish);
  check("swish", std::get<6>(found), like_swish);
  check("mish", std::get<7>(found), {0, 0, 0.6 * tiny, -0.6 * tiny, 1000, 0, large, 0, inf, 0, none});
  check("hard_sigmoid", std::get<8>(found), {0.5, 0.5, 0.5, 0.5, 1, 0, 1, 0, 1, 0, none});
  check("hard_swish", std::get<9>(found), like_swish);
  check("prelu", std::get<10>(found), {0, 0, tiny, -tiny / 2, 1000, -500, large, -large / 2, inf, -inf, none});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ops_activations)

BOOST_AUTO_TEST_CASE(f32) { same_as_reference<activations<dtype::f32>{2, 3}>(std::vector<shape>(24, {2, 3})); }
BOOST_AUTO_TEST_CASE(f64) { same_as_reference<activations<dtype::f64>{7, 1}>(std::vector<shape>(24, {7, 1})); }
BOOST_AUTO_TEST_CASE(long_runs) { same_as_reference<activations<dtype::f32>{3, 67}>(); }
BOOST_AUTO_TEST_CASE(no_elements) { same_as_reference<activations<dtype::f32>{0, 3}>(); }
BOOST_AUTO_TEST_CASE(every_length) { same_as_reference<tails{}>({}, 1, 2); }
BOOST_AUTO_TEST_CASE(slopes_broadcast) {
  same_as_reference<slopes>({{2, 3, 4}, {2, 3, 4}, {2, 3, 4}, {2, 3, 4}});
  same_as_reference<dense>({{3, 7}}, 1, 4);
}
BOOST_AUTO_TEST_CASE(special_values) {
  check_special_values<float>();
  check_special_values<double>();
}
// Numbers from numpy, of the definitions; softplus, selu and gelu also stand in TensorFlow's and PyTorch's documentation.
BOOST_AUTO_TEST_CASE(known_numbers) {
  static constexpr auto model = [](graph& g) {
    tensor x = constant(g, literal{{-3.0, -1.0, 0.5, 3.0}});
    return std::array<tensor, 12>{leaky_relu(x), elu(x),  selu(x), softplus(x),     softsign(x),   gelu(x), gelu(x, gelu_form::tanh),
                                  swish(x),      mish(x), hard_sigmoid(x), hard_swish(x), prelu(x, 0.1)};
  };
  compiled<model> net;
  auto const found = net.run();
  auto check = [](auto const& map, std::initializer_list<double> expected) {
    std::size_t i = 0;
    for (double e : expected) BOOST_TEST(std::abs(map.data()[i++] - e) < 1e-14);
  };
  check(std::get<0>(found), {-0.6000000000000001, -0.2, 0.5, 3});
  check(std::get<1>(found), {-0.950212931632136, -0.6321205588285577, 0.5, 3});
  check(std::get<2>(found), {-1.670568728767112, -1.111330737812563, 0.5253504936777402, 3.152102962066441});
  check(std::get<3>(found), {0.04858735157374206, 0.3132616875182229, 0.9740769841801067, 3.048587351573742});
  check(std::get<4>(found), {-0.75, -0.5, 0.3333333333333333, 0.75});
  check(std::get<5>(found), {-0.004049694094890287, -0.1586552539314571, 0.3457312306370066, 2.99595030590511});
  check(std::get<6>(found), {-0.003637392081772994, -0.1588080093917232, 0.3457140098251439, 2.996362607918227});
  check(std::get<7>(found), {-0.1422776195327004, -0.2689414213699951, 0.3112296656009273, 2.8577223804673});
  check(std::get<8>(found), {-0.1456474612756246, -0.3034014613741089, 0.3752452113048951, 2.986535004967958});
  check(std::get<9>(found), {0, 0.3, 0.6, 1});
  check(std::get<10>(found), {-0, -0.3333333333333334, 0.2916666666666667, 3});
  check(std::get<11>(found), {-0.3, -0.1, 0.5, 3});
}
BOOST_AUTO_TEST_CASE(names) {
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor a = leaky_relu(x), b = leaky_relu(x, 0.1), c = gelu(x, "unit"), d = prelu(x, 0.1), e = hard_sigmoid(x, "gate");
  BOOST_TEST(a.name().view() == "LeakyRelu:0");
  BOOST_TEST(b.name().view() == "LeakyRelu_1:0");
  BOOST_TEST(c.name().view() == "unit:0");
  BOOST_TEST(c.op() == "Gelu");
  BOOST_TEST(d.name().view() == "PRelu:0");
  BOOST_TEST(e.name().view() == "gate:0");
}
BOOST_AUTO_TEST_CASE(refused) {
  auto const i32 = [](graph& g) { return placeholder(g, "i", {2, 3}, dtype::i32); };
  BOOST_TEST(refusal([&](graph& g, tensor) { return gelu(i32(g)); }) == "OP_DTYPE Gelu: \"i:0\" int32; a floating dtype");
  BOOST_TEST(refusal([&](graph& g, tensor) { return leaky_relu(i32(g)); }).starts_with("OP_DTYPE LeakyRelu"));
  BOOST_TEST(refusal([&](graph& g, tensor x) { return prelu(x, i32(g)); }).starts_with("OP_DTYPE PRelu"));
  BOOST_TEST(refusal([](graph& g, tensor x) { return prelu(x, placeholder(g, "a", {4, 2, 3})); }) ==
             "OP_SHAPE PRelu: \"x:0\" (2, 3), \"a:0\" (4, 2, 3); slopes that broadcast to the shape of the features");
  BOOST_TEST(refusal([](graph& g, tensor x) { return prelu(x, placeholder(g, "a", {2})); }).starts_with("OP_SHAPE PRelu"));
  BOOST_TEST(refusal([](graph& g, tensor x) { return prelu(x, placeholder(g, "a", {3})); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
