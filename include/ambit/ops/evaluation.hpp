// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>

namespace ambit {

/// What the `evaluate` of an op works on: dense row-major arrays, inputs and one output, which never overlap. The shapes
/// are fully defined. `evaluate` takes a pack of kernels first (kernels/kernels.hpp), whose type carries the ABI:
///
///   template <class T> void evaluate(auto kernels, evaluation const& e) const;
///
/// An op whose kernel is chosen by its shapes, or that computes the elementwise ops behind it on its results before it
/// stores them (`takes_epilogue`), has two arguments more: the facts of its node in constants, and that epilogue:
///
///   template <class T> void evaluate(auto kernels, evaluation const& e, auto facts, auto const& epilogue) const;
struct evaluation {
  void const* const* inputs = nullptr;
  shape const* input_shapes = nullptr;
  int count = 0;
  void* output = nullptr;
  shape const* output_shape = nullptr;
  /// A row that the results begin at, in place of zero, or null.
  void const* start = nullptr;
  /// As much memory as the op asked for by its `scratch`.
  void* scratch = nullptr;

  template <class T>
  [[nodiscard]] T const* input(int i) const {
    return static_cast<T const*>(inputs[i]);
  }
  template <class T>
  [[nodiscard]] T* state(int i) const {  ///< an operand that the op `updates`
    return static_cast<T*>(const_cast<void*>(inputs[i]));
  }
  template <class T>
  [[nodiscard]] T* out() const {
    return static_cast<T*>(output);
  }
};

}  // namespace ambit
