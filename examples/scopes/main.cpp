// SPDX-License-Identifier: BSL-1.0
// The programs by which the two kinds of scope of TensorFlow 1 are usually explained, as C++. Each prints the names that
// TensorFlow prints; scopes.expected holds them, and a test compares.
#include <ambit/core.hpp>
#include <ambit/ops.hpp>

#include <iostream>
#include <string>
#include <string_view>

namespace {

using namespace ambit;

void title(std::string_view text) { std::cout << '\n' << text << '\n'; }
void show(std::string_view what, tensor t) { std::cout << "  " << what << ": " << t.name() << '\n'; }
void show(std::string_view what, scope const& s) {
  std::cout << "  " << what << ": variables \"" << s.name() << "\", ops \"" << s.original_name_scope() << "\"\n";
}
void show(std::string_view what, list<tensor> const& tensors) {
  std::cout << "  " << what << ":";
  for (tensor const& t : tensors) std::cout << ' ' << t.name();
  std::cout << '\n';
}
// The message names the user's files as the compiler was given them; without their folder it is the same everywhere.
void show(scope_error const& error) {
  std::string message = error.what();
  std::string const folder = std::string(AMBIT_PROGRAM_DIR) + '/';
  for (std::size_t at; (at = message.find(folder)) != std::string::npos;) message.erase(at, folder.size());
  std::cout << "  refused: " << message << '\n';
}

// ---- name scope against variable scope

// The same program through either kind of scope: they differ in `b`, which get_variable makes.
template <class Scope>
void make_some(graph& g, name outer) {
  Scope outside{g, outer};
  tensor a = variable(g, 1, "a");
  tensor b = get_variable(g, "b", {.initializer = 2});
  tensor c = constant(g, 3, "c");
  Scope inside{g, "res"};
  tensor m = a * b;
  tensor d = add(m, c, "res");
  show("variable", a);
  show("get_variable", b);
  show("constant", c);
  show("product", m);
  show("sum", d);
}

void two_kinds_of_scope() {
  graph g;
  title("In a variable scope: everything is prefixed");
  make_some<variable_scope>(g, "scope_vars");
  title("In a name scope: get_variable is not");
  make_some<name_scope>(g, "scope_name");
  show("all variables", g.global_variables());
}

void one_name_for_both_kinds() {
  title("A name scope, then a variable scope of the same name: the ops of the second move on, its variables do not");
  graph g;
  auto make = [&g] {
    tensor v1 = get_variable(g, "var1", {1});
    tensor v2 = variable(g, 1.0f, "var2");
    tensor a = add(v1, v2);
    show("get_variable", v1);
    show("variable", v2);
    show("sum", a);
  };
  {
    name_scope names{g, "my_scope"};
    make();
  }
  {
    variable_scope names{g, "my_scope"};
    make();
  }
}

void ops_in_name_scopes() {
  title("Name scopes tell layers apart");
  graph g;
  tensor sum, product;
  {
    name_scope layer{g, "layer1"};
    tensor a = constant(g, 1.0f, "input_a");
    tensor b = constant(g, 2.0f, "input_b");
    sum = add(a, b, "sum_ab");
  }
  {
    name_scope layer{g, "layer2"};
    tensor d = constant(g, 3.0f, "input_d");
    product = multiply(sum, d, "mult_cd");
  }
  show("sum", sum);
  show("product", product);
}

// ---- sharing

void sharing_across_name_scopes() {
  title("One variable, used under two name scopes");
  graph g;
  tensor first, second;
  {
    name_scope names{g, "foo"};
    variable_scope vars{g, "var_scope"};
    first = get_variable(g, "var", {1});
  }
  {
    name_scope names{g, "bar"};
    variable_scope vars{g, "var_scope", {.reuse = reuse::yes}};
    second = get_variable(g, "var", {1});
  }
  show("under foo", first);
  show("under bar", second);
  std::cout << "  the same variable: " << (first == second ? "yes" : "no") << '\n';
}

void a_name_scope_is_no_way_out() {
  title("A name scope does not help against \"already exists\"; a variable scope does, and so does reuse_variables");
  graph g;
  show("first", get_variable(g, "v", {1}));
  try {
    name_scope names{g, "other"};
    get_variable(g, "v", {1});
  } catch (scope_error const& error) {
    show(error);
  }
  {
    variable_scope vars{g, "other"};
    show("in another variable scope", get_variable(g, "v", {1}));
  }
  g.current_scope().reuse_variables();
  show("shared", get_variable(g, "v", {1}));
}

void variables_that_are_never_shared() {
  title("`variable` makes a new one each time");
  graph g;
  show("first", variable(g, 1.0f, "v"));
  show("second", variable(g, 1.0f, "v"));
}

// ---- a layer with and without reuse

tensor dense(graph& g, tensor x, reuse sharing) {
  variable_scope layer{g, "dense", {.reuse = sharing}};
  tensor weights = get_variable(g, "weights", {10, 5}, {.initializer = random_normal()});
  tensor bias = get_variable(g, "bias", {5}, {.initializer = zeros_initializer()});
  tensor product = matmul(x, weights);
  tensor sum = product + bias;
  show("weights", weights);
  show("product", product);
  show("sum", sum);
  return sum;
}

void the_dense_layer() {
  graph g;
  tensor x1 = placeholder(g, {}, {1, 10});
  tensor x2 = placeholder(g, {}, {1, 10});
  title("The dense layer, without reuse");
  dense(g, x1, reuse::no);
  title("Again, with reuse: the same variables, other ops");
  dense(g, x2, reuse::yes);
  title("Again, without: an error, never a second variable");
  try {
    dense(g, x2, reuse::no);
  } catch (scope_error const& error) {
    show(error);
  }
  title("Reuse of what does not exist: an error too, with an initializer or without");
  try {
    variable_scope layer{g, "dense", {.reuse = reuse::yes}};
    get_variable(g, "not_there", {3}, {.initializer = zeros_initializer()});
  } catch (scope_error const& error) {
    show(error);
  }
  show("all variables", g.trainable_variables());
}

void a_block_read_as_nested() {
  title("The second block inside the first is another scope");
  graph g;
  variable_scope outer{g, "scope2"};
  show("created", get_variable(g, "x", {1}, {.initializer = constant_initializer(1)}));
  try {
    variable_scope inner{g, "scope2", {.reuse = reuse::yes}};
    get_variable(g, "x");
  } catch (scope_error const& error) {
    show(error);
  }
}

// ---- hierarchy, with scopes as values

void hierarchy() {
  title("A hierarchy: a scope is a value that can be entered again");
  graph g;
  variable_scope main_scope{g, "main_scope"};
  tensor x = placeholder(g, "x", {1, 10});
  for (int i = 1; i <= 2; ++i) {
    variable_scope sub{g, name{"sub_", i}};
    show("created", get_variable(g, "weights", {10, 5}, {.initializer = random_normal()}));
  }
  scope third;
  {
    variable_scope sub{g, "sub_3"};
    third = sub.scope();
    show("created", get_variable(g, "weights", {10, 2}, {.initializer = random_normal()}));
  }
  show("sub_3", third);
  {
    variable_scope again{g, third, {.reuse = reuse::yes}};
    tensor weights = get_variable(g, "weights", {10, 2});
    show("shared", weights);
    show("used by", tensor(matmul(x, weights)));
  }
  try {
    variable_scope none{g, name{}};
  } catch (scope_error const& error) {
    show(error);
  }
}

// ---- default names, reuse_variables, and foo_1/bar/var2_1

constexpr tensor var2_twice(graph& g) {
  variable_scope foo{g, "foo", {.default_name = "V0"}};  // the default name counts only where there is no name
  name_scope bar{g, "bar"};
  foo.reuse_variables();
  get_variable(g, "var1", {1});
  variable(g, literal({2.0f}), "var2");
  return variable(g, literal({2.0f}), "var2");
}
constexpr bool names_are_the_same_in_the_compiler() {
  graph g;
  get_variable(g, "foo/var1", {1});
  var2_twice(g);
  return var2_twice(g).name() == "foo_1/bar/var2_1:0";
}
static_assert(names_are_the_same_in_the_compiler());

void a_scope_entered_twice() {
  title("reuse_variables, twice: the shared variable stays, the others move on");
  graph g;
  show("shared", get_variable(g, "foo/var1", {1}));
  show("first time, the second var2", var2_twice(g));
  show("second time, the second var2", var2_twice(g));
  show("all variables", g.global_variables());
}

void reuse_needs_the_variable() {
  title("reuse_variables without a variable to share, also in a scope that shared automatically");
  graph g;
  for (reuse sharing : {reuse::inherit, reuse::automatic}) {
    try {
      variable_scope foo{g, "foo", {.reuse = sharing}};
      foo.reuse_variables();
      get_variable(g, "var1", {1});
    } catch (scope_error const& error) {
      show(error);
    }
  }
  variable_scope foo{g, "foo", {.reuse = reuse::automatic}};
  show("reuse::automatic alone creates", get_variable(g, "var1", {1}));
  show("and then shares", get_variable(g, "var1", {1}));
}

void default_names() {
  title("A default name is made unique each time, so such a scope never shares");
  graph g;
  for (int i = 0; i < 3; ++i) {
    variable_scope layer{g, default_name{"V0"}};
    show("scope", layer.scope());
    show("created", get_variable(g, "var1", {1}));
  }
}

}  // namespace

int main() {
  std::cout << "Names as TensorFlow 1 gives them\n";
  two_kinds_of_scope();
  one_name_for_both_kinds();
  ops_in_name_scopes();
  sharing_across_name_scopes();
  a_name_scope_is_no_way_out();
  variables_that_are_never_shared();
  the_dense_layer();
  a_block_read_as_nested();
  hierarchy();
  a_scope_entered_twice();
  reuse_needs_the_variable();
  default_names();
}
