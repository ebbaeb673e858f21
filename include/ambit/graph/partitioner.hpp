// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/error_codes.hpp>
#include <ambit/core/shape.hpp>

#include <cstdint>
#include <initializer_list>
#include <limits>

namespace ambit {

/// How a variable is divided: a number of parts for each axis; more than one on one axis at most. A partitioner that
/// cannot divide answers with an error.
struct partition {
  list<int> parts{};
  bool refused = false;
  errc error{};
};

using partitioner_parameters = std::int64_t[8];
using partitioner_function = partition (*)(shape const&, dtype, partitioner_parameters const&);

/// Divides variables into parts: a function with parameters. A default-constructed one is absent.
class partitioner {
 public:
  constexpr partitioner() = default;
  constexpr partitioner(partitioner_function function, std::initializer_list<std::int64_t> parameters = {})
      : function_(function), given_(true) {
    int i = 0;
    for (std::int64_t p : parameters)
      if (i < 8) parameters_[i++] = p;
  }
  [[nodiscard]] constexpr bool given() const { return given_; }
  /// False where it was made from a null pointer; using it is PARTITIONER_NOT_CALLABLE.
  [[nodiscard]] constexpr bool callable() const { return function_ != nullptr; }
  [[nodiscard]] constexpr partition operator()(shape const& s, dtype type) const {
    return function_(s, type, parameters_);
  }
  friend constexpr bool operator==(partitioner const&, partitioner const&) = default;

 private:
  partitioner_function function_ = nullptr;
  partitioner_parameters parameters_ = {};
  bool given_ = false;
};

namespace detail {
constexpr partition divide(shape const& s, std::int64_t axis, std::int64_t parts) {
  partition p;
  for (int i = 0; i < s.rank(); ++i) p.parts.push_back(i == axis ? static_cast<int>(parts) : 1);
  return p;
}
constexpr partition refuse_axis() { return {{}, true, errc::partitioner_bad_axis}; }
/// Negative axes count from the end; -1 where there is no such axis.
constexpr std::int64_t axis_of(shape const& s, std::int64_t axis) {
  if (axis < 0) axis += s.rank();
  return axis >= 0 && axis < s.rank() ? axis : -1;
}

constexpr std::int64_t bytes_of(std::int64_t elements, dtype type) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return elements > most / 16 ? most : elements * size_of(type);
}

constexpr partition fixed_size(shape const& s, dtype, partitioner_parameters const& p) {
  std::int64_t const axis = axis_of(s, p[1]);
  if (axis < 0) return refuse_axis();
  int const extent = s[static_cast<int>(axis)];
  return divide(s, axis, p[0] < extent ? p[0] : extent);
}
constexpr partition axis_size(shape const& s, dtype type, partitioner_parameters const& p) {
  std::int64_t const axis = axis_of(s, p[1]);
  if (axis < 0) return refuse_axis();
  std::int64_t const extent = s[static_cast<int>(axis)];
  if (extent == 0) return divide(s, axis, 1);
  std::int64_t const slice = bytes_of(s.elements() / extent, type);
  std::int64_t per_shard = slice == 0 ? extent : p[0] / slice;
  if (per_shard < 1) per_shard = 1;
  std::int64_t parts = extent / per_shard + (extent % per_shard == 0 ? 0 : 1);
  if (p[2] > 0 && parts > p[2]) parts = p[2];
  return divide(s, axis, parts);
}
constexpr partition min_max(shape const& s, dtype type, partitioner_parameters const& p) {
  std::int64_t const axis = axis_of(s, p[1]);
  if (axis < 0) return refuse_axis();
  std::int64_t const bytes = bytes_of(s.elements(), type);
  std::int64_t const least = p[2] < 1 ? 1 : p[2];
  std::int64_t parts = bytes / least + (bytes % least == 0 ? 0 : 1);
  std::int64_t const extent = s[static_cast<int>(axis)];
  if (parts > p[0]) parts = p[0];
  if (parts > extent) parts = extent;
  return divide(s, axis, parts < 1 ? 1 : parts);
}
}  // namespace detail

/// `parts` equal parts along an axis, fewer where it is shorter (tf.fixed_size_partitioner).
[[nodiscard]] constexpr partitioner fixed_size_partitioner(int parts, int axis = 0) {
  return {&detail::fixed_size, {parts, axis}};
}
/// As many parts along an axis as keep each within `max_bytes`, at most `max_shards` (tf.variable_axis_size_partitioner).
[[nodiscard]] constexpr partitioner variable_axis_size_partitioner(std::int64_t max_bytes, int axis = 0,
                                                                   int max_shards = 0) {
  return {&detail::axis_size, {max_bytes, axis, max_shards}};
}
/// At most `max_parts` parts of at least `min_slice_bytes` (tf.min_max_variable_partitioner).
[[nodiscard]] constexpr partitioner min_max_variable_partitioner(int max_parts, int axis = 0,
                                                                 std::int64_t min_slice_bytes = 262144) {
  return {&detail::min_max, {max_parts, axis, min_slice_bytes}};
}

}  // namespace ambit
