// SPDX-License-Identifier: BSL-1.0
// Default names, their counters, and scopes entered several times (SPEC 7.6, 7.7, 7.10).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

/// Enters a default name, and tells the name of the scope.
constexpr text entered(graph& g, name n) {
  variable_scope s{g, default_name{n}};
  return s.name();
}

constexpr bool a_default_name_is_made_unique() {  // SPEC 7.6
  graph g;
  return entered(g, "d") == "d" && entered(g, "d") == "d_1" && entered(g, "d") == "d_2";
}
constexpr bool a_default_name_below_a_scope() {
  graph g;
  variable_scope p{g, "p"};
  bool const numbered = entered(g, "d") == "p/d" && entered(g, "d") == "p/d_1";
  variable_scope d{g, default_name{"d"}};
  return numbered && get_variable(g, "v", {2}).name() == "p/d_2/v:0" && g.current_name_scope() == "p/d_2";
}
constexpr bool a_name_is_used_before_a_default_name() {  // SPEC 7.6
  graph g;
  variable_scope s{g, "s", {.default_name = "d"}};
  return s.name() == "s";
}
constexpr bool every_entry_counts_for_default_names() {  // SPEC 7.7
  graph g;
  scope captured;
  {
    variable_scope foo{g, "foo"};
    captured = foo.scope();
  }
  bool const by_name = entered(g, "foo") == "foo_1";
  { variable_scope again{g, captured}; }
  return by_name && entered(g, "foo") == "foo_2";
}
constexpr bool default_names_skip_names_in_use() {
  graph g;
  { variable_scope s{g, "d_1"}; }
  return entered(g, "d") == "d" && entered(g, "d") == "d_2" && entered(g, "d_1") == "d_1_1";
}
constexpr bool default_names_regard_case_and_name_scopes_do_not() {  // SPEC 7.6
  graph g;
  { variable_scope s{g, "foo"}; }
  variable_scope s{g, default_name{"Foo"}};
  return s.name() == "Foo" && g.current_name_scope() == "Foo_1";
}
constexpr bool the_suffixes_of_scope_and_name_scope_may_differ() {  // SPEC 7.6
  graph g;
  constant(g, 1.f, "d");
  variable_scope s{g, default_name{"d"}};
  return s.name() == "d" && g.current_name_scope() == "d_1";
}
constexpr bool leaving_a_scope_forgets_the_counts_below() {  // SPEC 7.7
  graph g;
  bool first = false;
  {
    variable_scope p{g, "p"};
    first = entered(g, "d") == "p/d";
  }
  variable_scope p{g, "p"};
  variable_scope d{g, default_name{"d"}};
  return first && d.name() == "p/d" && g.current_name_scope() == "p_1/d";
}
constexpr bool leaving_a_scope_keeps_its_own_count() {  // SPEC 7.7
  graph g;
  { variable_scope p{g, "p"}; }
  return entered(g, "p") == "p_1";
}
constexpr bool leaving_forgets_everything_below_not_beside() {  // SPEC 7.7
  graph g;
  bool ok = entered(g, "pq") == "pq";
  {
    variable_scope p{g, "p"};
    variable_scope q{g, "q"};
    ok = ok && entered(g, "d") == "p/q/d";
  }
  variable_scope q{g, "p/q"};
  ok = ok && entered(g, "d") == "p/q/d";
  q.close();
  return ok && entered(g, "pq") == "pq_1";
}
constexpr bool leaving_a_scope_object_brings_counts_back() {  // SPEC 7.7
  graph g;
  variable_scope p{g, "p"};
  bool ok = entered(g, "d") == "p/d";
  {
    variable_scope again{g, p.scope()};
    ok = ok && entered(g, "d") == "p/d_1" && entered(g, "d") == "p/d_2";
  }
  return ok && entered(g, "d") == "p/d_1";
}
constexpr bool a_scope_object_entered_twice_counts_afresh() {  // SPEC 7.7
  graph g;
  scope captured;
  {
    variable_scope p{g, "p"};
    captured = p.scope();
  }
  bool ok = true;
  {
    variable_scope again{g, captured};
    ok = entered(g, "d") == "p/d";
  }
  variable_scope again{g, captured};
  return ok && entered(g, "d") == "p/d" && entered(g, "d") == "p/d_1";
}
constexpr bool a_count_made_below_another_scope_object_is_forgotten_too() {  // SPEC 7.7
  graph g;
  scope captured;
  {
    variable_scope p{g, "p"};
    captured = p.scope();
  }
  {
    variable_scope again{g, captured};
    variable_scope root{g, absolute{""}};
    entered(g, "elsewhere");
  }
  return entered(g, "elsewhere") == "elsewhere";
}
constexpr bool a_default_name_cannot_be_reused() {  // SPEC 7.2
  graph g{on_error::keep};
  { variable_scope s{g, default_name{"d"}, {.reuse = reuse::yes}}; }
  bool const yes = caught(g, errc::reuse_without_name, "d");
  { variable_scope s{g, default_name{"d"}, {.reuse = reuse::automatic}}; }
  bool const automatic = caught(g, errc::reuse_without_name, "d");
  return yes && automatic && next_name(g, "d") == "d" && entered(g, "d") == "d";
}
constexpr bool a_default_name_inherits_reuse() {  // SPEC 7.6
  graph g;
  variable_scope p{g, "p", {.reuse = reuse::automatic}};
  variable_scope d{g, default_name{"d"}};
  return d.scope().reuse() == reuse::automatic;
}
constexpr bool an_empty_default_name_resets_the_name_scope() {  // SPEC 7.9
  graph g;
  variable_scope q{g, "q"};
  {
    variable_scope first{g, default_name{""}};
    if (first.name() != "q/" || g.current_name_scope() != "") return false;
  }
  variable_scope second{g, default_name{""}};
  return second.name() == "q/_1" && g.current_name_scope() == "";
}
constexpr bool an_entry_opens_a_new_name_scope_each_time() {  // SPEC 7.10
  graph g;
  variable_scope::entry entry{g, "s", {.reuse = reuse::automatic}};
  { variable_scope first{entry}; }
  variable_scope second{entry};
  return second.name() == "s" && g.current_name_scope() == "s_1" && second.scope().original_name_scope() == "s/";
}
constexpr bool an_entry_keeps_its_default_name() {  // SPEC 7.10
  graph g;
  variable_scope::entry entry{g, name(), {.default_name = "d"}};
  { variable_scope first{entry}; }
  variable_scope second{entry};
  return second.name() == "d" && g.current_name_scope() == "d_1";
}
constexpr bool an_entry_is_rebuilt_below_the_current_scope() {  // SPEC 7.10
  graph g;
  variable_scope::entry entry{g, "s"};
  { variable_scope first{entry}; }
  variable_scope p{g, "p"};
  variable_scope second{entry};
  return second.name() == "p/s" && g.current_name_scope() == "p/s" && second.scope().original_name_scope() == "s/";
}
constexpr bool an_entry_keeps_a_reuse_once_inherited() {  // SPEC 7.10
  graph g;
  variable_scope::entry entry{g, "s"};
  {
    variable_scope p{g, "p", {.reuse = reuse::automatic}};
    variable_scope first{entry};
  }
  variable_scope second{entry};
  return second.name() == "s" && second.scope().reuse() == reuse::automatic;
}
constexpr bool an_entry_by_object_is_the_same_scope_again() {  // SPEC 7.10
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    captured = a.scope();
  }
  variable_scope::entry entry{g, captured};
  scope first_time;
  {
    variable_scope first{entry};
    first.reuse_variables();
    first_time = first.scope();
  }
  captured.set_dtype(dtype::f64);  // not seen by the entry any more
  variable_scope second{entry};
  return second.scope() == first_time && second.scope().reuse() == reuse::yes && second.scope().dtype() == dtype::f32;
}
constexpr bool an_entry_without_a_name_scope_goes_back_to_the_first() {  // SPEC 7.10
  graph g;
  variable_scope::entry entry{g, "s", {.auxiliary_name_scope = false}};
  {
    name_scope n{g, "n"};
    variable_scope first{entry};
  }
  name_scope m{g, "m"};
  variable_scope second{entry};
  return g.current_name_scope() == "n";
}

}  // namespace behaviours
