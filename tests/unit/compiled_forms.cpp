// SPDX-License-Identifier: BSL-1.0
#include "compiled_forms.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace ambit;
using namespace forms;

static_assert(std::is_same_v<compiled<mlp{4, 2}>, compiled<mlp{.hidden = 4, .layers = 2}>>);
static_assert(!std::is_same_v<compiled<mlp{4, 2}>, compiled<mlp{4, 1}>>);
static_assert(compiled<mlp{4, 2}>::table().size() == 4);
static_assert(compiled<mlp{4, 2}>::table()[2].name == "layer_1/kernel");
static_assert(compiled<mlp{4, 2}>::table()[2].shape == shape{4, 4});

namespace {

template <auto Builder>
auto run_once() {
  static compiled<Builder> net;
  static float const x[2] = {-3, 5};
  return net.run(x);
}
bool equals(auto const& map, float a, float b) { return map.size() == 2 && map.data()[0] == a && map.data()[1] == b; }

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_forms)

BOOST_AUTO_TEST_CASE(two_files_share_one_model) {
  seen const other = from_the_other_file();
  BOOST_TEST(other.lambda_table == static_cast<void const*>(&detail::frozen_for<lambda>));
  BOOST_TEST(other.mlp_plan == static_cast<void const*>(&lowering::plan_for<mlp{4, 2}>));
  BOOST_TEST(other.first_name == "fc/kernel");

  shared_lambda.edit("fc/kernel"_n).setConstant(1);
  shared_lambda.set("fc/bias"_n, Eigen::RowVector3f(0, -1, -100));
  shared_function.edit("fc/kernel"_n).setConstant(2);
  shared_mlp.edit("layer_1/bias"_n).setConstant(100);
  float const x[2] = {3, 4};
  float const expected = shared_function.run(x).sum() + shared_lambda.run(x).sum() + shared_mlp.run(x).sum();
  BOOST_TEST(shared_lambda.run(x).sum() == 13);
  BOOST_TEST(shared_function.run(x).sum() == 42);
  BOOST_TEST(shared_mlp.run(x).sum() == 4);
  BOOST_TEST(run_in_the_other_file(3, 4) == expected);
}

BOOST_AUTO_TEST_CASE(results) {
  BOOST_TEST(equals(run_once<an_expression>(), -6, 10));
  auto const [p, q] = run_once<a_pair>();
  BOOST_TEST((equals(p, -2, 6) && equals(q, -1, 7)));
  auto three = [](auto const& all) {
    static_assert(std::tuple_size_v<std::remove_cvref_t<decltype(all)>> == 3);
    return equals(std::get<0>(all), -2, 6) && equals(std::get<1>(all), -1, 7) && equals(std::get<2>(all), 0, 5);
  };
  BOOST_TEST(three(run_once<a_tuple>()));
  BOOST_TEST(three(run_once<an_array>()));
  BOOST_TEST(three(run_once<a_hana_tuple>()));
  auto const [one, two, r, x] = run_once<an_aggregate>();
  BOOST_TEST((equals(one, -2, 6) && equals(two, -1, 7) && equals(r, 0, 5) && equals(x, -3, 5)));
}

BOOST_AUTO_TEST_CASE(parts_of_a_model) {
  parameters<lambda> p;
  workspace<lambda> w(p);
  p.edit("fc/kernel"_n).setConstant(3);
  float const x[2] = {1, 2};
  BOOST_TEST((run<lambda>(p, w, x).array() == 9).all());
}

BOOST_AUTO_TEST_SUITE_END()
