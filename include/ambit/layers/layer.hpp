// SPDX-License-Identifier: BSL-1.0
// What layers have in common. A layer is a function that opens a variable scope, gets variables in it and records ops:
//
//   tensor y = layers::dense(g, "fc1", x, 32);  // the scope "fc1"; entered a second time it is the same scope
//   tensor z = layers::dense(g, y, 10);         // "dense", then "dense_1": variable_scope with a default name
//
// as tf.layers does. Its variables have the dtype of its input.
//
// Layers, and functions of ops that record at once, are templates of a type that is always `tensor`: what their bodies
// do depends on it, so that compilers instantiate the ops of a layer where it is called and not in each file that
// includes it. That was 0.2 s of a file.
#pragma once

#include <ambit/graph/get_variable.hpp>
#include <ambit/graph/variable_scope.hpp>
#include <ambit/init/initializers.hpp>
#include <ambit/ops/expression.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace ambit::layers::detail {

/// Where a layer of a default name was written.
class call {
 public:
  constexpr call(char const* file = __builtin_FILE(), int line = __builtin_LINE()) : where_{file, line} {}
  [[nodiscard]] constexpr place where() const { return where_; }

 private:
  place where_;
};

/// The scope of a layer while it is built, and the line of the call, which errors name.
class scope {
 public:
  constexpr scope(graph& g, name n, std::string_view default_name, tensor x, ambit::reuse sharing)
      : scope(g, n, n.where(), default_name, x, sharing) {}
  constexpr scope(graph& g, call from, std::string_view default_name, tensor x, ambit::reuse sharing)
      : scope(g, {}, from.where(), default_name, x, sharing) {}

  [[nodiscard]] constexpr graph& owner() const { return graph_; }
  [[nodiscard]] constexpr place where() const { return where_; }
  [[nodiscard]] constexpr ambit::dtype dtype() const { return dtype_; }
  /// A name of the layer's own, with the line of the call. The text is static.
  [[nodiscard]] constexpr name called(std::string_view leaf) const { return name::of_static(leaf, where_); }
  template <std::size_t N>
  [[nodiscard]] constexpr name called(char const (&leaf)[N], int index) const {
    return {leaf, index, where_.file, where_.line};
  }

  constexpr tensor variable(name n, shape s, initializer const& first, regularizer const& penalty = {},
                            option trainable = {}) {
    return get_variable(graph_, n, s,
                        {.dtype = dtype_, .initializer = first, .regularizer = penalty, .trainable = trainable});
  }
  template <std::size_t N>
  constexpr tensor variable(char const (&leaf)[N], shape s, initializer const& first, regularizer const& penalty = {},
                            option trainable = {}) {
    return variable(name(leaf, where_.file, where_.line), s, first, penalty, trainable);
  }
  /// A state of a streaming layer: zero at first, neither trained nor saved.
  constexpr tensor state(name n, shape s, ambit::dtype type) {
    return get_local_variable(graph_, n, s,
                              {.dtype = type, .initializer = zeros_initializer(), .regularizer = no_regularizer()});
  }
  template <ambit::detail::unrecorded Expression>
  constexpr tensor record(Expression&& e) const {
    return {std::forward<Expression>(e), where_.file, where_.line};
  }
  /// An attribute of the layer cannot work.
  constexpr tensor refuse(text have, std::string_view want) const {
    if (graph_.begin()) {
      tables_of(graph_).fail({errc::op_attribute, graph_.current_name_scope(), want, std::move(have), where_, {}});
      graph_.settle();
    }
    return {graph_, -1};
  }

 private:
  constexpr scope(graph& g, name n, place where, std::string_view default_name, tensor x, ambit::reuse sharing)
      : graph_(g), where_(where), dtype_(x.dtype()),
        scope_(g, n, {.default_name = name::of_static(default_name, where), .reuse = sharing}) {
    if (x.graph() != nullptr || !g.begin()) return;
    tables_of(g).fail({errc::empty_tensor, g.current_name_scope(), {}, {}, where, {}});
    g.settle();
  }

  graph& graph_;
  place where_;
  ambit::dtype dtype_;
  variable_scope scope_;
};

constexpr text numbered(std::string_view what, int value) {
  text out{what};
  out.append(value);
  return out;
}

}  // namespace ambit::layers::detail
