// SPDX-License-Identifier: BSL-1.0
// From a planned table to code: one step for each stored node, unrolled by the compiler.
#pragma once

#include <ambit/compiled/builtin.hpp>
#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/input.hpp>
#include <ambit/compiled/matrix.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/kernels/kernels.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {

namespace lowering {

/// The blocks of one run.
template <int Inputs>
struct AMBIT_LOCAL frame {
  std::byte const* parameters = nullptr;
  std::byte* state = nullptr;
  std::byte* arena = nullptr;
  std::array<void const*, static_cast<std::size_t>(Inputs)> inputs{};
};

/// How a group of elementwise ops walks over its result: an outer loop over `outer` extents and runs of `run` elements
/// in which each operand is either contiguous or one repeated element.
struct loop_nest {
  int outer_rank = 0;
  std::int64_t outer = 1;
  std::int64_t run = 1;
  int extents[shape::max_rank] = {};
};
struct operand_walk {
  bool contiguous = true;  // in a run
  std::int64_t strides[shape::max_rank] = {};
};

/// The extent of an operand along an axis of the result that it broadcasts to.
constexpr int extent_along(shape const& operand, shape const& result, int axis) {
  int const own = axis - (result.rank() - operand.rank());
  return own < 0 ? 1 : operand[own];
}

template <auto Builder, class Map>
struct AMBIT_LOCAL program {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = detail::plan_for<Builder>;
  using frame_type = frame<detail::at_least_one<table.sizes.placeholders>>;

  static constexpr detail::frozen_node const& node(int i) { return table.nodes.data()[i]; }
  static constexpr int input(int i, int k) { return table.inputs.data()[node(i).first_input + k]; }
  static constexpr detail::placement const& at(int i) { return plan.at.data()[i]; }
  template <int I>
  using element = element_of<node(I).dtype>;

  template <int I>
  static constexpr auto struct_of() {
    using found = detail::op_of<Map, node(I).op>;
    if constexpr (std::is_void_v<found>)
      return detail::diagnose_op<Builder, I>();
    else
      return detail::restore_op<typename found::op>(table.slots.data() + node(I).first_slot);
  }

  /// Constants are data of the program, as their own type.
  template <int I>
  static constexpr auto constant_values = [] {
    constexpr detail::frozen_node n = node(I);
    std::array<element<I>, static_cast<std::size_t>(n.slots > 0 ? n.slots : 1)> values{};
    for (int k = 0; k < n.slots; ++k)
      values.data()[k] = literal::value_of<element<I>>(n.dtype, table.slots.data()[n.first_slot + k]);
    return values;
  }();
  template <int I>
  struct AMBIT_LOCAL constant_block {
    alignas(detail::block_alignment) static constexpr auto values = constant_values<I>;
  };

  /// Where the value of a stored node is.
  template <int I>
  static auto* data(frame_type const& f) {
    constexpr detail::placement p = at(I);
    using detail::storage;
    if constexpr (p.where == storage::input)
      return static_cast<element<I> const*>(f.inputs[static_cast<std::size_t>(p.offset)]);
    else if constexpr (p.where == storage::parameter)
      return reinterpret_cast<element<I> const*>(f.parameters + p.offset);
    else if constexpr (p.where == storage::constant)
      return constant_block<p.source>::values.data();
    else if constexpr (p.where == storage::state)
      return reinterpret_cast<element<I>*>(f.state + p.offset);
    else
      return reinterpret_cast<element<I>*>(f.arena + p.offset);
  }

  // ---- elementwise groups

  /// Shortens the run until every operand of the group is contiguous or repeated in it.
  static constexpr void fit_run(int root, int i, int& axis) {
    for (int k = 0; k < node(i).inputs; ++k) {
      int const from = input(i, k);
      if (at(from).where == detail::storage::inlined) {
        fit_run(root, from, axis);
        continue;
      }
      shape const& s = node(root).shape;
      shape const& own = node(from).shape;
      bool full = true, single = true;
      int fits = s.rank();
      for (int a = s.rank(); a-- > axis;) {
        int const extent = extent_along(own, s, a);
        full &= extent == s[a];
        single &= extent == 1;
        if (!full && !single) break;
        fits = a;
      }
      axis = fits;
    }
  }
  template <int I>
  static constexpr loop_nest nest = [] {
    loop_nest n;
    fit_run(I, I, n.outer_rank);
    shape const& s = node(I).shape;
    for (int a = 0; a < s.rank(); ++a) {
      if (a < n.outer_rank) {
        n.extents[a] = s[a];
        n.outer *= s[a];
      } else {
        n.run *= s[a];
      }
    }
    return n;
  }();
  template <int Root, int I>
  static constexpr operand_walk walk = [] {
    operand_walk w;
    shape const& s = node(Root).shape;
    shape const& own = node(I).shape;
    std::int64_t stride = 1;
    for (int a = s.rank(); a-- > 0;) {
      int const extent = extent_along(own, s, a);
      if (a >= nest<Root>.outer_rank && extent != s[a]) w.contiguous = false;
      if (a < nest<Root>.outer_rank) w.strides[a] = extent == 1 ? 0 : stride;
      stride *= extent;
    }
    return w;
  }();

  template <int Root>
  static constexpr int run_size =
      nest<Root>.run <= longest_fixed_run ? static_cast<int>(nest<Root>.run) : static_cast<int>(Eigen::Dynamic);

  template <int Root, int I>
  static std::int64_t offset(std::int64_t step) {
    constexpr loop_nest n = nest<Root>;
    constexpr operand_walk w = walk<Root, I>;
    if constexpr (n.outer_rank == 0) {
      return 0;
    } else if constexpr (n.outer_rank == 1) {
      return step * w.strides[0];
    } else {
      std::int64_t sum = 0;
      for (int a = n.outer_rank; a-- > 0; step /= n.extents[a]) sum += step % n.extents[a] * w.strides[a];
      return sum;
    }
  }

  /// What a stored value is in one run of the group's result.
  template <int Root, int I>
  static auto leaf(frame_type const& f, std::int64_t step) {
    using array = Eigen::Array<element<I>, run_size<Root>, 1>;
    if constexpr (at(I).where == detail::storage::constant && node(I).shape.elements() == 1)
      return array::Constant(nest<Root>.run, constant_values<at(I).source>[0]);
    else if constexpr (walk<Root, I>.contiguous)
      return run_of<element<I> const, run_size<Root>>(data<I>(f) + offset<Root, I>(step), nest<Root>.run);
    else
      return array::Constant(nest<Root>.run, data<I>(f)[offset<Root, I>(step)]);
  }
  /// The expression of an op of the group.
  template <int Root, int I>
  static auto expression_of(frame_type const& f, std::int64_t step) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return struct_of<I>().lower(operand_of<Root, input(I, K)>(f, step)...);
    }(std::make_integer_sequence<int, node(I).inputs>{});
  }
  template <int Root, int I>
  static auto operand_of(frame_type const& f, std::int64_t step) {
    if constexpr (at(I).where == detail::storage::inlined)
      return expression_of<Root, I>(f, step);
    else
      return leaf<Root, I>(f, step);
  }
  template <int I>
  AMBIT_FLATTEN static void run_group(frame_type const& f) {
    constexpr loop_nest n = nest<I>;
    for (std::int64_t step = 0; step < n.outer; ++step)
      run_of<element<I>, run_size<I>>(data<I>(f) + step * n.run, n.run) = expression_of<I, I>(f, step);
  }

  // ---- other ops

  template <int I>
  static constexpr auto shapes = [] {
    std::array<shape, static_cast<std::size_t>(detail::at_least_one<node(I).inputs + 1>)> s{};
    for (int k = 0; k < node(I).inputs; ++k) s.data()[k] = node(input(I, k)).shape;
    s.data()[node(I).inputs] = node(I).shape;
    return s;
  }();
  template <int I>
  static void evaluate(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) {
      std::array<void const*, static_cast<std::size_t>(detail::at_least_one<sizeof...(K)>)> const inputs{
          data<input(I, K)>(f)...};
      shape const* const s = shapes<I>.data();
      struct_of<I>().template evaluate<element<input(I, 0)>>(
          kernels{}, evaluation{inputs.data(), s, static_cast<int>(sizeof...(K)), data<I>(f), s + sizeof...(K)});
    }(std::make_integer_sequence<int, node(I).inputs>{});
  }

  // ---- a run

  template <int Step>
  static void step(frame_type const& f) {
    if constexpr (Step < plan.step_count) {
      constexpr int i = plan.steps.data()[Step];
      if constexpr (node(i).elementwise)
        run_group<i>(f);
      else
        evaluate<i>(f);
    }
  }
  /// State ops take effect when everything has been read.
  template <int Step>
  static void commit(frame_type const& f) {
    if constexpr (Step < plan.step_count) {
      constexpr int i = plan.steps.data()[Step];
      if constexpr (node(i).state) {
        constexpr int variable = input(i, 0);
        std::memcpy(f.state + at(variable).offset, data<i>(f),
                    static_cast<std::size_t>(node(i).shape.elements()) * sizeof(element<i>));
      }
    }
  }
  /// Outputs that the commits would change.
  static void copy_outputs(frame_type const& f) {
    if constexpr (plan.state > 0)
      [&]<int... K>(std::integer_sequence<int, K...>) {
        (copy_output<K>(f), ...);
      }(std::make_integer_sequence<int, table.sizes.outputs>{});
  }
  template <int K>
  static void copy_output(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    if constexpr (constexpr std::int64_t to = plan.output_copy.data()[K]; to >= 0)
      std::memcpy(f.arena + to, data<i>(f), static_cast<std::size_t>(node(i).shape.elements()) * sizeof(element<i>));
  }
  // Unrolled in chunks: clang folds at most 256 operands.
  template <int First>
  static void steps(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (step<First + K>(f), ...); }(std::make_integer_sequence<int, 64>{});
  }
  template <int First>
  static void commits(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (commit<First + K>(f), ...); }(std::make_integer_sequence<int, 64>{});
  }
  static void run_steps(frame_type const& f) {
    [&]<int... C>(std::integer_sequence<int, C...>) {
      (steps<C * 64>(f), ...);
      copy_outputs(f);
      (commits<C * 64>(f), ...);
    }(std::make_integer_sequence<int, (plan.step_count + 63) / 64>{});
  }

  template <int K, class Input>
  static auto input_data(Input const& input) {
    constexpr detail::frozen_node n = node(table.placeholders.data()[K]);
    return input_view<element_of<n.dtype>, detail::rows_of(n.shape), detail::columns_of(n.shape), Input>::data(input);
  }
  template <int K>
  static auto const* output_data(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    if constexpr (constexpr std::int64_t copy = plan.output_copy.data()[K]; copy >= 0)
      return reinterpret_cast<element<i> const*>(f.arena + copy);
    else
      return data<i>(f);
  }
  template <int K>
  static auto output(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    constexpr detail::frozen_node n = node(i);
    return Eigen::Map<detail::matrix_of<element<i>, detail::rows_of(n.shape), detail::columns_of(n.shape)> const>(output_data<K>(f));
  }
  template <class... Inputs>
  static auto run(std::byte const* parameters, std::byte* state, std::byte* arena, Inputs const&... inputs) {
    frame_type const f = [&]<int... K>(std::integer_sequence<int, K...>) {
      return frame_type{parameters, state, arena, {input_data<K>(inputs)...}};
    }(std::make_integer_sequence<int, static_cast<int>(sizeof...(Inputs))>{});
    run_steps(f);
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      if constexpr (sizeof...(K) == 1)
        return (output<K>(f), ...);
      else
        return std::tuple(output<K>(f)...);
    }(std::make_integer_sequence<int, table.sizes.outputs>{});
  }
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
