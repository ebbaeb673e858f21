// SPDX-License-Identifier: BSL-1.0
// Random numbers: the generator, single numbers, distributions.
#include <ambit/core.hpp>
#include <ambit/init/initialize.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

using namespace ambit;

namespace {

using detail::philox4x32_10;
using detail::philox_block;

// The known answers of Random123 (tests/kat_vectors).
static_assert(philox4x32_10({{0, 0, 0, 0}}, 0, 0) == philox_block{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
static_assert(philox4x32_10({{~0U, ~0U, ~0U, ~0U}}, ~0U, ~0U) ==
              philox_block{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
static_assert(philox4x32_10({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0) ==
              philox_block{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});

constexpr std::uint64_t seed = 0x123456789abcdef0;
constexpr std::string_view key = "model/fc1/kernel";

template <std::size_t Count>
constexpr std::array<double, Count> drawn(initializer const& from, dtype type, std::int64_t first = 0,
                                          shape const& s = {1 << 20}) {
  std::array<double, Count> values{};
  from.kind()->draw({random_stream(seed, key), type, s}, from.parameters(), first, values);
  return values;
}
template <class T>
std::vector<T> initialized(initializer const& from, shape const& s, std::uint64_t with = seed,
                           std::string_view name = key) {
  std::vector<T> values(static_cast<std::size_t>(s.elements()));
  initialize(from, name, s, dtype_of<T>, with, values.data());
  return values;
}

// Elements 0 to 3, 64 and 1000, by a program of its own: Philox and 40 digits of mpmath in Python.
struct known {
  initializer from;
  dtype type;
  std::array<double, 6> values;
};
known const answers[] = {
    {random_uniform(0, 1),
     dtype::f32,
     {0.66940903663635254, 0.052697122097015381, 0.56556063890457153, 0.23792183399200439, 0.56514436006546021,
      0.84374994039535522}},
    {random_uniform(0, 1),
     dtype::f64,
     {0.05269716928466428, 0.23792184669653893, 0.49981261204644478, 0.9147244700135122, 0.67038299905788479,
      0.236123501865798}},
    {random_normal(),
     dtype::f32,
     {-0.95650302305856174, 1.6192460266178232, -1.5096947296543512, 0.71300333513538342, -1.5129642320231614,
      -0.40225018966668124}},
    {random_normal(),
     dtype::f64,
     {1.6192460262510331, 0.71300333508604732, 0.00046971195997864947, -0.2154083762004391, -0.952652834389931,
      0.71882783700788741}},
    {truncated_normal(),
     dtype::f32,
     {-0.41710971700883756, 0.12641790246267206, -0.15750772691371849, 0.60405463294379122, -0.15649935491328368,
      -0.94671991675288852}},
    {truncated_normal(),
     dtype::f64,
     {0.12641790255780103, 0.60405463298762226, 1.9966981116162898, -1.2582780801861608, -0.41965302700907483,
      0.59889881822983973}},
};

// In a constant expression the same bits as at run time.
template <dtype Type, std::size_t... I>
void same_at_both_times() {
  constexpr auto in_compiler =
      std::array{drawn<8>(random_uniform(-0.3, 0.1), Type), drawn<8>(random_normal(0.1, 3), Type),
                 drawn<8>(truncated_normal(0.1, 3), Type, 64), drawn<8>(he_normal(), Type, 0, {3, 4, 5, 6}),
                 drawn<8>(glorot_uniform(), Type, 0, {7, 9})};
  auto const in_program =
      std::array{drawn<8>(random_uniform(-0.3, 0.1), Type), drawn<8>(random_normal(0.1, 3), Type),
                 drawn<8>(truncated_normal(0.1, 3), Type, 64), drawn<8>(he_normal(), Type, 0, {3, 4, 5, 6}),
                 drawn<8>(glorot_uniform(), Type, 0, {7, 9})};
  BOOST_TEST((in_compiler == in_program));
}

double normal_cdf(double x) { return std::erfc(-x / std::sqrt(2.)) / 2; }

/// Moments, and the largest distance between the two distribution functions, as multiples of their deviations.
template <class T, class Cdf>
void check_distribution(std::vector<T> values, double mean, double deviation, double kurtosis, Cdf cdf) {
  double const n = static_cast<double>(values.size());
  double sum = 0, squares = 0, cubes = 0, fourth = 0;
  for (T v : values) {
    double const x = (static_cast<double>(v) - mean) / deviation;
    sum += x, squares += x * x, cubes += x * x * x, fourth += x * x * x * x;
  }
  BOOST_TEST(std::abs(sum / std::sqrt(n)) < 3.3);  // one in a thousand goes beyond, and the seed is fixed
  BOOST_TEST(std::abs(squares - n) / std::sqrt(n * (kurtosis - 1)) < 3.3);
  BOOST_TEST(std::abs(cubes / n) < 0.03);
  BOOST_TEST(std::abs(fourth / n - kurtosis) < 0.06);
  std::sort(values.begin(), values.end());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    double const wanted = cdf(static_cast<double>(values[i]));
    distance = std::max(
        {distance, std::abs(static_cast<double>(i) / n - wanted), std::abs(static_cast<double>(i + 1) / n - wanted)});
  }
  BOOST_TEST(distance * std::sqrt(n) < 1.95);  // Kolmogorov and Smirnov: one in a thousand
}

template <class T>
void check_distributions() {
  shape const many{1000, 200};
  check_distribution(initialized<T>(random_uniform(-1, 3), many), 1, 4 / std::sqrt(12.), 1.8,
                     [](double x) { return (x + 1) / 4; });
  check_distribution(initialized<T>(random_normal(2, 0.5), many), 2, 0.5, 3,
                     [](double x) { return normal_cdf((x - 2) / 0.5); });
  double const left = 0.87962566103423978;  // the deviation that two deviations leave
  auto const truncated = [](double x) { return (normal_cdf(x) - normal_cdf(-2)) / (normal_cdf(2) - normal_cdf(-2)); };
  // Fourth moment of the truncated one: (3 - (8 + 3 * 2) * 2 * phi(2) / P) / left^4.
  double const share = std::exp(-2.) / std::sqrt(2 * 3.14159265358979323846) / std::erf(std::sqrt(2.));
  double const kurtosis = (3 - 2 * (8 + 3 * 2) * share) / std::pow(left, 4);
  check_distribution(initialized<T>(truncated_normal(), many), 0, left, kurtosis, truncated);
  check_distribution(initialized<T>(variance_scaling(3, fan::out), many), 0, std::sqrt(3 / 200.), kurtosis,
                     [&](double x) { return truncated(x / std::sqrt(3 / 200.) * left); });
  check_distribution(initialized<T>(variance_scaling(3, fan::in, random_distribution::untruncated_normal), many), 0,
                     std::sqrt(3 / 1000.), 3, [](double x) { return normal_cdf(x / std::sqrt(3 / 1000.)); });
  double const limit = std::sqrt(6 / 1200.);
  check_distribution(initialized<T>(glorot_uniform(), many), 0, limit / std::sqrt(3.), 1.8,
                     [&](double x) { return (x + limit) / (2 * limit); });
}

double largest(initializer const& from, shape const& s) {
  double most = 0;
  for (double x : initialized<double>(from, s)) most = std::max(most, std::abs(x));
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(init_random)

BOOST_AUTO_TEST_CASE(known_numbers) {
  for (known const& k : answers) {
    std::array<double, 64> chunk{};
    auto const compare = [&](std::int64_t element, double wanted) {
      k.from.kind()->draw({random_stream(seed, key), k.type, {2000}}, k.from.parameters(), element / 64 * 64, chunk);
      double const x = chunk[static_cast<std::size_t>(element % 64)];
      BOOST_TEST(x == wanted, boost::test_tools::tolerance(k.type == dtype::f64 ? 2e-15 : 1e-7));
    };
    std::int64_t const elements[] = {0, 1, 2, 3, 64, 1000};
    for (std::size_t i = 0; i < 6; ++i) compare(elements[i], k.values[i]);
  }
}

BOOST_AUTO_TEST_CASE(in_the_compiler_and_in_the_program) {
  same_at_both_times<dtype::f32>();
  same_at_both_times<dtype::f64>();
}

BOOST_AUTO_TEST_CASE(distributions_f32) { check_distributions<float>(); }
BOOST_AUTO_TEST_CASE(distributions_f64) { check_distributions<double>(); }

BOOST_AUTO_TEST_CASE(limits) {
  for (float x : initialized<float>(random_uniform(0, 1e-30), {100000})) BOOST_REQUIRE((x >= 0 && x < 1e-30F));
  for (float x : initialized<float>(random_uniform(1, 1.0000001192092896), {1000}))
    BOOST_REQUIRE(x == 1);  // half of them are rounded up
  for (double x : initialized<double>(random_uniform(5, 5), {10})) BOOST_REQUIRE(x == 5);
  BOOST_TEST(largest(truncated_normal(), {100000}) <= 2);
  BOOST_TEST(largest(truncated_normal(), {100000}) > 1.999);
  BOOST_TEST(largest(random_normal(), {100000}) > 4);
  rounding::random_bits const rarest[] = {
      {0, true}, {0, false}, {~std::uint64_t{0}, true}, {~std::uint64_t{0} << 32, false}};
  for (rounding::random_bits const& r : rarest) {
    BOOST_TEST(std::isfinite(r.normal()));
    BOOST_TEST(std::abs(r.truncated_normal()) <= 2);
    BOOST_TEST((r.uniform() >= 0 && r.uniform() < 1));
  }
  BOOST_TEST(std::abs(rarest[0].normal()) == 8.2922, boost::test_tools::tolerance(1e-3));  // 2^-54 of an end
}

BOOST_AUTO_TEST_CASE(fans) {
  using detail::fan_of;
  for (fan f : {fan::in, fan::out, fan::average}) {
    static_assert(fan_of({}, fan::in) == 1);
    BOOST_TEST(fan_of({}, f) == 1);
    BOOST_TEST(fan_of({7}, f) == 7);
  }
  static_assert(fan_of({3, 5}, fan::in) == 3 && fan_of({3, 5}, fan::out) == 5 && fan_of({3, 5}, fan::average) == 4);
  static_assert(fan_of({3, 5, 8, 16}, fan::in) == 120 &&
                fan_of({3, 5, 8, 16}, fan::out) == 240);  // places times channels
  static_assert(fan_of({9, 8, 16}, fan::average) == 108);
  // Less than one counts as one.
  BOOST_TEST(largest(variance_scaling(1, fan::in, random_distribution::uniform), {0, 4}) == 0);
  BOOST_TEST(largest(variance_scaling(1, fan::in, random_distribution::uniform), {1, 4000}) == std::sqrt(3.),
             boost::test_tools::tolerance(0.01));
  BOOST_TEST(largest(glorot_uniform(), {40, 60}) == std::sqrt(6 / 100.), boost::test_tools::tolerance(0.01));
  BOOST_TEST(largest(he_uniform(), {40, 60}) == std::sqrt(6 / 40.), boost::test_tools::tolerance(0.01));
  BOOST_TEST(largest(lecun_uniform(), {40, 60}) == std::sqrt(3 / 40.), boost::test_tools::tolerance(0.01));
  BOOST_TEST(largest(glorot_normal(), {40, 60}) == 2 / 0.87962566103423978 * std::sqrt(1 / 50.),
             boost::test_tools::tolerance(0.01));
  BOOST_TEST(largest(he_normal(), {40, 60}) == 2 / 0.87962566103423978 * std::sqrt(2 / 40.),
             boost::test_tools::tolerance(0.01));
  BOOST_TEST(largest(lecun_normal(), {40, 60}) == 2 / 0.87962566103423978 * std::sqrt(1 / 40.),
             boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(functions_of_seed_name_and_index) {
  auto const values = initialized<float>(random_normal(), {50, 40});
  BOOST_TEST((initialized<float>(random_normal(), {40, 50}) == values));  // row by row
  auto const some = initialized<float>(random_normal(), {70});
  BOOST_TEST(std::equal(some.begin(), some.end(), values.begin()));
  BOOST_TEST((initialized<float>(random_normal(), {50, 40}, seed + 1) != values));
  BOOST_TEST((initialized<float>(random_normal(), {50, 40}, seed, "model/fc2/kernel") != values));
  BOOST_TEST((initialized<float>(random_normal(), {50, 40}, seed ^ (seed << 32)) != values));
  // No correlation between seeds, names and neighbours: products of independent deviates.
  auto const correlation = [&](std::vector<float> const& other, std::size_t shift) {
    double sum = 0;
    for (std::size_t i = 0; i + shift < values.size(); ++i)
      sum += static_cast<double>(values[i]) * static_cast<double>(other[i + shift]);
    return std::abs(sum) / std::sqrt(static_cast<double>(values.size() - shift));
  };
  for (std::size_t shift : {1U, 2U, 3U, 4U, 40U}) BOOST_TEST(correlation(values, shift) < 3.3);
  BOOST_TEST(correlation(initialized<float>(random_normal(), {50, 40}, seed + 1), 0) < 3.3);
  BOOST_TEST(correlation(initialized<float>(random_normal(), {50, 40}, seed, "model/fc1/kernem"), 0) < 3.3);
}

BOOST_AUTO_TEST_CASE(constants) {
  BOOST_TEST((initialized<std::int32_t>(constant_initializer(7), {2}) == std::vector<std::int32_t>{7, 7}));
  BOOST_TEST((initialized<std::int64_t>(literal{{std::int64_t{9007199254740993}, std::int64_t{-1}}, {2}}, {2}) ==
              std::vector<std::int64_t>{9007199254740993, -1}));
  BOOST_TEST((initialized<float>(zeros_initializer(), {3}) == std::vector<float>(3)));
  bool flags[2] = {};
  initialize(literal{{false, true}, {2}}, "flags", {2}, dtype::boolean, 0, flags);
  BOOST_TEST((!flags[0] && flags[1]));
  float part[4] = {};
  literal const table{{1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f, 8.f}, {2, 4}};
  initialize(table, "t/part_1", {2, 2}, dtype::f32, 0, part, {.axis = 1, .offset = 1, .extent = 4});
  BOOST_TEST((part[0] == 2 && part[1] == 3 && part[2] == 6 && part[3] == 7));
}

BOOST_AUTO_TEST_CASE(variables_of_a_graph) {
  graph g;
  variable_scope s{g, "s", {.partitioner = fixed_size_partitioner(3)}};
  tensor whole = get_variable(g, "w", {5, 4}, {.initializer = he_uniform()});
  tensor fixed = get_variable(g, "c", {3}, {.initializer = literal{{1.f, 2.f, 3.f}}});
  (void)fixed;
  BOOST_TEST(whole.parts().size() == 3);
  for (tensor const& part : whole.parts()) {
    std::vector<float> values(static_cast<std::size_t>(part.shape().elements()));
    initialize(g, part, seed, values.data());
    text const name = part.name();
    std::string_view const full = name.view().substr(0, name.size() - 2);
    // The limit of the whole, though each part draws under its own name.
    BOOST_TEST((initialized<float>(random_uniform(-std::sqrt(6 / 5.), std::sqrt(6 / 5.)), part.shape(), seed, full) ==
                values));
  }
}

BOOST_AUTO_TEST_SUITE_END()
