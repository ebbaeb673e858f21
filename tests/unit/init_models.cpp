// SPDX-License-Identifier: BSL-1.0
// Initial values that are matrices, and initial values of compiled models: through every form of a weight.
#include <ambit/ambit.hpp>
#include <ambit/init/initialize.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

using namespace ambit;

namespace {

template <class T>
std::vector<T> initialized(initializer const& from, shape const& s, std::uint64_t seed = 7,
                           std::string_view name = "w") {
  std::vector<T> values(static_cast<std::size_t>(s.elements()));
  initialize(from, name, s, dtype_of<T>, seed, values.data());
  return values;
}

/// The largest deviation of the products of rows, or columns, from those of an orthogonal matrix times `gain`.
template <class T>
double error_of(std::vector<T> const& w, int rows, int columns, double gain) {
  bool const tall = rows >= columns;
  int const vectors = tall ? columns : rows, length = tall ? rows : columns;
  auto const at = [&](int v, int i) {
    return static_cast<double>(w[static_cast<std::size_t>(tall ? i * columns + v : v * columns + i)]);
  };
  double worst = 0;
  for (int a = 0; a < vectors; ++a)
    for (int b = 0; b <= a; ++b) {
      double sum = 0;
      for (int i = 0; i < length; ++i) sum += at(a, i) * at(b, i);
      worst = std::max(worst, std::abs(sum / (gain * gain) - (a == b ? 1 : 0)));
    }
  return worst;
}

/// Twice every element: a user's own kind, which depends on the index only.
struct ramp_kind final : initializer_kind {
  constexpr ramp_kind() : initializer_kind("ramp") {}
  [[nodiscard]] constexpr bool draws() const override { return true; }
  constexpr void draw(drawing const&, initializer_parameters const& p, std::int64_t first,
                      std::span<double> values) const override {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = p[0] * static_cast<double>(first + static_cast<std::int64_t>(i));
  }
  constexpr ~ramp_kind() = default;
};
inline constexpr ramp_kind ramp_object{};
constexpr initializer ramp(double step) { return {ramp_object, {step}}; }

constexpr tensor affine(graph& g, name scope, tensor x, int units, initializer const& from) {
  variable_scope layer{g, scope, {.initializer = from}};
  tensor kernel = get_variable(g, "kernel", {x.shape()[-1], units});
  tensor bias = get_variable(g, "bias", {units}, {.initializer = ones_initializer()});
  return matmul(x, kernel) + bias;
}
constexpr auto many = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 19});
  tensor a = relu(affine(g, "a", x, 67, he_normal()));
  tensor b = relu(affine(g, "b", a, 23, orthogonal_initializer()));
  tensor c = affine(g, "c", b, 130, orthogonal_initializer(2));
  tensor image = placeholder(g, "image", {1, 6, 6, 3});
  tensor kernel = get_variable(g, "window", {3, 3, 3, 10}, {.initializer = glorot_normal()});
  tensor d = conv2d(image, kernel);
  tensor turned = get_variable(g, "turned", {21, 130}, {.initializer = orthogonal_initializer()});
  tensor e = matmul(c, turned, {.transpose_b = true});
  tensor ids = get_variable(g, "ids", {5, 3}, {.dtype = dtype::i32, .initializer = ramp(2)});
  tensor eye = get_variable(g, "eye", {3, 5}, {.dtype = dtype::f64, .initializer = identity_initializer(0.5)});
  return std::array<tensor, 4>{e, d, identity(ids), identity(eye)};
};

// Forms of recurrent cells, whose gates lie side by side.
constexpr auto recurrent = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4, 3});
  return layers::lstm(g, "cell", x, 9, lstm_format::tensorflow1);
};

// The same variables in another order and among others.
constexpr auto other_order = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 67});
  (void)get_variable(g, "more", {3});
  tensor b = affine(g, "b", x, 23, orthogonal_initializer());
  tensor a = affine(g, "a", placeholder(g, "y", {1, 19}), 67, he_normal());
  return std::array<tensor, 2>{a, b};
};

constexpr auto state = [](graph& g) {
  tensor n = get_variable(g, "n", {2, 2}, {.initializer = random_normal()});
  return std::array<tensor, 2>{identity(n), assign(n, n + 1.f)};
};

constexpr auto folded = [](graph& g) {  // what depends on weights alone is computed when they change
  tensor w = get_variable(g, "w", {1, 4}, {.initializer = random_uniform(1, 2)});
  return placeholder(g, "x", {1, 4}) * sqrt(w * 2.f + 1.f);
};

constexpr auto parts = [](graph& g) {
  variable_scope s{g, "s", {.partitioner = fixed_size_partitioner(2)}};
  tensor eye = get_variable(g, "eye", {5, 5}, {.initializer = identity_initializer()});
  tensor table = get_variable(g, "table", {5, 4}, {.initializer = he_uniform()});
  return std::array<tensor, 2>{identity(eye), identity(table)};
};

/// Every variable as `initialize` gives it dense, by its name.
template <class Net>
void check_table(Net const& net, std::uint64_t seed, auto const& initializer_of) {
  for (std::size_t i = 0; i < net.table().size(); ++i) {
    variable_entry const& v = net.table()[i];
    if (!v.stored) continue;
    std::size_t const bytes = static_cast<std::size_t>(v.shape.elements() * size_of(v.dtype));
    std::vector<unsigned char> found(bytes), wanted(bytes);
    net.read(static_cast<int>(i), found.data());
    initialize(initializer_of(v), v.name, v.shape, v.dtype, seed, wanted.data());
    BOOST_TEST_CONTEXT(v.name) BOOST_TEST((found == wanted));
  }
}

template <class Map>
std::vector<double> all(Map const& m) {
  std::vector<double> v;
  for (Eigen::Index r = 0; r < m.rows(); ++r)
    for (Eigen::Index c = 0; c < m.cols(); ++c) v.push_back(static_cast<double>(m(r, c)));
  return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(init_models)

BOOST_AUTO_TEST_CASE(orthogonal) {
  struct size {
    int rows, columns;
  };
  for (size const s :
       {size{1, 1}, size{1, 9}, size{9, 1}, size{5, 5}, size{64, 64}, size{65, 16}, size{17, 130}, size{200, 40}}) {
    shape const matrix{s.rows, s.columns};
    BOOST_TEST(error_of(initialized<float>(orthogonal_initializer(), matrix), s.rows, s.columns, 1) < 1e-6);
    BOOST_TEST(error_of(initialized<double>(orthogonal_initializer(), matrix), s.rows, s.columns, 1) < 5e-15);
    BOOST_TEST(error_of(initialized<double>(orthogonal_initializer(0.3), matrix), s.rows, s.columns, 0.3) < 5e-15);
  }
  // All axes but the last are rows.
  BOOST_TEST(error_of(initialized<double>(orthogonal_initializer(), {3, 4, 5, 6}), 60, 6, 1) < 5e-15);
  BOOST_TEST((initialized<double>(orthogonal_initializer(), {3, 4, 5, 6}) ==
              initialized<double>(orthogonal_initializer(), {60, 6})));
  BOOST_TEST(initialized<float>(orthogonal_initializer(), {0, 4}).empty());
  BOOST_TEST(initialized<float>(orthogonal_initializer(), {4, 0}).empty());
}

BOOST_AUTO_TEST_CASE(orthogonal_is_the_q_of_its_numbers) {
  // R = Q'A of the normal numbers A is upper triangular, and its diagonal positive: TensorFlow's choice of signs.
  int const rows = 7, columns = 4;
  auto const a = initialized<double>(random_normal(), {rows, columns});
  auto const q = initialized<double>(orthogonal_initializer(), {rows, columns});
  for (int i = 0; i < columns; ++i)
    for (int j = 0; j < columns; ++j) {
      double r = 0;
      for (int k = 0; k < rows; ++k)
        r += q[static_cast<std::size_t>(k * columns + i)] * a[static_cast<std::size_t>(k * columns + j)];
      if (i > j) BOOST_TEST(std::abs(r) < 1e-14);
      if (i == j) BOOST_TEST(r > 0.1);
    }
}

BOOST_AUTO_TEST_CASE(orthogonal_is_uniformly_distributed) {
  // Over rotations and reflections of the plane: an element is the cosine of a uniform angle, half of them reflect.
  int const n = 4000;
  double first = 0, squares = 0, fourth = 0, determinants = 0;
  for (int seed = 0; seed < n; ++seed) {
    auto const q = initialized<double>(orthogonal_initializer(), {2, 2}, static_cast<std::uint64_t>(seed));
    first += q[0], squares += q[0] * q[0], fourth += std::pow(q[0], 4), determinants += q[0] * q[3] - q[1] * q[2];
  }
  double const root = std::sqrt(n);
  BOOST_TEST(std::abs(first) / root / std::sqrt(0.5) < 3.3);
  BOOST_TEST(std::abs(squares - n * 0.5) / root / std::sqrt(0.125) < 3.3);
  BOOST_TEST(std::abs(fourth / n - 0.375) < 0.02);
  BOOST_TEST(std::abs(determinants) / root < 3.3);
}

BOOST_AUTO_TEST_CASE(identity_matrices) {
  BOOST_TEST((initialized<float>(identity_initializer(), {2, 3}) == std::vector<float>{1, 0, 0, 0, 1, 0}));
  BOOST_TEST((initialized<double>(identity_initializer(2), {3, 2}) == std::vector<double>{2, 0, 0, 2, 0, 0}));
  BOOST_TEST((initialized<std::int32_t>(identity_initializer(), {1, 1}) == std::vector<std::int32_t>{1}));
}

BOOST_AUTO_TEST_CASE(every_form_of_a_weight) {
  compiled<many> net;
  for (std::uint64_t seed : {1U, 2U}) {
    net.initialize(seed);
    check_table(net, seed, [](variable_entry const& v) -> initializer {
      if (v.name.ends_with("bias")) return ones_initializer();
      if (v.name == "a/kernel") return he_normal();
      if (v.name == "c/kernel") return orthogonal_initializer(2);
      if (v.name == "window") return glorot_normal();
      if (v.name == "ids") return ramp(2);
      if (v.name == "eye") return identity_initializer(0.5);
      return orthogonal_initializer();
    });
  }
  BOOST_TEST((net["a/bias"_n](0, 5) == 1 && net["ids"_n](4, 2) == 28 && net["eye"_n](2, 2) == 0.5));
}

BOOST_AUTO_TEST_CASE(gates) {
  compiled<recurrent> net;
  net.initialize(3);
  check_table(net, 3, [](variable_entry const& v) {
    return v.name.ends_with("bias") ? zeros_initializer() : glorot_uniform();
  });
  BOOST_TEST(all(net.run(std::array<float, 12>{1, 2, 3}))[0] != 0);
}

BOOST_AUTO_TEST_CASE(whatever_the_order) {
  compiled<many> first;
  compiled<other_order> second;
  first.initialize(5);
  second.initialize(5);
  BOOST_TEST((all(first["a/kernel"_n]) == all(second["a/kernel"_n])));
  BOOST_TEST((all(first["b/kernel"_n]) == all(second["b/kernel"_n])));
  second.initialize(6);
  BOOST_TEST((all(first["a/kernel"_n]) != all(second["a/kernel"_n])));
}

BOOST_AUTO_TEST_CASE(replaces_everything) {
  compiled<many> net;
  auto const before = all(net["a/kernel"_n]);
  BOOST_TEST((before == std::vector<double>(19 * 67)));  // nothing is drawn unless asked for
  net.initialize(9);
  auto const drawn = all(net["a/kernel"_n]);
  net.edit("a/kernel"_n).setConstant(3);
  net.edit("a/bias"_n).setConstant(4);
  net.initialize(9);
  BOOST_TEST((all(net["a/kernel"_n]) == drawn));
  BOOST_TEST((all(net["a/bias"_n]) == std::vector<double>(67, 1)));
}

BOOST_AUTO_TEST_CASE(of_state) {
  compiled<state> net;
  net.initialize(11);
  auto const wanted = initialized<float>(random_normal(), {2, 2}, 11, "n");
  BOOST_TEST((all(std::get<0>(net.run())) == std::vector<double>(wanted.begin(), wanted.end())));
  BOOST_TEST((all(std::get<0>(net.run())) != std::vector<double>(wanted.begin(), wanted.end())));
  net.reset();
  BOOST_TEST((all(std::get<0>(net.run())) == std::vector<double>(wanted.begin(), wanted.end())));
}

BOOST_AUTO_TEST_CASE(folded_constants_follow) {
  compiled<folded> net;
  net.initialize(1);
  float const w = initialized<float>(random_uniform(1, 2), {1, 4}, 1, "w")[2];
  BOOST_TEST(net.run(std::array<float, 4>{1, 1, 1, 1})(0, 2) == std::sqrt(w * 2 + 1),
             boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(parts_of_a_variable) {
  compiled<parts> net;
  net.initialize(2);
  auto const [eye, table] = net.run();
  for (Eigen::Index r = 0; r < 5; ++r)
    for (Eigen::Index c = 0; c < 5; ++c) BOOST_TEST(eye(r, c) == (r == c ? 1 : 0));
  float const limit = std::sqrt(6 / 5.F);
  auto const first = initialized<float>(random_uniform(-limit, limit), {3, 4}, 2, "s/table/part_0");
  BOOST_TEST(table(2, 3) == first[11], boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_SUITE_END()
