// SPDX-License-Identifier: BSL-1.0
// Runs a builder compiled and in a session, and its graph through the reference, on the same random numbers.
#pragma once

#include "reference.hpp"
#include "session_runs.hpp"
#include <ambit/ambit.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <memory>
#include <random>
#include <vector>

namespace evaluation_test {

/// Numbers between -2 and 2; from 0.25 to 4 for names that begin with "positive"; small integers; both bools. Each is a
/// number of the dtype, so that rounding does not count as an error.
inline double draw(std::mt19937& random, ambit::dtype type, bool positive) {
  if (type == ambit::dtype::boolean) return static_cast<double>(random() % 2);
  if (ambit::is_integer(type)) return static_cast<double>(random() % 19) - 9;
  double const unit = static_cast<double>(random()) / 4294967296.0;
  return static_cast<float>(positive ? 0.25 + 3.75 * unit : 4 * unit - 2);
}
inline reference::array draw(std::mt19937& random, ambit::shape const& s, ambit::dtype type, std::string_view name) {
  reference::array a{s, {}};
  for (std::int64_t i = 0; i < s.elements(); ++i) a.values.push_back(draw(random, type, name.starts_with("positive")));
  return a;
}

template <class T>
std::unique_ptr<T[]> as(reference::array const& a) {
  auto out = std::make_unique<T[]>(a.values.size() + 1);
  for (std::size_t i = 0; i < a.values.size(); ++i) out[i] = static_cast<T>(a.values[i]);
  return out;
}

/// Elements in row-major order, whatever the Map.
template <class Map>
std::vector<double> elements(Map const& m) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < m.size(); ++i) out.push_back(static_cast<double>(m.data()[i]));
  return out;
}

inline double tolerance(ambit::dtype type) {
  return type == ambit::dtype::f32 ? 2e-6 : type == ambit::dtype::f64 ? 2e-14 : 0;
}
/// Within `tolerance` of the largest number that the result holds, or of 1.
inline void check_close(std::vector<double> const& found, reference::array const& expected, ambit::dtype type,
                        std::string const& what, double slack = 1) {
  BOOST_TEST_CONTEXT(what) {
    BOOST_TEST_REQUIRE(found.size() == expected.values.size());
    double scale = 1;
    for (double v : expected.values)
      if (std::isfinite(v)) scale = std::max(scale, std::abs(v));
    for (std::size_t i = 0; i < found.size(); ++i) {
      bool const same = found[i] == expected.values[i] || (std::isnan(found[i]) && std::isnan(expected.values[i]));
      bool const close = std::abs(found[i] - expected.values[i]) <= slack * tolerance(type) * scale;
      if (same || close) continue;
      BOOST_ERROR("element " << i << " is " << found[i] << ", expected " << expected.values[i]);
      break;
    }
  }
}

/// `shapes`: what the outputs must have. `slack` widens the tolerance for long chains.
template <auto Builder, class... Ops>
void same_as_reference(std::vector<ambit::shape> const& shapes = {}, unsigned seed = 1, double slack = 1,
                       int runs = 2) {
  using namespace ambit;
  constexpr auto const& table = detail::frozen_for<Builder>;
  std::mt19937 random(seed);
  graph g;
  list<tensor> const outputs = detail::build<Builder>(g);
  auto const net = std::make_unique<compiled<Builder, Ops...>>();

  reference::variables variables;
  session_test::runs at_run_time(g);
  for (int i = 0; i < static_cast<int>(net->table().size()); ++i) {
    variable_entry const& e = net->table()[static_cast<std::size_t>(i)];
    reference::array const a = draw(random, e.shape, e.dtype, e.name);
    variables.emplace(e.name, a);
    at_run_time.write(e.name, a);
    if (!e.stored) continue;
    if (e.dtype == dtype::f32) net->write(i, as<float>(a).get());
    if (e.dtype == dtype::f64) net->write(i, as<double>(a).get());
    if (e.dtype == dtype::i32) net->write(i, as<std::int32_t>(a).get());
    if (e.dtype == dtype::i64) net->write(i, as<std::int64_t>(a).get());
    if (e.dtype == dtype::boolean) net->write(i, as<bool>(a).get());
  }
  for (int run = 0; run < runs; ++run) {
    std::vector<reference::array> inputs;
    for (int k = 0; k < table.sizes.placeholders; ++k) {
      auto const& n = table.nodes[static_cast<std::size_t>(table.placeholders[static_cast<std::size_t>(k)])];
      inputs.push_back(draw(random, n.shape, n.dtype, table.name(table.placeholders[static_cast<std::size_t>(k)])));
    }
    auto const expected = reference::run(g, outputs, inputs, variables);
    auto const found = [&]<std::size_t... K>(std::index_sequence<K...>) {
      [[maybe_unused]] auto const arrays =
          std::tuple(as<element_of<table.nodes[static_cast<std::size_t>(table.placeholders[K])].dtype>>(inputs[K])...);
      auto const result = net->run(std::get<K>(arrays).get()...);
      std::vector<std::vector<double>> all;
      if constexpr (table.sizes.outputs == 1)
        all.push_back(elements(result));
      else
        std::apply([&](auto const&... one) { (all.push_back(elements(one)), ...); }, result);
      return all;
    }
    (std::make_index_sequence<static_cast<std::size_t>(table.sizes.placeholders)>{});
    std::vector<std::vector<double>> in_session;
    if constexpr (sizeof...(Ops) == 0) in_session = at_run_time.run(outputs, inputs);
    for (std::size_t i = 0; i < found.size(); ++i) {
      tensor const t = outputs[static_cast<int>(i)];
      std::string const what(t.name().view());
      if (!shapes.empty()) BOOST_TEST((t.shape() == shapes.at(i)), what << " has shape " << to_text(t.shape()));
      check_close(found[i], expected[i], t.dtype(), what, slack);
      if (!in_session.empty()) check_close(in_session[i], expected[i], t.dtype(), what + " in a session", slack);
    }
  }
}

}  // namespace evaluation_test
