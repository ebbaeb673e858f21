// SPDX-License-Identifier: BSL-1.0
// The registry in the program, and what only a program can have: large graphs, collections of several graphs.
#include "registry/rules.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(registry_at_run_time)

#define AMBIT_RULE(name)                                                                                               \
  BOOST_AUTO_TEST_CASE(name) { BOOST_TEST(registry::name()); }
#include "registry/table.inc"

BOOST_AUTO_TEST_CASE(tensors_of_other_graphs_are_not_listed) {
  using namespace ambit;
  graph g, other;
  tensor const mine = get_variable(g, "mine", {2});
  g.add_to_collection("both", get_variable(other, "yours", {3}));
  g.add_to_collection("both", mine);
  BOOST_TEST(g.get_collection("both").size() == 2);
  list<tensor> const listed = variables(g, {.collection = "both"});
  BOOST_TEST(listed.size() == 1);
  BOOST_TEST((listed[0] == mine));
}

BOOST_AUTO_TEST_CASE(the_error_names_the_line_and_the_way_out) {
  using namespace ambit;
  graph g;
  (void)get_variable(g, "kernel", {2});
  int const line = __LINE__ + 2;
  try {
    (void)existing_variable(g, std::string("kernle"));
    BOOST_ERROR("accepted");
  } catch (scope_error const& error) {
    BOOST_TEST((error.code() == errc::variable_unknown));
    BOOST_TEST(error.have() == "kernel");
    BOOST_TEST(error.where().line == line);
    BOOST_TEST(std::string(error.what()).find("the nearest names: kernel") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
