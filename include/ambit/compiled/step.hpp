// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/group.hpp>
#include <ambit/compiled/values.hpp>
#include <ambit/kernels/kernels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The code of one step: of a group of elementwise ops, or of another op, alone or with the group behind it.
template <auto Builder, class Map>
struct AMBIT_LOCAL step_of : nodes_of<Builder, Map> {
  using base = nodes_of<Builder, Map>;
  using values = values_of<Builder, Map>;
  using base::at, base::input, base::node;
  using frame_type = typename values::frame_type;
  template <int I>
  using element = typename base::template element<I>;
  template <int I>
  using group_of = group<Builder, Map, I>;

  template <int I>
  static void compute(frame_type const& f) {
    if constexpr (node(I).shape.elements() == 0)
      return;
    else if constexpr (node(I).elementwise && at(I).core < 0)
      run_group<I>(f);
    else
      evaluate<I>(f);
  }

  // ---- elementwise groups

  template <int Root>
  static auto leaves_of(frame_type const& f) {
    using group = group_of<Root>;
    return [&]<int... L>(std::integer_sequence<int, L...>) {
      return std::array<std::byte const*, sizeof...(L)>{
          reinterpret_cast<std::byte const*>(values::template data<group::leaves.node.data()[L]>(f))...};
    }
    (std::make_integer_sequence<int, group::leaf_count>{});
  }
  template <int I>
  static void run_group(frame_type const& f) {
    using group = group_of<I>;
    using tree = typename group::tree;
    if constexpr (group::nest.outer_rank == 0) {
      run_elementwise_flat<tree, element<I>, group::lane_count, group::fixed_size, group::leaf_count>(
          leaves_of<I>(f), values::template target<I>(f), values::template elements<I>(f));
    } else if constexpr (group::batched) {
      loop_nest nest = group::nest;
      nest.outer = values::template elements<I>(f) / nest.run;
      run_elementwise<tree, element<I>, group::lane_count, group::fixed_size, group::leaf_count>(
          leaves_of<I>(f), group::walks.data(), nest, values::template target<I>(f));
    } else
      run_elementwise<tree, element<I>, group::lane_count, group::fixed_size, group::leaf_count>(
          leaves_of<I>(f), group::walks.data(), group::nest, values::template target<I>(f));
  }

  // ---- other ops, alone or with the group behind them

  template <int I>
  static constexpr auto shapes = [] {
    std::array<shape, static_cast<std::size_t>(at_least_one<node(I).inputs + 1>)> s{};
    for (int k = 0; k < node(I).inputs; ++k) s.data()[k] = node(input(I, k)).shape;
    s.data()[node(I).inputs] = node(I).shape;
    return s;
  }();

  /// The same in this run: with the batch filled in.
  template <int I>
  static decltype(auto) shapes_of([[maybe_unused]] frame_type const& f) {
    if constexpr (has_batched_shape<I>) {
      auto s = shapes<I>;
      for (int k = 0; k < node(I).inputs; ++k)
        if (int const times = at(input(I, k)).batch; times > 0) s.data()[k].set(0, static_cast<int>(times * f.batch));
      if (at(I).batch > 0) s.data()[node(I).inputs].set(0, static_cast<int>(at(I).batch * f.batch));
      return s;
    } else {
      return (shapes<I>);
    }
  }
  template <int I>
  static constexpr bool has_batched_shape = [] {
    bool any = at(I).batch > 0;
    for (int k = 0; k < node(I).inputs; ++k) any = any || at(input(I, k)).batch > 0;
    return any;
  }();

  /// The operand K of a node as its kernel wants it: a weight that is stored otherwise is packed into scratch memory.
  template <int I, int K, class T>
  static void const* operand(frame_type const& f, std::byte*& scratch) {
    constexpr int from = input(I, K);
    constexpr int role = [] {
      int r = 0;
      while (r < node(I).roles && node_facts<base, I>::role(r).operand != K) ++r;
      return r;
    }();
    if constexpr (role < node(I).roles) {
      constexpr weight_form wanted = form_for<T>(node_facts<base, I>::role(role));
      if constexpr (!is_stored_as<Builder>(from, wanted)) {
        T* const packed = reinterpret_cast<T*>(scratch);
        scratch += aligned(wanted.elements() * static_cast<std::int64_t>(sizeof(T)));
        std::memset(packed, 0, static_cast<std::size_t>(wanted.elements()) * sizeof(T));
        pack(wanted, values::template data<from>(f), packed);
        return packed;
      }
    }
    return values::template data<from>(f);
  }

  template <int I>
  static std::byte* scratch_of(frame_type const& f) {
    return at(I).scratch >= 0 ? f.arena + at(I).scratch : nullptr;
  }
  /// The op of a step that is not elementwise.
  template <int I>
  static constexpr int core_of = at(I).core < 0 ? I : at(I).core;
  template <int I>
  static void evaluate(frame_type const& f) {
    evaluate<I, core_of<I>>(f, std::make_integer_sequence<int, node(core_of<I>).inputs>{});
  }
  template <int I, int Core, int... K>
  static void evaluate(frame_type const& f, std::integer_sequence<int, K...>) {
    using T = element<input(Core, 0)>;
    using op = typename base::template op_of_node<Core>;
    [[maybe_unused]] std::byte* scratch = scratch_of<I>(f);
    std::array<void const*, static_cast<std::size_t>(at_least_one<sizeof...(K)>)> const inputs{
        operand<Core, K, T>(f, scratch)...};
    auto&& known = shapes_of<Core>(f);
    shape const* const s = known.data();
    evaluation e{inputs.data(), s,      static_cast<int>(sizeof...(K)), values::template target<I>(f), s + sizeof...(K),
                 nullptr,       scratch};
    if constexpr (requires { op::value.template evaluate<T>(kernels{}, e, node_facts<base, Core>{}, no_epilogue{}); }) {
      constexpr int root = group_root<I>;
      using group = group_of<root>;
      using facts = facts_of<I, Core>;
      if constexpr (Core == root) {
        op::value.template evaluate<T>(kernels{}, e, facts{}, no_epilogue{});
      } else {
        if constexpr (group::start >= 0) e.start = values::template data<group::start>(f);
        op::value.template evaluate<T>(kernels{}, e, facts{}, epilogue_of<root>(f));
      }
    } else {
      op::value.template evaluate<T>(kernels{}, e);
    }
  }
  /// The last elementwise op of a step with a kernel: the step itself, or what its pool reads.
  template <int I>
  static constexpr bool is_pooled = at(I).core >= 0 && node(I).pool.rows > 0;
  template <int I>
  static constexpr int group_root = is_pooled<I> ? input(I, 0) : I;
  template <int I, int Core>
  using facts_of =
      std::conditional_t<is_pooled<I>, pooled_facts<node_facts<base, Core>, node(I).pool.rows, node(I).pool.columns>,
                         node_facts<base, Core>>;
  template <int Root>
  static auto epilogue_of(frame_type const& f) {
    using group = group_of<Root>;
    if constexpr (std::is_same_v<typename group::tree, kernel_sum>)
      return no_epilogue{};
    else
      return [&]<int... L>(std::integer_sequence<int, L...>) {
        return tree_epilogue<typename group::tree, element<Root>, group::leaf_count>{
            leaves_of<Root>(f), {group::row_stride(group::leaves.node.data()[L])...}};
      }
    (std::make_integer_sequence<int, group::leaf_count>{});
  }
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
