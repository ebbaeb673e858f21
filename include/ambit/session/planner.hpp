// SPDX-License-Identifier: BSL-1.0
// From fetches and feeds to a run plan: what is needed, the shapes of this run, groups of elementwise ops, memory.
#pragma once

#include <ambit/session/op_code.hpp>
#include <ambit/session/run_plan.hpp>
#include <ambit/session/variable_store.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// Memory of one thread's runs: the variables that ops change.
class state_store {
 public:
  /// Begins with what the variables hold.
  void update(variable_store const& from) {
    if (blocks_.size() < from.all().size()) blocks_.resize(from.all().size());
    for (std::size_t v = 0; v < from.all().size(); ++v)
      if (from.all()[v].state && blocks_[v].data() == nullptr && from.all()[v].data.data() != nullptr) {
        blocks_[v] = memory_block(from.all()[v].bytes());
        reset(from, static_cast<int>(v));
      }
  }
  void reset(variable_store const& from) {
    for (std::size_t v = 0; v < blocks_.size(); ++v) reset(from, static_cast<int>(v));
  }
  void reset(variable_store const& from, int variable) {
    std::byte* const to = data(variable);
    if (to != nullptr) std::memcpy(to, from[variable].data.data(), static_cast<std::size_t>(from[variable].bytes()));
  }
  /// Null where the variable is no state.
  [[nodiscard]] std::byte* data(int variable) const {
    auto const v = static_cast<std::size_t>(variable);
    return v < blocks_.size() ? blocks_[v].data() : nullptr;
  }

 private:
  std::vector<memory_block> blocks_;
};

class planner {
 public:
  planner(graph const& g, op_library const& ops, variable_store const& variables, state_store const& states)
      : t_(tables_of(g)), ops_(ops), variables_(variables), states_(states) {}

  /// `fetches`, `feeds` and `feed_shapes` of the plan are given. Raises what cannot be run.
  void fill(run_plan& p) {
    p_ = &p;
    auto const count = static_cast<std::size_t>(t_.nodes.size());
    at_.assign(count, {});
    for (std::size_t f = 0; f < p.feeds.size(); ++f) {
      at(p.feeds[f]).feed = static_cast<int>(f);
      at(p.feeds[f]).shape = p.feed_shapes[f];
    }
    find_needed();
    for (int i : needed_) infer(i);
    for (int i : needed_) place(i);
    find_last_uses();
    lay_out();
    for (std::size_t s = 0; s < steps_.size(); ++s) emit(static_cast<int>(s));
    emit_commits();
    emit_results();
  }

 private:
  /// A node in this run.
  struct value {
    bool needed = false;
    bool fetched = false;
    int readers = 0;
    int start = -1;          // of a product: the row that its sums begin at
    bool absorbed = false;   // an addition that its product's sums begin with
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
  struct planned_step {
    bool group = false;
    std::vector<int> nodes;  // of a group; one otherwise
    std::int64_t scratch = 0;  // bytes
    std::int64_t scratch_offset = -1;
  };

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
  [[nodiscard]] std::int64_t bytes(int i) { return at(i).shape.elements() * size_of(node_at(i).dtype); }
  [[nodiscard]] bool is_source(int i) {
    return at(i).feed >= 0 || node_at(i).variable >= 0 || node_at(i).type->id == op_types::constant.id;
  }
  [[noreturn]] void refuse(errc code, int i, text want = {}, text have = {}) const {
    raise({code, t_.tensor_name(i), std::move(want), std::move(have), node_at(i).where, {}});
    std::abort();
  }

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
  }

  // A statement with code of its own, where nothing else needs what is between its leaves and its result. Readers have been
  // seen already, as they come later.
  void find_fused(int i) {
    auto const found = std::lower_bound(t_.fused.begin(), t_.fused.end(), i,
                                        [](detail::fused_statement const& f, int id) { return f.node < id; });
    if (found == t_.fused.end() || found->node != i) return;
    fused_ops f;
    f.code = node_at(i).dtype == dtype::f32 ? found->f32 : node_at(i).dtype == dtype::f64 ? found->f64 : nullptr;
    signed char const* next = found->operands;
    if (f.code == nullptr || !collect(i, i, next, f)) return;
    if (f.leaves.size() > static_cast<std::size_t>(most_leaves)) return;
    at(i).fused = static_cast<int>(fused_.size());
    fused_.push_back(std::move(f));
  }
  struct fused_ops {
    detail::block_code code = nullptr;
    std::vector<int> leaves;  // in the order of the text
    std::vector<std::uint64_t> attributes;
  };
  bool collect(int i, int root, signed char const*& next, fused_ops& f) {
    int const operands = *next++;
    if (operands < 0) {
      f.leaves.push_back(i);
      return node_at(i).dtype == node_at(root).dtype;
    }
    node const& n = node_at(i);
    if (i != root && (at(i).readers > 0 || at(i).fetched || at(i).feed >= 0)) return false;
    if (n.inputs != operands || n.dtype != node_at(root).dtype) return false;
    for (int s = 0; s < n.slots; ++s) f.attributes.push_back(slots(i)[s]);
    for (int k = 0; k < operands; ++k)
      if (!collect(t_.inputs[n.first_input + k], root, next, f)) return false;
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
    if (at(i).fused >= 0) return infer_fused(i);
    std::vector<operand_facts> operands;
    for (int k = 0; k < n.inputs; ++k) {
      int const from = input(i, k);
      operands.push_back({at(from).shape, node_at(from).dtype, node_at(from).variable >= 0, from});
    }
    failure refusal;
    inference facts(operands.data(), n.inputs, refusal, &t_, n.name);
    at(i).code->infer(facts, slots(i));
    if (facts.failed()) {
      refusal.here = n.where;
      raise(refusal);
    }
    at(i).shape = facts.output_shape();
    if (!at(i).shape.fully_defined()) refuse(errc::shape_not_found, i, to_text(at(i).shape));
  }

  // That of a statement is what its leaves broadcast to.
  void infer_fused(int i) {
    std::vector<operand_facts> leaves;
    for (int k = 0; k < inputs(i); ++k) leaves.push_back({at(input(i, k)).shape, node_at(i).dtype, false, input(i, k)});
    failure refusal;
    inference facts(leaves.data(), inputs(i), refusal, &t_, node_at(i).name);
    facts.elementwise();
    if (facts.failed()) raise(refusal);
    at(i).shape = facts.output_shape();
  }

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
    if (int const product = absorbed_by(i); product >= 0) {
      at(i).source = product;
      at(i).step = at(product).step;
      at(i).absorbed = true;
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
  std::uint64_t const* kept_attributes(int i) {
    p_->attributes.push_back(std::move(fused_[static_cast<std::size_t>(at(i).fused)].attributes));
    return p_->attributes.back().data();
  }
  [[noreturn]] void refuse_dtypes(int i) {
    text have;
    for (int k = 0; k < inputs(i); ++k) {
      if (k > 0) have += ", ";
      have += to_string(node_at(input(i, k)).dtype);
    }
    refuse(errc::no_code, i, text(node_at(i).type->name), std::move(have));
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
    auto const fill = [&]<class T>(T*) {
      for (std::int64_t e = 0; e < n.shape.elements(); ++e) {
        T const element = literal::value_of<T>(n.dtype, slots(i)[e]);
        std::memcpy(b.data() + e * static_cast<std::int64_t>(sizeof(T)), &element, sizeof(T));
      }
    };
    switch (n.dtype) {
      case dtype::f64: fill(static_cast<double*>(nullptr)); break;
      case dtype::i32: fill(static_cast<std::int32_t*>(nullptr)); break;
      case dtype::i64: fill(static_cast<std::int64_t*>(nullptr)); break;
      case dtype::boolean: fill(static_cast<bool*>(nullptr)); break;
      default: fill(static_cast<float*>(nullptr)); break;
    }
    p_->constants.push_back(std::move(b));
    return p_->constants.back().data();
  }

  // ---- memory

  void find_last_uses() {
    int const end = static_cast<int>(steps_.size());
    for (int i : needed_) {
      if (is_source(i) || node_at(i).type->view) continue;
      for (int k = 0; k < inputs(i); ++k) {
        if (at(i).absorbed && at(input(i, k)).start >= 0) continue;
        value& from = at(at(input(i, k)).source);
        from.last_use = std::max(from.last_use, at(i).step);
        if (from.step != at(i).step) from.stored = true;
      }
    }
    for (int i : needed_) {
      if (!at(i).fetched && !node_at(i).type->state) continue;
      value& from = at(at(i).source);
      from.last_use = end;
      from.stored = true;
    }
    for (planned_step& s : steps_)
      if (!s.group) {
        at(s.nodes[0]).stored = true;
        s.scratch = scratch_bytes(s.nodes[0]);
      } else {
        for (int i : s.nodes)
          if (at(i).last_use < 0) at(i).stored = true;  // nobody reads it: it must be a fetch, but be safe
      }
  }
  std::vector<weight_role> roles_in_run(int i) {
    std::vector<shape> operands;
    for (int k = 0; k < inputs(i); ++k) operands.push_back(at(input(i, k)).shape);
    return roles_of(t_, node_at(i), operands.data(), at(i).shape);
  }
  // What the kernel reads the weight of a role in: as it is stored where one of the graph's own roles decided that.
  weight_form form_of(int i, std::size_t role, std::vector<weight_role> const& in_run, bool& packed) {
    int const from = input(i, in_run[role].operand);
    dtype const type = node_at(from).dtype;
    int const variable = at(from).feed < 0 ? node_at(from).variable : -1;
    if (variable >= 0 && variables_[variable].form.form != weight_form::kind::row_major) {
      packed = false;
      return variables_[variable].form;
    }
    packed = true;
    return form_for_role(in_run[role], type);
  }
  std::int64_t scratch_bytes(int i) {
    node const& n = node_at(i);
    std::int64_t sum = 0;
    if (n.type->scratch != nullptr) {
      std::vector<shape> operands;
      for (int k = 0; k < n.inputs; ++k) operands.push_back(at(input(i, k)).shape);
      sum += 4 * n.type->scratch(slots(i), operands.data(), at(i).shape);
    }
    if (n.type->weights > 0) {
      std::vector<weight_role> const roles = roles_in_run(i);
      for (std::size_t r = 0; r < roles.size(); ++r) {
        if (roles[r].operand < 0) continue;
        sum += roles[r].depth + 16;  // a window of a streaming convolution; inputs and state of a cell
      }
      sum *= size_of(n.dtype);
      for (std::size_t r = 0; r < roles.size(); ++r) {
        bool packed = false;
        if (roles[r].operand < 0) continue;
        weight_form const form = form_of(i, r, roles, packed);
        if (packed) sum = aligned(sum) + aligned(form.elements() * size_of(n.dtype));
      }
      return sum;
    }
    return sum * size_of(n.dtype);
  }

  // First fit in the order of the steps.
  void lay_out() {
    struct room {
      std::int64_t offset, bytes;
      int last_use;
    };
    std::vector<room> alive;
    std::int64_t arena = 0;
    auto const take = [&](std::int64_t size, int last_use) {
      size = aligned(size + 1);  // rows of biases are read in whole vectors
      std::int64_t offset = 0;
      auto where = alive.begin();
      for (; where != alive.end() && where->offset - offset < size; ++where) offset = where->offset + where->bytes;
      alive.insert(where, {offset, size, last_use});
      arena = std::max(arena, offset + size);
      return offset;
    };
    for (std::size_t s = 0; s < steps_.size(); ++s) {
      int const now = static_cast<int>(s);
      std::erase_if(alive, [&](room const& r) { return r.last_use < now; });
      for (int i : steps_[s].nodes)
        if (at(i).stored) at(i).offset = take(bytes(i), std::max(at(i).last_use, now));
      if (steps_[s].scratch > 0) steps_[s].scratch_offset = take(steps_[s].scratch, now);
      if (steps_[s].group) plan_blocks(steps_[s], [&](std::int64_t size) { return take(size, now); });
    }
    for (int i : p_->fetches) {  // variables: in row-major order, as they were before the run
      if (node_at(at(i).source).variable < 0 || at(at(i).source).feed >= 0) continue;
      at(at(i).source).offset = take(bytes(at(i).source), static_cast<int>(steps_.size()));
    }
    p_->arena = memory_block(arena);
  }

  // ---- groups

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

  template <class Take>
  void plan_blocks(planned_step const& s, Take const& take) {
    group_plan g;
    shape const& whole = at(s.nodes[0]).shape;
    std::int64_t const size = whole.elements();
    int const step = at(s.nodes[0]).step;
    std::vector<int> place_of(s.nodes.size(), -1);
    std::vector<int> last_reader(s.nodes.size(), -1);
    auto const member = [&](int i) {
      auto const found = std::lower_bound(s.nodes.begin(), s.nodes.end(), i);
      return found != s.nodes.end() && *found == i ? static_cast<int>(found - s.nodes.begin()) : -1;
    };
    for (std::size_t n = 0; n < s.nodes.size(); ++n)
      for (int k = 0; k < inputs(s.nodes[n]); ++k)
        if (int const m = member(input(s.nodes[n], k)); m >= 0) last_reader[static_cast<std::size_t>(m)] = static_cast<int>(n);
    // The operands from outside, each once for each way of reading it.
    std::vector<std::pair<int, int>> outside;  // node, operand
    std::vector<int> free_blocks;
    std::vector<int> widths;  // bytes of an element of each block operand, to size the blocks
    auto const new_block = [&](int element) {
      g.operands.push_back({-1, 0, 0, true});
      widths.push_back(element);
      return static_cast<int>(g.operands.size()) - 1;
    };
    auto const array_of = [&](int i) {
      for (auto const& [node_id, operand] : outside)
        if (node_id == i) return operand;
      g.operands.push_back({i, -1, 0, false});
      widths.push_back(0);
      outside.emplace_back(i, static_cast<int>(g.operands.size()) - 1);
      return outside.back().second;
    };
    std::vector<std::pair<int, int>> spread_of;  // operand, block
    auto const spread_into_block = [&](int i, int from) {
      for (auto const& [operand, block] : spread_of)
        if (operand == from) return block;
      int const to = new_block(size_of(node_at(i).dtype));
      g.spreads.push_back(spread_for(at(i).shape, whole, from, to, size_of(node_at(i).dtype)));
      spread_of.emplace_back(from, to);
      return to;
    };
    for (std::size_t n = 0; n < s.nodes.size(); ++n) {
      int const i = s.nodes[n];
      node const& nd = node_at(i);
      block_kernel const kernel = kernel_of(i);
      block_step b;
      b.code = kernel.code;
      b.attributes = at(i).fused < 0 ? slots(i) : kept_attributes(i);
      b.count = inputs(i);
      for (int k = 0; k < b.count; ++k) {
        int const from = input(i, k);
        auto const o = static_cast<std::size_t>(k);
        if (int const m = member(from); m >= 0) {
          b.operands[o] = place_of[static_cast<std::size_t>(m)];
          continue;
        }
        int const array = array_of(from);
        b.operands[o] = array;
        if (at(from).shape.elements() == size) {
          g.operands[static_cast<std::size_t>(array)].step = size_of(node_at(from).dtype);
        } else if (at(from).shape.elements() == 1 && b.count == 2 && b.code == kernel.code &&
                   (k == 0 ? kernel.first_repeated : kernel.second_repeated) != nullptr) {
          b.code = k == 0 ? kernel.first_repeated : kernel.second_repeated;
        } else {
          b.operands[o] = spread_into_block(from, array);
        }
      }
      if (at(i).stored) {
        g.operands.push_back({i, -1, size_of(nd.dtype), false});
        widths.push_back(0);
        b.result = static_cast<int>(g.operands.size()) - 1;
      } else {
        b.result = -1;
        for (std::size_t f = 0; f < free_blocks.size() && b.result < 0; ++f)
          if (widths[static_cast<std::size_t>(free_blocks[f])] == size_of(nd.dtype)) {
            b.result = free_blocks[f];
            free_blocks.erase(free_blocks.begin() + static_cast<std::ptrdiff_t>(f));
          }
        if (b.result < 0) b.result = new_block(size_of(nd.dtype));
      }
      place_of[n] = b.result;
      for (std::size_t m = 0; m <= n; ++m)  // blocks that nobody reads any more
        if (last_reader[m] == static_cast<int>(n) && !at(s.nodes[m]).stored) free_blocks.push_back(place_of[m]);
      g.steps.push_back(b);
    }
    std::int64_t per_element = 0;
    for (int w : widths) per_element += w;
    constexpr std::int64_t room = 16 * 1024;  // half of the first level of the cache; arrays pass through the other
    std::int64_t most = std::clamp<std::int64_t>(per_element == 0 ? 4096 : room / per_element / 64 * 64, 64, 4096);
    if (size < most) most = std::max<std::int64_t>(size, 1);
    g.block = most;
    for (spread_operand& sp : g.spreads)  // whole periods in each block, so that one filling serves all
      if (std::int64_t const period = period_of(sp); period > 0 && period <= most) {
        if (g.block == most) g.block = most / period * period;
        sp.once = g.block % period == 0;
      }
    for (std::size_t o = 0; o < g.operands.size(); ++o)
      if (g.operands[o].temporary) g.operands[o].offset = take(g.block * widths[o] + 64);
    group_plans_.push_back({step, std::move(g)});
  }
  static spread_operand spread_for(shape const& own, shape const& whole, int from, int to, int element) {
    spread_operand s;
    s.from = from, s.to = to, s.element = element;
    s.rank = whole.rank();
    std::int64_t stride = 1;
    for (int a = whole.rank(); a-- > 0;) {
      int const k = a - (whole.rank() - own.rank());
      int const extent = k < 0 ? 1 : own[k];
      s.extents[static_cast<std::size_t>(a)] = whole[a];
      s.steps[static_cast<std::size_t>(a)] = extent == 1 ? 0 : stride;
      stride *= extent;
    }
    return s;
  }
  // After so many elements it begins again; 0: only at the end.
  static std::int64_t period_of(spread_operand const& s) {
    std::int64_t period = 1;
    bool trailing = true;
    for (int a = s.rank; a-- > 0;) {
      auto const axis = static_cast<std::size_t>(a);
      if (s.steps[axis] != 0 || s.extents[axis] == 1) {
        if (!trailing && s.steps[axis] != 0) return 0;
        period *= s.extents[axis];
      } else if (period > 1) {
        trailing = false;
      } else {
        // repeats within a run of what lies further out
        for (int b = a; b-- > 0;)
          if (s.steps[static_cast<std::size_t>(b)] != 0) return 0;
        return 1;
      }
    }
    return period;
  }

  // ---- addresses

  /// Where a node's value begins; null where a feed has it.
  std::byte* address(int i) {
    value const& v = at(at(i).source);
    if (v.feed >= 0) return nullptr;
    if (v.fixed != nullptr || v.step < 0) return const_cast<std::byte*>(v.fixed);
    return p_->arena.data() + v.offset;
  }
  [[nodiscard]] int feed_of(int i) { return at(at(i).source).feed; }

  void emit(int s) {
    planned_step const& planned = steps_[static_cast<std::size_t>(s)];
    if (at(planned.nodes[0]).shape.elements() == 0) return;
    if (planned.group)
      emit_group(s);
    else
      emit_whole(planned);
  }
  void emit_group(int s) {
    auto const found = std::find_if(group_plans_.begin(), group_plans_.end(), [&](auto const& g) { return g.first == s; });
    group_plan& g = found->second;
    elementwise_group out;
    out.size = at(steps_[static_cast<std::size_t>(s)].nodes[0]).shape.elements();
    out.block = g.block;
    out.steps = std::move(g.steps);
    out.spreads = std::move(g.spreads);
    for (group_operand const& o : g.operands)
      out.operands.push_back({o.temporary ? p_->arena.data() + o.offset : address(o.node), o.step});
    p_->steps.push_back({run_plan::step::kind::group, static_cast<int>(p_->groups.size())});
    p_->groups.push_back(std::move(out));
    for (std::size_t o = 0; o < g.operands.size(); ++o)
      if (!g.operands[o].temporary)
        if (int const f = feed_of(g.operands[o].node); f >= 0)
          p_->inputs.push_back({f, nullptr, &p_->groups.back().operands[o].base, nullptr});
  }
  void emit_whole(planned_step const& planned) {
    int const i = planned.nodes[0];
    node const& n = node_at(i);
    whole_step w;
    dtype const first = n.inputs > 0 ? node_at(input(i, 0)).dtype : n.dtype;
    int const type_place = dtype_place(first);
    w.code = type_place < 0 ? nullptr : at(i).code->whole[static_cast<std::size_t>(type_place)];
    if (w.code == nullptr) refuse_dtypes(i);
    w.attributes = slots(i);
    w.output = address(i);
    std::byte* scratch = planned.scratch_offset < 0 ? nullptr : p_->arena.data() + planned.scratch_offset;
    w.scratch = scratch;
    for (int k = 0; k < n.inputs; ++k) {
      w.inputs.push_back(address(input(i, k)));
      w.shapes.push_back(at(input(i, k)).shape);
    }
    w.shapes.push_back(at(i).shape);
    w.given = w.inputs;
    std::vector<std::pair<int, std::size_t>> fed;  // feed, operand
    for (int k = 0; k < n.inputs; ++k)
      if (int const f = feed_of(input(i, k)); f >= 0) fed.emplace_back(f, static_cast<std::size_t>(k));
    int const start = at(i).start;
    if (start >= 0) w.start = address(start);
    if (n.type->weights > 0) {
      std::vector<weight_role> const roles = roles_in_run(i);
      std::int64_t packed_bytes = 0;
      for (std::size_t r = 0; r < roles.size(); ++r) {
        if (roles[r].operand < 0) {
          w.forms.emplace_back();
          continue;
        }
        bool packed = false;
        w.forms.push_back(form_of(i, r, roles, packed));
        if (packed) {
          packed_bytes += aligned(w.forms.back().elements() * size_of(n.dtype));
          w.packings.push_back({roles[r].operand, n.dtype, w.forms.back(), scratch + aligned(planned.scratch) - packed_bytes});
          w.inputs[static_cast<std::size_t>(roles[r].operand)] = w.packings.back().to;
        }
      }
    }
    p_->steps.push_back({run_plan::step::kind::whole, static_cast<int>(p_->wholes.size())});
    p_->wholes.push_back(std::move(w));
    whole_step& made = p_->wholes.back();
    for (auto const& [f, k] : fed) {
      bool const packed = made.inputs[k] != made.given[k];
      p_->inputs.push_back({f, packed ? &made.given[k] : &made.inputs[k], nullptr, nullptr});
    }
  }
  void emit_commits() {
    for (int i : needed_) {
      if (!node_at(i).type->state || at(i).feed >= 0) continue;
      int const variable = node_at(input(i, 0)).variable;
      p_->commits.push_back({{}, node_at(i).dtype, at(i).shape.elements(), address(i), states_.data(variable)});
    }
  }
  void emit_results() {
    p_->results.reserve(p_->fetches.size());
    for (int i : p_->fetches) {
      int const source = at(i).source;
      std::byte const* data = address(i);
      if (node_at(source).variable >= 0 && at(source).feed < 0) {
        bool const own = states_.data(node_at(source).variable) != nullptr;
        weight_form const form = own ? weight_form{} : variables_[node_at(source).variable].form;
        std::byte* const to = p_->arena.data() + at(source).offset;
        p_->steps.push_back({run_plan::step::kind::copy, static_cast<int>(p_->copies.size())});
        p_->copies.push_back({form, node_at(source).dtype, at(source).shape.elements(), data, to});
        data = to;
      }
      p_->results.emplace_back(data, node_at(i).dtype, at(i).shape);
      if (int const f = feed_of(i); f >= 0) p_->inputs.push_back({f, nullptr, nullptr, &p_->results.back()});
    }
  }

  tables const& t_;
  op_library const& ops_;
  variable_store const& variables_;
  state_store const& states_;
  run_plan* p_ = nullptr;
  std::vector<value> at_;
  std::vector<int> needed_;
  std::vector<planned_step> steps_;
  std::vector<fused_ops> fused_;
  std::vector<std::pair<int, group_plan>> group_plans_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
