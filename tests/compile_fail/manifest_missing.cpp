// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_is_not_in_the_file
// FIRST: [MANIFEST_MISSING]
// EXPECT: [MANIFEST_UNEXPECTED]
// SHOWS: model/bias
// SHOWS: no such tensor; nearest: model/bais
// SHOWS: trained.safetensors
#include "manifest.hpp"

#ifndef ACCEPT
// [MANIFEST_MISSING wrong]
inline constexpr manifest_tensor tensors[] = {
    {"model/bais", detail::fnv1a("model/bais"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);  // TRACE
// [end]
#else
// [MANIFEST_MISSING right]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);
// [end]
#endif
