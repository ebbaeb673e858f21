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
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

// Each step reads through a table of pointers, which stays where it is when the step moves: a feed's data go straight there.

/// An elementwise op, or a statement, on all elements at once.
struct call_step {
  block_code code = nullptr;
  std::uint64_t const* attributes = nullptr;
  std::vector<void const*> in;
  void* out = nullptr;
  std::int64_t elements = 0;

  void run() const { code(in.data(), out, elements, attributes); }
};

/// An operand that broadcasts, brought to the shape of its op.
struct spread_step {
  spread_operand how;
  std::vector<void const*> in;
  void* out = nullptr;
  std::int64_t elements = 0;

  void run() const { spread(how, in[0], out, 0, elements); }
};

/// A weight that is not stored as the kernel wants it, brought into that form.
struct pack_step {
  dtype type = dtype::none;
  weight_form form{};
  std::vector<void const*> in;
  std::byte* out = nullptr;

  void run() const {
    std::memset(out, 0, static_cast<std::size_t>(form.elements() * size_of(type)));
    pack(form, type, form.elements(), in[0], out);
  }
};

/// An op that is evaluated as a whole.
struct whole_step {
  whole_code code = nullptr;
  std::uint64_t const* attributes = nullptr;
  std::vector<void const*> in;
  std::vector<shape> shapes;  // of the inputs, and of the output
  std::vector<weight_form> forms;
  evaluation of{};

  void run() const { code(of, attributes, forms.data()); }
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

class run_plan {
 public:
  struct step {
    enum class kind : std::uint8_t { call, whole, group, spread, pack, copy } what;
    int index;
  };
  /// A pointer that each run sets to the data of a feed.
  struct input_place {
    int feed = 0;
    void const** to = nullptr;
  };
  struct fed_result {
    int feed = 0;
    tensor_view* result = nullptr;
  };

  // The key.
  std::vector<int> fetches;
  std::vector<int> feeds;
  std::vector<shape> feed_shapes;
  int version = 0;
  // How the last run asked for it.
  std::vector<node_ref> fetched_before;
  std::vector<feed::form> fed_before;

  memory_block arena;
  std::vector<memory_block> constants;
  std::vector<std::vector<std::uint64_t>> attributes;  // of fused statements
  std::vector<call_step> calls;
  std::vector<whole_step> wholes;
  std::vector<elementwise_group> groups;
  std::vector<spread_step> spreads;
  std::vector<pack_step> packs;
  std::vector<copy_step> copies;
  std::vector<step> steps;
  std::vector<copy_step> commits;
  std::vector<input_place> inputs;
  std::vector<fed_result> fed_results;
  std::vector<tensor_view> results;
  std::vector<int> variables;  // that must have got a value
  int checked = -1;            // the variables' version at which all had one

  /// Sets the pointers to what is fed: `data(k)` is that of feed k.
  template <class Feeds>
  void set_inputs(Feeds const& data) {
    for (input_place const& p : inputs) *p.to = data(p.feed);
    for (fed_result const& p : fed_results) *p.result = tensor_view(data(p.feed), p.result->dtype(), p.result->shape());
  }
  void run() {
    for (step const& s : steps) {
      auto const i = static_cast<std::size_t>(s.index);
      if (s.what == step::kind::call)
        calls[i].run();
      else if (s.what == step::kind::whole)
        wholes[i].run();
      else
        run_other(s.what, i);
    }
    if (!commits.empty()) commit();
  }

 private:
  // Apart: in line, the registers that they need would be saved and restored in each run of a tiny network.
  AMBIT_NOINLINE void run_other(step::kind what, std::size_t i) {
    switch (what) {
      case step::kind::group: return groups[i].run();
      case step::kind::spread: return spreads[i].run();
      case step::kind::pack: return packs[i].run();
      default: return copies[i].run();
    }
  }
  AMBIT_NOINLINE void commit() {
    for (copy_step const& c : commits) c.run();
  }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
