// SPDX-License-Identifier: BSL-1.0
// FIRST: tensor_is_not_in_the_model
// FIRST: [MANIFEST_UNEXPECTED]
// SHOWS: model/kernel/Adam
// SHOWS: no such tensor; nearest: model/kernel
#include "manifest.hpp"

#ifndef ACCEPT
// [MANIFEST_UNEXPECTED wrong]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
    {"model/kernel/Adam", detail::fnv1a("model/kernel/Adam"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);  // TRACE
// [end]
#else
// [MANIFEST_UNEXPECTED right]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
    {"model/kernel/Adam", detail::fnv1a("model/kernel/Adam"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained, "*/Adam*">);
// [end]
#endif
