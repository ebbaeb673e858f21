// SPDX-License-Identifier: BSL-1.0
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

using namespace ambit;

namespace {

constexpr auto twice = [](graph& g) { return placeholder(g, "x", {2, 3}) * 2; };
constexpr auto mixed = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 3});
  tensor gain = placeholder(g, "gain", {}, dtype::f64);
  tensor n = placeholder(g, "n", {2}, dtype::i32);
  tensor on = placeholder(g, "on", {3}, dtype::boolean);
  return std::array<tensor, 4>{x + 1, gain * 2, n - 1, identity(on)};
};
constexpr auto nothing = [](graph& g) { return constant(g, {1.f, 2.f}) + 1; };
constexpr auto column = [](graph& g) { return placeholder(g, "x", {3, 1}) * 2; };
constexpr auto empty = [](graph& g) { return reduce_sum(placeholder(g, "x", {0, 3})); };

compiled<twice> net;

template <class Input>
bool doubles(Input const& input) {
  auto const y = net.run(input);
  for (int i = 0; i < 6; ++i)
    if (y.data()[i] != static_cast<float>(2 * i + 2)) return false;
  return true;
}
template <class Model, class Input>
scope_error refusal(Model& model, Input const& input) {
  try {
    (void)model.run(input);
  } catch (scope_error const& e) {
    return e;
  }
  BOOST_FAIL("accepted");
  return scope_error({});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_inputs)

BOOST_AUTO_TEST_CASE(containers) {
  float array[6] = {1, 2, 3, 4, 5, 6};
  BOOST_TEST(doubles(array));
  BOOST_TEST(doubles(&array[0]));
  BOOST_TEST(doubles(static_cast<float const*>(array)));
  BOOST_TEST(doubles(std::array<float, 6>{1, 2, 3, 4, 5, 6}));
  BOOST_TEST(doubles(std::vector<float>{1, 2, 3, 4, 5, 6}));
  BOOST_TEST(doubles(std::span<float>(array)));
  BOOST_TEST(doubles(std::span<float const>(array)));
  BOOST_TEST(doubles(std::span<float const, 6>(array)));
}
BOOST_AUTO_TEST_CASE(eigen) {
  using row_major = Eigen::Matrix<float, 2, 3, Eigen::RowMajor>;
  using row_major_array = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  row_major m;
  m << 1, 2, 3, 4, 5, 6;
  BOOST_TEST(doubles(m));
  row_major_array const a = m;
  BOOST_TEST(doubles(a));
  Eigen::VectorXf const v = Eigen::VectorXf::LinSpaced(6, 1, 6);
  BOOST_TEST(doubles(v));
  BOOST_TEST(doubles(Eigen::RowVectorXf(v.transpose())));
  BOOST_TEST(doubles(Eigen::Map<row_major const>(v.data())));
  BOOST_TEST(doubles(Eigen::Ref<Eigen::VectorXf const>(v)));
  Eigen::Matrix<float, 4, 3, Eigen::RowMajor> batch;
  batch << 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0;
  BOOST_TEST(doubles(batch.middleRows(1, 2)));  // in memory row by row
  compiled<column> other;
  Eigen::Vector3f const c(1, 2, 3);  // column-major, and all the same
  BOOST_TEST(other.run(c)(2, 0) == 6);
}
BOOST_AUTO_TEST_CASE(several_dtypes) {
  compiled<mixed> model;
  auto const [y, gain, n, on] = model.run(std::array<float, 6>{1, 2, 3, 4, 5, 6}, 0.25,
                                          std::array<std::int32_t, 2>{5, 6}, std::array<bool, 3>{true, false, true});
  BOOST_TEST(y(1, 2) == 7);
  BOOST_TEST(gain(0, 0) == 0.5);
  BOOST_TEST((n(0, 0) == 4 && n(0, 1) == 5));
  BOOST_TEST((on(0, 0) && !on(0, 1) && on(0, 2)));
}
BOOST_AUTO_TEST_CASE(none) {
  compiled<nothing> model;
  BOOST_TEST(model.run()(0, 1) == 3);
  compiled<empty> no_elements;
  BOOST_TEST(no_elements.run(std::vector<float>{})(0, 0) == 0);
}
BOOST_AUTO_TEST_CASE(wrong_sizes) {
  scope_error const e = refusal(net, std::vector<float>(5));
  BOOST_TEST((e.code() == errc::input_size));
  BOOST_TEST(e.want() == "6");
  BOOST_TEST(e.have() == "5");
  BOOST_TEST((refusal(net, std::array<float, 7>{}).code() == errc::input_size));
  BOOST_TEST((refusal(net, std::span<float const>()).code() == errc::input_size));
  float const short_array[4] = {};
  BOOST_TEST((refusal(net, short_array).code() == errc::input_size));
  Eigen::VectorXf const longer(9);
  BOOST_TEST((refusal(net, longer).code() == errc::input_size));
}
// Six elements, but not one after the other.
BOOST_AUTO_TEST_CASE(blocks) {
  Eigen::Matrix<float, 2, 4, Eigen::RowMajor> m;
  m << 1, 2, 3, 0, 4, 5, 6, 0;
  scope_error const e = refusal(net, m.leftCols(3));
  BOOST_TEST((e.code() == errc::input_size));
  BOOST_TEST(e.want() == "3");
  BOOST_TEST(e.have() == "4");
}

BOOST_AUTO_TEST_SUITE_END()
