// SPDX-License-Identifier: BSL-1.0
// The code of each op that a session can run, found by the op's id.
#pragma once

#include <ambit/compiled/builtin.hpp>
#include <ambit/session/block_kernels.hpp>
#include <ambit/session/prepared_kernel.hpp>
#include <ambit/session/run_time_kernels.hpp>
#include <ambit/session/run_time_streaming.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

/// What was planned for an op that is evaluated as a whole: the forms of its weights, and what it computes on its sums.
struct whole_plan {
  weight_form const* forms = nullptr;
  bool relu = false;
  bool pooled = false;  // after it the largest of each 2 x 2, of a convolution
};

using whole_code = void (*)(evaluation const&, std::uint64_t const* attributes, whole_plan const&);
using prepare_code = prepared_kernel (*)(evaluation const&, std::uint64_t const* attributes, whole_plan const&);

struct op_code {
  op_id id = 0;
  /// Finds the result's shape and dtype anew.
  void (*infer)(inference&, std::uint64_t const* attributes) = nullptr;
  std::span<block_kernel const> blocks{};  // of an elementwise op
  // Of another: for the dtypes of its first operand, in the order of `evaluable`, one of the two.
  std::array<whole_code, 5> whole{};
  std::array<prepare_code, 5> prepare{};
};

namespace detail_code {

template <class Op, class T>
void evaluate(evaluation const& e, std::uint64_t const* attributes, whole_plan const& plan) {
  Op const op = detail::restore_op<Op>(attributes);
  node_facts<Op> const facts{op, plan.forms, plan.pooled};
  relu_epilogue const epilogue{plan.relu};
  if constexpr (requires { op.template evaluate<T>(kernels{}, e, facts, epilogue); })
    op.template evaluate<T>(kernels{}, e, facts, epilogue);
  else
    op.template evaluate<T>(kernels{}, e);
}

template <class Op, class T>
prepared_kernel prepare(evaluation const& e, std::uint64_t const* attributes, whole_plan const& plan) {
  using kernel = typename prepared<Op, T>::type;
  auto made = std::make_shared<kernel const>(detail::restore_op<Op>(attributes), plan.forms, e, relu_epilogue{plan.relu});
  block_code const code = made->code();
  return {std::move(made), code};
}

/// Whether an op may have a first operand of T: of all the same dtype, or with indices or a position behind it. Shapes are
/// not known here, so only a refusal of dtypes counts.
template <class Op, class T>
constexpr bool accepts() {
  constexpr dtype d = dtype_of<T>;
  auto const tried = [](dtype others, dtype third, int count) {
    operand_facts operands[8];
    for (int i = 0; i < count; ++i) operands[i] = {unknown_shape, i == 0 ? d : i == 2 ? third : others, true, -1};
    failure refusal;
    inference facts(operands, count, refusal, nullptr, detail::no_symbol);
    Op{}.infer(facts);
    return !facts.failed() || refusal.code != errc::op_dtype;
  };
  for (int count = 1; count <= 3; ++count)
    if (tried(d, d, count) || tried(dtype::i32, dtype::i32, count)) return true;
  return tried(d, dtype::i32, 4);
}

template <class Op>
constexpr op_code code_of() {
  op_code c;
  c.id = Op::type.id;
  c.infer = [](inference& i, std::uint64_t const* attributes) { detail::restore_op<Op>(attributes).infer(i); };
  if constexpr (type_of<Op>.elementwise) {
    c.blocks = block_kernels<Op>;
  } else if constexpr (!type_of<Op>.view) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      auto const add = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
        using T = element_of<evaluable[K]>;
        if constexpr (requires { typename prepared<Op, T>::type; })
          c.prepare.data()[K] = &prepare<Op, T>;
        else if constexpr (accepts<Op, T>())
          c.whole.data()[K] = &evaluate<Op, T>;
      };
      (add(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<evaluable.size()>{});
  }
  return c;
}

template <class... Ops>
constexpr auto sorted(op_list<Ops...>) {
  std::array<op_code, sizeof...(Ops)> all{code_of<Ops>()...};
  std::sort(all.begin(), all.end(), [](op_code const& a, op_code const& b) { return a.id < b.id; });
  return all;
}

}  // namespace detail_code

/// The ops of the library, and the user's.
inline constexpr int dtype_place(dtype d) {
  for (std::size_t i = 0; i < evaluable.size(); ++i)
    if (evaluable[i] == d) return static_cast<int>(i);
  return -1;
}

template <class... More>
struct op_codes {
  static constexpr auto builtin = detail_code::sorted(builtin_ops{});
  static constexpr auto more = detail_code::sorted(op_list<More...>{});
};

/// Looks an op up: in the user's list, then in the library's.
class op_library {
 public:
  template <class... More>
  [[nodiscard]] static op_library of() {
    op_library l;
    l.builtin_ = op_codes<>::builtin;
    if constexpr (sizeof...(More) > 0) l.more_ = op_codes<More...>::more;
    return l;
  }
  /// Null where there is no such op.
  [[nodiscard]] op_code const* find(op_id id) const {
    for (std::span<op_code const> const codes : {more_, builtin_}) {
      auto const at = std::lower_bound(codes.begin(), codes.end(), id, [](op_code const& c, op_id i) { return c.id < i; });
      if (at != codes.end() && at->id == id) return &*at;
    }
    return nullptr;
  }

 private:
  std::span<op_code const> builtin_{};
  std::span<op_code const> more_{};
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
