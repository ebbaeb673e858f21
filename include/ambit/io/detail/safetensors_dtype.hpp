// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>

#include <string_view>

namespace ambit::detail::io {

struct safetensors_dtype {
  std::string_view name;
  dtype type;
};

/// In the order of the reference implementation's enum: increasing alignment, which decides the order of a file. It
/// also knows dtypes that ambit has no name for: F4, F6_*, F8_*.
inline constexpr safetensors_dtype safetensors_dtypes[] = {
    {"BOOL", dtype::boolean}, {"U8", dtype::u8},     {"I8", dtype::i8},   {"I16", dtype::i16}, {"U16", dtype::u16},
    {"F16", dtype::f16},      {"BF16", dtype::bf16}, {"I32", dtype::i32}, {"U32", dtype::u32}, {"F32", dtype::f32},
    {"C64", dtype::c64},      {"F64", dtype::f64},   {"I64", dtype::i64}, {"U64", dtype::u64},
};

/// Index into the table; -1 where there is none.
[[nodiscard]] constexpr int rank_of(dtype type) {
  int i = 0;
  for (safetensors_dtype const& row : safetensors_dtypes) {
    if (row.type == type) return i;
    ++i;
  }
  return -1;
}

}  // namespace ambit::detail::io
