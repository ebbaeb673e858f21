// SPDX-License-Identifier: BSL-1.0
// Ways to name the same graph: groups of one variable and four ops on it.
#pragma once

#include <ambit/core.hpp>
#include <ambit/ops.hpp>

namespace graph_cost {

struct style {
  char const* name;
  bool stored;  ///< its variables are get_variable's, which find_variable finds
  void (*build)(ambit::graph& g, int groups);
};

/// Four ops on a variable.
inline void four_ops(ambit::tensor w) { [[maybe_unused]] ambit::tensor const y = relu(square(w) * w + w); }

/// A scope a group, as a loop over layers writes it: layer_7/w, layer_7/Square, ...
inline void plain(ambit::graph& g, int groups) {
  for (int i = 0; i < groups; ++i) {
    ambit::variable_scope const layer{g, ambit::name{"layer_", i}};
    four_ops(get_variable(g, "w", {4, 4}));
  }
}

/// The same eight scopes deep, below 120 characters that all names have in common.
inline void long_prefixes(ambit::graph& g, int groups) {
  using ambit::variable_scope;
  variable_scope const a{g, "sequence_to_sequence_model"};
  variable_scope const b{g, "bidirectional_encoder"};
  variable_scope const c{g, "transformer_stack"};
  variable_scope const d{g, "layers_with_shared_parameters"};
  variable_scope const e{g, "position_wise_feed_forward"};
  for (int i = 0; i < groups; ++i) {
    variable_scope const layer{g, ambit::name{"layer_", i}};
    variable_scope const sublayer{g, "intermediate_projection"};
    variable_scope const dense{g, "dense_without_bias"};
    four_ops(get_variable(g, "kernel", {4, 4}));
  }
}

/// One name for everything: the graph makes w_1, w_2, ..., Square_1, Square_2, ... of it.
inline void collisions(ambit::graph& g, int groups) {
  ambit::literal const initial(0.5f);
  for (int i = 0; i < groups; ++i) {
    ambit::tensor const w = variable(g, initial, "w");
    [[maybe_unused]] ambit::tensor const y = relu(square(w, "w") * w + w, "w");
  }
}

/// One name for all scopes: dense, dense_1, ... Between them another scope is entered by object, as templates do, after
/// which a graph must know which default names are free again.
inline void default_names(ambit::graph& g, int groups) {
  ambit::scope shared;
  {
    ambit::variable_scope const first{g, "shared"};
    shared = first.scope();
  }
  for (int i = 0; i < groups; ++i) {
    ambit::variable_scope const dense{g, ambit::default_name{"dense"}};
    four_ops(get_variable(g, "w", {4, 4}));
    ambit::variable_scope const again{g, shared};
  }
}

inline constexpr style styles[] = {{"plain", true, plain},
                                   {"long prefixes", true, long_prefixes},
                                   {"collisions", false, collisions},
                                   {"default names", true, default_names}};

}  // namespace graph_cost
