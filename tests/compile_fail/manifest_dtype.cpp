// SPDX-License-Identifier: BSL-1.0
// FIRST: variable_has_another_dtype_in_the_file
// FIRST: [MANIFEST_DTYPE]
// SHOWS: model/bias
// SHOWS: float32
// SHOWS: float16
#include "manifest.hpp"

#ifndef ACCEPT
// [MANIFEST_DTYPE wrong]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f16, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);  // TRACE
// [end]
#else
// [MANIFEST_DTYPE right]
inline constexpr manifest_tensor tensors[] = {
    {"model/bias", detail::fnv1a("model/bias"), dtype::f32, {3}},
    {"model/kernel", detail::fnv1a("model/kernel"), dtype::f32, {2, 3}},
};
inline constexpr weight_manifest trained{"trained.safetensors", 0, tensors};
static_assert(matches<model, trained>);
// [end]
#endif
