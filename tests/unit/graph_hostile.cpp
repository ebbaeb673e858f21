// SPDX-License-Identifier: BSL-1.0
// What a graph must survive: names of a megabyte, with zero bytes, non-ASCII; tensors of other graphs; guards that die in any
// order, also after their graph; exceptions from the user's functions inside nested scopes.
#include "error_of.hpp"
#include <ambit/core.hpp>
#include <ambit/export/summary.hpp>
#include <ambit/graph/registry.hpp>
#include <ambit/init/regularizers.hpp>
#include <ambit/ops.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

using namespace ambit;

namespace {

template <class Body>
errc code_of(Body body) {
  return error_of(body).code();
}

/// Nothing is open, and what is made next is made at the root.
void check_at_root(graph& g) {
  BOOST_TEST(g.current_name_scope().empty());
  BOOST_TEST(g.current_scope().name().empty());
  BOOST_TEST((tables_of(g).creators == nullptr && tables_of(g).guards == nullptr));
  BOOST_TEST(!g.failed());
  BOOST_TEST(get_variable(g, "made_afterwards", {1}).name().view() == "made_afterwards:0");
}

struct thrown {};

struct throwing_regularizer final : regularizer_kind {
  [[nodiscard]] tensor penalty(graph& g, tensor v, regularizer_parameters const&) const override {
    name_scope inside{g, "inside"};
    (void)tensor(v + v);
    throw thrown{};
  }
  constexpr ~throwing_regularizer() = default;
};
constexpr throwing_regularizer throws_when_asked{};
struct foreign_regularizer final : regularizer_kind {
  explicit foreign_regularizer(tensor t) : loss(t) {}
  [[nodiscard]] tensor penalty(graph&, tensor, regularizer_parameters const&) const override { return loss; }
  constexpr ~foreign_regularizer() = default;
  tensor loss;
};
partition throwing_partition(shape const&, dtype, partitioner_parameters const&) { throw thrown{}; }

std::string const megabyte(std::size_t{1} << 20U, 'x');

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_hostile)

BOOST_AUTO_TEST_CASE(a_megabyte_of_letters) {
  graph g;
  variable_scope scope{g, megabyte};
  tensor const v = get_variable(g, megabyte, {2});
  std::string const path = megabyte + '/' + megabyte;
  BOOST_TEST((v.name() == path + ":0"));
  BOOST_TEST((g.find(path) == v));
  BOOST_TEST((existing_variable(g, path + ":0") == v));
  BOOST_TEST(variables(g, {.scope = megabyte}).size() == 1);
  BOOST_TEST(count_variables(g, {.prefix = path}).elements == 2);
  BOOST_TEST((variable(g, 1.f, megabyte).name() == path + "_1:0"));
  BOOST_TEST((placeholder(g, megabyte, {1}).name() == path + "_2:0"));
  BOOST_TEST((tensor(add(v, v, megabyte)).name() == path + "_3:0"));
  g.add_to_collection(megabyte, v);
  BOOST_TEST(g.get_collection(megabyte).size() == 1);
  BOOST_TEST(summary(g).size() > path.size());
  scope_error const again = error_of([&] { get_variable(g, megabyte, {2}); });
  BOOST_TEST((again.name() == path));
  BOOST_TEST(std::string_view(again.what()).size() > path.size());
  BOOST_TEST((code_of([&] { (void)existing_variable(g, megabyte); }) == errc::variable_unknown));
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_slashes) {
  std::string deep;
  for (int i = 0; i < 1 << 19; ++i) deep += "a/";
  deep.pop_back();
  graph g;
  {
    variable_scope scope{g, deep};
    BOOST_TEST((scope.name() == deep));
    tensor const v = get_variable(g, "v", {2});
    BOOST_TEST((v.name() == deep + "/v:0"));
    BOOST_TEST((g.find(deep + "/v") == v));
    BOOST_TEST(variables(g, {.scope = "a/a/a"}).size() == 1);
    variable_scope below{g, default_name{"b"}};
    BOOST_TEST((below.name() == deep + "/b"));
  }
  for (std::string const& slashes : {std::string("/"), std::string("//"), std::string(1U << 20U, '/')}) {
    graph other;  // refused or not, as TensorFlow does; what counts is that nothing breaks
    try {
      name_scope scope{other, slashes};
    } catch (scope_error const&) {
    }
    try {
      variable_scope scope{other, slashes};
      get_variable(other, slashes, {1});
    } catch (scope_error const&) {
    }
    check_at_root(other);
  }
}

BOOST_AUTO_TEST_CASE(names_that_are_no_names) {
  for (std::string const& bad :
       {std::string("a\0b", 3), std::string("\0", 1), std::string("\xc3\xa9t\xc3\xa9"), std::string("\xff"),
        std::string("a b"), std::string("a:0"), std::string("\r\n"), std::string("a\\b"), std::string("%s%n")}) {
    graph g;
    BOOST_TEST((code_of([&] { variable_scope scope{g, bad}; }) == errc::bad_scope_name));
    BOOST_TEST((code_of([&] { variable_scope scope{g, default_name{bad}}; }) == errc::bad_scope_name));
    BOOST_TEST((code_of([&] { name_scope scope{g, bad + "/"}; }) == errc::bad_scope_name));
    scope_error const refused = error_of([&] { get_variable(g, bad, {2}); });
    BOOST_TEST((refused.code() == errc::bad_scope_name));
    BOOST_TEST(refused.name() == bad);
    BOOST_TEST((code_of([&] { variable(g, 1.f, bad); }) == errc::bad_scope_name));
    BOOST_TEST((code_of([&] { placeholder(g, bad, {1}); }) == errc::bad_scope_name));
    BOOST_TEST((code_of([&] { constant(g, 1.f, bad); }) == errc::bad_op_name));
    BOOST_TEST(!g.find(bad).valid());
    BOOST_TEST(!g.find_variable(bad).valid());
    BOOST_TEST(variables(g, {.scope = bad}).empty());
    BOOST_TEST((code_of([&] { (void)existing_variable(g, bad); }) == errc::variable_unknown));
    BOOST_TEST(count_variables(g).variables == 0);
    check_at_root(g);
  }
}

BOOST_AUTO_TEST_CASE(collections_and_devices_are_any_text) {
  graph g;
  std::string const key("\0\xff/ ", 4);
  g.add_to_collection(key, get_variable(g, "v", {1}, {.caching_device = key}));
  BOOST_TEST(g.get_collection(key).size() == 1);
  BOOST_TEST(g.get_collection(std::string_view(key).substr(0, 1)).empty());
  BOOST_TEST((g.variable(g.find("v")).caching_device == key));
}

BOOST_AUTO_TEST_CASE(tensors_of_another_graph) {
  graph g;
  tensor const mine = get_variable(g, "mine", {2});
  auto other = std::make_unique<graph>();
  for (int i = 0; i < 100; ++i) constant(*other, 1.f);
  tensor const constant_of_other = constant(*other, 1.f, "c");
  tensor const yours = get_variable(*other, "yours", {2});
  auto refused = [&](std::function<void()> const& body) { return code_of(body) == errc::wrong_graph; };
  BOOST_TEST(refused([&] { (void)tensor(mine + yours); }));
  BOOST_TEST(refused([&] { (void)tensor(concat({mine, yours}, 0)); }));
  BOOST_TEST(refused([&] { (void)assign(mine, yours); }));
  BOOST_TEST(refused([&] { name_scope scope{g, "s", {.values = {yours}}}; }));
  BOOST_TEST(refused([&] { variable_scope scope{g, "s", {.values = {yours}}}; }));
  BOOST_TEST(refused([&] { variable(g, yours, "copy"); }));
  BOOST_TEST(refused([&] { variable(g, constant_of_other, "copy"); }));
  BOOST_TEST(refused([&] { get_variable(g, "copy", {.initializer = constant_of_other}); }));
  {
    variable_creator_scope creator{g, [&](auto&, creation_request) { return yours; }};
    BOOST_TEST(refused([&] { get_variable(g, "copy", {2}); }));
  }
  BOOST_TEST(count_variables(g).variables == 1);
  foreign_regularizer const foreign(constant_of_other);
  BOOST_TEST(refused([&] { get_variable(g, "regularized", {2}, {.regularizer = foreign}); }));
  BOOST_TEST(g.get_collection(collections::regularization_losses).size() == 0);
  other.reset();
  check_at_root(g);
}

BOOST_AUTO_TEST_CASE(tensors_of_no_graph) {
  graph g;
  tensor const none;
  BOOST_TEST(none.name().empty());
  BOOST_TEST(none.parts().empty());
  BOOST_TEST((code_of([&] { (void)tensor(none + none); }) == errc::empty_tensor));
  BOOST_TEST((code_of([&] { g.add_to_collection("c", none); }) == errc::empty_tensor));
  BOOST_TEST((code_of([&] { variable(g, none, "v"); }) == errc::no_initial_value));
  check_at_root(g);
}

// Three kinds of guards, destroyed in each of their orders, before or after the graph.
BOOST_AUTO_TEST_CASE(guards_die_in_every_order) {
  for (bool graph_first : {false, true}) {
    std::array<int, 4> order{0, 1, 2, 3};
    do {
      auto g = std::make_unique<graph>();
      auto creator = [](auto& next, creation_request r) { return next(std::move(r)); };
      auto a = std::make_unique<variable_scope>(*g, "a");
      auto b = std::make_unique<name_scope>(*g, "b");
      auto c = std::make_unique<variable_creator_scope<decltype(creator)>>(*g, creator);
      auto d = std::make_unique<variable_scope>(*g, default_name{"d"});
      if (graph_first) g.reset();
      for (int which : order) {
        if (which == 0) a.reset();
        if (which == 1) b.reset();
        if (which == 2) c.reset();
        if (which == 3) d.reset();
      }
      if (graph_first) continue;
      BOOST_TEST((tables_of(*g).guards == nullptr && tables_of(*g).creators == nullptr));
      if (order == std::array<int, 4>{3, 2, 1, 0}) {
        check_at_root(*g);
        continue;
      }
      BOOST_TEST((code_of([&] { get_variable(*g, "v", {1}); }) == errc::improper_nesting));
      BOOST_TEST(get_variable(*g, "w", {1}).valid());  // said once, and the graph goes on
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

BOOST_AUTO_TEST_CASE(exceptions_unwind_from_any_depth) {
  graph g;
  std::function<void(int)> const nest = [&](int depth) {
    variable_scope a{g, name{"a", depth}};
    name_scope b{g, "b"};
    variable_scope c{g, default_name{"c"}, {.reuse = reuse::inherit, .dtype = dtype::f64}};
    variable_creator_scope creator{g, [](auto& next, creation_request r) { return next(std::move(r)); }};
    variable_scope again{g, a.scope()};
    get_variable(g, "v", {1});
    if (depth == 0) throw thrown{};
    nest(depth - 1);
  };
  for (int i = 0; i < 3; ++i) BOOST_CHECK_THROW(nest(40 + i), thrown);
  check_at_root(g);
  variable_scope c{g, default_name{"c"}};
  BOOST_TEST(c.name().view() == "c");  // its counter was left where it should be
}

BOOST_AUTO_TEST_CASE(exceptions_of_the_users_functions) {
  graph g;
  auto throws = [](auto&, variable_request) -> tensor { throw thrown{}; };
  {
    variable_scope outer{g, "outer", {.reuse = reuse::automatic}};
    name_scope names{g, "names"};
    std::string const inside(g.current_name_scope().view());
    auto check = [&](char const* what, variable_options const& o) {
      BOOST_TEST_MESSAGE(what);
      BOOST_CHECK_THROW(get_variable(g, "v", {4}, o), thrown);
      BOOST_TEST(g.current_name_scope().view() == inside);
      BOOST_TEST(g.current_scope().name().view() == "outer");
    };
    check("getter", {.custom_getter = throws});
    check("partitioner", {.partitioner = partitioner(&throwing_partition)});
    {
      variable_creator_scope creator{g, throws};
      check("creator", {});
    }
    BOOST_TEST(!g.find_variable("outer/v").valid());
    BOOST_CHECK_THROW(get_variable(g, "regularized", {4}, {.regularizer = throws_when_asked}), thrown);
    BOOST_TEST(g.current_name_scope().view() == inside);
    auto model = make_template(g, "model", [&] {
      get_variable(g, "w", {1});
      name_scope deeper{g, "deeper"};
      throw thrown{};
    });
    for (int i = 0; i < 2; ++i) BOOST_CHECK_THROW(model(), thrown);
    BOOST_TEST(g.current_name_scope().view() == inside);
    BOOST_TEST(get_variable(g, "v", {4}).name().view() == "outer/v:0");
  }
  check_at_root(g);
}

BOOST_AUTO_TEST_SUITE_END()
