// SPDX-License-Identifier: BSL-1.0
// What one kind of run does: which nodes in which order, on which memory. Made once for its fetches and feeds and their
// shapes, and kept.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/session/elementwise_group.hpp>
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

/// An op that is evaluated as a whole.
struct whole_step {
  /// A weight that is not stored as the kernel wants it, brought into that form before.
  struct packing {
    int operand = 0;
    dtype type = dtype::none;
    weight_form form{};
    std::byte* to = nullptr;
  };
  whole_code code = nullptr;
  std::uint64_t const* attributes = nullptr;
  std::vector<void const*> inputs;
  std::vector<void const*> given;  // before packing
  std::vector<shape> shapes;       // of the inputs, and of the output
  std::vector<weight_form> forms;
  std::vector<packing> packings;
  void const* start = nullptr;
  void* output = nullptr;
  void* scratch = nullptr;

  void run() {
    for (packing const& p : packings) {
      std::memset(p.to, 0, static_cast<std::size_t>(p.form.elements() * size_of(p.type)));
      pack(p.form, p.type, p.form.elements(), given[static_cast<std::size_t>(p.operand)], p.to);
    }
    code({inputs.data(), shapes.data(), static_cast<int>(inputs.size()), output, &shapes.back(), start, scratch}, attributes,
         forms.data());
  }
};

/// A weight, or a state, in row-major order for a fetch.
struct copy_step {
  weight_form form{};
  dtype type = dtype::none;
  std::int64_t elements = 0;
  std::byte const* from = nullptr;
  std::byte* to = nullptr;
};

class run_plan {
 public:
  struct step {
    enum class kind : std::uint8_t { group, whole, copy } what;
    int index;
  };
  /// A pointer that each run sets to the data of a feed.
  struct input_place {
    int feed = 0;
    void const** whole = nullptr;
    std::byte** operand = nullptr;
    tensor_view* result = nullptr;
  };

  // The key.
  std::vector<int> fetches;
  std::vector<int> feeds;
  std::vector<shape> feed_shapes;
  int version = 0;
  /// How the last run gave its feeds.
  struct fed {
    std::int64_t size = 0;
    std::int64_t rows = 0;
    dtype type = dtype::none;
    bool shaped = false;
  };
  std::vector<fed> feeds_before;

  memory_block arena;
  std::vector<memory_block> constants;
  std::vector<std::vector<std::uint64_t>> attributes;  // of fused statements
  std::vector<elementwise_group> groups;
  std::vector<whole_step> wholes;
  std::vector<copy_step> copies;
  std::vector<step> steps;
  std::vector<copy_step> commits;
  std::vector<input_place> inputs;
  std::vector<tensor_view> results;
  std::vector<int> variables;  // that must have got a value
  int checked = -1;            // the variables' version at which all had one

  /// Sets the pointers to what is fed: `data(k)` is that of feed k.
  template <class Feeds>
  void set_inputs(Feeds const& data) {
    for (input_place const& p : inputs) {
      void const* const from = data(p.feed);
      if (p.whole != nullptr)
        *p.whole = from;
      else if (p.operand != nullptr)
        *p.operand = static_cast<std::byte*>(const_cast<void*>(from));
      else
        *p.result = tensor_view(from, p.result->dtype(), p.result->shape());
    }
  }
  void run() {
    for (step const& s : steps) {
      auto const i = static_cast<std::size_t>(s.index);
      if (s.what == step::kind::group)
        groups[i].run();
      else if (s.what == step::kind::whole)
        wholes[i].run();
      else
        copy(copies[i]);
    }
    for (copy_step const& c : commits) copy(c);
  }

 private:
  static void copy(copy_step const& c) { unpack(c.form, c.type, c.elements, c.from, c.to); }
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
