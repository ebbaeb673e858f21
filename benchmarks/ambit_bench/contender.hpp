// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "memory.hpp"
#include "workloads.hpp"

#include <concepts>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bench {

/// One way to compute a workload. `run` reads the inputs, and returns where the result is: in `out`, or in memory of
/// its own where that is how its interface gives results.
struct contender {
  std::string_view workload;
  std::string_view name;  ///< the kind, and where there are several a formulation: "ambit", "eigen/column-sweep-128"
  void* (*make)(bench::workload const&);
  void (*destroy)(void*);
  float const* (*run)(void*, float const* in, float* out);
  void (*reset)(void*);  ///< the state begins anew

  [[nodiscard]] std::string_view kind() const { return name.substr(0, name.find('/')); }
};

using contenders = std::vector<contender>;

/// A `Model` is default-constructible or made of a workload, callable as `run` without the context, and has `reset()`
/// if it has state. Made only when it takes part: the weights of all of them together would not fit a small machine.
template <class Model>
contender contend(std::string_view workload, std::string_view name) {
  static_assert(alignof(Model) <= alignment);
  static_assert(std::is_invocable_r_v<float const*, Model&, float const*, float*>);
  return {workload,
          name,
          []([[maybe_unused]] bench::workload const& w) -> void* {
            if constexpr (std::constructible_from<Model, bench::workload const&>)
              return new (allocate(sizeof(Model))) Model(w);
            else
              return new (allocate(sizeof(Model))) Model;
          },
          [](void* m) {
            static_cast<Model*>(m)->~Model();
            release(m);
          },
          [](void* m, float const* in, float* out) -> float const* { return (*static_cast<Model*>(m))(in, out); },
          [](void* m) {
            if constexpr (requires(Model & model) { model.reset(); }) static_cast<Model*>(m)->reset();
          }};
}

/// A contender that takes part.
class running {
 public:
  running(contender const& c, workload const& w) : contender_(c), model_(c.make(w)) {}
  running(running&& other) noexcept : contender_(other.contender_), model_(std::exchange(other.model_, nullptr)) {}
  running& operator=(running&&) = delete;
  ~running() {
    if (model_ != nullptr) contender_.destroy(model_);
  }

  float const* operator()(float const* in, float* out) const { return contender_.run(model_, in, out); }
  void repeat(long count, float const* in, float* out) const {
    auto const run = contender_.run;
    for (void* const model = model_; count > 0; --count) run(model, in, out);
  }
  void reset() const { contender_.reset(model_); }
  [[nodiscard]] contender const& who() const { return contender_; }

 private:
  contender contender_;
  void* model_;
};

}  // namespace bench
