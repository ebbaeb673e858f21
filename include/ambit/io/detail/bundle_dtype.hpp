// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>

#include <cstdint>

namespace ambit::detail::io {

/// A row of TensorFlow's enum DataType (core/framework/types.proto). Elements that ambit has no name for have a size all
/// the same: they can be listed and verified, but no variable takes them.
struct bundle_dtype {
  int number;
  dtype type;
  int bytes;  // of an element; 0: what is stored has lengths of its own
};
inline constexpr bundle_dtype bundle_dtypes[] = {
    {1, dtype::f32, 4},   {2, dtype::f64, 8},    {3, dtype::i32, 4},    {4, dtype::u8, 1},    {5, dtype::i16, 2},
    {6, dtype::i8, 1},    {7, dtype::string, 0}, {8, dtype::c64, 8},    {9, dtype::i64, 8},   {10, dtype::boolean, 1},
    {11, dtype::none, 1}, {12, dtype::none, 1},  {13, dtype::none, 4},  {14, dtype::bf16, 2}, {15, dtype::none, 2},
    {16, dtype::none, 2}, {17, dtype::u16, 2},   {18, dtype::c128, 16}, {19, dtype::f16, 2},  {20, dtype::none, 0},
    {21, dtype::none, 0}, {22, dtype::u32, 4},   {23, dtype::u64, 8},   {24, dtype::none, 1}, {25, dtype::none, 1},
    {29, dtype::none, 1}, {30, dtype::none, 1},
};

/// Null where there is none.
[[nodiscard]] constexpr bundle_dtype const* bundle_dtype_of(std::uint64_t number) {
  for (bundle_dtype const& row : bundle_dtypes)
    if (static_cast<std::uint64_t>(row.number) == number) return &row;
  return nullptr;
}
[[nodiscard]] constexpr bundle_dtype const* bundle_dtype_of(dtype type) {
  for (bundle_dtype const& row : bundle_dtypes)
    if (row.type == type && type != dtype::none) return &row;
  return nullptr;
}

}  // namespace ambit::detail::io
