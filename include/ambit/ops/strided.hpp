// SPDX-License-Identifier: BSL-1.0
// Tensors whose elements are copied in another order, which is computed from shapes: by the compiler, but for a batch.
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/axes.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/ops/evaluation.hpp>

#include <cstdint>

namespace ambit {

/// The order in which a result takes the elements of an operand. Axes that are steps of one walk are merged as they are
/// added, so that a slice of whole rows is one run and not a loop over axes.
struct strided_walk {
  static constexpr int max_rank = 2 * shape::max_rank;  // a tile walks over each axis and over its repetitions
  int rank = 0;
  std::int64_t first = 0;               ///< the element that it begins at
  std::int64_t extents[max_rank] = {};  ///< outermost first
  std::int64_t steps[max_rank] = {};    ///< between elements of the operand

  AMBIT_INLINE constexpr void push_back(std::int64_t extent, std::int64_t step) {
    if (extent == 1) return;
    if (rank > 0 && steps[rank - 1] == step * extent) {
      extents[rank - 1] *= extent;
      steps[rank - 1] = step;
    } else {
      extents[rank] = extent;
      steps[rank++] = step;
    }
  }
};

/// A tensor around one axis: [outer, extent, inner].
struct axis_view {
  std::int64_t outer = 1;
  std::int64_t extent = 1;
  std::int64_t inner = 1;

  AMBIT_INLINE constexpr axis_view(shape const& s, int axis) : extent(s[axis]) {
    int const at = axis < 0 ? axis + s.rank() : axis;
    for (int k = 0; k < at; ++k) outer *= s[k];
    for (int k = at + 1; k < s.rank(); ++k) inner *= s[k];
  }
};

namespace detail {

/// Elements between neighbours along an axis.
AMBIT_INLINE constexpr std::int64_t stride_of(shape const& s, int axis) {
  std::int64_t stride = 1;
  for (int k = axis + 1; k < s.rank(); ++k) stride *= s[k];
  return stride;
}

/// Whether an axis of a tensor of that rank is its first.
constexpr bool is_first(int axis, int rank) { return axis == 0 || axis == -rank; }

/// An op whose member `walk(from, to)` says all about it.
struct strided_copy {
  static constexpr std::string_view operands[] = {"input"};
  template <class T>
  void evaluate(auto kernels, evaluation const& e, auto facts, auto const&) const {
    kernels.template copy_strided<T>(facts, e);
  }
};

}  // namespace detail

}  // namespace ambit
