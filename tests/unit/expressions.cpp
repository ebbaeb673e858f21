// SPDX-License-Identifier: BSL-1.0
// The rules of expressions at run time, and those that need an exception.
#include "expressions/rules.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

BOOST_AUTO_TEST_SUITE(expressions_at_run_time)

#define AMBIT_RULE(name)                                                                                               \
  BOOST_AUTO_TEST_CASE(name) { BOOST_TEST(expressions::name()); }
#include "expressions/table.inc"

namespace {
using namespace ambit;
auto has_code(errc code) {
  return [code](scope_error const& e) { return e.code() == code; };
}
}  // namespace

// Without a graph there is nowhere to keep the error.
BOOST_AUTO_TEST_CASE(a_moved_from_expression_is_empty) {
  expressions::fixture f;
  auto e = f.x + f.y;
  tensor t = std::move(e);
  BOOST_CHECK_EXCEPTION(static_cast<void>(tensor(std::move(e))), scope_error, has_code(errc::expression_empty));
  BOOST_CHECK_EXCEPTION(static_cast<void>(tensor(relu(std::move(e)))), scope_error, has_code(errc::expression_empty));
  BOOST_TEST(t.valid());
}
BOOST_AUTO_TEST_CASE(tensors_of_no_graph) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(tensor(tensor{} + tensor{})), scope_error, has_code(errc::empty_tensor));
  BOOST_CHECK_EXCEPTION(static_cast<void>(tensor(relu(tensor{}))), scope_error, has_code(errc::empty_tensor));
}
BOOST_AUTO_TEST_CASE(errors_are_raised) {
  graph g;
  tensor x = placeholder(g, "x", {2, 3});
  BOOST_CHECK_EXCEPTION(static_cast<void>(tensor(matmul(x, x))), scope_error,
                        [](scope_error const& e) { return e.code() == errc::op_shape && e.name() == "MatMul"; });
  auto e = x + 1;
  tensor t = x + 2;
  BOOST_CHECK_EXCEPTION(t = std::move(e), scope_error, has_code(errc::expression_out_of_order));
  tensor u = -x;  // the graph goes on
  BOOST_TEST(u.name().view() == "Neg:0");
}
// Any text may be a name, and the graph keeps it.
BOOST_AUTO_TEST_CASE(names_of_run_time) {
  graph g;
  tensor x = placeholder(g, "x", {2});
  std::string name = "a name that is too long for the string itself";
  std::replace(name.begin(), name.end(), ' ', '_');
  tensor t = relu(x, name);
  name.assign(name.size(), '?');
  BOOST_TEST(t.name().view() == "a_name_that_is_too_long_for_the_string_itself:0");
}

BOOST_AUTO_TEST_SUITE_END()
