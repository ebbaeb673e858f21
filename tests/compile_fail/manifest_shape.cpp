// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_has_another_shape_in_the_file
// FIRST: [MANIFEST_SHAPE]
// SHOWS: model/kernel
// SHOWS: (2, 3)
// SHOWS: (3, 2)
#include "manifest.hpp"

#ifndef ACCEPT
// [MANIFEST_SHAPE wrong]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {3, 2}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);  // TRACE
// [end]
#else
// [MANIFEST_SHAPE right]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);
// [end]
#endif
