// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/layers/layer.hpp>
#include <ambit/ops/gather.hpp>

namespace ambit::layers {

struct embedding_options {
  name variable = name::of_static("embeddings", {});  ///< Keras' name; PyTorch's is "weight"
  ambit::dtype dtype = ambit::dtype::f32;
  ambit::initializer initializer = random_uniform(-0.05, 0.05);  ///< Keras'
  ambit::regularizer regularizer{};
  option trainable{};
  ambit::reuse reuse = ambit::reuse::inherit;
};

namespace detail {
template <class Tensor>
constexpr Tensor embedding(scope& s, Tensor ids, int rows, int units, embedding_options const& o) {
  name const called = o.variable.where().file == nullptr ? s.called(o.variable.stem()) : o.variable;
  Tensor const table = get_variable(
      s.owner(), called, {rows, units},
      {.dtype = o.dtype, .initializer = o.initializer, .regularizer = o.regularizer, .trainable = o.trainable});
  return s.record(embedding_lookup(table, ids));
}
}  // namespace detail

/// The row of a table for each id: ids [..] to [.., units] (Keras Embedding, torch.nn.Embedding). `ids` are int32 or
/// int64; one that is no row gives zeros.
///
/// Variables: `embeddings` [rows, units]. The default name of the scope is "embedding". OP_DTYPE for other ids.
template <class Tensor = tensor>
constexpr tensor embedding(graph& g, name n, tensor ids, int rows, int units, embedding_options const& o = {}) {
  detail::scope s{g, n, "embedding", ids, o.reuse};
  return detail::embedding<Tensor>(s, ids, rows, units, o);
}
template <class Tensor = tensor>
constexpr tensor embedding(graph& g, tensor ids, int rows, int units, embedding_options const& o = {},
                           detail::call from = {}) {
  detail::scope s{g, from, "embedding", ids, o.reuse};
  return detail::embedding<Tensor>(s, ids, rows, units, o);
}

}  // namespace ambit::layers
