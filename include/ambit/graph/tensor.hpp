// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/name.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/core/text.hpp>

#include <type_traits>
#include <utility>

namespace ambit {

class graph;

namespace detail {
/// What an op on tensors returns; see ops/expression.hpp. It becomes a tensor when it is recorded.
template <class T>
concept unrecorded = requires { typename std::remove_cvref_t<T>::is_ambit_expression; };

template <class>
inline constexpr bool always_false = false;
}  // namespace detail

/// A handle of two words to a value in a graph: the output of an op, a variable, a placeholder. Copy it freely; it is
/// good as long as its graph lives. A default-constructed tensor belongs to no graph.
class tensor {
 public:
  constexpr tensor() = default;
  constexpr tensor(ambit::graph& owner, int id) : graph_(&owner), id_(id) {}

  /// Records an expression: its ops enter the graph in one left-to-right walk. The line is for messages: it is where the
  /// expression became a tensor, which g++ 11 and 12 do not show in their traces.
  template <detail::unrecorded Expression>
    requires(!std::is_lvalue_reference_v<Expression>)
  constexpr tensor(Expression&& expression, char const* file = __builtin_FILE(), int line = __builtin_LINE())
      : tensor(std::move(expression).record({file, line})) {}

  template <detail::unrecorded Expression>
  constexpr tensor(Expression&) {
    static_assert(detail::always_false<Expression>,
                  "ambit: an expression is recorded once, where it is written: store it as a tensor, "
                  "`tensor e = a + b;` instead of `auto e = a + b;`");
  }

  /// Stands for a node of a graph. Calls on a graph that keeps its errors return tensors that are not valid after one.
  [[nodiscard]] constexpr bool valid() const { return graph_ != nullptr && id_ >= 0; }
  [[nodiscard]] constexpr ambit::graph* graph() const { return graph_; }
  /// The number of its node in the graph.
  [[nodiscard]] constexpr int id() const { return id_; }

  /// Its extents, outermost first; unknown for a tensor of no graph.
  [[nodiscard]] constexpr ambit::shape shape() const;
  [[nodiscard]] constexpr ambit::dtype dtype() const;
  /// As TensorFlow prints it: "model/fc1/kernel:0"; "model/init" for an op without output, "model/w" for a partitioned
  /// variable.
  [[nodiscard]] constexpr text name() const;
  /// "MatMul", "VariableV2", ...
  [[nodiscard]] constexpr std::string_view op() const;
  /// Made by get_variable or `variable` (and not computed from one).
  [[nodiscard]] constexpr bool is_variable() const;
  /// A partitioned variable; `parts` are its variables in the order of their offsets.
  [[nodiscard]] constexpr bool is_partitioned() const;
  [[nodiscard]] constexpr list<tensor> parts() const;

  /// The same value of the same graph.
  friend constexpr bool operator==(tensor const&, tensor const&) = default;

 private:
  ambit::graph* graph_ = nullptr;
  int id_ = -1;
};

}  // namespace ambit
