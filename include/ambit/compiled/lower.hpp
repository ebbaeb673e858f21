// SPDX-License-Identifier: BSL-1.0
// From a planned table to code: one step for each stored node, unrolled by the compiler.
#pragma once

#include <ambit/compiled/input.hpp>
#include <ambit/compiled/matrix.hpp>
#include <ambit/compiled/schedule.hpp>
#include <ambit/compiled/step.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// A run: inputs, all steps, new states, outputs.
template <auto Builder, class Map>
struct AMBIT_LOCAL program : nodes_of<Builder, Map> {
  using base = nodes_of<Builder, Map>;
  using values = values_of<Builder, Map>;
  using base::at, base::input, base::node, base::plan, base::table;
  using frame_type = typename values::frame_type;
  template <int I>
  using element = typename base::template element<I>;
  static constexpr bool has_batch = plan.batched > 0, has_folded = plan.folded > 0;

  /// Computes what depends on parameters and constants alone.
  static void fold(std::byte const* parameters, std::byte* folded) {
    frame_type const f{.parameters = parameters, .folded = folded};
    [&]<int... C>(std::integer_sequence<int, C...>) { (fold_steps<C * 64>(f), ...); }
    (std::make_integer_sequence<int, (plan.fold_count + 63) / 64>{});
  }
  template <int First>
  static void fold_steps(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (fold_step<First + K>(f), ...); }
    (std::make_integer_sequence<int, 64>{});
  }
  template <int Step>
  static void fold_step(frame_type const& f) {
    if constexpr (Step < plan.fold_count) step_of<Builder, Map>::template compute<plan.folds.data()[Step]>(f);
  }

  // ---- a run

  template <int Step>
  static void step(frame_type const& f) {
    step_of<Builder, Map>::template compute<plan.steps.data()[Step]>(f);
  }
  /// State ops take effect when everything has been read.
  template <int Step>
  static void commit(frame_type const& f) {
    if constexpr (Step < plan.step_count) {
      constexpr int i = plan.steps.data()[Step];
      if constexpr (node(i).state) {
        constexpr int variable = input(i, 0);
        std::memcpy(f.state + at(variable).offset, values::template data<i>(f),
                    static_cast<std::size_t>(node(i).shape.elements()) * sizeof(element<i>));
      }
    }
  }
  /// Outputs that the commits would change.
  static void copy_outputs(frame_type const& f) {
    if constexpr (plan.state > 0) [&]<int... K>(std::integer_sequence<int, K...>) {
        (copy_output<K>(f), ...);
      }
    (std::make_integer_sequence<int, table.sizes.outputs>{});
  }
  template <int K>
  static void copy_output(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    if constexpr (constexpr std::int64_t to = plan.output_copy.data()[K]; to >= 0)
      std::memcpy(f.arena + to, values::template data<i>(f),
                  static_cast<std::size_t>(node(i).shape.elements()) * sizeof(element<i>));
  }
  // Unrolled in chunks: clang folds at most 256 operands.
  template <int First, int Count>
  static void steps(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (step<First + K>(f), ...); }
    (std::make_integer_sequence<int, (Count < 64 ? Count : 64)>{});
  }
  template <int First>
  static void commits(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (commit<First + K>(f), ...); }
    (std::make_integer_sequence<int, 64>{});
  }
  // Steps that share their code, from a table.
  static void run_shared(frame_type const& f, int first, int end) {
    constexpr auto& schedule = schedule_for<Builder>;
    static constexpr auto code = []<int... F>(std::integer_sequence<int, F...>) {
      return std::array<void (*)(frame_type const&), sizeof...(F)>{&step<schedule_for<Builder>.forms.data()[F]>...};
    }
    (std::make_integer_sequence<int, schedule.form_count>{});
    static constexpr auto form_of = [] {
      std::array<int, static_cast<std::size_t>(at_least_one<plan.step_count>)> all{};
      for (int s = 0; s < plan.step_count; ++s)
        for (int k = 0; k < schedule_for<Builder>.form_count; ++k)
          if (schedule_for<Builder>.forms.data()[k] == schedule_for<Builder>.form.data()[s]) all.data()[s] = k;
      return all;
    }();
    for (int s = first; s < end; ++s) {
      displacement const& by = schedule.shift.data()[s];
      frame_type shifted = f;
      shifted.parameters += by.parameters;
      if constexpr (has_folded) shifted.folded += by.folded;
      if constexpr (plan.state > 0) shifted.state += by.state;
      shifted.arena += by.arena;
      if constexpr (has_batch) shifted.batched += by.batched * f.capacity;
      code.data()[form_of.data()[s]](shifted);
    }
  }
  template <int S>
  static void run_segment(frame_type const& f) {
    if constexpr (S < schedule_for<Builder>.segment_count) {
      constexpr segment part = schedule_for<Builder>.segments.data()[S];
      if constexpr (part.shared)
        run_shared(f, part.first, part.end);
      else
        run_direct<part.first, part.end>(f, std::make_integer_sequence<int, (part.end - part.first + 63) / 64>{});
    }
  }
  template <int First, int End, int... C>
  static void run_direct(frame_type const& f, std::integer_sequence<int, C...>) {
    (steps<First + C * 64, End - First - C * 64>(f), ...);
  }
  template <int First>
  static void segments(frame_type const& f) {
    [&]<int... S>(std::integer_sequence<int, S...>) { (run_segment<First + S>(f), ...); }
    (std::make_integer_sequence<int, 64>{});
  }
  static void run_steps(frame_type const& f) {
    [&]<int... C>(std::integer_sequence<int, C...>) { (segments<C * 64>(f), ...); }
    (std::make_integer_sequence<int, (schedule_for<Builder>.segment_count + 63) / 64>{});
    if constexpr (plan.state > 0) {
      copy_outputs(f);
      [&]<int... C>(std::integer_sequence<int, C...>) { (commits<C * 64>(f), ...); }
      (std::make_integer_sequence<int, (plan.step_count + 63) / 64>{});
    }
  }

  template <int K, class Input>
  static auto input_data(Input const& input) {
    constexpr detail::frozen_node n = node(table.placeholders.data()[K]);
    if constexpr (n.shape.fully_defined())
      return input_view<element_of<n.dtype>, detail::rows_of(n.shape), detail::columns_of(n.shape), Input>::data(input);
    else
      return batched_input<element_of<n.dtype>, n.shape.elements(), Input>::data(input);
  }
  /// The batch, which all inputs that have one agree in.
  template <int K, class Input>
  static void find_batch(Input const& input, std::int64_t& batch) {
    constexpr int i = table.placeholders.data()[K];
    if constexpr (!node(i).shape.fully_defined())
      batched_input<element<i>, node(i).shape.elements(), Input>::count(input, batch);
  }
  template <int K>
  static auto const* output_data(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    if constexpr (constexpr std::int64_t copy = plan.output_copy.data()[K]; copy >= 0)
      return reinterpret_cast<element<i> const*>(f.arena + copy);
    else
      return values::template data<i>(f);
  }
  template <int K>
  static auto output(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    constexpr detail::frozen_node n = node(i);
    constexpr int columns = detail::columns_of(n.shape);
    if constexpr (at(i).batch > 0 && columns == dyn)  // one number for each of the batch: a row
      return Eigen::Map<detail::matrix_of<element<i>, 1, Eigen::Dynamic> const>(output_data<K>(f), 1,
                                                                                values::template elements<i>(f));
    else if constexpr (at(i).batch > 0)
      return Eigen::Map<detail::matrix_of<element<i>, Eigen::Dynamic, columns> const>(
          output_data<K>(f), values::template elements<i>(f) / columns, columns);
    else
      return Eigen::Map<detail::matrix_of<element<i>, detail::rows_of(n.shape), columns> const>(output_data<K>(f));
  }
  template <class Parameters, class Workspace, class... Inputs>
  static auto run(Parameters const& p, Workspace& w, Inputs const&... inputs) {
    frame_type const f = [&]<int... K>(std::integer_sequence<int, K...>) {
      std::int64_t batch = -1;
      (find_batch<K>(inputs, batch), ...);
      frame_type made{
          .parameters = p.data(), .state = w.state(), .arena = w.arena(), .inputs = {input_data<K>(inputs)...}};
      if constexpr (has_folded) made.folded = p.folded();
      if constexpr (has_batch) {
        made.batched = w.reserve(batch);
        made.capacity = w.capacity();
      }
      made.batch = batch;
      return made;
    }
    (std::make_integer_sequence<int, static_cast<int>(sizeof...(Inputs))>{});
    run_steps(f);
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      if constexpr (sizeof...(K) == 1)
        return (output<K>(f), ...);
      else
        return std::tuple(output<K>(f)...);
    }
    (std::make_integer_sequence<int, table.sizes.outputs>{});
  }
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
