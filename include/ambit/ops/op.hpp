// SPDX-License-Identifier: BSL-1.0
// What an op is. An op is one struct:
//
//   struct swish_op {
//     static constexpr op_type type{"acme::Swish"};            // its id is a hash of this name
//     static constexpr std::string_view default_name = "Swish";
//     static constexpr std::string_view operands[] = {"x"};    // names of constants made from numbers: "Swish/x"
//     static constexpr bool elementwise = true;                // `lower` maps arrays of equal length
//     float beta = 1;
//     constexpr void attributes(auto& a) { a(beta); }          // what the node keeps of the struct
//     constexpr void infer(inference& i) const { i.elementwise(); }
//     auto lower(auto const& x) const { return x * (x * beta).logistic(); }
//   };
//
// `lower` computes on lanes, a register of elements with the names of Eigen's arrays (kernels/lanes.hpp). An op that is not
// elementwise has a member template `evaluate` instead; see ops/evaluation.hpp.
#pragma once

#include <ambit/core/axes.hpp>
#include <ambit/graph/graph.hpp>

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace ambit {

/// An operand of an op whose shapes are found anew when a graph runs.
struct operand_facts {
  ambit::shape shape{};
  ambit::dtype dtype = ambit::dtype::none;
  bool is_variable = false;
  int node = -1;
};

/// The shapes and dtypes of the operands of an op that is being recorded, or that is going to run, and its answer or
/// refusal.
class inference {
 public:
  constexpr inference(detail::tables& t, detail::symbol op_name, place where, int const* operands, int count)
      : tables_(&t), names_(&t), op_(op_name), where_(where), operands_(operands), count_(count) {}
  /// Of shapes that may differ from those of the graph. A refusal goes to `refusal`; `names` may be null.
  constexpr inference(operand_facts const* given, int count, failure& refusal, detail::tables const* names,
                      detail::symbol op_name)
      : refusal_(&refusal), names_(names), op_(op_name), given_(given), count_(count) {}

  [[nodiscard]] constexpr int operands() const { return count_; }
  [[nodiscard]] constexpr ambit::shape const& shape(int i) const {
    return given_ != nullptr ? given_[i].shape : tables_->nodes[operands_[i]].shape;
  }
  [[nodiscard]] constexpr ambit::dtype dtype(int i) const {
    return given_ != nullptr ? given_[i].dtype : tables_->nodes[operands_[i]].dtype;
  }
  [[nodiscard]] constexpr bool is_variable(int i) const {
    return given_ != nullptr ? given_[i].is_variable : tables_->nodes[operands_[i]].variable >= 0;
  }

  constexpr void output(ambit::shape const& s, ambit::dtype type) {
    shape_ = s;
    dtype_ = type;
  }
  [[nodiscard]] constexpr ambit::shape const& output_shape() const { return shape_; }
  [[nodiscard]] constexpr ambit::dtype output_dtype() const { return dtype_; }

  /// The operands' shapes, dtypes or attributes cannot work; `want` says what would.
  constexpr void refuse_shape(std::string_view want) { refuse(errc::op_shape, want, true, false); }
  constexpr void refuse_dtype(std::string_view want) { refuse(errc::op_dtype, want, false, true); }
  constexpr void refuse_attribute(text have, std::string_view want) {
    fail({errc::op_attribute, op_name(), want, std::move(have), where_, {}});
  }
  /// An operand must be a variable, and is not.
  constexpr void refuse_not_a_variable(int i) {
    fail({errc::not_a_variable, operand_name(i), op_name(), {}, where_, {}});
  }
  [[nodiscard]] constexpr bool failed() const { return tables_ != nullptr ? tables_->failed : failed_; }
  /// An axis counted from the front; refused where the rank has no such axis.
  [[nodiscard]] constexpr int axis(int a, int rank) {
    if (a >= -rank && a < rank) return a < 0 ? a + rank : a;
    text have{"axis "};
    have.append(a);
    have += " of a tensor of rank ";
    have.append(rank);
    refuse_attribute(std::move(have), "an axis from -rank to rank - 1");
    return -1;
  }

  /// All operands have one dtype.
  constexpr bool same_dtypes() {
    for (int i = 1; i < count_; ++i)
      if (dtype(i) != dtype(0)) {
        refuse_dtype("operands of one dtype");
        return false;
      }
    return true;
  }
  /// The shape of an elementwise op under NumPy's broadcasting; refused where there is none. Sets the output.
  constexpr void elementwise() {
    if (!same_dtypes()) return;
    elementwise(dtype(0));
  }
  constexpr void elementwise(ambit::dtype result) {
    ambit::shape s = shape(0);
    for (int i = 1; i < count_; ++i)
      if (!broadcast(s, shape(i))) return refuse_shape("shapes that broadcast: equal extents, or 1, counted from the last");
    output(s, result);
  }
  /// As `elementwise`, and the dtype must be floating.
  constexpr void elementwise_floating() {
    if (!is_floating(dtype(0))) return refuse_dtype("a floating dtype");
    elementwise();
  }
  /// As `elementwise`, and the dtype must be a number's.
  constexpr void elementwise_numeric() {
    if (dtype(0) == ambit::dtype::boolean || dtype(0) == ambit::dtype::string) return refuse_dtype("a numeric dtype");
    elementwise();
  }

 private:
  static constexpr bool broadcast(ambit::shape& a, ambit::shape const& b) {
    if (a == b) return true;
    if (!a.known() || !b.known()) {
      a = unknown_shape;
      return true;
    }
    ambit::shape out;
    int const rank = a.rank() > b.rank() ? a.rank() : b.rank();
    for (int i = 0; i < rank; ++i) {
      int const from_a = i - (rank - a.rank());
      int const from_b = i - (rank - b.rank());
      int const x = from_a < 0 ? 1 : a[from_a];
      int const y = from_b < 0 ? 1 : b[from_b];
      if (x != y && x != 1 && y != 1 && x >= 0 && y >= 0) return false;
      out.push_back(x == 1 ? y : y == 1 ? x : x < 0 ? y : x);
    }
    a = out;
    return true;
  }
  constexpr void refuse(errc code, std::string_view want, bool shapes, bool dtypes) {
    text have;
    for (int i = 0; i < count_; ++i) {
      if (i > 0) have += ", ";
      have += '"';
      have += operand_name(i);
      have += '"';
      if (shapes) {
        have += ' ';
        have += to_text(shape(i));
      }
      if (dtypes) {
        have += ' ';
        have += to_string(dtype(i));
      }
    }
    fail({code, op_name(), want, std::move(have), where_, {}});
  }
  constexpr void fail(failure f) {
    if (tables_ != nullptr) {
      tables_->fail(std::move(f));
    } else if (!failed_) {
      *refusal_ = std::move(f);
      failed_ = true;
    }
  }
  [[nodiscard]] constexpr text op_name() const {
    if (names_ == nullptr) return {};
    return names_->symbols.to_text(op_);
  }
  [[nodiscard]] constexpr text operand_name(int i) const {
    if (names_ == nullptr) return {};
    return names_->tensor_name(given_ != nullptr ? given_[i].node : operands_[i]);
  }

  detail::tables* tables_ = nullptr;
  failure* refusal_ = nullptr;
  bool failed_ = false;
  detail::tables const* names_;
  detail::symbol op_;
  place where_{};
  int const* operands_ = nullptr;
  operand_facts const* given_ = nullptr;
  int count_;
  ambit::shape shape_ = unknown_shape;
  ambit::dtype dtype_ = ambit::dtype::none;
};

namespace detail {

/// Attributes go into 64-bit slots of the node by visitation; std::bit_cast of the whole struct fails on padding.
class slot_writer {
 public:
  constexpr explicit slot_writer(list<std::uint64_t>& slots) : slots_(slots) {}
  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  constexpr void operator()(T const& value) {
    if constexpr (std::floating_point<T>)
      slots_.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(value)));
    else
      slots_.push_back(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  }
  constexpr void operator()(axes const& value) {
    slots_.push_back(static_cast<std::uint64_t>(value.size()));
    for (int i = 0; i < value.size(); ++i) (*this)(value[i]);
  }
  constexpr void operator()(shape const& value) {
    slots_.push_back(static_cast<std::uint64_t>(static_cast<std::int64_t>(value.rank())));
    for (int i = 0; i < value.rank(); ++i) (*this)(value[i]);
  }

 private:
  list<std::uint64_t>& slots_;
};

/// Reads back what `slot_writer` wrote.
class slot_reader {
 public:
  constexpr explicit slot_reader(std::uint64_t const* slots) : slots_(slots) {}
  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  constexpr void operator()(T& value) {
    if constexpr (std::floating_point<T>)
      value = static_cast<T>(std::bit_cast<double>(*slots_++));
    else
      value = static_cast<T>(static_cast<std::int64_t>(*slots_++));
  }
  constexpr void operator()(axes& value) {
    value = {};
    for (int n = next(); n > 0; --n) value.push_back(next());
  }
  constexpr void operator()(shape& value) {
    int n = next();
    value = n < 0 ? unknown_shape : shape{};
    for (; n > 0; --n) value.push_back(next());
  }

 private:
  constexpr int next() { return static_cast<int>(static_cast<std::int64_t>(*slots_++)); }
  std::uint64_t const* slots_;
};

template <class Op>
concept has_attributes = requires(Op op, slot_writer& w) { op.attributes(w); };

/// The struct of a node, attributes filled in.
template <class Op>
[[nodiscard]] constexpr Op restore_op(std::uint64_t const* slots) {
  Op op{};
  if constexpr (has_attributes<Op>) {
    slot_reader reader(slots);
    op.attributes(reader);
  }
  return op;
}

}  // namespace detail

/// The type of an op with what its struct says beside its name.
template <class Op>
inline constexpr op_type type_of = [] {
  op_type t = Op::type;
  if constexpr (requires { Op::elementwise; }) t.elementwise = Op::elementwise;
  if constexpr (requires { Op::view; }) t.view = Op::view;
  if constexpr (requires { Op::takes_epilogue; }) t.takes_epilogue = Op::takes_epilogue;
  if constexpr (requires { Op::updates; }) t.updates = Op::updates;
  if constexpr (requires { Op::weights; }) {
    t.weights = Op::weights;
    t.weight = [](std::uint64_t const* slots, int which, shape const* operands, shape const& output) {
      return detail::restore_op<Op>(slots).weight(which, operands, output);
    };
  }
  if constexpr (requires(Op op, shape const& s) { op.batchwise(s); })
    t.batchwise = [](std::uint64_t const* slots, shape const& output) {
      return detail::restore_op<Op>(slots).batchwise(output);
    };
  if constexpr (requires(Op op) { op.tiling(); })
    t.tiling = [](std::uint64_t const* slots) { return detail::restore_op<Op>(slots).tiling(); };
  if constexpr (requires(Op op, shape const* operands) { op.scratch(operands, *operands); })
    t.scratch = [](std::uint64_t const* slots, shape const* operands, shape const& output) {
      return detail::restore_op<Op>(slots).scratch(operands, output);
    };
  return t;
}();

/// An op, built in or a user's.
template <class Op>
concept op_struct = requires(Op op, inference& i) {
  { Op::type.id } -> std::convertible_to<op_id>;
  { Op::default_name } -> std::convertible_to<std::string_view>;
  op.infer(i);
};

}  // namespace ambit
