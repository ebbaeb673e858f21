// SPDX-License-Identifier: BSL-1.0
// From a planned table to code: one step for each stored node, unrolled by the compiler.
#pragma once

#include <ambit/compiled/group.hpp>
#include <ambit/compiled/input.hpp>
#include <ambit/compiled/matrix.hpp>
#include <ambit/compiled/schedule.hpp>
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
  std::byte* batched = nullptr;  // values that grow with the batch
  std::int64_t capacity = 0;     // for so many of the batch
  std::int64_t batch = 0;
  std::array<void const*, static_cast<std::size_t>(Inputs)> inputs{};
};

/// What an op may know of its node in constants: its attributes, shapes, and the roles of its weights.
template <class Nodes, int I>
struct AMBIT_LOCAL node_facts {
  using op = typename Nodes::template op_of_node<I>;
  static constexpr shape const& input_shape(int k) { return Nodes::node(Nodes::input(I, k)).shape; }
  static constexpr shape const& output_shape() { return Nodes::node(I).shape; }
  static constexpr ambit::pool_tiling pool{};
  static constexpr weight_role const& role(int k) { return Nodes::table.roles.data()[Nodes::node(I).first_role + k]; }
};

/// The same for an op whose results are pooled at once.
template <class Facts, int Rows, int Columns>
struct AMBIT_LOCAL pooled_facts : Facts {
  static constexpr ambit::pool_tiling pool{Rows, Columns};
};

template <auto Builder, class Map>
struct AMBIT_LOCAL program : nodes_of<Builder, Map> {
  using base = nodes_of<Builder, Map>;
  using base::at, base::input, base::is_inlined, base::node, base::plan, base::table;
  static constexpr bool has_batch = plan.batched > 0;
  using frame_type = frame<at_least_one<table.sizes.placeholders>>;
  template <int I>
  using element = typename base::template element<I>;
  template <int I>
  using group_of = group<Builder, Map, I>;

  /// Constants are data of the program, as their own type. Kernels read them in whole vectors.
  template <int I>
  struct AMBIT_LOCAL constant_block {
    static constexpr auto make() {
      constexpr detail::frozen_node n = node(I);
      constexpr std::int64_t size = aligned(n.slots * size_of(n.dtype)) / size_of(n.dtype);
      std::array<element<I>, static_cast<std::size_t>(size > 0 ? size : 1)> all{};
      for (int k = 0; k < n.slots; ++k)
        all.data()[k] = literal::value_of<element<I>>(n.dtype, table.slots.data()[n.first_slot + k]);
      return all;
    }
    alignas(block_alignment) static constexpr auto values = make();
  };

  /// Where the value of a stored node is.
  template <int I>
  static auto* data(frame_type const& f) {
    constexpr placement p = at(I);
    if constexpr (p.where == storage::input)
      return static_cast<element<I> const*>(f.inputs[static_cast<std::size_t>(p.offset)]);
    else if constexpr (p.where == storage::parameter || p.where == storage::folded)
      return reinterpret_cast<element<I> const*>(f.parameters + p.offset);
    else if constexpr (p.where == storage::constant)
      return constant_block<p.source>::values.data();
    else if constexpr (p.where == storage::state)
      return reinterpret_cast<element<I>*>(f.state + p.offset);
    else if constexpr (p.batched)
      return reinterpret_cast<element<I>*>(f.batched + p.offset * f.capacity);
    else
      return reinterpret_cast<element<I>*>(f.arena + p.offset);
  }
  /// Elements of a node in this run.
  template <int I>
  static std::int64_t elements(frame_type const& f) {
    if constexpr (at(I).batch > 0)
      return node(I).shape.elements() * at(I).batch * f.batch;
    else
      return node(I).shape.elements();
  }
  /// The same to write to. Parameters are written while they are folded, through their owner.
  template <int I>
  static element<I>* target(frame_type const& f) {
    return const_cast<element<I>*>(data<I>(f));
  }

  // ---- elementwise groups

  template <int Root>
  static auto leaves_of(frame_type const& f) {
    using group = group_of<Root>;
    return [&]<int... L>(std::integer_sequence<int, L...>) {
      return std::array<std::byte const*, sizeof...(L)>{
          reinterpret_cast<std::byte const*>(data<group::leaves.node.data()[L]>(f))...};
    }(std::make_integer_sequence<int, group::leaf_count>{});
  }
  template <int I>
  static void run_group(frame_type const& f) {
    using group = group_of<I>;
    using tree = typename group::tree;
    if constexpr (group::nest.outer_rank == 0) {
      run_elementwise_flat<tree, element<I>, group::lane_count, group::fixed_size, group::leaf_count>(
          leaves_of<I>(f), target<I>(f), elements<I>(f));
    } else if constexpr (group::batched) {
      loop_nest nest = group::nest;
      nest.outer = elements<I>(f) / nest.run;
      run_elementwise<tree, element<I>, group::lane_count, group::fixed_size, group::leaf_count>(
          leaves_of<I>(f), group::walks.data(), nest, target<I>(f));
    } else
      run_elementwise<tree, element<I>, group::lane_count, group::fixed_size, group::leaf_count>(
          leaves_of<I>(f), group::walks.data(), group::nest, target<I>(f));
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
        pack(wanted, data<from>(f), packed);
        return packed;
      }
    }
    return data<from>(f);
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
    evaluation e{inputs.data(), s, static_cast<int>(sizeof...(K)), target<I>(f), s + sizeof...(K), nullptr, scratch};
    if constexpr (requires { op::value.template evaluate<T>(kernels{}, e, node_facts<base, Core>{}, no_epilogue{}); }) {
      constexpr int root = group_root<I>;
      using group = group_of<root>;
      using facts = facts_of<I, Core>;
      if constexpr (Core == root) {
        op::value.template evaluate<T>(kernels{}, e, facts{}, no_epilogue{});
      } else {
        if constexpr (group::start >= 0) e.start = data<group::start>(f);
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
  using facts_of = std::conditional_t<is_pooled<I>, pooled_facts<node_facts<base, Core>, node(I).pool.rows, node(I).pool.columns>,
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
      }(std::make_integer_sequence<int, group::leaf_count>{});
  }

  /// Computes what depends on parameters and constants alone.
  static void fold(std::byte* parameters) {
    frame_type const f{.parameters = parameters};
    [&]<int... C>(std::integer_sequence<int, C...>) {
      (fold_steps<C * 64>(f), ...);
    }(std::make_integer_sequence<int, (plan.fold_count + 63) / 64>{});
  }
  template <int First>
  static void fold_steps(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (fold_step<First + K>(f), ...); }(std::make_integer_sequence<int, 64>{});
  }
  template <int Step>
  static void fold_step(frame_type const& f) {
    if constexpr (Step < plan.fold_count) compute<plan.folds.data()[Step]>(f);
  }

  // ---- a run

  template <int Step>
  static void step(frame_type const& f) {
    compute<plan.steps.data()[Step]>(f);
  }
  template <int I>
  static void compute(frame_type const& f) {
    if constexpr (node(I).shape.elements() == 0)
      return;
    else if constexpr (node(I).elementwise && at(I).core < 0)
      run_group<I>(f);
    else
      evaluate<I>(f);
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
  template <int First, int Count>
  static void steps(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) {
      (step<First + K>(f), ...);
    }(std::make_integer_sequence<int, (Count < 64 ? Count : 64)>{});
  }
  template <int First>
  static void commits(frame_type const& f) {
    [&]<int... K>(std::integer_sequence<int, K...>) { (commit<First + K>(f), ...); }(std::make_integer_sequence<int, 64>{});
  }
  // Steps that share their code, from a table.
  static void run_shared(frame_type const& f, int first, int end) {
    constexpr auto& schedule = schedule_for<Builder>;
    static constexpr auto code = []<int... F>(std::integer_sequence<int, F...>) {
      return std::array<void (*)(frame_type const&), sizeof...(F)>{&step<schedule_for<Builder>.forms.data()[F]>...};
    }(std::make_integer_sequence<int, schedule.form_count>{});
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
    [&]<int... S>(std::integer_sequence<int, S...>) {
      (run_segment<First + S>(f), ...);
    }(std::make_integer_sequence<int, 64>{});
  }
  static void run_steps(frame_type const& f) {
    [&]<int... C>(std::integer_sequence<int, C...>) {
      (segments<C * 64>(f), ...);
    }(std::make_integer_sequence<int, (schedule_for<Builder>.segment_count + 63) / 64>{});
    if constexpr (plan.state > 0) {
      copy_outputs(f);
      [&]<int... C>(std::integer_sequence<int, C...>) {
        (commits<C * 64>(f), ...);
      }(std::make_integer_sequence<int, (plan.step_count + 63) / 64>{});
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
      return data<i>(f);
  }
  template <int K>
  static auto output(frame_type const& f) {
    constexpr int i = table.outputs.data()[K];
    constexpr detail::frozen_node n = node(i);
    constexpr int columns = detail::columns_of(n.shape);
    if constexpr (at(i).batch > 0 && columns == dyn)  // one number for each of the batch: a row
      return Eigen::Map<detail::matrix_of<element<i>, 1, Eigen::Dynamic> const>(output_data<K>(f), 1, elements<i>(f));
    else if constexpr (at(i).batch > 0)
      return Eigen::Map<detail::matrix_of<element<i>, Eigen::Dynamic, columns> const>(output_data<K>(f),
                                                                                     elements<i>(f) / columns, columns);
    else
      return Eigen::Map<detail::matrix_of<element<i>, detail::rows_of(n.shape), columns> const>(output_data<K>(f));
  }
  template <class Workspace, class... Inputs>
  static auto run(std::byte const* parameters, Workspace& w, Inputs const&... inputs) {
    frame_type const f = [&]<int... K>(std::integer_sequence<int, K...>) {
      std::int64_t batch = -1;
      (find_batch<K>(inputs, batch), ...);
      frame_type made{.parameters = parameters, .state = w.state(), .arena = w.arena(), .inputs = {input_data<K>(inputs)...}};
      if constexpr (has_batch) {
        made.batched = w.reserve(batch);
        made.capacity = w.capacity();
      }
      made.batch = batch;
      return made;
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
