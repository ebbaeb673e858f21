// SPDX-License-Identifier: BSL-1.0
// Names of variable scopes and the three ways into one (SPEC 7.1 to 7.5, 7.8, 7.9).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool a_variable_scope_prefixes_variables_and_ops() {  // SPEC 7.3, 7.4
  graph g;
  variable_scope a{g, "a"};
  variable_scope b{g, "b"};
  tensor v = get_variable(g, "v", {2});
  tensor c = constant(g, 1.f, "c");
  return v.name() == "a/b/v:0" && c.name() == "a/b/c:0" && b.name() == "a/b";
}
constexpr bool a_scope_entered_again_has_a_new_name_scope() {  // SPEC 7.3, 23.1
  graph g;
  {
    variable_scope s{g, "s"};
    get_variable(g, "v", {2});
  }
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  tensor v = get_variable(g, "v", {2});
  return s.name() == "s" && v.name() == "s/v:0" && constant(g, 1.f, "c").name() == "s_1/c:0" &&
         s.scope().original_name_scope() == "s_1/";
}
constexpr bool a_scope_object_ignores_the_enclosing_scope() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    variable_scope b{g, "b"};
    captured = b.scope();
  }
  variable_scope c{g, "c"};
  variable_scope again{g, captured};
  return again.name() == "a/b" && get_variable(g, "v", {2}).name() == "a/b/v:0";
}
constexpr bool a_scope_object_opens_its_last_component() {  // SPEC 7.3
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    variable_scope b{g, "b"};
    captured = b.scope();
  }
  text at_root;
  {
    variable_scope again{g, captured};
    at_root = g.current_name_scope();
  }
  variable_scope c{g, "c"};
  variable_scope again{g, captured};
  return at_root == "b" && g.current_name_scope() == "c/b";
}
constexpr bool a_scope_object_keeps_its_original_name_scope() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    captured = a.scope();
  }
  variable_scope again{g, captured};
  return again.scope().original_name_scope() == "a/" && g.current_name_scope() == "a_1";
}
constexpr bool the_original_name_scope_names_ops_beside_the_first() {
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    captured = a.scope();
    constant(g, 1.f, "c");
  }
  name_scope back{g, name(captured.original_name_scope())};
  return constant(g, 1.f, "c").name() == "a/c_1:0";
}
constexpr bool an_absolute_path_is_the_same_scope() {
  graph g;
  {
    variable_scope a{g, "a"};
    variable_scope b{g, "b"};
    get_variable(g, "v", {2});
  }
  variable_scope elsewhere{g, "elsewhere"};
  variable_scope again{g, absolute{"a/b"}, {.reuse = reuse::yes}};
  return again.name() == "a/b" && g.current_name_scope() == "a/b" && get_variable(g, "v").name() == "a/b/v:0";
}
constexpr bool an_absolute_path_must_exist() {
  graph g{on_error::keep};
  { variable_scope a{g, "a"}; }
  variable_scope s{g, absolute{"a/b"}};
  return caught(g, errc::scope_unknown, "a/b") && g.current_scope().name() == "" && g.current_name_scope() == "";
}
constexpr bool the_root_is_an_absolute_path() {
  graph g;
  variable_scope a{g, "a"};
  variable_scope root{g, absolute{""}};
  return root.name() == "" && g.current_name_scope() == "" && get_variable(g, "v", {2}).name() == "v:0";
}
constexpr bool the_root_object_leaves_the_name_scope() {  // SPEC 7.3
  graph g;
  scope const root = g.current_scope();
  variable_scope a{g, "a"};
  variable_scope again{g, root};
  return again.name() == "" && g.current_name_scope() == "a" && get_variable(g, "v", {2}).name() == "v:0";
}
constexpr bool a_scope_may_open_no_name_scope() {  // SPEC 7.3, 7.4
  graph g;
  name_scope n{g, "n"};
  variable_scope a{g, "a", {.auxiliary_name_scope = false}};
  bool const by_name = g.current_name_scope() == "n" && a.scope().original_name_scope() == "n/";
  scope const captured = a.scope();
  variable_scope again{g, captured, {.auxiliary_name_scope = false}};
  bool const by_object = g.current_name_scope() == "n" && again.name() == "a";
  variable_scope d{g, default_name{"d"}, {.auxiliary_name_scope = false}};
  return by_name && by_object && g.current_name_scope() == "n" && d.name() == "a/d" && next_name(g, "a") == "n/a";
}
constexpr bool without_a_name_scope_the_name_is_not_checked() {  // SPEC 7.3
  graph g{on_error::keep};
  { variable_scope s{g, "a b"}; }
  bool const checked = caught(g, errc::bad_scope_name, "a b");
  variable_scope s{g, "a b", {.auxiliary_name_scope = false}};
  return checked && !g.failed() && s.name() == "a b";
}
constexpr bool an_empty_scope_name_is_the_root_at_the_root() {  // SPEC 7.9
  graph g;
  name_scope n{g, "n"};
  variable_scope s{g, ""};
  return s.name() == "" && g.current_name_scope() == "n" && s.scope().original_name_scope() == "" &&
         get_variable(g, "v", {2}).name() == "v:0";
}
constexpr bool an_empty_scope_name_adds_a_slash_below() {  // SPEC 7.9
  graph g;
  variable_scope foo{g, "foo"};
  variable_scope s{g, ""};
  return s.name() == "foo/" && g.current_name_scope() == "foo" && s.scope().original_name_scope() == "" &&
         get_variable(g, "w", {2}).name() == "foo//w:0";
}
constexpr bool a_slash_at_the_end_of_a_scope_name_stays() {  // SPEC 7.9
  graph g;
  variable_scope s{g, "foo/"};
  return s.name() == "foo/" && g.current_name_scope() == "foo" && get_variable(g, "w", {2}).name() == "foo//w:0";
}
constexpr bool a_scope_name_may_have_several_components() {
  graph g;
  variable_scope s{g, "a/b"};
  bool const whole = s.name() == "a/b" && get_variable(g, "v", {2}).name() == "a/b/v:0";
  s.close();
  variable_scope a{g, "a"};
  return whole && g.current_name_scope() == "a";  // only the full name was taken
}
constexpr bool a_scope_needs_a_name() {  // SPEC 7.1
  graph g{on_error::keep};
  variable_scope s{g, name()};
  return refused(g, errc::name_required, "");
}
constexpr bool leaving_restores_both_scopes() {  // SPEC 7.8
  graph g;
  variable_scope a{g, "a"};
  { variable_scope b{g, "b"}; }
  { variable_scope root{g, absolute{""}}; }
  return g.current_scope() == a.scope() && g.current_name_scope() == "a";
}
constexpr bool scopes_close_in_reverse_order() {  // SPEC 7.8
  graph g{on_error::keep};
  variable_scope a{g, "a"};
  variable_scope b{g, "b"};
  a.close();
  bool const early = caught(g, errc::improper_nesting, "a") && g.current_scope().name() == "a/b";
  b.close();
  a.close();
  return early && !g.failed() && g.current_scope().name() == "";
}
constexpr bool a_guard_that_dies_out_of_order_is_reported() {
  graph g{on_error::keep};
  auto* a = new variable_scope{g, "a"};
  auto* b = new variable_scope{g, "b"};
  delete a;
  tensor c = constant(g, 1.f, "c");
  delete b;
  return !c.valid() && g.failed() && g.error().code == errc::improper_nesting;
}
constexpr bool guards_outlive_their_graph() {
  auto* g = new graph;
  variable_scope a{*g, "a"};
  name_scope b{*g, "b"};
  delete g;
  return a.name() == "" && b.path() == "";
}
constexpr bool a_scope_outlives_its_guard() {
  graph g;
  scope captured;
  {
    variable_scope a{g, "a", {.dtype = dtype::f64}};
    captured = a.scope();
  }
  return captured.name() == "a" && captured.dtype() == dtype::f64 && g.current_scope().name() == "";
}

}  // namespace behaviours
