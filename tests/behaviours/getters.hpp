// SPDX-License-Identifier: BSL-1.0
// Custom getters and variable creators (SPEC 11).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

/// A getter that appends to the name of what it asks for.
struct suffix {
  char const* added;
  constexpr tensor operator()(auto& next, variable_request r) const {
    r.name += added;
    return next(r);
  }
};

constexpr bool a_getter_sees_the_full_key() {  // SPEC 11.1
  graph g;
  text seen;
  variable_scope s{g, "s", {.custom_getter = [&seen](auto& next, variable_request r) {
                     seen = r.name;
                     return next(r);
                   }}};
  tensor v = get_variable(g, "v", {2});
  return seen == "s/v" && v.name() == "s/v:0";
}
constexpr bool a_getter_sees_defaults_filled_in() {  // SPEC 11.1
  graph g;
  variable_request seen;
  variable_scope s{g,
                   "s",
                   {.initializer = ones_initializer(),
                    .caching_device = "/cpu:0",
                    .custom_getter = [&seen](auto& next, variable_request r) {
                      seen = r;
                      return next(r);
                    }}};
  get_variable(g, "v", {2});
  return seen.dtype == dtype::f32 && seen.shape == shape{2} && seen.reuse == reuse::no &&
         seen.initializer.kind()->id() == "ones" && seen.caching_device == "/cpu:0" && seen.trainable == option(true);
}
constexpr bool the_innermost_getter_runs_first() {  // SPEC 11.2
  graph g;
  variable_scope outer{g, "outer", {.custom_getter = suffix{"_outer"}}};
  variable_scope inner{g, "inner", {.custom_getter = suffix{"_inner"}}};
  return get_variable(g, "v", {2}).name() == "outer/inner/v_inner_outer:0";
}
constexpr bool a_scope_object_brings_its_getter() {  // SPEC 7.5, 11.2
  graph g;
  scope captured;
  {
    variable_scope a{g, "a", {.custom_getter = suffix{"_a"}}};
    captured = a.scope();
  }
  variable_scope b{g, "b", {.custom_getter = suffix{"_b"}}};
  variable_scope again{g, captured, {.custom_getter = suffix{"_again"}}};
  return get_variable(g, "v", {2}).name() == "a/v_again_a:0";
}
constexpr bool a_getter_of_the_call_replaces_the_chain() {  // SPEC 11.2
  graph g;
  variable_scope s{g, "s", {.custom_getter = suffix{"_scope"}}};
  return get_variable(g, "v", {2}, {.custom_getter = suffix{"_call"}}).name() == "s/v_call:0";
}
constexpr bool a_getter_that_is_set_replaces_the_chain() {  // SPEC 6.4, 11.2
  graph g;
  variable_scope outer{g, "outer", {.custom_getter = suffix{"_outer"}}};
  variable_scope inner{g, "inner"};
  inner.scope().set_custom_getter(suffix{"_set"});
  tensor v = get_variable(g, "v", {2});
  inner.scope().set_custom_getter({});
  return v.name() == "outer/inner/v_set:0" && get_variable(g, "w", {2}).name() == "outer/inner/w:0";
}
constexpr bool the_name_passed_on_becomes_the_key() {  // SPEC 11.3
  graph g{on_error::keep};
  tensor v;
  {
    variable_scope s{g, "s", {.custom_getter = suffix{"_suffix"}}};
    v = get_variable(g, "v", {2});
  }
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  bool const found = get_variable(g, "v_suffix", {2}) == v;
  get_variable(g, "v", {2});
  return found && refused(g, errc::var_missing, "s/v");
}
constexpr bool a_getter_runs_on_every_access() {  // SPEC 11.4
  graph g;
  int count = 0;
  variable_scope s{g, "s", {.reuse = reuse::automatic, .custom_getter = [&count](auto& next, variable_request r) {
                              ++count;
                              return next(r);
                            }}};
  get_variable(g, "v", {2});
  get_variable(g, "v", {2});
  return count == 2;
}
constexpr bool a_getter_may_answer_with_another_tensor() {  // SPEC 11.4
  graph g;
  variable_scope s{g, "s", {.reuse = reuse::automatic, .custom_getter = [](auto& next, variable_request r) {
                              return tensor(identity(next(r), "seen"));
                            }}};
  tensor first = get_variable(g, "v", {2});
  tensor second = get_variable(g, "v", {2});
  return first.name() == "seen:0" && second.name() == "seen_1:0" && g.global_variables().size() == 1;
}
constexpr bool a_getter_without_reuse_creates_or_shares() {  // SPEC 8.11
  graph g;
  variable_scope s{g, "s", {.custom_getter = [](auto& next, variable_request r) {
                     r.reuse = reuse::inherit;
                     return next(r);
                   }}};
  tensor v = get_variable(g, "v", {2});
  return v.valid() && get_variable(g, "v", {2}) == v;
}
constexpr bool a_getter_outlives_its_guard() {
  graph g;
  scope captured;
  {
    text const added{"_kept"};
    variable_scope a{g, "a", {.custom_getter = [added](auto& next, variable_request r) {
                       r.name += added;
                       return next(r);
                     }}};
    captured = a.scope();
  }
  variable_scope again{g, captured};
  return get_variable(g, "v", {2}).name() == "a/v_kept:0";
}

constexpr bool a_creator_sees_both_kinds_of_variables() {  // SPEC 11.5
  graph g;
  text seen;
  variable_creator_scope c{g, [&seen](auto& next, creation_request r) {
                             seen += ' ';
                             seen += r.name;
                             return next(r);
                           }};
  variable_scope s{g, "s"};
  get_variable(g, "v", {2});
  variable(g, 1.f, "u");  // the argument, not prefixed
  get_variable(g, "w", {2}, {.partitioner = fixed_size_partitioner(2)});
  return seen == " s/v u s/w/part_0 s/w/part_1";
}
constexpr bool the_innermost_creator_runs_first() {  // SPEC 11.5
  graph g;
  auto add = [](char const* added) {
    return [added](auto& next, creation_request r) {
      r.name += added;
      return next(r);
    };
  };
  variable_creator_scope outer{g, add("_outer")};
  variable_creator_scope inner{g, add("_inner")};
  return variable(g, 1.f, "v").name() == "v_inner_outer:0";
}
constexpr bool a_renaming_creator_leaves_the_key() {  // SPEC 11.5
  graph g;
  tensor v;
  {
    variable_creator_scope c{g, [](auto& next, creation_request r) {
                               r.name = "renamed";
                               return next(r);
                             }};
    v = get_variable(g, "v", {2});
  }
  variable_scope root{g, absolute{""}, {.reuse = reuse::yes}};
  return v.name() == "renamed:0" && get_variable(g, "v", {2}) == v;
}
constexpr bool a_creator_is_not_asked_when_sharing() {
  graph g;
  int count = 0;
  variable_creator_scope c{g, [&count](auto& next, creation_request r) {
                             ++count;
                             return next(r);
                           }};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  get_variable(g, "v", {2});
  get_variable(g, "v", {2});
  return count == 1;
}
constexpr bool a_creator_lives_as_long_as_its_scope() {
  graph g;
  {
    variable_creator_scope c{g, [](auto& next, creation_request r) {
                               r.trainable = false;
                               return next(r);
                             }};
    variable(g, 1.f, "inside");
  }
  variable(g, 1.f, "outside");
  return names_of(g.trainable_variables()) == " outside:0";
}
constexpr bool creators_are_left_in_reverse_order() {  // SPEC 11.5
  graph g{on_error::keep};
  auto pass = [](auto& next, creation_request r) { return next(r); };
  variable_creator_scope outer{g, pass};
  variable_creator_scope inner{g, pass};
  outer.close();
  bool const early = caught(g, errc::creator_nesting, "");
  inner.close();
  outer.close();
  return early && !g.failed();
}

}  // namespace behaviours
