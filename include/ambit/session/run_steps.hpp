// SPDX-License-Identifier: BSL-1.0
// The order of a run: which step computes which node, and which elementwise ops are one group.
#pragma once

#include <ambit/session/needed_nodes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

class run_steps : protected needed_nodes {
 protected:
  /// Where the ops of a group find an operand, until there are addresses.
  struct group_operand {
    int node = -1;             // whose array it is
    std::int64_t offset = -1;  // or a block in the arena
    std::int64_t step = 0;
    bool temporary = false;  // a result that stays in a block
  };
  struct group_plan {
    std::vector<group_operand> operands;
    std::vector<block_step> steps;
    std::vector<spread_operand> spreads;
    std::int64_t block = 1;
  };
  struct planned_step {
    bool group = false;
    std::vector<int> nodes;  // of a group; one otherwise
    group_plan blocks;
    std::int64_t scratch = 0;  // bytes
    std::int64_t scratch_offset = -1;
  };

  run_steps(graph const& g, op_library const& ops, variable_store const& variables, state_store const& states, run_plan& plan)
      : needed_nodes(g, ops, variables, states, plan) {
    for (int i : needed_) place(i);
  }

  block_kernel const* find_block(int i) {
    node const& n = node_at(i);
    for (block_kernel const& k : at(i).code->blocks) {
      if (k.code == nullptr || k.result != n.dtype) continue;
      bool fits = n.inputs <= most_operands;
      for (int o = 0; o < n.inputs && fits; ++o) fits = k.operands[static_cast<std::size_t>(o)] == node_at(input(i, o)).dtype;
      if (fits) return &k;
    }
    return nullptr;
  }
  block_kernel kernel_of(int i) {
    if (at(i).fused < 0) return *find_block(i);
    block_kernel k;
    k.code = fused_[static_cast<std::size_t>(at(i).fused)].code;
    return k;
  }
  [[noreturn]] void refuse_dtypes(int i) {
    text have;
    for (int k = 0; k < inputs(i); ++k) {
      if (k > 0) have += ", ";
      have += to_string(node_at(input(i, k)).dtype);
    }
    refuse(errc::no_code, i, text(node_at(i).type->name), std::move(have));
  }
  std::uint64_t const* kept_attributes(int i) {
    p_->attributes.push_back(std::move(fused_[static_cast<std::size_t>(at(i).fused)].attributes));
    return p_->attributes.back().data();
  }
  std::vector<weight_role> roles_in_run(int i) {
    std::vector<shape> operands;
    for (int k = 0; k < inputs(i); ++k) operands.push_back(at(input(i, k)).shape);
    return roles_of(t_, node_at(i), operands.data(), at(i).shape);
  }

  std::vector<planned_step> steps_;

 private:
  // Which step computes a node. An elementwise one joins a group of its shape that everything it reads comes before.
  void place(int i) {
    node const& n = node_at(i);
    at(i).source = i;
    if (is_source(i)) {
      if (at(i).feed < 0) at(i).fixed = n.variable >= 0 ? variable_data(i) : constant_data(i);
      return;
    }
    if (n.type->view) {
      at(i).source = at(input(i, 0)).source;
      at(i).step = at(at(i).source).step;
      return;
    }
    int product = absorbed_by(i);
    at(i).absorbed = product >= 0;
    if (product < 0) product = finished_by(i);
    if (product >= 0) {
      at(i).source = product;
      at(i).step = at(product).step;
      at(product).last = i;
      return;
    }
    int after = -1;
    for (int k = 0; k < inputs(i); ++k) after = std::max(after, at(input(i, k)).step);
    if (n.type->elementwise) {
      if (at(i).fused < 0 && find_block(i) == nullptr) refuse_dtypes(i);
      int const found = group_for(i, after);
      at(i).step = found;
      steps_[static_cast<std::size_t>(found)].nodes.push_back(i);
    } else {
      at(i).step = static_cast<int>(steps_.size());
      planned_step s;
      s.nodes.push_back(i);
      steps_.push_back(std::move(s));
    }
  }
  // One row added to the sums of a product that nothing else reads: they may begin there. Sets the product's start.
  int absorbed_by(int i) {
    op_id const op = node_at(i).type->id;
    if (at(i).fused >= 0) return -1;
    if (op != add_op::type.id && op != bias_add_op::type.id) return -1;
    for (int k = 0; k < 2; ++k) {
      int const product = input(i, k), row = input(i, 1 - k);
      value const& p = at(product);
      op_type const& type = *node_at(product).type;
      if (is_source(product) || !type.takes_epilogue || type.weights == 0 || type.view) continue;
      if (p.readers != 1 || p.fetched || p.source != product || !(p.shape == at(i).shape)) continue;
      shape const& s = at(row).shape;
      bool const is_row = s.rank() > 0 && s.elements() == s[-1] && s[-1] == p.shape[-1];
      // Not what is fed: kernels read rows in whole vectors, beyond what the caller owns.
      if (!is_row || at(row).step >= p.step || at(at(row).source).feed >= 0 || roles_in_run(product)[0].blocks > 1) continue;
      at(product).start = row;
      return product;
    }
    return -1;
  }
  // Relu on the sums of a product, or a pool of 2 x 2 on those of a convolution, which nothing else reads: computed before
  // they are stored.
  int finished_by(int i) {
    op_type const& op = *node_at(i).type;
    bool const relu = op.id == relu_op::type.id, pool = op.id == max_pool_op::type.id;
    if ((!relu && !pool) || at(i).fused >= 0) return -1;
    int const from = input(i, 0);
    if (is_source(from) || at(from).readers != 1 || at(from).fetched) return -1;
    int const product = at(from).source;
    op_type const& type = *node_at(product).type;
    if (last_on_sums(product) != from || is_source(product)) return -1;
    if (!type.takes_epilogue || type.view) return -1;
    if (relu) at(product).relu = true;
    if (pool) {
      pool_tiling const tiling = op.tiling(slots(i));
      bool const fits = type.id == conv2d_op::type.id && node_at(product).dtype == dtype::f32 && !at(product).pooled &&
                        tiling.rows == 2 && tiling.columns == 2 && roles_in_run(product)[0].unpadded;
      if (!fits) return -1;
      at(product).pooled = true;
    }
    return product;
  }
  // The last groups only: the search takes constant time.
  int group_for(int i, int after) {
    int const count = static_cast<int>(steps_.size());
    for (int s = count - 1; s >= std::max({after, count - 8, 0}); --s) {
      planned_step& g = steps_[static_cast<std::size_t>(s)];
      if (!g.group || !(at(g.nodes[0]).shape == at(i).shape)) continue;
      if (s == after && reads_view_of(i, s)) continue;
      return s;
    }
    planned_step g;
    g.group = true;
    steps_.push_back(std::move(g));
    return count;
  }
  // Another shape of what the same group computes, of which a block is only a part.
  bool reads_view_of(int i, int step) {
    for (int k = 0; k < inputs(i); ++k) {
      int const from = input(i, k);
      if (at(from).step == step && (at(from).source != from || !(at(from).shape == at(i).shape))) return true;
    }
    return false;
  }
  std::byte const* variable_data(int i) {
    int const v = node_at(i).variable;
    p_->variables.push_back(v);
    if (std::byte* const own = states_.data(v)) return own;
    return variables_[v].data.data();
  }
  std::byte const* constant_data(int i) {
    node const& n = node_at(i);
    if (!is_evaluable(n.dtype)) refuse(errc::no_code, i, text(n.type->name), text(to_string(n.dtype)));
    memory_block b(n.shape.elements() * size_of(n.dtype));
    detail::with_element(n.dtype, [&]<class T>(T) {
      for (std::int64_t e = 0; e < n.shape.elements(); ++e) {
        T const element = literal::value_of<T>(n.dtype, slots(i)[e]);
        std::memcpy(b.data() + e * static_cast<std::int64_t>(sizeof(T)), &element, sizeof(T));
      }
    });
    p_->constants.push_back(std::move(b));
    return p_->constants.back().data();
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
