// SPDX-License-Identifier: BSL-1.0
// What TensorFlow refuses when it runs, and the type of an argument refuses here. Each wrong line is refused by itself.
// EXPECT-GCC: no matching function for call to
// EXPECT-CLANG: no matching constructor for initialization
// EXPECT-CLANG: no matching function for call to
#include "compile_fail/verify.hpp"

struct clip_kind final : constraint_kind {
  constexpr clip_kind() : constraint_kind("clip") {}
  constexpr ~clip_kind() = default;
};
inline constexpr clip_kind clipped{};

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 4});
#ifndef ACCEPT
  // [BAD_REUSE wrong]
  variable_scope shared{g, "shared", {.reuse = true}};  // TRACE
  // [end]
  // [BAD_AUX wrong]
  variable_scope layer{g, "layer", {.auxiliary_name_scope = "no"}};  // TRACE
  // [end]
  // [GETTER_NOT_CALLABLE wrong]
  tensor a = get_variable(g, "a", {4}, {.custom_getter = 0.5f});  // TRACE
  // [end]
  // [PARTITIONER_NOT_SEQUENCE wrong]
  auto two = +[](shape const&, dtype, partitioner_parameters const&) { return 2; };
  tensor b = get_variable(g, "b", {4}, {.partitioner = two});  // TRACE
  // [end]
  // [BAD_COLLECTIONS wrong]
  tensor c = get_variable(g, "c", {4}, {.collections = "mine"});  // TRACE
  // [end]
  // [BAD_CONSTRAINT wrong]
  tensor d = get_variable(g, "d", {4}, {.constraint = 1.f});  // TRACE
  // [end]
#else
  // [BAD_REUSE right]
  variable_scope shared{g, "shared", {.reuse = reuse::automatic}};
  // [end]
  // [BAD_AUX right]
  variable_scope layer{g, "layer", {.auxiliary_name_scope = false}};
  // [end]
  // [GETTER_NOT_CALLABLE right]
  auto halved = [](auto& next, variable_request r) { return tensor(next(r) * 0.5f); };
  tensor a = get_variable(g, "a", {4}, {.custom_getter = halved});
  // [end]
  // [PARTITIONER_NOT_SEQUENCE right]
  auto two = +[](shape const&, dtype, partitioner_parameters const&) { return partition{.parts = {2}}; };
  tensor b = get_variable(g, "b", {4}, {.partitioner = two});
  // [end]
  // [BAD_COLLECTIONS right]
  tensor c = get_variable(g, "c", {4}, {.collections = {"mine"}});
  // [end]
  // [BAD_CONSTRAINT right]
  tensor d = get_variable(g, "d", {4}, {.constraint = clipped});  // it is derived from constraint_kind
  // [end]
#endif
  return (x * a + c) * (b + d);
};
static_assert(sizeof(ambit::detail::verified<model>) != 0);
