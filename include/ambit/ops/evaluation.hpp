// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>

namespace ambit {

/// What the `evaluate` of an op works on: dense row-major arrays, inputs and one output, which never overlap. The shapes
/// are fully defined. `evaluate` takes a pack of kernels first (kernels/kernels.hpp), whose type carries the ABI.
struct evaluation {
  void const* const* inputs = nullptr;
  shape const* input_shapes = nullptr;
  int count = 0;
  void* output = nullptr;
  shape const* output_shape = nullptr;

  template <class T>
  [[nodiscard]] T const* input(int i) const {
    return static_cast<T const*>(inputs[i]);
  }
  template <class T>
  [[nodiscard]] T* out() const {
    return static_cast<T*>(output);
  }
};

}  // namespace ambit
