// SPDX-License-Identifier: BSL-1.0
#include "error_of.hpp"
#include "io_support.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/copy.hpp>
#include <ambit/io/safetensors.hpp>
#include <ambit/io/values.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_safetensors.hpp>
#include <ambit/session.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace ambit;
extern template class ambit::session<>;

namespace {

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}
template <int Batch>
constexpr auto mlp = [](graph& g) {
  tensor x = placeholder(g, "x", {Batch, 4});
  variable_scope model{g, "model"};
  tensor h = relu(dense(g, "fc1", x, 8), "hidden");
  return softmax(dense(g, "fc2", h, 3), "p");
};

std::vector<float> ramp(std::size_t n, float from = -1) {
  std::vector<float> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = from + 0.125F * static_cast<float>(i % 17);
  return v;
}
std::vector<float> numbers(tensor_view const& v) {
  auto const all = v.values<float>();
  return {all.begin(), all.end()};
}
bool has(scope_error const& e, std::string_view part) { return std::string_view(e.what()).find(part) != std::string_view::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(session_runs)

BOOST_AUTO_TEST_CASE(as_a_compiled_model) {
  graph g;
  tensor const p = mlp<2>(g);
  session s{g};
  s.initialize(7);
  compiled<mlp<2>> net;
  net.initialize(7);
  auto const x = ramp(8);
  auto const expected = net.run(x);
  auto const found = s.run(p, {{"x", x}});
  BOOST_TEST((found.shape() == shape{2, 3}));
  for (int i = 0; i < 6; ++i) BOOST_TEST(std::abs(found.at(i) - expected.data()[i]) < 1e-6F);
  BOOST_TEST(found.matrix().rows() == 2);
}
BOOST_AUTO_TEST_CASE(any_batch) {
  graph g;
  tensor const p = mlp<dyn>(g);
  session s{g};
  s.initialize(7);
  auto const x = ramp(20);
  auto const five = numbers(s.run(p, {{"x", x}}));
  BOOST_TEST(five.size() == 15U);
  std::vector<float> const second(x.begin() + 4, x.begin() + 8);
  auto const one = s.run(p, {{"x", second}});
  BOOST_TEST((one.shape() == shape{1, 3}));
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(std::abs(one.values<float>()[i] - five[3 + i]) < 1e-6F);
  BOOST_TEST(numbers(s.run(p, {{"x", x}})) == five);
  BOOST_TEST(s.run(p, {{"x", std::vector<float>{}}}).size() == 0);
}
BOOST_AUTO_TEST_CASE(any_node_by_name_and_only_what_is_needed) {
  graph g;
  tensor const p = mlp<1>(g);
  tensor const unfed = placeholder(g, "unfed", {2});
  tensor const other = tanh(unfed);
  session s{g};
  s.initialize(1);
  auto const x = ramp(4);
  auto const all = s.run({p, "model/hidden:0", "model/hidden", "x:0", "model/fc1/bias"}, {{"x:0", x}});
  BOOST_TEST_REQUIRE(all.size() == 5U);
  BOOST_TEST(numbers(all[1]) == numbers(all[2]));
  BOOST_TEST(numbers(all[3]) == x);
  BOOST_TEST(all[4].size() == 8);
  auto const hidden = numbers(all[1]);
  auto const whole = numbers(all[0]);
  // From the middle: what comes before is not computed, so x need not be fed.
  BOOST_TEST(numbers(s.run(p, {{"model/hidden", hidden}})) == whole, boost::test_tools::per_element());
  BOOST_TEST(s.run(other, {{unfed, std::array{0.F, 0.F}}}).at(1) == 0);
}
BOOST_AUTO_TEST_CASE(data_of_every_kind) {
  graph g;
  tensor const x = placeholder(g, "x", {dyn, 2});
  tensor const n = placeholder(g, "n", {}, dtype::i64);
  tensor const anything = placeholder(g, "anything");
  tensor const y = x * 2;
  session s{g};
  Eigen::Matrix<float, 3, 2, Eigen::RowMajor> m;
  m << 1, 2, 3, 4, 5, 6;
  BOOST_TEST(numbers(s.run(y, {{x, m}})).back() == 12);
  BOOST_TEST(s.run(y, {{x, std::array{1.F, 2.F}}}).shape()[0] == 1);
  float const pair[2] = {3, 4};
  BOOST_TEST(s.run(y, {{x, pair}}).at(1) == 8);
  BOOST_TEST(s.run(y, {{x, m.data(), {2, 2}}}).size() == 4);
  BOOST_TEST(s.run(n, {{n, std::int64_t{5}}}).at<std::int64_t>() == 5);
  BOOST_TEST((s.run(tensor(-anything), {{anything, ramp(6), {3, 2}}}).shape() == shape{3, 2}));
}
BOOST_AUTO_TEST_CASE(operands_that_broadcast) {
  graph g;
  tensor const a = placeholder(g, "a", {dyn, 3}), row = placeholder(g, "row", {3}), column = placeholder(g, "column", {dyn, 1});
  tensor const one = placeholder(g, "one", {});
  tensor const y = (a + row) * column - one;
  tensor const z = where(greater(y, one), row, 0.5F * y);
  session s{g};
  for (int rows : {1, 2, 7, 1500}) {
    auto const av = ramp(static_cast<std::size_t>(3 * rows)), rv = ramp(3, 2), cv = ramp(static_cast<std::size_t>(rows), 1);
    auto const found = s.run({y, z}, {{a, av}, {row, rv}, {column, cv}, {one, 1.5F}});
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < 3; ++c) {
        auto const i = static_cast<std::size_t>(3 * r + c);
        float const expected = (av[i] + rv[static_cast<std::size_t>(c)]) * cv[static_cast<std::size_t>(r)] - 1.5F;
        if (std::abs(found[0].values<float>()[i] - expected) > 1e-5F) BOOST_ERROR("y of " << rows << " rows, element " << i);
        float const chosen = expected > 1.5F ? rv[static_cast<std::size_t>(c)] : 0.5F * expected;
        if (std::abs(found[1].values<float>()[i] - chosen) > 1e-5F) BOOST_ERROR("z of " << rows << " rows, element " << i);
      }
  }
}
BOOST_AUTO_TEST_CASE(fused_statements) {
  graph g;
  tensor const a = placeholder(g, "a", {dyn}), b = placeholder(g, "b", {dyn}), c = placeholder(g, "c", {});
  tensor const y = fused(leaky_relu(a * b + c, 0.25F) * 2 - a);
  tensor const plain = leaky_relu(a * b + c, 0.25F) * 2 - a;
  graph unfused;
  {
    tensor const a2 = placeholder(unfused, "a", {dyn}), b2 = placeholder(unfused, "b", {dyn}), c2 = placeholder(unfused, "c", {});
    BOOST_TEST(tensor(leaky_relu(a2 * b2 + c2, 0.25F) * 2 - a2).name().view() == y.name().view());
  }
  session s{g};
  for (std::size_t n : {1U, 5U, 64U, 5000U}) {
    auto const av = ramp(n), bv = ramp(n, 0.5F);
    auto const both = s.run({y, plain}, {{a, av}, {b, bv}, {c, 0.75F}});
    auto const alone = numbers(both[1]);
    BOOST_TEST(numbers(both[0]) == alone, boost::test_tools::per_element());
    BOOST_TEST(numbers(s.run(y, {{a, av}, {b, bv}, {c, 0.75F}})) == alone, boost::test_tools::per_element());
    // Something between is fetched, or fed: then op by op.
    auto const inner = s.run({y, "mul"}, {{a, av}, {b, bv}, {c, 0.75F}});
    BOOST_TEST(numbers(inner[0]) == alone, boost::test_tools::per_element());
    BOOST_TEST(inner[1].values<float>()[0] == av[0] * bv[0]);
    auto const fed = s.run(y, {{"mul", bv}, {a, av}, {c, 0.F}});
    float const product = bv[0];
    BOOST_TEST(fed.at(0) == (product < 0 ? 0.25F * product : product) * 2 - av[0]);
  }
}
BOOST_AUTO_TEST_CASE(names_at_run_time) {
  // A network described by text.
  std::istringstream description("first 6 relu\nsecond 5 tanh\nfirst 6 relu reuse\nlast 2 none\n");
  graph g;
  tensor x = placeholder(g, "x", {dyn, 6});
  std::string line;
  while (std::getline(description, line)) {
    std::istringstream words(line);
    std::string layer, activation, reuse_it;
    int units = 0;
    words >> layer >> units >> activation >> reuse_it;
    if (layer == "first" && !reuse_it.empty()) x = dense(g, "widen", x, 6);
    variable_scope scope{g, layer, {.reuse = reuse_it.empty() ? reuse::no : reuse::yes}};
    tensor const kernel = get_variable(g, "kernel", {x.shape()[1], units});
    x = matmul(x, kernel);
    if (activation == "relu") x = relu(x);
    if (activation == "tanh") x = tanh(x);
  }
  session s{g};
  s.initialize(3);
  auto const v = ramp(12);
  BOOST_TEST((s.run(x, {{"x", v}}).shape() == shape{2, 2}));
  BOOST_TEST(g.find_variable("second/kernel").valid());
  BOOST_TEST(s.table().size() == 5U);
}
BOOST_AUTO_TEST_CASE(values_from_files_and_to_them) {
  io_test::folder folder;
  graph g;
  tensor const p = mlp<1>(g);
  session s{g};
  s.initialize(11);
  write_safetensors(folder.path / "w.safetensors", s);
  compiled<mlp<1>> net;
  load(net, safetensors{folder.path / "w.safetensors"});
  graph again;
  tensor const q = mlp<1>(again);
  session t{again};
  load(t, safetensors{folder.path / "w.safetensors"});
  auto const x = ramp(4);
  auto const first = numbers(s.run(p, {{"x", x}}));
  BOOST_TEST(numbers(t.run(q, {{"x", x}})) == first, boost::test_tools::per_element());
  for (int i = 0; i < 3; ++i) BOOST_TEST(std::abs(net.run(x)(i) - first[static_cast<std::size_t>(i)]) < 1e-6F);
}
BOOST_AUTO_TEST_CASE(values_from_other_models) {
  graph g;
  tensor const p = mlp<1>(g);
  session s{g};
  compiled<mlp<1>> net;
  net.initialize(3);
  copy_variables(net, s);
  auto const x = ramp(4);
  auto const expected = net.run(x);
  for (int i = 0; i < 3; ++i) BOOST_TEST(std::abs(expected(i) - s.run(p, {{"x", x}}).at(i)) < 1e-6F);
  write_value(s, "model/fc1/bias", std::vector<float>(8, 0.5F));
  BOOST_TEST(s.run(g.find_variable("model/fc1/bias")).at(7) == 0.5F);
  copy_variables(s, net);
  BOOST_TEST(read_value<float>(net, "model/fc1/bias")[7] == 0.5F);
}
BOOST_AUTO_TEST_CASE(state) {
  graph g;
  tensor const n = get_variable(g, "n", {}, {.initializer = zeros_initializer()});
  tensor const next = assign_add(n, 1.F);
  tensor const twice = n * 2;
  session s{g};
  s.initialize(0);
  BOOST_TEST(s.run(twice).at() == 0);
  auto const both = s.run({next, twice, n});
  BOOST_TEST(both[0].at() == 1);
  BOOST_TEST(both[1].at() == 0);  // reads see the value from before the run
  BOOST_TEST(both[2].at() == 0);
  BOOST_TEST(s.run(n).at() == 1);
  session<>::workspace w;
  BOOST_TEST(s.run(w, next).at() == 1);  // a workspace begins with the initial value, and has its own state
  BOOST_TEST(s.run(w, next).at() == 2);
  BOOST_TEST(s.run(n).at() == 1);
  float saved = 0;
  s.read(0, &saved);
  BOOST_TEST(saved == 1);
  s.reset();
  BOOST_TEST(s.run(n).at() == 0);
}
BOOST_AUTO_TEST_CASE(initial_values_that_ops_compute) {
  graph g;
  tensor const w = get_variable(g, "w", {3}, {.initializer = constant_initializer(2)});
  tensor const doubled = w * 2;
  tensor const v = get_variable(g, "v", {.initializer = doubled});
  session s{g};
  s.initialize(0);
  BOOST_TEST(s.run(v).at(2) == 4);
}
BOOST_AUTO_TEST_CASE(a_graph_that_grows) {
  graph g;
  tensor x = placeholder(g, "x", {2});
  tensor y = x + 1;
  session s{g};
  auto const v = std::array{1.F, 2.F};
  BOOST_TEST(s.run(y, {{x, v}}).at() == 2);
  session<>::workspace w;
  BOOST_TEST(s.run(w, y, {{x, v}}).at() == 2);
  tensor k = get_variable(g, "k", {2, 2}, {.initializer = ones_initializer()});
  tensor z = matmul(reshape(y, {1, 2}), k);
  BOOST_TEST((error_of([&] { (void)s.run(w, z, {{x, v}}); }).code() == errc::graph_has_grown));
  BOOST_TEST((error_of([&] { (void)s.run(z, {{x, v}}); }).code() == errc::not_initialized));
  s.initialize(0);
  BOOST_TEST(s.run(z, {{x, v}}).at() == 5);
  tensor t = transpose(k) + 1;  // another reader: the weight is stored in another form now
  BOOST_TEST(s.run({t, z}, {{x, v}})[0].at() == 2);
  BOOST_TEST(s.run(z, {{x, v}}).at() == 5);
  BOOST_TEST(s.run(w, z, {{x, v}}).at() == 5);
}
BOOST_AUTO_TEST_CASE(bound_runs) {
  graph g;
  tensor const x = placeholder(g, "x", {3});
  tensor const n = get_variable(g, "n", {}, {.initializer = zeros_initializer()});
  tensor const y = 2 * x + n, more = assign_add(n, 1.F);
  session s{g};
  s.initialize(0);
  std::array<float, 3> data{1, 2, 3};
  bound_run run = s.bind({y, x, more}, {{x, data}});
  BOOST_TEST(run()[0].at(2) == 6);
  data[2] = 5;
  auto const found = run();
  BOOST_TEST(found[0].at(2) == 11);  // the state went on
  BOOST_TEST(found[1].at(2) == 5);
  BOOST_TEST(s.run(n).at() == 2);
  (void)placeholder(g, "another");
  (void)s.run(n);
  BOOST_TEST((error_of([&] { (void)run(); }).code() == errc::graph_has_grown));
  BOOST_TEST((error_of([&] { (void)s.bind({y}, {}); }).code() == errc::not_fed));
}
BOOST_AUTO_TEST_CASE(what_is_refused) {
  graph g, elsewhere;
  tensor const p = mlp<dyn>(g);
  tensor const foreign = placeholder(elsewhere, "x", {4});
  tensor const nothing = noop(g, "nothing");
  tensor const open = placeholder(g, "open", {dyn, dyn, 2});
  session s{g};
  auto const x = ramp(4);
  auto const code = [&](auto const& f) { return error_of(f).code(); };
  BOOST_TEST((code([&] { (void)s.run(p, {{"x", x}}); }) == errc::not_initialized));
  s.initialize(5);
  auto const before = numbers(s.run(p, {{"x", x}}));

  scope_error const unfed = error_of([&] { (void)s.run(p); });
  BOOST_TEST((unfed.code() == errc::not_fed));
  BOOST_TEST(unfed.name() == "x:0");
  BOOST_TEST(has(unfed, "(?, 4)"));
  scope_error const size = error_of([&] { (void)s.run(p, {{"x", ramp(5)}}); });
  BOOST_TEST((size.code() == errc::feed_shape));
  BOOST_TEST(has(size, "5 elements"));
  BOOST_TEST((code([&] { (void)s.run(p, {{"x", x, {2, 4}}}); }) == errc::feed_shape));
  BOOST_TEST((code([&] { (void)s.run(p, {{"x", x, {4, 1}}}); }) == errc::feed_shape));
  BOOST_TEST((code([&] { (void)s.run(open, {{open, x}}); }) == errc::feed_shape));
  BOOST_TEST((code([&] { (void)s.run(p, {{"x", std::array{1., 2., 3., 4.}}}); }) == errc::feed_dtype));
  BOOST_TEST((code([&] { (void)s.run(p, {{"x", x}, {"x:0", x}}); }) == errc::fed_twice));
  scope_error const unknown = error_of([&] { (void)s.run("model/hiden", {{"x", x}}); });
  BOOST_TEST((unknown.code() == errc::unknown_tensor));
  BOOST_TEST(has(unknown, "model/hidden:0"));
  BOOST_TEST((code([&] { (void)s.run(nothing); }) == errc::no_value));
  BOOST_TEST((code([&] { (void)s.run(foreign, {{"x", x}}); }) == errc::wrong_graph));
  BOOST_TEST((code([&] { (void)s.run(tensor{}); }) == errc::empty_tensor));
  BOOST_TEST((code([&] { (void)s.run(p, {{foreign, x}}); }) == errc::wrong_graph));
  BOOST_TEST((code([&] { (void)s.run(p, {{"x", x}}).values<double>(); }) == errc::feed_dtype));

  BOOST_TEST(numbers(s.run(p, {{"x", x}})) == before, boost::test_tools::per_element());  // nothing has changed
}
BOOST_AUTO_TEST_CASE(state_that_an_op_changes_in_place) {
  graph g;
  tensor const x = placeholder(g, "x", {1, 2});
  tensor const h = get_variable(g, "h", {2}, {.initializer = zeros_initializer(), .trainable = false});
  tensor const w = get_variable(g, "w", {2, 6}), u = get_variable(g, "u", {2, 6}), b = get_variable(g, "b", {6});
  tensor const y = streaming_gru(x, h, {w, u, b}, gru_format::keras_reset_before);
  tensor const both = y + h;
  session s{g};
  s.initialize(1);
  auto const in = std::array{1.F, 2.F};
  for (tensor const& fetch : {both, h}) {  // another op reads it, and a fetch does
    scope_error const e = error_of([&] { (void)s.run({y, fetch}, {{x, in}}); });
    BOOST_TEST((e.code() == errc::state_shared));
    BOOST_TEST(e.name() == y.name().view());
    BOOST_TEST(e.want() == "h:0");
    BOOST_TEST(has(e, "[STATE_SHARED]"));
  }
  scope_error const fed = error_of([&] { (void)s.run(y, {{x, in}, {h, in}}); });
  BOOST_TEST((fed.code() == errc::state_shared));
  BOOST_TEST(in[1] == 2.F);
  auto const first = numbers(s.run(y, {{x, in}}));
  BOOST_TEST(numbers(s.run(h)) == first, boost::test_tools::per_element());  // in a run of its own
  BOOST_TEST(numbers(s.run(both, {{x, in}, {y, first}})).size() == 2U);      // the op does not run
}
BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_when_fed) {
  graph g;
  tensor const a = placeholder(g, "a", {dyn}), b = placeholder(g, "b", {dyn});
  tensor const sum = add(a, b, "sum");
  session s{g};
  scope_error const e = error_of([&] { (void)s.run(sum, {{a, ramp(3)}, {b, ramp(4)}}); });
  BOOST_TEST((e.code() == errc::op_shape));
  BOOST_TEST(has(e, "\"sum\""));
  BOOST_TEST(has(e, "\"a:0\" (3,), \"b:0\" (4,)"));
  BOOST_TEST(s.run(sum, {{a, ramp(4)}, {b, ramp(4)}}).size() == 4);
}
BOOST_AUTO_TEST_CASE(numbers_that_are_none) {
  graph g;
  tensor const x = placeholder(g, "x", {4});
  tensor const y = relu(x) + reduce_sum(x);
  session s{g};
  float const nan = std::numeric_limits<float>::quiet_NaN();
  BOOST_TEST(std::isnan(s.run(y, {{x, std::array{0.F, nan, 1.F, 2.F}}}).at(0)));
  BOOST_TEST(s.run(y, {{x, std::array{0.F, 1.F, 1.F, 2.F}}}).at(0) == 4);
}
BOOST_AUTO_TEST_SUITE_END()
