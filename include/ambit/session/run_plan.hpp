// SPDX-License-Identifier: BSL-1.0
// What one kind of run does: which nodes in which order, on which memory. Made once for its fetches and feeds and their
// shapes, and kept.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/session/elementwise_group.hpp>
#include <ambit/session/feed.hpp>
#include <ambit/session/memory_block.hpp>
#include <ambit/session/op_code.hpp>
#include <ambit/session/tensor_view.hpp>
#include <ambit/session/variable_store.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// One call of code that reads through a table of pointers: an elementwise op or a statement on all its elements, or
/// something else that a run does, which is what `out` points to then.
struct run_step {
  block_code code = nullptr;
  void const* const* in = nullptr;
  void* out = nullptr;
  std::int64_t elements = 0;
  std::uint64_t const* attributes = nullptr;

  void run() const { code(in, out, elements, attributes); }
};

/// An operand that broadcasts, brought to the shape of its op.
struct spread_step {
  spread_operand how;
  void const* const* from = nullptr;
  void* to = nullptr;
  std::int64_t elements = 0;

  void run() const { spread(how, *from, to, 0, elements); }
};

/// A weight that is not stored as the kernel wants it, brought into that form.
struct pack_step {
  dtype type = dtype::none;
  weight_form form{};
  void const* const* from = nullptr;
  std::byte* to = nullptr;

  void run() const {
    std::memset(to, 0, static_cast<std::size_t>(form.elements() * size_of(type)));
    pack(form, type, form.elements(), *from, to);
  }
};

/// An op that is evaluated as a whole.
struct whole_step {
  whole_code code = nullptr;
  std::uint64_t const* attributes = nullptr;
  evaluation of{};
  std::vector<shape> shapes;  // of the inputs, and of the output
  std::vector<weight_form> forms;
  whole_plan plan{};

  void run() const { code(of, attributes, plan); }
};

/// A weight, or a state, in row-major order for a fetch.
struct copy_step {
  weight_form form{};
  dtype type = dtype::none;
  std::int64_t elements = 0;
  std::byte const* from = nullptr;
  std::byte* to = nullptr;

  void run() const { unpack(form, type, elements, from, to); }
};

/// The pointer to a feed that more than one step reads, brought to where another of them looks.
struct share_step {
  void const* const* from = nullptr;
  void const** to = nullptr;

  void run() const { *to = *from; }
};

/// What two runs must have in common, whatever is fed: the size of the graph, the first fetch, and how many there are. In two
/// words: what a run loads is what it costs, 0.1 ns each.
class run_outline {
 public:
  run_outline() = default;
  run_outline(int nodes, int first, std::size_t fetches, std::size_t feeds)
      : graph_(joined(static_cast<std::uint32_t>(nodes), static_cast<std::uint32_t>(first))), counts_(joined(fetches, feeds)) {}
  bool operator==(run_outline const&) const = default;

 private:
  static std::uint64_t joined(std::uint64_t a, std::uint64_t b) { return a << 32 | b; }
  std::uint64_t graph_ = 0;
  std::uint64_t counts_ = 0;
};

class run_plan {
 public:
  /// What a feed was in the run before, and the pointer that each run sets to its data.
  struct fed_place {
    feed_form before;
    void const** to = nullptr;
  };

  // The key.
  std::vector<int> fetches;
  std::vector<int> feeds;
  std::vector<shape> feed_shapes;
  int version = 0;

  // How a run is found to be like the one before.
  graph const* of = nullptr;
  run_outline outline;
  std::vector<fed_place> fed;

  memory_block arena;
  std::vector<memory_block> constants;
  std::vector<std::vector<std::uint64_t>> attributes;  // of fused statements
  std::vector<run_step> steps;
  // What steps point to, and so stays where it is.
  std::deque<std::vector<void const*>> tables;
  std::deque<whole_step> wholes;
  std::deque<elementwise_group> groups;
  std::deque<spread_step> spreads;
  std::deque<pack_step> packs;
  std::deque<copy_step> copies;
  std::deque<share_step> shares;
  std::vector<std::shared_ptr<void const>> kernels;
  void const* nowhere = nullptr;  // where the data of a feed go that no step reads
  std::vector<tensor_view> results;
  std::vector<int> variables;  // that must have got a value
  bool ready = false;          // all had one; what has got a value keeps one

  void set_inputs(std::span<feed const> given) const {
    for (std::size_t i = 0; i < given.size(); ++i) *fed[i].to = given[i].data();
  }
  void feed_goes_to(int i, void const*& place) {
    fed_place& first = fed[static_cast<std::size_t>(i)];
    if (first.to == &nowhere)
      first.to = &place;
    else
      shares.push_back({first.to, &place});
  }
  void run() const {
    for (run_step const& s : steps) s.run();
  }

  /// A table of pointers for a step.
  std::vector<void const*>& new_table(std::size_t size) { return tables.emplace_back(size); }
  template <class Step>
  Step& add(std::deque<Step>& all, Step&& s) {
    Step& kept = all.emplace_back(std::move(s));
    steps.push_back(step_of(kept));
    return kept;
  }
  template <class Step>
  static run_step step_of(Step& s) {
    return {[](void const* const*, void* step, std::int64_t, std::uint64_t const*) { static_cast<Step*>(step)->run(); },
            nullptr, &s, 0, nullptr};
  }
  void share_inputs() {  // before all else
    std::vector<run_step> first;
    for (share_step& s : shares) first.push_back(step_of(s));
    steps.insert(steps.begin(), first.begin(), first.end());
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
