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
  bool deferred = false;  ///< `bytes` is empty: they are made when they are asked for, by the reader's `read`
};

/// A weight file of any format, read and checked: `safetensors`, and each later reader.
template <class Source>
concept weight_source = requires(Source const& source) {
  { source.tensors() } -> std::convertible_to<std::span<file_tensor const>>;
  { source.file() } -> std::convertible_to<std::string_view>;  // for messages
};

/// A weight file whose tensors may be deferred: compressed, or of another byte order. `read(i, out)` stores tensor `i` at
/// `out`, row-major and little endian, as many bytes as its dtype and shape say; it raises `file_error` where it cannot.
/// Loading reads only what the model takes, and all of it before the first write.
template <class Source>
concept deferred_source = weight_source<Source> && requires(Source const& source, std::byte* out) {
  source.read(std::size_t{}, out);
};

/// A weight file that can change under the reader: `require_unchanged()` raises `file_error` where it did. Loading asks
/// just before the first write.
template <class Source>
concept changeable_source = weight_source<Source> && requires(Source const& source) {
  source.require_unchanged();
};

/// A weight file that may keep its tensors where they are until they are needed: `hold()` is a weight source of the same
/// tensors, whose bytes are there for as long as it lives. Loading takes them from it.
template <class Source>
concept held_source = weight_source<Source> && requires(Source const& source) {
  { source.hold() } -> weight_source;
};

}  // namespace ambit
