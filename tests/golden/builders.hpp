// SPDX-License-Identifier: BSL-1.0
// Builders whose names are golden: NAME.txt lists every node and every variable of each, in order. The names are those
// that TensorFlow gives (SPEC), the same from each compiler, in the program and in the compiled table.
#pragma once

#include <ambit/core.hpp>
#include <ambit/init/regularizers.hpp>
#include <ambit/ops.hpp>

namespace golden {

using namespace ambit;

constexpr tensor dense(graph& g, name scope, tensor x, int units) {
  variable_scope layer{g, scope};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units}, {.initializer = glorot_uniform()});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

/// The first page of the documentation.
inline constexpr auto digits = [](graph& g) {
  tensor pixels = placeholder(g, "pixels", {1, 64});
  variable_scope model{g, "model"};
  tensor hidden = relu(dense(g, "fc1", pixels, 32));
  return softmax(dense(g, "fc2", hidden, 10), "probabilities");
};

/// Layers made in a loop, by a function object with parameters.
struct layers {
  int count;
  constexpr tensor operator()(graph& g) const {
    tensor x = placeholder(g, "x", {1, 4});
    variable_scope model{g, "model"};
    for (int i = 0; i < count; ++i) x = relu(dense(g, name{"layer_", i}, x, 4));
    return x;
  }
};
inline constexpr layers loop{12};

/// Blocks whose input is added to their output.
inline constexpr auto residual = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  for (int i = 0; i < 3; ++i) {
    variable_scope block{g, name{"block", i}};
    tensor inner = relu(dense(g, "first", x, 4));
    x = x + dense(g, "second", inner, 4);
  }
  return identity(x, "output");
};

/// One tower for two inputs, and a scope entered again in each way.
inline constexpr auto shared = [](graph& g) {
  tensor left = placeholder(g, "left", {1, 4});
  tensor right = placeholder(g, "right", {1, 4});
  auto tower = [&g](tensor x) {
    variable_scope scope{g, "tower", {.reuse = reuse::automatic}};
    return tensor(tanh(dense(g, "fc", x, 3)));
  };
  tensor a = tower(left);
  tensor b = tower(right);

  scope head;
  {
    variable_scope first{g, "head"};
    get_variable(g, "scale", {3});
    head = first.scope();
  }
  variable_scope again{g, head, {.reuse = reuse::yes}};
  tensor by_object = (a - b) * get_variable(g, "scale");
  again.close();
  variable_scope same{g, absolute{"head"}, {.reuse = reuse::yes}};
  return by_object * get_variable(g, "scale");
};

/// Operands that are expressions are recorded from left to right, operators and functions compete for names.
inline constexpr auto expressions = [](graph& g) {
  tensor x = placeholder(g, "x", {2, 2});
  tensor y = placeholder(g, "y", {2, 2});
  tensor z = matmul(relu(x) + 1, matmul(x, y)) * add(relu(y), 2.f) - relu(x * y);
  name_scope inner{g, "inner"};
  tensor u = add(z, z) + z / 2;
  return reduce_sum(concat({u, multiply(u, u, "squared"), -u}, 1), 0);
};

/// Names that are taken, that differ in case, that are absolute.
inline constexpr auto taken_names = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  tensor a = identity(x, "foo");
  tensor b = identity(a, "Foo");
  tensor c = identity(b, "FOO_1");
  {
    name_scope first{g, "scope"};
    c = identity(c, "foo");
  }
  text path;
  {
    name_scope second{g, "scope"};
    path = second.path();
    c = identity(c, "foo");
    name_scope root{g};
    c = identity(c, "foo");
  }
  name_scope back{g, name(path)};
  return identity(identity(c, "foo"), "verbatim/");
};

/// Both kinds of scope, default names, and variables of both kinds.
inline constexpr auto scopes = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  tensor sum = x;
  for (int i = 0; i < 2; ++i) {
    variable_scope outer{g, "outer", {.reuse = reuse::automatic}};
    name_scope names{g, "names"};
    tensor shared_weight = get_variable(g, "shared", {2});
    tensor own = variable(g, literal{1.f, 2.f}, "own");
    for (int k = 0; k < 2; ++k) {
      variable_scope numbered{g, default_name{"numbered"}};
      sum = sum + get_variable(g, "w", {2}) * own;
    }
    variable_scope unnamed{g, "unnamed", {.auxiliary_name_scope = false}};
    sum = add(sum, shared_weight, "sum");
  }
  return sum;
};

/// A getter that renames, below one that answers with a derived tensor.
inline constexpr auto getters = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  auto averaged = [](auto& next, variable_request r) { return tensor(identity(next(r), "average")); };
  auto frozen = [](auto& next, variable_request r) {
    r.name += "_frozen";
    r.trainable = false;
    return next(r);
  };
  variable_scope outer{g, "outer", {.custom_getter = averaged}};
  tensor hidden = dense(g, "fc1", x, 4);
  variable_scope inner{g, "inner", {.custom_getter = frozen}};
  return dense(g, "fc2", hidden, 2);
};

/// Variables in parts, used as a whole.
inline constexpr auto partitioned = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 6});
  variable_scope model{g, "model", {.partitioner = fixed_size_partitioner(3)}};
  tensor hidden = dense(g, "fc1", x, 4);
  variable_scope columns{g, "columns", {.partitioner = fixed_size_partitioner(2, 0)}};
  return dense(g, "fc2", hidden, 1);
};

/// Templates: variables of the first call, name scopes of every call.
inline constexpr auto templates = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  auto layer = make_template(g, "layer", [&g](tensor input) -> tensor { return relu(dense(g, "fc", input, 4)); });
  auto other = make_template(g, "layer", [&g](tensor input) -> tensor { return dense(g, "fc", input, 4); });
  auto now = make_template(g, "now", [&g](tensor input) -> tensor { return input * get_variable(g, "scale", {4}); },
                           {.create_scope_now = true});
  return now(other(now(layer(layer(x)))));
};

/// Regularizers, local variables and collections of one's own.
inline constexpr auto regularized = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  variable_scope model{g, "model", {.regularizer = l2(0.01)}};
  tensor y = dense(g, "fc1", x, 3);
  tensor count =
      get_local_variable(g, "count", {3}, {.initializer = zeros_initializer(), .regularizer = no_regularizer()});
  tensor mean = get_variable(g, "mean", {3}, {.regularizer = no_regularizer(), .trainable = false});
  return (y - mean) / (count + 1);
};

/// State, and the names of ops that change it.
inline constexpr auto state = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  variable_scope smoother{g, "smoother"};
  tensor average = get_variable(g, "average", {2}, {.initializer = zeros_initializer(), .trainable = false});
  tensor next = average * 0.9f + x * 0.1f;
  tensor stored = assign(average, next);
  tensor counted = assign_add(get_variable(g, "steps", {.initializer = 0, .trainable = false}), 1, "step");
  return std::pair(stored, counted);
};

/// Creators rename what is made, not what is looked up.
inline constexpr auto creators = [](graph& g) {
  tensor x = placeholder(g, "x", {2});
  auto prefixed = [](auto& next, creation_request r) {
    text renamed{"device0/"};
    renamed += r.name;
    r.name = renamed;
    return next(r);
  };
  variable_creator_scope c{g, prefixed};
  variable_scope s{g, "s", {.reuse = reuse::automatic}};
  tensor w = get_variable(g, "w", {2});
  tensor v = variable(g, literal{1.f, 1.f}, "v");
  return x * w + get_variable(g, "w") * v;
};

}  // namespace golden
