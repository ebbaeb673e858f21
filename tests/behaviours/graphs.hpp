// SPDX-License-Identifier: BSL-1.0
// Several graphs, graphs that refuse to rename, and what survives an error (SPEC 18, 19).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool graphs_have_their_own_names_and_variables() {  // SPEC 19.1
  graph a;
  graph b;
  get_variable(a, "v", {2});
  return get_variable(b, "v", {3}).name() == "v:0" && a.find_variable("v").shape() == shape{2} &&
         b.find_variable("v").shape() == shape{3};
}
constexpr bool graphs_have_their_own_current_scopes() {  // SPEC 19.2
  graph a;
  graph b;
  variable_scope in_a{a, "s"};
  variable_scope in_b{b, "t"};
  return constant(a, 1.f, "c").name() == "s/c:0" && constant(b, 1.f, "c").name() == "t/c:0";
}
constexpr bool a_scope_can_be_entered_in_another_graph() {  // SPEC 19.2
  graph a;
  graph b;
  variable_scope outer{a, "outer"};
  variable_scope s{a, "s", {.reuse = reuse::automatic, .dtype = dtype::f64}};
  variable_scope there{b, s.scope()};
  tensor v = get_variable(b, "v", {2});
  return v.name() == "outer/s/v:0" && v.dtype() == dtype::f64 && there.scope().reuse() == reuse::automatic &&
         b.current_name_scope() == "s" && a.global_variables().empty();
}
constexpr bool tensors_of_two_graphs_do_not_mix() {
  graph a{on_error::keep};
  graph b;
  tensor x = placeholder(a, "x", {2});
  tensor y = placeholder(b, "y", {2});
  tensor z = x + y;
  return !z.valid() && refused(a, errc::wrong_graph, "y:0");
}

constexpr bool a_strict_graph_refuses_a_taken_name() {
  graph g{naming::strict, on_error::keep};
  constant(g, 1.f, "c");
  constant(g, 1.f, "c");
  return refused(g, errc::name_taken, "c", "c_1", "c");
}
constexpr bool a_strict_graph_names_both_lines() {
  graph g{naming::strict, on_error::keep};
  int const line = __builtin_LINE();
  constant(g, 1.f, "c");
  constant(g, 1.f, "c");
  return g.error().first.line == line + 1 && g.error().here.line == line + 2;
}
constexpr bool a_strict_graph_refuses_a_name_that_differs_in_case() {
  graph g{naming::strict, on_error::keep};
  constant(g, 1.f, "relu");
  constant(g, 1.f, "Relu");
  return refused(g, errc::name_differs_in_case, "Relu", "Relu_1", "relu");
}
constexpr bool a_strict_graph_refuses_a_second_scope() {
  graph g{naming::strict, on_error::keep};
  { name_scope s{g, "s"}; }
  { name_scope s{g, "s"}; }
  bool const by_name_scope = caught(g, errc::name_taken, "s", "s_1", "s");
  { variable_scope t{g, "t"}; }
  { variable_scope t{g, "t"}; }
  return by_name_scope && refused(g, errc::name_taken, "t", "t_1", "t");
}
constexpr bool a_strict_graph_refuses_a_second_default_name() {
  graph g{naming::strict, on_error::keep};
  { variable_scope d{g, default_name{"d"}}; }
  { variable_scope d{g, default_name{"d"}}; }
  return refused(g, errc::name_taken, "d");
}
constexpr bool a_strict_graph_refuses_a_second_variable() {
  graph g{naming::strict, on_error::keep};
  variable(g, 1.f, "v");
  variable(g, 1.f, "v");
  bool const own = caught(g, errc::name_taken, "v", "v_1", "v");
  get_variable(g, "v", {2});  // its key is free, its name is not
  return own && refused(g, errc::name_taken, "v", "v_1", "v");
}
constexpr bool a_strict_graph_enters_an_absolute_scope_again() {
  graph g{naming::strict};
  tensor v;
  {
    variable_scope s{g, "s"};
    v = get_variable(g, "v", {2});
  }
  variable_scope s{g, absolute{"s"}, {.reuse = reuse::yes}};
  return get_variable(g, "v", {2}) == v && g.current_name_scope() == "s" && constant(g, 1.f, "c").name() == "s/c:0";
}
constexpr bool a_strict_graph_enters_a_scope_object_again() {
  graph g{naming::strict};
  scope captured;
  {
    variable_scope a{g, "a"};
    variable_scope b{g, "b"};
    captured = b.scope();
  }
  variable_scope again{g, captured};
  return again.name() == "a/b" && g.current_name_scope() == "a/b";
}
constexpr bool a_strict_graph_leaves_good_names_alone() {
  graph g{naming::strict};
  variable_scope s{g, "s"};
  tensor x = placeholder(g, "x", {2});
  tensor y = relu(x, "y");
  return y.name() == "s/y:0" && get_variable(g, "w", {2}).name() == "s/w:0" && g.naming() == naming::strict;
}

constexpr bool a_graph_keeps_its_first_error() {
  graph g{on_error::keep};
  get_variable(g, "v", {2});
  get_variable(g, "v", {2});
  get_variable(g, "w");
  return g.failed() && refused(g, errc::var_exists, "v") && id_of(g.error().code) == "VAR_EXISTS" &&
         kind_of(g.error().code) == error_kind::value;
}
constexpr bool calls_after_an_error_do_nothing() {
  graph g{on_error::keep};
  get_variable(g, "v", {2});
  tensor failed = get_variable(g, "v", {2});
  int const size = g.size();
  tensor x = placeholder(g, "x", {2});
  tensor y = relu(failed) + failed;
  variable_scope s{g, "s"};
  name_scope n{g, "n"};
  return !failed.valid() && !x.valid() && !y.valid() && g.size() == size && s.name() == "" && n.path() == "" &&
         !failed.shape().known() && failed.name() == "";
}
constexpr bool scopes_are_left_after_an_error() {  // SPEC 18.1
  graph g{on_error::keep};
  {
    variable_scope a{g, "a", {.reuse = reuse::yes}};
    name_scope n{g, "n"};
    get_variable(g, "v", {2});
  }
  bool const failed = caught(g, errc::var_missing, "a/v");
  return failed && g.current_scope().name() == "" && g.current_scope().reuse() == reuse::no &&
         g.current_name_scope() == "";
}
constexpr bool names_and_variables_survive_an_error() {  // SPEC 18.2
  graph g{on_error::keep};
  {
    variable_scope a{g, "a"};
    get_variable(g, "v", {2});
    get_variable(g, "v", {2});
  }
  bool const failed = caught(g, errc::var_exists, "a/v");
  return failed && next_name(g, "a") == "a_1" && names_of(g.global_variables()) == " a/v:0" &&
         g.find_variable("a/v").valid();
}
constexpr bool reuse_variables_survives_an_error() {  // SPEC 18.2
  graph g{on_error::keep};
  scope a;
  {
    variable_scope s{g, "a"};
    a = s.scope();
    a.reuse_variables();
    get_variable(g, "v", {2});
  }
  return caught(g, errc::var_missing, "a/v") && a.reuse() == reuse::yes;
}
constexpr bool counts_survive_an_error() {  // SPEC 18.1, 18.2
  graph g{on_error::keep};
  {
    variable_scope p{g, "p"};
    { variable_scope d{g, default_name{"d"}}; }
    get_variable(g, "v");
  }
  bool const failed = caught(g, errc::shape_unknown, "p/v");
  variable_scope q{g, default_name{"p"}};
  bool const own = q.name() == "p_1";
  q.close();
  variable_scope p{g, "p"};
  variable_scope d{g, default_name{"d"}};
  return failed && own && d.name() == "p/d";
}
constexpr bool an_error_has_a_whole_message() {
  graph g{on_error::keep};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {2, 3});
  get_variable(g, "v", {3, 2});
  text const message = message_of(g.error());
  std::string_view const m = message;
  auto says = [m](std::string_view part) { return m.find(part) != std::string_view::npos; };
  return m.starts_with("ambit: ") && says("\"s/v\"") && says("(3, 2)") && says("(2, 3)") && says("graphs.hpp:") &&
         m.ends_with("[SHAPE_MISMATCH]");
}

}  // namespace behaviours
