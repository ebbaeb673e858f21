// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/shape.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ambit {

/// One tensor of a weight file.
struct file_tensor {
  std::string name;
  ambit::dtype dtype = ambit::dtype::none;
  ambit::shape shape;                ///< fully defined
  std::span<std::byte const> bytes;  ///< row-major, little endian, at any address; belongs to the file's reader
};

/// A weight file of any format, read and checked: `safetensors`, and each later reader.
template <class Source>
concept weight_source = requires(Source const& source) {
  { source.tensors() } -> std::convertible_to<std::span<file_tensor const>>;
  { source.file() } -> std::convertible_to<std::string_view>;  // for messages
};

}  // namespace ambit
