// SPDX-License-Identifier: BSL-1.0
// Settings of scopes, setters, and collections (SPEC 6, 7.4, 7.5, 12.6, 12.9, 12.10, 14).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

struct clip_to_one final : constraint_kind {
  constexpr clip_to_one() : constraint_kind("clip_to_one") {}
  constexpr ~clip_to_one() = default;
};
inline constexpr clip_to_one clip{};

constexpr bool the_root_scope_has_defaults() {  // SPEC 6.2
  graph g;
  scope const root = g.current_scope();
  return root.name() == "" && root.original_name_scope() == "" && root.reuse() == reuse::no &&
         root.dtype() == dtype::f32 && !root.initializer().given() && !root.regularizer().given() &&
         !given(root.caching_device()) && !root.partitioner().given() && !root.use_resource().given() &&
         !root.constraint().given();
}
constexpr bool settings_are_inherited() {  // SPEC 7.4
  graph g;
  variable_scope a{g,
                   "a",
                   {.initializer = ones_initializer(),
                    .regularizer = l2(0.5),
                    .caching_device = "/cpu:0",
                    .partitioner = fixed_size_partitioner(2),
                    .dtype = dtype::f64,
                    .use_resource = true}};
  variable_scope b{g, "b"};
  scope const s = b.scope();
  return s.initializer().kind()->id() == "ones" && s.regularizer().given() && s.caching_device() == "/cpu:0" &&
         s.partitioner() == fixed_size_partitioner(2) && s.dtype() == dtype::f64 && s.use_resource() == option(true);
}
constexpr bool settings_can_be_replaced_below() {  // SPEC 7.4
  graph g;
  variable_scope a{g, "a", {.initializer = ones_initializer(), .dtype = dtype::f64}};
  variable_scope b{g, "b", {.initializer = zeros_initializer(), .dtype = dtype::i32}};
  tensor v = get_variable(g, "v", {2});
  return v.dtype() == dtype::i32 && g.variable(v).initializer.kind()->id() == "zeros";
}
constexpr bool the_call_goes_before_the_scope() {  // SPEC 8.1, 8.5
  graph g;
  variable_scope a{g, "a", {.initializer = ones_initializer(), .caching_device = "/cpu:0", .dtype = dtype::f64}};
  tensor v =
      get_variable(g, "v", {2}, {.dtype = dtype::f32, .initializer = zeros_initializer(), .caching_device = "/gpu:0"});
  return v.dtype() == dtype::f32 && g.variable(v).initializer.kind()->id() == "zeros" &&
         g.variable(v).caching_device == "/gpu:0";
}
constexpr bool a_constraint_is_not_inherited() {  // SPEC 7.4
  graph g;
  variable_scope a{g, "a", {.constraint = clip}};
  tensor v = get_variable(g, "v", {2});
  variable_scope b{g, "b"};
  tensor w = get_variable(g, "w", {2});
  return g.variable(v).constraint.given() && !b.scope().constraint().given() && !g.variable(w).constraint.given();
}
constexpr bool a_constraint_is_not_carried_by_an_object() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope a{g, "a", {.dtype = dtype::f64, .constraint = clip}};
    captured = a.scope();
  }
  variable_scope again{g, captured};
  return captured.constraint().given() && !again.scope().constraint().given() && again.scope().dtype() == dtype::f64;
}
constexpr bool an_object_brings_its_settings_not_the_enclosing_ones() {  // SPEC 7.5
  graph g;
  scope captured;
  {
    variable_scope a{g, "a", {.initializer = ones_initializer()}};
    captured = a.scope();
  }
  variable_scope b{g, "b", {.initializer = zeros_initializer(), .dtype = dtype::f64}};
  variable_scope again{g, captured};
  return again.scope().initializer().kind()->id() == "ones" && again.scope().dtype() == dtype::f32;
}
constexpr bool an_empty_device_stops_inheritance() {  // SPEC 12.10
  graph g;
  variable_scope a{g, "a", {.caching_device = "/cpu:0"}};
  tensor v = get_variable(g, "v", {2});
  variable_scope b{g, "b", {.caching_device = ""}};
  tensor w = get_variable(g, "w", {2});
  return g.variable(v).caching_device == "/cpu:0" && given(b.scope().caching_device()) &&
         g.variable(w).caching_device == "";
}
constexpr bool setters_act_at_once() {  // SPEC 6.4
  graph g;
  variable_scope a{g, "a"};
  a.scope().set_dtype(dtype::f64);
  a.scope().set_initializer(ones_initializer());
  tensor v = get_variable(g, "v", {2});
  return v.dtype() == dtype::f64 && g.variable(v).initializer.kind()->id() == "ones";
}
constexpr bool setters_spare_open_children() {  // SPEC 6.4
  graph g;
  variable_scope a{g, "a"};
  variable_scope open{g, "open"};
  a.scope().set_dtype(dtype::f64);
  bool const spared = open.scope().dtype() == dtype::f32;
  open.close();
  variable_scope later{g, "later"};
  return spared && later.scope().dtype() == dtype::f64;
}
constexpr bool a_setter_overwrites() {  // SPEC 6.4
  graph g;
  variable_scope a{g,
                   "a",
                   {.initializer = ones_initializer(),
                    .regularizer = l2(0.5),
                    .caching_device = "/cpu:0",
                    .partitioner = fixed_size_partitioner(2),
                    .use_resource = true}};
  scope s = a.scope();
  s.set_initializer({});
  s.set_regularizer({});
  s.set_caching_device({});
  s.set_partitioner({});
  s.set_use_resource({});
  tensor v = get_variable(g, "v", {2});
  return g.variable(v).initializer.kind()->id() == "glorot_uniform" && !given(g.variable(v).caching_device) &&
         !v.is_partitioned() && !g.variable(v).use_resource && g.get_collection("regularization_losses").empty();
}
constexpr bool changing_the_captured_scope_changes_later_entries() {  // SPEC 6.5
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    captured = a.scope();
  }
  captured.set_dtype(dtype::f64);
  variable_scope again{g, captured};
  return again.scope().dtype() == dtype::f64;
}
constexpr bool changing_an_entered_object_spares_the_captured_scope() {  // SPEC 6.5
  graph g;
  scope captured;
  {
    variable_scope a{g, "a"};
    captured = a.scope();
  }
  variable_scope again{g, captured};
  again.reuse_variables();
  again.scope().set_dtype(dtype::f64);
  return captured.reuse() == reuse::no && captured.dtype() == dtype::f32;
}
constexpr bool a_resource_is_decided_by_call_scope_and_graph() {  // SPEC 8.12, 12.9
  graph g;
  tensor plain = get_variable(g, "plain", {2});
  g.enable_resource_variables();
  tensor by_graph = get_variable(g, "by_graph", {2});
  variable_scope a{g, "a", {.use_resource = false}};
  tensor by_scope = variable(g, 1.f, "by_scope");
  tensor by_call = get_variable(g, "by_call", {2}, {.use_resource = true});
  return !g.variable(plain).use_resource && g.variable(by_graph).use_resource && !g.variable(by_scope).use_resource &&
         g.variable(by_call).use_resource;
}
constexpr bool collections_are_in_the_order_of_creation() {  // SPEC 12.6, 14.3
  graph g;
  get_variable(g, "b", {2});
  variable(g, 1.f, "a");
  get_variable(g, "c", {2}, {.trainable = false});
  return names_of(g.global_variables()) == " b:0 a:0 c:0" && names_of(g.trainable_variables()) == " b:0 a:0";
}
constexpr bool collections_of_ones_own_replace_the_global_one() {  // SPEC 12.6
  graph g;
  get_variable(g, "v", {2}, {.collections = {"mine"}});
  return names_of(g.get_collection("mine")) == " v:0" && g.global_variables().empty() &&
         names_of(g.trainable_variables()) == " v:0";
}
constexpr bool an_empty_list_of_collections_still_trains() {  // SPEC 12.6
  graph g;
  get_variable(g, "v", {2}, {.collections = collection_list::empty()});
  return g.global_variables().empty() && names_of(g.trainable_variables()) == " v:0";
}
constexpr bool a_collection_named_twice_holds_a_variable_once() {  // SPEC 12.6
  graph g;
  get_variable(g, "v", {2}, {.collections = {collections::trainable_variables, "mine"}});
  return names_of(g.trainable_variables()) == " v:0" && names_of(g.get_collection("mine")) == " v:0";
}
constexpr bool a_scope_lists_what_lies_below_it() {  // SPEC 14.1
  graph g;
  variable_scope foo{g, "foo"};
  get_variable(g, "v", {2});
  scope const s = foo.scope();
  foo.close();
  variable_scope foobar{g, "foobar"};
  get_variable(g, "v", {2});
  return names_of(s.global_variables()) == " foo/v:0" && names_of(s.trainable_variables()) == " foo/v:0" &&
         s.local_variables().empty();
}
constexpr bool a_dot_in_a_scope_name_stands_for_any_character() {  // SPEC 14.1
  graph g;
  scope dotted;
  {
    variable_scope s{g, "a.b"};
    get_variable(g, "v", {2});
    dotted = s.scope();
  }
  variable_scope s{g, "axb"};
  get_variable(g, "v", {2});
  return names_of(dotted.global_variables()) == " a.b/v:0 axb/v:0";
}
constexpr bool a_scope_lists_by_name_not_by_key() {  // SPEC 14.1
  graph g;
  scope foo;
  {
    variable_scope s{g, "foo"};
    foo = s.scope();
    variable(g, 1.f, "u");
  }
  variable_scope s{g, "foo"};
  variable(g, 1.f, "w");  // goes to foo_1
  return names_of(foo.global_variables()) == " foo/u:0";
}
constexpr bool a_collection_is_filtered_from_its_beginning() {  // SPEC 14.2
  graph g;
  get_variable(g, "foo/v", {2});
  get_variable(g, "foobar", {2});
  get_variable(g, "bar/foo", {2});
  return names_of(g.get_collection(collections::global_variables, "foo")) == " foo/v:0 foobar:0";
}
constexpr bool a_user_may_fill_a_collection() {
  graph g;
  tensor c = constant(g, 1.f, "c");
  g.add_to_collection("mine", c);
  g.add_to_collection("mine", c);
  return names_of(g.get_collection("mine")) == " c:0 c:0" && g.get_collection("other").empty();
}

}  // namespace behaviours
