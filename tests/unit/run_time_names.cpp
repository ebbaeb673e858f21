// SPDX-License-Identifier: BSL-1.0
// Names as they come at run time: every kind of text, hostile ones, and guards and tensors that are misused.
#include "error_of.hpp"
#include <ambit/core.hpp>
#include <ambit/ops.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

using namespace ambit;

namespace {

std::string path_of(name n) {
  graph g;
  name_scope s{g, n};
  return std::string(s.path());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_time_names)

BOOST_AUTO_TEST_CASE(every_kind_of_text) {
  bool const yes = path_of("x") == "x/";
  std::string const string = "string";
  std::string_view const view = "view";
  char const* const pointer = "pointer";
  char buffer[8];
  std::snprintf(buffer, sizeof(buffer), "buf%d", 7);
  graph g;
  BOOST_TEST(name_scope(g, string).path().view() == "string/");
  BOOST_TEST(name_scope(g, view).path().view() == "view/");
  BOOST_TEST(name_scope(g, pointer).path().view() == "pointer/");
  BOOST_TEST(name_scope(g, buffer).path().view() == "buf7/");
  BOOST_TEST(name_scope(g, yes ? "ab" : "cd").path().view() == "ab/");
  BOOST_TEST(name_scope(g, yes ? "a" : "bcd").path().view() == "a/");
  BOOST_TEST(name_scope(g, std::string("temporary")).path().view() == "temporary/");
  BOOST_TEST(name_scope(g, name{string, 3}).path().view() == "string3/");
  BOOST_TEST(variable_scope(g, view).name().view() == "view");
  BOOST_TEST(variable_scope(g, pointer).name().view() == "pointer");
}

BOOST_AUTO_TEST_CASE(borrowed_text_is_copied) {
  graph g;
  std::string text = "first";
  tensor const a = constant(g, 1.f, text);
  text = "other";
  BOOST_TEST(a.name().view() == "first:0");
}

BOOST_AUTO_TEST_CASE(literals_are_not_copied) {
  graph g;
  variable_scope s{g, "model"};
  (void)get_variable(g, "kernel", {2});
  tensor const one = constant(g, 1.f);
  (void)tensor(one + 1.f);  // "add" and "add/y" are the op's own texts
  BOOST_TEST(tables_of(g).symbols.kept_size() == 0);
  (void)get_variable(g, std::string("bias"), {2});
  BOOST_TEST(tables_of(g).symbols.kept_size() == 4);
}

BOOST_AUTO_TEST_CASE(no_name_at_all) {
  char const* const null = nullptr;
  BOOST_TEST(path_of(null).empty());
}

BOOST_AUTO_TEST_CASE(hostile_names) {
  std::string const megabyte(1U << 20U, 'x');
  BOOST_TEST(path_of(megabyte).size() == megabyte.size() + 1);
  for (std::string const& bad : {std::string("a\0b", 3), std::string("\xc3\xa9"), std::string("a b"), std::string("a:b")}) {
    scope_error const e = error_of([&] { path_of(bad); });
    BOOST_TEST((e.code() == errc::bad_scope_name));
    BOOST_TEST(e.name() == bad);
  }
}

BOOST_AUTO_TEST_CASE(a_guard_outlives_its_graph) {
  auto g = std::make_unique<graph>();
  variable_scope scope{*g, "a"};
  name_scope names{*g, "b"};
  variable_creator_scope creator{*g, [](auto& next, creation_request r) { return next(r); }};
  g.reset();
  BOOST_TEST(scope.name().empty());
  BOOST_TEST(names.path().empty());
}

BOOST_AUTO_TEST_CASE(a_guard_dies_out_of_order) {
  graph g;
  auto outer = std::make_unique<variable_scope>(g, "outer");
  auto inner = std::make_unique<variable_scope>(g, "inner");
  outer.reset();
  scope_error const e = error_of([&] { (void)get_variable(g, "x", {1}); });
  BOOST_TEST((e.code() == errc::improper_nesting));
  BOOST_TEST(e.name() == "outer");
}

BOOST_AUTO_TEST_CASE(an_exception_unwinds_every_scope) {
  graph g;
  try {
    variable_scope a{g, "a"};
    name_scope b{g, "b"};
    variable_scope c{g, default_name{"c"}};
    throw 1;
  } catch (int) {
  }
  BOOST_TEST(g.current_name_scope().empty());
  BOOST_TEST(g.current_scope().name().empty());
  BOOST_TEST(get_variable(g, "v", {1}).name().view() == "v:0");
}

BOOST_AUTO_TEST_CASE(messages_say_where) {
  graph g;
  (void)get_variable(g, "w", {1});
  int const line = __LINE__ + 1;
  scope_error const e = error_of([&] { (void)get_variable(g, "w", {1}); });
  BOOST_TEST(e.where().line == line);
  BOOST_TEST(e.first().line == line - 2);
  BOOST_TEST(std::string_view(e.what()).find("\"w\"") != std::string_view::npos);
  BOOST_TEST(std::string_view(e.what()).find("[VAR_EXISTS]") != std::string_view::npos);
  scope_error const copy = e;
  BOOST_TEST(copy.what() == e.what());
}

BOOST_AUTO_TEST_SUITE_END()
