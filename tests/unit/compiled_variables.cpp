// SPDX-License-Identifier: BSL-1.0
// Weights: by path, as a sequence, as a table; their first values; shared by threads.
#include <ambit/ambit.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/size.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace ambit;

namespace {

constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  variable_scope outer{g, "model"};
  variable_scope inner{g, "fc1"};
  tensor kernel = get_variable(g, "kernel", {4, 3});
  tensor bias = get_variable(g, "bias", {3}, {.initializer = ones_initializer()});
  tensor scale = get_variable(g, "scale", {}, {.initializer = constant_initializer(0.5)});
  (void)get_variable(g, "unused", {7});
  (void)get_local_variable(g, "unused_local", {7});
  return (matmul(x, kernel) + bias) * scale;
};
using net_type = compiled<model>;

constexpr auto first_values = [](graph& g) {
  tensor zeros = get_variable(g, "zeros", {3}, {.initializer = zeros_initializer()});
  tensor ones = get_variable(g, "ones", {2, 2}, {.initializer = ones_initializer()});
  tensor seven = get_variable(g, "seven", {3}, {.dtype = dtype::i32, .initializer = constant_initializer(7)});
  tensor table = get_variable(g, "table", {.initializer = literal{{1.5f, -2.f, 3.f, 4.f, 5.f, 6.f}, {2, 3}}});
  tensor number = get_variable(g, "number", {.initializer = 2.25});
  tensor flags = get_variable(g, "flags", {.initializer = literal{{true, false, true}, {3}}});
  tensor big = get_variable(
      g, "big", {.initializer = literal{{std::int64_t{9007199254740993}, -std::int64_t{9007199254740993}}, {2}}});
  tensor made = variable(g, literal{{1.f, 2.f}, {2}}, "made");
  tensor random = get_variable(g, "random", {2});
  return std::array<tensor, 9>{zeros, ones, seven, table, number, flags, big, made, random};
};

constexpr auto parts = [](graph& g) {
  variable_scope s{g, "s", {.partitioner = fixed_size_partitioner(2)}};
  literal const values{{1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f, 8.f, 9.f, 10.f}, {5, 2}};
  tensor rows = get_variable(g, "rows", {5, 2}, {.initializer = values});
  tensor columns = get_variable(g, "columns", {2, 3},
                                {.initializer = constant_initializer(3), .partitioner = fixed_size_partitioner(3, 1)});
  return std::array<tensor, 2>{identity(rows), columns * 2};
};

template <class Map>
std::vector<double> all(Map const& m) {
  std::vector<double> v;
  for (Eigen::Index r = 0; r < m.rows(); ++r)
    for (Eigen::Index c = 0; c < m.cols(); ++c) v.push_back(static_cast<double>(m(r, c)));
  return v;
}
using numbers = std::vector<double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_variables)

BOOST_AUTO_TEST_CASE(by_path) {
  net_type net;
  BOOST_TEST(net["model"_n / "fc1"_n / "bias"_n](0, 2) == 1);
  BOOST_TEST(net["model/fc1/scale"_n](0, 0) == 0.5f);
  static_assert(std::is_same_v<decltype(net["model/fc1/bias"_n]), decltype(net["model"_n / "fc1/bias"_n])>);
  static_assert(decltype(net["model/fc1/kernel"_n])::RowsAtCompileTime == 4);
  static_assert(decltype(net["model/fc1/kernel"_n])::ColsAtCompileTime == 3);

  Eigen::Matrix<float, 4, 3> column_major;  // any order of storage
  column_major << 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
  net.set("model/fc1/kernel"_n, column_major);
  BOOST_TEST(net["model/fc1/kernel"_n](1, 2) == 6);
  net.set("model/fc1/kernel"_n, column_major * 2 - column_major);  // an expression
  BOOST_TEST(net["model/fc1/kernel"_n](3, 0) == 10);

  auto bias = net.edit("model/fc1/bias"_n);
  bias(0, 1) = 100;
  BOOST_TEST((all(net["model/fc1/bias"_n]) == numbers{1, 100, 1}));
  auto const y = net.run(std::array<float, 4>{1, 0, 0, 1});
  BOOST_TEST((all(y) == numbers{6, 56.5, 8}));
}

BOOST_AUTO_TEST_CASE(as_a_sequence) {
  net_type net;
  net.edit("model/fc1/kernel"_n).setConstant(2);
  std::string seen;
  double sum = 0;
  auto const variables = net.variables();
  static_assert(decltype(boost::hana::size(variables))::value == 3);  // what no output needs has no value
  boost::hana::for_each(variables, [&](auto const& v) {
    using element = typename std::remove_cvref_t<decltype(v)>::element;
    static_assert(std::is_same_v<element, float>);
    seen += std::string(v.name()) + std::string(to_text(v.shape()).view()) + std::string(to_string(v.dtype())) + " ";
    sum += static_cast<double>(v.value().sum());
  });
  BOOST_TEST(seen == "model/fc1/kernel(4, 3)float32 model/fc1/bias(3,)float32 model/fc1/scale()float32 ");
  BOOST_TEST(sum == 4 * 3 * 2 + 3 + 0.5);
}

BOOST_AUTO_TEST_CASE(as_a_table) {
  static_assert(net_type::table().size() == 4);  // the global variables, stored or not; no local one
  static_assert(net_type::table()[3].name == "model/fc1/unused" && !net_type::table()[3].stored);
  static_assert(net_type::table()[0].stored && net_type::table()[0].dtype == dtype::f32);
  net_type net;
  float const values[3] = {7, 8, 9};
  net.write(1, values);
  BOOST_TEST(net["model/fc1/bias"_n](0, 1) == 8);
  float back[3] = {};
  net.read(1, back);
  BOOST_TEST((back[0] == 7 && back[2] == 9));
}

BOOST_AUTO_TEST_CASE(initial_values) {
  compiled<first_values> net;
  auto const [zeros, ones, seven, table, number, flags, big, made, random] = net.run();
  BOOST_TEST((all(zeros) == numbers{0, 0, 0}));
  BOOST_TEST((all(ones) == numbers{1, 1, 1, 1}));
  BOOST_TEST((all(seven) == numbers{7, 7, 7}));
  BOOST_TEST((all(table) == numbers{1.5, -2, 3, 4, 5, 6}));
  BOOST_TEST(number(0, 0) == 2.25);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(number(0, 0))>, double>);
  BOOST_TEST((flags(0, 0) && !flags(0, 1) && flags(0, 2)));
  BOOST_TEST((big(0, 0) == 9007199254740993LL && big(0, 1) == -9007199254740993LL));
  BOOST_TEST((all(made) == numbers{1, 2}));
  BOOST_TEST((all(random) == numbers{0, 0}));  // until `initialize`
}

BOOST_AUTO_TEST_CASE(partitioned) {
  compiled<parts> net;
  BOOST_TEST((all(net["s/rows/part_0"_n]) == numbers{1, 2, 3, 4, 5, 6}));
  BOOST_TEST((all(net["s/rows/part_1"_n]) == numbers{7, 8, 9, 10}));
  net.edit("s/rows/part_1"_n)(1, 1) = 99;
  auto const [rows, columns] = net.run();
  BOOST_TEST((all(rows) == numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 99}));
  BOOST_TEST((all(columns) == numbers(6, 6)));
}

BOOST_AUTO_TEST_CASE(shared_between_threads) {
  auto const p = std::make_unique<parameters<model>>();
  p->edit("model/fc1/kernel"_n).setConstant(1);
  std::array<int, 4> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&p, &count = wrong[t], t] {
      workspace<model> w(*p);
      for (int i = 0; i < 2000; ++i) {
        float const x[4] = {static_cast<float>(t), static_cast<float>(i), 0, 1};
        if (run<model>(*p, w, x)(0, 1) != (static_cast<float>(t) + static_cast<float>(i) + 2) / 2) ++count;
      }
    });
  for (std::thread& t : threads) t.join();
  for (int n : wrong) BOOST_TEST(n == 0);
}

BOOST_AUTO_TEST_SUITE_END()
