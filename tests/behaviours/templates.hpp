// SPDX-License-Identifier: BSL-1.0
// Templates (SPEC 15).
#pragma once

#include "behaviours/support.hpp"

namespace behaviours {

constexpr bool a_template_shares_its_variables() {
  graph g;
  auto scale = make_template(g, "scale", [&g] { return get_variable(g, "w", {2}); });
  tensor first = scale();
  tensor second = scale();
  return first.name() == "scale/w:0" && second == first && g.global_variables().size() == 1;
}
constexpr bool each_call_of_a_template_has_its_name_scope() {  // SPEC 15.4
  graph g;
  auto scale = make_template(g, "s1", [&g](tensor x) {
    tensor y = x * get_variable(g, "w", {2});
    return y;
  });
  tensor x = placeholder(g, "x", {2});
  tensor first = scale(x);
  tensor second = scale(x);
  return first.name() == "s1/mul:0" && second.name() == "s1_1/mul:0";
}
constexpr bool a_template_may_find_its_scope_at_once() {  // SPEC 15.2, 15.4
  graph g;
  tensor x = placeholder(g, "x", {2});
  auto t = make_template(g, "foo", [](tensor a) -> tensor { return relu(a); }, {.create_scope_now = true});
  bool const known = t.scope().valid() && t.scope().name() == "foo";
  tensor first = t(x);
  tensor second = t(x);
  return known && first.name() == "foo/Relu:0" && second.name() == "foo_1/Relu:0";
}
constexpr bool a_template_has_no_scope_before_its_first_call() {  // SPEC 15.6
  graph g;
  auto t = make_template(g, "t", [&g] { return get_variable(g, "w", {2}); });
  bool const before = t.scope().valid() || !t.global_variables().empty();
  t();
  return !before && t.scope().name() == "t" && names_of(t.global_variables()) == " t/w:0";
}
constexpr bool two_templates_of_a_name_share_nothing() {  // SPEC 15.7
  graph g;
  auto body = [&g] { return get_variable(g, "w", {2}); };
  auto a = make_template(g, "t", body);
  auto b = make_template(g, "t", body);
  return a().name() == "t/w:0" && b().name() == "t_1/w:0";
}
constexpr bool a_unique_name_is_exact() {  // SPEC 15.3, 15.7
  graph g{on_error::keep};
  auto body = [&g] { return get_variable(g, "w", {2}); };
  auto a = make_template(g, "t", body, {.unique_name = "u"});
  auto b = make_template(g, "t", body, {.unique_name = "u"});
  bool const named = a().name() == "u/w:0";
  b();
  return named && refused(g, errc::var_exists, "u/w");
}
constexpr bool a_later_call_creates_nothing_trainable() {  // SPEC 15.3
  graph g{on_error::keep};
  bool more = false;
  auto t = make_template(g, "t", [&] {
    get_variable(g, "w", {2});
    if (more) get_variable(g, "late", {2});
  });
  t();
  more = true;
  t();
  return refused(g, errc::var_missing, "t/late");
}
constexpr bool a_later_call_adds_no_trainable_variable() {  // SPEC 15.5
  graph g{on_error::keep};
  bool more = false;
  auto t = make_template(g, "t", [&] {
    if (more) variable(g, 1.f, "late");
  });
  t();
  more = true;
  t();
  bool const told = caught(g, errc::template_new_trainable, "t");
  return told && names_of(g.trainable_variables()) == " t_1/late:0";  // it stays
}
constexpr bool a_later_call_may_add_others() {  // SPEC 15.5
  graph g{on_error::keep};
  bool more = false;
  auto t = make_template(g, "t", [&] {
    if (more) variable(g, 1.f, "late", {.trainable = false});
  });
  t();
  more = true;
  t();
  return !g.failed();
}
constexpr bool a_template_lists_its_variables() {  // SPEC 15.6
  graph g;
  auto t = make_template(g, "t", [&] {
    get_variable(g, "w", {2});
    get_variable(g, "fixed", {2}, {.trainable = false});
    get_local_variable(g, "local", {2});
  });
  t();
  return names_of(t.global_variables()) == " t/w:0 t/fixed:0" && names_of(t.trainable_variables()) == " t/w:0" &&
         names_of(t.non_trainable_variables()) == " t/fixed:0" && names_of(t.local_variables()) == " t/local:0";
}
constexpr bool a_template_inherits_reuse_on_its_first_call() {  // SPEC 15.3
  graph g{on_error::keep};
  auto t = make_template(g, "t", [&] { return get_variable(g, "w", {2}); });
  variable_scope s{g, "s", {.reuse = reuse::yes}};
  t();
  return refused(g, errc::var_missing, "s/t/w");
}
constexpr bool a_scope_made_at_once_is_of_float() {  // SPEC 15.2
  graph g;
  variable_scope s{g, "s", {.initializer = ones_initializer(), .dtype = dtype::f64}};
  auto t = make_template(g, "t", [&] { return get_variable(g, "w", {2}); }, {.create_scope_now = true});
  auto u = make_template(g, "u", [&] { return get_variable(g, "w", {2}); });
  tensor w = t();
  return w.dtype() == dtype::f32 && g.variable(w).initializer.kind()->id() == "ones" && u().dtype() == dtype::f64;
}
constexpr bool a_template_needs_a_name() {  // SPEC 15.1
  graph g{on_error::keep};
  [[maybe_unused]] auto t = make_template(g, name(), [] {});
  return refused(g, errc::template_name, "");
}
constexpr bool a_template_may_have_a_getter() {  // SPEC 15.3
  graph g;
  auto rename = [](auto& next, variable_request r) {
    r.name += "_t";
    return next(r);
  };
  auto t = make_template(g, "t", [&] { return get_variable(g, "w", {2}); }, {.custom_getter = rename});
  tensor w = t();
  return w.name() == "t/w_t:0" && t() == w;
}

}  // namespace behaviours
