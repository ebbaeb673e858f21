// SPDX-License-Identifier: BSL-1.0
// Sharing of variables and how scopes inherit it (SPEC 6.4, 7.4, 7.5, 8.10).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool a_variable_is_made_once() {
  graph g{on_error::keep};
  variable_scope s{g, "s"};
  get_variable(g, "v", {2});
  get_variable(g, "v", {2});
  return refused(g, errc::var_exists, "s/v");
}
constexpr bool a_refusal_names_both_lines() {
  graph g{on_error::keep};
  int const line = __builtin_LINE();
  get_variable(g, "v", {2});
  get_variable(g, "v", {2});
  return g.error().first.line == line + 1 && g.error().here.line == line + 2;
}
constexpr bool reuse_shares_what_exists() {
  graph g;
  tensor made;
  {
    variable_scope s{g, "s"};
    made = get_variable(g, "v", {2});
  }
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  return get_variable(g, "v", {2}) == made && get_variable(g, "v") == made;
}
constexpr bool reuse_creates_nothing() {
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  get_variable(g, "v", {2}, {.initializer = zeros_initializer()});
  return caught(g, errc::var_missing, "s/v") && g.size() == 0 && next_name(g, "v") == "s/v";
}
constexpr bool automatic_reuse_creates_and_shares() {
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  tensor made = get_variable(g, "v", {2});
  return made.name() == "s/v:0" && get_variable(g, "v", {2}) == made;
}
constexpr bool reuse_is_inherited() {  // SPEC 7.4
  graph g;
  variable_scope a{g, "a", {.reuse = reuse::yes}};
  variable_scope b{g, "b"};
  variable_scope c{g, "c", {.reuse = reuse::inherit}};
  return c.scope().reuse() == reuse::yes;
}
constexpr bool reuse_cannot_be_switched_off_below() {  // SPEC 7.4
  graph g;
  variable_scope a{g, "a", {.reuse = reuse::yes}};
  variable_scope b{g, "b", {.reuse = reuse::no}};
  return b.scope().reuse() == reuse::yes;
}
constexpr bool automatic_below_yes_is_automatic() {  // SPEC 7.4
  graph g;
  variable_scope a{g, "a", {.reuse = reuse::yes}};
  variable_scope b{g, "b", {.reuse = reuse::automatic}};
  return b.scope().reuse() == reuse::automatic && get_variable(g, "v", {2}).name() == "a/b/v:0";
}
constexpr bool yes_below_automatic_is_yes() {  // SPEC 7.4
  graph g;
  variable_scope a{g, "a", {.reuse = reuse::automatic}};
  variable_scope b{g, "b", {.reuse = reuse::yes}};
  return b.scope().reuse() == reuse::yes;
}
constexpr bool a_scope_object_ignores_the_enclosing_reuse() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope x{g, "x"};
    captured = x.scope();
  }
  variable_scope a{g, "a", {.reuse = reuse::yes}};
  variable_scope again{g, captured};
  return again.scope().reuse() == reuse::no && get_variable(g, "v", {2}).name() == "x/v:0";
}
constexpr bool a_scope_object_brings_its_reuse() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope x{g, "x", {.reuse = reuse::automatic}};
    captured = x.scope();
  }
  variable_scope again{g, captured};
  bool const brought = again.scope().reuse() == reuse::automatic;
  variable_scope refused_again{g, captured, {.reuse = reuse::no}};  // no means inherit, here from the object
  return brought && refused_again.scope().reuse() == reuse::automatic;
}
constexpr bool a_reuse_asked_for_replaces_the_objects() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope x{g, "x", {.reuse = reuse::automatic}};
    captured = x.scope();
  }
  variable_scope again{g, captured, {.reuse = reuse::yes}};
  return again.scope().reuse() == reuse::yes && captured.reuse() == reuse::automatic;
}
constexpr bool reuse_variables_acts_at_once() {  // SPEC 6.4
  graph g;
  variable_scope s{g, "s"};
  tensor v = get_variable(g, "v", {2});
  s.reuse_variables();
  return get_variable(g, "v", {2}) == v && s.scope().reuse() == reuse::yes;
}
constexpr bool reuse_variables_ends_automatic_reuse() {  // SPEC 6.4
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  s.reuse_variables();
  get_variable(g, "v", {2});
  return refused(g, errc::var_missing, "s/v");
}
constexpr bool reuse_variables_at_the_root_is_for_the_whole_graph() {  // SPEC 6.4
  graph g{on_error::keep};
  g.current_scope().reuse_variables();
  variable_scope s{g, "s"};
  get_variable(g, "v", {2});
  return s.scope().reuse() == reuse::yes && refused(g, errc::var_missing, "s/v");
}
constexpr bool reuse_variables_spares_open_children() {  // SPEC 6.4
  graph g;
  variable_scope a{g, "a"};
  variable_scope open{g, "open"};
  a.reuse_variables();
  bool const spared = open.scope().reuse() == reuse::no;
  open.close();
  variable_scope later{g, "later"};
  return spared && later.scope().reuse() == reuse::yes;
}
constexpr bool leaving_ends_the_reuse_of_a_scope() {
  graph g;
  {
    variable_scope s{g, "s"};
    get_variable(g, "v", {2});
    s.reuse_variables();
  }
  variable_scope s{g, "s"};
  return s.scope().reuse() == reuse::no;
}
constexpr bool a_name_differing_in_case_is_another_variable() {  // SPEC 5.1
  graph g;
  tensor lower = get_variable(g, "v", {2});
  tensor upper = get_variable(g, "V", {2});
  return lower.name() == "v:0" && upper.name() == "V_1:0" && g.find_variable("V") == upper;
}
constexpr bool the_key_is_not_the_name_of_the_op() {  // SPEC 5.3
  graph g;
  {
    name_scope foo{g, "foo"};
    variable(g, 1.f, "w");
  }
  tensor made;
  {
    variable_scope foo{g, "foo"};
    made = get_variable(g, "w", {2});
  }
  variable_scope foo{g, "foo", {.reuse = reuse::yes}};
  return made.name() == "foo/w_1:0" && get_variable(g, "w") == made && g.find_variable("foo/w") == made;
}
constexpr bool reuse_never_finds_what_variable_made() {  // SPEC 5.2
  graph g{on_error::keep};
  variable(g, 1.f, "v");
  variable_scope root{g, absolute{""}, {.reuse = reuse::yes}};
  get_variable(g, "v", shape{});
  return refused(g, errc::var_missing, "v");
}
constexpr bool get_variable_is_not_hindered_by_variable() {  // SPEC 5.2
  graph g;
  variable(g, 1.f, "v");
  return get_variable(g, "v", {2}).name() == "v_1:0";
}

}  // namespace behaviours
