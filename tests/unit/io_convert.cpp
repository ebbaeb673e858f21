// SPDX-License-Identifier: BSL-1.0
// Other dtypes: refused, or converted where that was asked for.
#include "io_source.hpp"
#include "io_support.hpp"
#include <ambit/io/weights.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace io_test;
using ambit::dtype;
using ambit::load;
using ambit::load_report;
using ambit::try_load;

namespace {

template <class To, class From>
std::vector<To> converted(dtype from, dtype to, std::vector<From> const& values, std::size_t shift = 0) {
  list_source source;
  source.add<From>("x", from, {static_cast<int>(values.size())}, values, shift);
  mock_store store;
  store.add("x", to, {static_cast<int>(values.size())});
  BOOST_TEST(try_load(store, source).wrong_dtype.size() == 1U);  // never unasked
  BOOST_TEST(store.writes == 0);
  load(store, source, {.convert = true});
  BOOST_TEST(store.aligned);
  return store.values<To>(0);
}
template <class From>
std::string refused(dtype from, dtype to, std::vector<From> const& values) {
  list_source source;
  source.add<From>("x", from, {static_cast<int>(values.size())}, values);
  mock_store store;
  store.add("x", to, {static_cast<int>(values.size())});
  store.add("y", dtype::f32, {1});
  source.add<float>("y", dtype::f32, {1}, {1});
  load_report const report = try_load(store, source, {.convert = true});
  BOOST_TEST(store.writes == 0);
  BOOST_TEST(report.wrong_dtype.size() == 1U);
  return to_string(report);
}
using limits = std::numeric_limits<float>;

}  // namespace

BOOST_AUTO_TEST_SUITE(io_convert)

BOOST_AUTO_TEST_CASE(every_half) {
  // Against the definition: sign, 5 bits of exponent, 10 of fraction.
  for (unsigned bits = 0; bits < 65536; ++bits) {
    float const value = ambit::detail::io::from_half(static_cast<std::uint16_t>(bits));
    int const exponent = static_cast<int>(bits >> 10 & 31), fraction = static_cast<int>(bits & 1023);
    double want = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    if (exponent == 31) want = fraction == 0 ? static_cast<double>(limits::infinity()) : std::nan("");
    if (bits >> 15 != 0) want = -want;
    if (std::isnan(want) ? !std::isnan(value)
                         : static_cast<double>(value) != want || std::signbit(value) != std::signbit(want))
      BOOST_ERROR("half " << bits << ": " << value << " for " << want);
  }
}

BOOST_AUTO_TEST_CASE(to_floating) {
  BOOST_TEST(converted<float>(dtype::f16, dtype::f32, std::vector<std::uint16_t>{0x3C00, 0xC000, 1}, 1) ==
                 (std::vector<float>{1, -2, 0x1p-24F}),
             boost::test_tools::per_element());
  BOOST_TEST(converted<double>(dtype::bf16, dtype::f64, std::vector<std::uint16_t>{0x3F80, 0x4049}) ==
                 (std::vector<double>{1, 3.140625}),
             boost::test_tools::per_element());
  // Ties to even: 1 + 2^-24 down, 1 + 3 * 2^-24 up; just above and below a tie.
  BOOST_TEST(converted<float>(dtype::f64, dtype::f32,
                              std::vector<double>{1 + 0x1p-24, 1 + 0x3p-24, 1 + 0x1.000002p-24, 0x1p-150, 0x1.8p-149},
                              3) == (std::vector<float>{1, 1 + 0x2p-23F, 1 + 0x1p-23F, 0, 0x1p-148F}),
             boost::test_tools::per_element());
  BOOST_TEST(converted<float>(dtype::i32, dtype::f32, std::vector<std::int32_t>{16777217, 16777219, -5}) ==
                 (std::vector<float>{16777216, 16777220, -5}),
             boost::test_tools::per_element());
  BOOST_TEST(converted<double>(dtype::u64, dtype::f64, std::vector<std::uint64_t>{~std::uint64_t{0}, 3}) ==
                 (std::vector<double>{0x1p64, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(converted<double>(dtype::f32, dtype::f64, std::vector<float>{0.1F, -0.0F})[0] ==
             static_cast<double>(0.1F));
}

BOOST_AUTO_TEST_CASE(nan_and_infinity_are_values) {
  auto const values = converted<float>(dtype::f64, dtype::f32,
                                       std::vector<double>{std::nan(""), -std::numeric_limits<double>::infinity(),
                                                           0x1.ffffffp127 * (1 - 0x1p-53), -0.0});
  BOOST_TEST(std::isnan(values[0]));
  BOOST_TEST(values[1] == -limits::infinity());
  BOOST_TEST(values[2] == limits::max());
  BOOST_TEST(std::signbit(values[3]));
}

BOOST_AUTO_TEST_CASE(to_integer) {
  BOOST_TEST(converted<std::int32_t>(dtype::i64, dtype::i32, std::vector<std::int64_t>{-2147483648, 2147483647}) ==
                 (std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::min(), 2147483647}),
             boost::test_tools::per_element());
  BOOST_TEST(converted<std::int64_t>(dtype::u8, dtype::i64, std::vector<std::uint8_t>{255, 0}) ==
                 (std::vector<std::int64_t>{255, 0}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit) {
  BOOST_TEST(contains(refused(dtype::i64, dtype::i32, std::vector<std::int64_t>{1, 2147483648}),
                      R"(variable "x": expected int32, found int64, 2147483648 at element 1 does not fit)"));
  BOOST_TEST(contains(refused(dtype::i32, dtype::u8, std::vector<std::int32_t>{-1}), "-1 at element 0 does not fit"));
  BOOST_TEST(contains(refused(dtype::u64, dtype::i64, std::vector<std::uint64_t>{~std::uint64_t{0}}),
                      "18446744073709551615 at element 0"));
  BOOST_TEST(contains(refused(dtype::f64, dtype::f32, std::vector<double>{0, -1e300}), "-1e+300 at element 1"));
  refused(dtype::f64, dtype::f32, std::vector<double>{0x1.ffffffp127});  // a tie, to even: infinity
}

BOOST_AUTO_TEST_CASE(what_never_converts) {
  refused(dtype::f32, dtype::i32, std::vector<float>{1});
  refused(dtype::f32, dtype::boolean, std::vector<float>{1});
  refused(dtype::boolean, dtype::f32, std::vector<char>{1});
  refused(dtype::boolean, dtype::i32, std::vector<char>{1});
  refused(dtype::u8, dtype::boolean, std::vector<char>{1});
  refused(dtype::c64, dtype::f32, std::vector<double>{1});
  refused(dtype::f32, dtype::f16, std::vector<float>{1});
}

BOOST_AUTO_TEST_CASE(transposed_and_converted) {
  list_source source;
  source.add<double>("w", dtype::f64, {2, 3}, {0, 1, 2, 3, 4, 5}, 5);
  mock_store store;
  store.add("k", dtype::f32, {3, 2});
  load(store, source, {.renames = {{"w", "k", ambit::transposed}}, .convert = true});
  BOOST_TEST(store.values<float>(0) == (std::vector<float>{0, 3, 1, 4, 2, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
