// SPDX-License-Identifier: BSL-1.0
// What a header that `ambit embed` wrote is made of. Needs no Eigen.
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/kernels/panels.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace ambit {
inline namespace AMBIT_ABI {

/// The version of what `weight_form` and the order of variables mean. It goes up when embedded bytes would be read
/// otherwise.
inline constexpr int weight_layout_version = 1;

/// Eight bytes of embedded weights, in the target's byte order. Whatever type they are read as, the compiler must not
/// think that this is another object.
#if defined(__GNUC__)
using rom_word [[gnu::may_alias]] = std::uint64_t;
#else
using rom_word = std::uint64_t;
#endif

/// A variable of embedded weights.
struct embedded_variable {
  std::string_view name;
  std::uint64_t name_hash = 0;  ///< FNV-1a, 64 bits
  ambit::dtype dtype = ambit::dtype::none;
  ambit::shape shape;
  std::int64_t offset = 0;  ///< in the block, bytes
  loops::weight_form form{};
};

/// The weights of one model for one target, as constants.
struct embedded_weights {
  std::string_view file;   ///< that they come from, for people
  std::uint64_t hash = 0;  ///< `content_hash` of the file
  int version = 0;         ///< weight_layout_version
  bool little_endian = true;
  std::int64_t bytes = 0;                           ///< of the block
  std::span<embedded_variable const> variables{};   ///< those that the model stores, in the order of their creation
  void const* block = nullptr;                      ///< aligned to 64 bytes
};

}  // namespace AMBIT_ABI
}  // namespace ambit
