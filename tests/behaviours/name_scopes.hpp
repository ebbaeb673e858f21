// SPDX-License-Identifier: BSL-1.0
// Name scopes (SPEC 2.2, 3).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool a_name_scope_prefixes_ops() {
  graph g;
  name_scope a{g, "a"};
  name_scope b{g, "b"};
  return constant(g, 1.f, "c").name() == "a/b/c:0";
}
constexpr bool a_name_scope_yields_its_path() {  // SPEC 3.5c
  graph g;
  name_scope a{g, "a"};
  name_scope b{g, "b"};
  return a.path() == "a/" && b.path() == "a/b/" && g.current_name_scope() == "a/b";
}
constexpr bool a_name_scope_opened_again_is_another() {  // SPEC 3.5c
  graph g;
  { name_scope s{g, "s"}; }
  { name_scope s{g, "S"}; }
  name_scope s{g, "s"};
  return s.path() == "s_2/" && constant(g, 1.f, "c").name() == "s_2/c:0";
}
constexpr bool a_slash_enters_a_name_scope_again() {  // SPEC 3.5b
  graph g;
  text path;
  {
    name_scope outer{g, "outer"};
    name_scope inner{g, "inner"};
    path = inner.path();
    constant(g, 1.f, "c");
  }
  name_scope elsewhere{g, "elsewhere"};
  name_scope again{g, name(path)};
  return again.path() == "outer/inner/" && constant(g, 1.f, "c").name() == "outer/inner/c_1:0";
}
constexpr bool an_absolute_path_enters_a_name_scope_again() {
  graph g;
  { name_scope s{g, "s"}; }
  name_scope elsewhere{g, "elsewhere"};
  name_scope again{g, absolute{"s"}};
  return again.path() == "s/";
}
constexpr bool an_absolute_name_scope_takes_no_name() {  // SPEC 3.5b
  graph g;
  { name_scope never_opened{g, "s/"}; }
  name_scope s{g, "s"};
  return s.path() == "s/";
}
constexpr bool only_one_slash_is_taken_off() {  // SPEC 3.5b
  graph g;
  name_scope s{g, "foo5//"};
  bool const yields = s.path() == "foo5//" && g.current_name_scope() == "foo5/";
  name_scope inner{g, "foo6"};
  return yields && g.current_name_scope() == "foo5//foo6";
}
constexpr bool an_empty_name_resets_to_the_root() {  // SPEC 3.5a
  graph g;
  name_scope a{g, "a"};
  name_scope root{g, ""};
  return root.path() == "" && constant(g, 1.f, "c").name() == "c:0";
}
constexpr bool no_name_resets_to_the_root() {  // SPEC 3.3
  graph g;
  name_scope a{g, "a"};
  name_scope root{g};
  return root.path() == "" && constant(g, 1.f, "c").name() == "c:0";
}
constexpr bool a_default_name_stands_in_for_none() {  // SPEC 3.2
  graph g;
  name_scope a{g, name(), {.default_name = "d"}};
  bool const used = a.path() == "d/";
  name_scope b{g, "b", {.default_name = "d"}};
  bool const ignored = b.path() == "d/b/";
  name_scope c{g, "", {.default_name = "d"}};  // "" is a name
  return used && ignored && c.path() == "";
}
constexpr bool values_need_a_name() {  // SPEC 3.3
  graph g{on_error::keep};
  name_scope s{g, name(), {.values = value_list::empty()}};
  return refused(g, errc::ns_name_required, "");
}
constexpr bool values_of_another_graph_are_refused() {  // SPEC 3.4
  graph g{on_error::keep};
  graph other;
  tensor x = constant(other, 1.f, "x");
  name_scope s{g, "s", {.values = {x}}};
  return caught(g, errc::wrong_graph, "x:0") && next_name(g, "s") == "s";
}
constexpr bool leaving_restores_the_name_scope() {  // SPEC 3.6
  graph g;
  name_scope a{g, "a"};
  { name_scope b{g, "b"}; }
  { name_scope root{g}; }
  return g.current_name_scope() == "a";
}
constexpr bool a_name_scope_can_be_closed_early() {
  graph g;
  name_scope a{g, "a"};
  a.close();
  a.close();
  return g.current_name_scope() == "" && constant(g, 1.f, "c").name() == "c:0";
}
constexpr bool nested_scope_names_begin_more_freely() {  // SPEC 2.2
  graph g{on_error::keep};
  { name_scope refused_at_root{g, "_x"}; }
  bool const at_root = caught(g, errc::bad_scope_name, "_x");
  name_scope a{g, "a"};
  name_scope nested{g, "_x"};
  return at_root && nested.path() == "a/_x/" && !g.failed();
}
constexpr bool a_bad_scope_name_takes_nothing() {  // SPEC 2.3
  graph g{on_error::keep};
  { name_scope s{g, "a b"}; }
  return caught(g, errc::bad_scope_name, "a b") && g.current_name_scope() == "" && next_name(g, "a b") == "a b";
}
constexpr bool a_lone_slash_is_bad_at_the_root() {  // SPEC 3.5b
  graph g{on_error::keep};
  { name_scope s{g, "/"}; }
  bool const at_root = caught(g, errc::bad_scope_name, "/");
  name_scope a{g, "a"};
  name_scope slash{g, "/"};
  return at_root && slash.path() == "/" && constant(g, 1.f, "c").name() == "c:0";
}
constexpr bool a_name_scope_value_opens_a_new_scope_each_time() {  // SPEC 7.10
  graph g;
  name_scope::entry entry{g, "s"};
  text first;
  {
    name_scope s{entry};
    first = s.path();
  }
  name_scope again{entry};
  return first == "s/" && again.path() == "s_1/";
}
constexpr bool get_variable_ignores_name_scopes() {  // SPEC 8.3
  graph g;
  name_scope a{g, "a"};
  tensor v = get_variable(g, "v", {2});
  return v.name() == "v:0" && g.current_name_scope() == "a";
}

}  // namespace behaviours
