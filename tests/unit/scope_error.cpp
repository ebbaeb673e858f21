// SPDX-License-Identifier: BSL-1.0
// What the behaviours see in a graph that keeps its errors is what a graph that raises them throws.
#include <ambit/core.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(scope_errors)

BOOST_AUTO_TEST_CASE(carries_the_facts) {
  using namespace ambit;
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {2, 3});
  int const line = __LINE__ + 2;
  try {
    get_variable(g, "v", {3, 2});
    BOOST_ERROR("accepted");
  } catch (scope_error const& error) {
    BOOST_TEST((error.code() == errc::shape_mismatch));
    BOOST_TEST(error.name() == "s/v");
    BOOST_TEST(error.want() == "(3, 2)");
    BOOST_TEST(error.have() == "(2, 3)");
    BOOST_TEST(error.where().line == line);
    BOOST_TEST(error.first().line == line - 3);
    BOOST_TEST(std::string(error.where().file).ends_with("scope_error.cpp"));
  }
  BOOST_TEST(get_variable(g, "v", {2, 3}).valid());  // the graph goes on
}

BOOST_AUTO_TEST_CASE(says_what_where_and_what_to_do) {
  using namespace ambit;
  graph g;
  get_variable(g, "v", {2});
  try {
    get_variable(g, "v", {2});
    BOOST_ERROR("accepted");
  } catch (std::exception const& error) {
    std::string const what = error.what();
    BOOST_TEST(what.starts_with("ambit: variable \"v\" already exists"));
    BOOST_TEST(what.find("scope_error.cpp:") != std::string::npos);
    BOOST_TEST(what.find("(first at ") != std::string::npos);
    BOOST_TEST(what.find("reuse::automatic") != std::string::npos);
    BOOST_TEST(what.ends_with("[VAR_EXISTS]"));
  }
}

BOOST_AUTO_TEST_CASE(is_copied_and_outlives_its_graph) {
  using namespace ambit;
  auto g = std::make_unique<graph>();
  get_variable(*g, "v", {2});
  std::unique_ptr<scope_error> kept;
  try {
    get_variable(*g, "v", {2});
  } catch (scope_error const& error) {
    kept = std::make_unique<scope_error>(error);
    *kept = error;
  }
  g.reset();
  BOOST_REQUIRE(kept != nullptr);
  BOOST_TEST(kept->name() == "v");
}

BOOST_AUTO_TEST_CASE(scopes_are_left_while_it_passes) {
  using namespace ambit;
  graph g;
  try {
    variable_scope a{g, "a", {.reuse = reuse::yes}};
    name_scope n{g, "n"};
    get_variable(g, "v", {2});
    BOOST_ERROR("accepted");
  } catch (scope_error const&) {
  }
  BOOST_TEST((g.current_scope().name() == ""));
  BOOST_TEST((g.current_name_scope() == ""));
  BOOST_TEST(get_variable(g, "v", {2}).valid());
}

BOOST_AUTO_TEST_SUITE_END()
