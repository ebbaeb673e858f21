// SPDX-License-Identifier: BSL-1.0
// What fetches need, and the shapes of this run.
#pragma once

#include <ambit/session/op_code.hpp>
#include <ambit/session/run_plan.hpp>
#include <ambit/session/state_store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

class needed_nodes {
 protected:
  /// A node in this run.
  struct value {
    bool needed = false;
    bool fetched = false;
    int readers = 0;
    int start = -1;          // of a product: the row that its sums begin at
    bool absorbed = false;   // an addition that its product's sums begin with
    int last = -1;           // of a product: the last op that it computes on its sums, whose value it stores
    bool relu = false;       // of a product: among these ops is relu
    bool pooled = false;     // of a product: and a pool of 2 x 2
    int fused = -1;          // the last op of a statement with code of its own
    int feed = -1;
    ambit::shape shape{};
    op_code const* code = nullptr;
    int source = -1;         // the node whose memory it shares: itself, or what it is a view of
    int step = -1;           // that computes it; -1: it is there from the beginning
    int last_use = -1;       // step
    bool stored = false;     // in the arena
    std::int64_t offset = -1;
    std::byte const* fixed = nullptr;  // of a constant, a variable
  };
  needed_nodes(graph const& g, op_library const& ops, variable_store const& variables, state_store const& states,
               run_plan& plan)
      : t_(tables_of(g)), ops_(ops), variables_(variables), states_(states), p_(&plan) {
    at_.resize(static_cast<std::size_t>(t_.nodes.size()));
    for (std::size_t f = 0; f < plan.feeds.size(); ++f) {
      at(plan.feeds[f]).feed = static_cast<int>(f);
      at(plan.feeds[f]).shape = plan.feed_shapes[f];
    }
    find_needed();
    for (int i : needed_) infer(i);
  }

  value& at(int i) { return at_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] node const& node_at(int i) const { return t_.nodes[i]; }
  // A fused statement reads its leaves.
  [[nodiscard]] int inputs(int i) const {
    value const& v = at_[static_cast<std::size_t>(i)];
    return v.fused < 0 ? t_.nodes[i].inputs : static_cast<int>(fused_[static_cast<std::size_t>(v.fused)].leaves.size());
  }
  [[nodiscard]] int input(int i, int k) const {
    value const& v = at_[static_cast<std::size_t>(i)];
    if (v.fused >= 0) return fused_[static_cast<std::size_t>(v.fused)].leaves[static_cast<std::size_t>(k)];
    return t_.inputs[t_.nodes[i].first_input + k];
  }
  [[nodiscard]] std::uint64_t const* slots(int i) const { return t_.slots.data() + t_.nodes[i].first_slot; }
  // The last op that a product computes on its sums; else the node itself.
  [[nodiscard]] int last_on_sums(int i) { return at(i).last < 0 ? i : at(i).last; }
  [[nodiscard]] std::int64_t bytes(int i) {
    int const stored = last_on_sums(i);
    return at(stored).shape.elements() * size_of(node_at(stored).dtype);
  }
  [[nodiscard]] bool is_source(int i) const {
    return at_[static_cast<std::size_t>(i)].feed >= 0 || node_at(i).variable >= 0 || node_at(i).type->id == op_types::constant.id;
  }
  [[noreturn]] void refuse(errc code, int i, text want = {}, text have = {}) const {
    raise({code, t_.tensor_name(i), std::move(want), std::move(have), node_at(i).where, {}});
    std::abort();
  }

  tables const& t_;
  op_library const& ops_;
  variable_store const& variables_;
  state_store const& states_;
  run_plan* p_;
  std::vector<value> at_;
  std::vector<int> needed_;
  struct fused_ops {
    detail::block_code code = nullptr;
    std::vector<int> leaves;  // in the order of the text
    std::vector<int> inner;   // ops before the last one
    std::vector<std::uint64_t> attributes;
  };
  std::vector<fused_ops> fused_;

 private:
  void find_needed() {
    for (int i : p_->fetches) at(i).needed = at(i).fetched = true;
    int const last = p_->fetches.empty() ? -1 : *std::max_element(p_->fetches.begin(), p_->fetches.end());
    for (int i = last; i >= 0; --i) {
      if (!at(i).needed) continue;
      needed_.push_back(i);
      if (is_source(i)) continue;
      node const& n = node_at(i);
      if (n.type->id == op_types::placeholder.id) refuse(errc::not_fed, i, to_text(n.shape));
      if (!n.type->has_output || n.type->hidden) refuse(errc::no_value, i);
      at(i).code = ops_.find(n.type->id);
      if (at(i).code == nullptr) refuse(errc::no_code, i, text(n.type->name));
      find_fused(i);
      for (int k = 0; k < inputs(i); ++k) {
        at(input(i, k)).needed = true;
        ++at(input(i, k)).readers;
      }
    }
    std::reverse(needed_.begin(), needed_.end());
    for (int i : needed_) check_state(i);
  }
  // What an op changes while it runs, nothing else in the run may read: it would see the old value, the new one, or one
  // from the middle. And a feed is the caller's, who did not give it to be written to.
  void check_state(int i) const {
    node const& n = node_at(i);
    if (is_source(i)) return;
    for (int k = 0; k < n.inputs; ++k) {
      if ((n.type->updates >> k & 1U) == 0) continue;
      int const variable = t_.inputs[n.first_input + k];
      value const& v = at_[static_cast<std::size_t>(variable)];
      if (v.readers != 1 || v.fetched || v.feed >= 0) refuse(errc::state_shared, i, t_.tensor_name(variable));
    }
  }

  // A statement with code of its own, where nothing else needs what is between its leaves and its result. Readers have been
  // seen already, as they come later.
  void find_fused(int i) {
    auto const found = std::lower_bound(t_.fused.begin(), t_.fused.end(), i,
                                        [](detail::fused_statement const& f, int id) { return f.node < id; });
    if (found == t_.fused.end() || found->node != i) return;
    fused_ops f;
    std::vector<dtype> dtypes;
    signed char const* next = found->parts;
    if (!collect(i, i, next, f, dtypes)) return;
    for (int c = 0; c < found->count && f.code == nullptr; ++c)
      if (found->codes[c].code != nullptr && std::equal(dtypes.begin(), dtypes.end(), found->codes[c].dtypes))
        f.code = found->codes[c].code;
    if (f.code == nullptr) return;
    at(i).fused = static_cast<int>(fused_.size());
    fused_.push_back(std::move(f));
  }
  // The parts of a statement in the order of its text.
  bool collect(int i, int root, signed char const*& next, fused_ops& f, std::vector<dtype>& dtypes) {
    int const operands = *next++;
    node const& n = node_at(i);
    dtypes.push_back(n.dtype);
    if (operands < 0) {
      f.leaves.push_back(i);
      shape const& s = at(i).feed >= 0 ? at(i).shape : n.shape;
      return operands != detail::fused_statement::number || (s.fully_defined() && s.elements() == 1);
    }
    if (i != root && (at(i).readers > 0 || at(i).fetched || at(i).feed >= 0)) return false;
    if (n.inputs != operands) return false;
    if (i != root) {
      if (ops_.find(n.type->id) == nullptr) return false;
      f.inner.push_back(i);
    }
    for (int s = 0; s < n.slots; ++s) f.attributes.push_back(slots(i)[s]);
    for (int k = 0; k < operands; ++k)
      if (!collect(t_.inputs[n.first_input + k], root, next, f, dtypes)) return false;
    return true;
  }

  // The shape in this run: the graph's where all is known, else found anew from the operands'.
  void infer(int i) {
    node const& n = node_at(i);
    if (at(i).feed >= 0) return;
    at(i).shape = n.shape;
    if (is_source(i)) return;
    bool known = n.shape.fully_defined();
    for (int k = 0; k < inputs(i) && known; ++k) known = at(input(i, k)).shape == node_at(input(i, k)).shape;
    if (known) return;
    if (at(i).fused >= 0) {
      std::vector<int>& inner = fused_[static_cast<std::size_t>(at(i).fused)].inner;
      std::sort(inner.begin(), inner.end());  // as they were recorded: operands first
      for (int const k : inner) infer_op(k, *ops_.find(node_at(k).type->id));
    }
    infer_op(i, *at(i).code);
  }
  void infer_op(int i, op_code const& code) {
    node const& n = node_at(i);
    std::vector<operand_facts> operands;
    for (int k = 0; k < n.inputs; ++k) {
      int const from = t_.inputs[n.first_input + k];
      operands.push_back({at(from).shape, node_at(from).dtype, node_at(from).variable >= 0, from});
    }
    failure refusal;
    inference facts(operands.data(), n.inputs, refusal, &t_, n.name);
    code.infer(facts, slots(i));
    if (facts.failed()) {
      refusal.here = n.where;
      raise(refusal);
    }
    at(i).shape = facts.output_shape();
    if (!at(i).shape.fully_defined()) refuse(errc::shape_not_found, i, to_text(at(i).shape));
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
