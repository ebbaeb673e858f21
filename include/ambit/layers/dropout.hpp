// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/graph.hpp>
#include <ambit/ops/training.hpp>

namespace ambit::layers {

/// The value itself, an identity below the name scope `dropout`, so that a network can be written as it was trained
/// (tf.layers.dropout). No variables. OP_ATTRIBUTE for training::yes, and for a rate outside of [0, 1).
template <class Tensor = tensor>
constexpr tensor dropout(graph&, name n, tensor x, double rate, training mode = training::no) {
  return ambit::dropout<Tensor>(x, rate, mode, n);
}
template <class Tensor = tensor>
constexpr tensor dropout(graph&, tensor x, double rate, training mode = training::no) {
  return ambit::dropout<Tensor>(x, rate, mode);
}

}  // namespace ambit::layers
