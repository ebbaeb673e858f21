// SPDX-License-Identifier: BSL-1.0
// create_partitioned_variables, SPEC 9.11: the observed names.
#include <ambit/core.hpp>

#include <boost/test/unit_test.hpp>

using namespace ambit;

namespace {

constexpr bool own_scope_each_time() {
  graph g;
  list<tensor> const a = create_partitioned_variables(g, {4, 2}, {2, 1});
  list<tensor> const b = create_partitioned_variables(g, {4, 2}, {2, 1});
  variable_scope hi{g, "hi"};
  list<tensor> const c = create_partitioned_variables(g, {4, 2}, {1, 2});
  return a.size() == 2 && a[0].name() == "PartitionedVariable/part_0:0" && a[1].name() == "PartitionedVariable/part_1:0" &&
         b[0].name() == "PartitionedVariable_1/part_0:0" && c[0].name() == "hi/PartitionedVariable/part_0:0" &&
         c[1].shape() == shape{4, 1};
}
static_assert(own_scope_each_time());

constexpr errc reopened_scope() {
  graph g{on_error::keep};
  for (int i = 0; i < 2; ++i) {
    variable_scope hi{g, "hi"};
    create_partitioned_variables(g, {4}, {2});
  }
  return g.error().code;
}
static_assert(reopened_scope() == errc::part_exists);

constexpr errc under_a_getter() {
  graph g{on_error::keep};
  variable_scope s{g, "s", {.custom_getter = [](auto& next, variable_request r) { return next(r); }}};
  create_partitioned_variables(g, {4}, {2});
  return g.error().code;
}
static_assert(under_a_getter() == errc::part_with_getter);

constexpr errc wrong_rank() {
  graph g{on_error::keep};
  create_partitioned_variables(g, {4}, {2, 1});
  return g.error().code;
}
static_assert(wrong_rank() == errc::partitioner_rank);

}  // namespace

BOOST_AUTO_TEST_SUITE(partitioned_variables)

BOOST_AUTO_TEST_CASE(names) { BOOST_TEST(own_scope_each_time()); }
BOOST_AUTO_TEST_CASE(errors) {
  BOOST_TEST((reopened_scope() == errc::part_exists));
  BOOST_TEST((under_a_getter() == errc::part_with_getter));
  BOOST_TEST((wrong_rank() == errc::partitioner_rank));
}
BOOST_AUTO_TEST_CASE(named_and_shared) {
  graph g;
  list<tensor> const a = create_partitioned_variables(g, {3}, {2}, "p");
  list<tensor> const b = create_partitioned_variables(g, {3}, {2}, "p", {.reuse = reuse::yes});
  BOOST_TEST((a == b));
  BOOST_TEST(a[0].name().view() == "p/part_0:0");
  BOOST_TEST(g.current_name_scope().empty());
}

BOOST_AUTO_TEST_SUITE_END()
