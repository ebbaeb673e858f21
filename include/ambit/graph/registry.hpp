// SPDX-License-Identifier: BSL-1.0
// The variables of a graph as a table: listed, counted and found, in the compiler and in the program.
#pragma once

#include <ambit/core/nearest_names.hpp>
#include <ambit/graph/graph.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

namespace ambit {

/// Which variables: those that all given conditions hold for. `{}` is every one.
struct variable_selection {
  /// A path from the root. Its variables and those of all scopes below it: "model/fc1" selects "model/fc1/kernel" and
  /// "model/fc1/cell/kernel", but not "model/fc10/kernel".
  std::string_view scope{};
  /// What their names begin with, as text: "model/fc1" selects "model/fc10/kernel", too.
  std::string_view prefix{};
  /// The key of a collection. They come in its order then, each once; a tensor of another graph in it is none of these.
  std::string_view collection{};
  /// A partitioned variable as one, "model/table", instead of its parts, "model/table/part_0", ...; a collection holds
  /// the whole where it holds a part.
  bool whole = false;
};

/// How many variables, and how large they are together.
struct variable_totals {
  int variables = 0;
  std::int64_t elements = 0;  ///< the largest number where they are more
  std::int64_t bytes = 0;     ///< the same
  int unsized = 0;            ///< those whose shapes are not fully known, which count no elements

  constexpr bool operator==(variable_totals const&) const = default;
};

namespace detail {

constexpr std::int64_t saturated_product(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return b != 0 && a > most / b ? most : a * b;
}
constexpr std::int64_t saturated_sum(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return a > most - b ? most : a + b;
}

/// For each variable the node of the partitioned variable that it is a part of, or -1.
constexpr list<int> wholes_of(tables const& t) {
  list<int> whole;
  whole.reserve(t.variables.size());
  for (int i = 0; i < t.variables.size(); ++i) whole.push_back(-1);
  if (!t.parts_stored) return whole;
  for (int i = 0; i < t.nodes.size(); ++i) {
    node const& n = t.nodes[i];
    if (n.type->id != op_types::partitioned_variable.id) continue;
    for (int k = 0; k < n.inputs; ++k) {
      int const part = t.nodes[t.inputs[n.first_input + k]].variable;
      if (part >= 0) whole[part] = i;
    }
  }
  return whole;
}

/// The name is below a scope. Compares numbers, not text: equal paths are equal symbols.
constexpr bool lies_below(tables const& t, symbol name, symbol scope) {
  while (name > root_symbol && name != scope) name = t.symbols[name].parent;
  return name == scope;
}

}  // namespace detail

/// The variables of a graph, both get_variable's and `variable`'s, under the names of their ops, which are the keys of
/// weight files. In the order in which they were made, or in a collection's.
/// Complexity: linear in the variables (or the collection's members), times the depth of their names.
[[nodiscard]] constexpr list<tensor> variables(graph& g, variable_selection const& which = {}) {
  detail::tables const& t = tables_of(g);
  list<tensor> out;
  std::string_view scope = which.scope;
  if (scope.ends_with('/')) scope.remove_suffix(1);
  detail::symbol const below = t.symbols.find(scope);
  list<int> const* const collection = which.collection.empty() ? nullptr : t.find_collection(which.collection);
  if (below < 0 || (collection == nullptr && !which.collection.empty())) return out;

  list<int> whole;
  if (which.whole) whole = detail::wholes_of(t);
  list<bool> taken;  // of each variable; of the first part where it stands for the whole
  taken.reserve(t.variables.size());
  for (int i = 0; i < t.variables.size(); ++i) taken.push_back(false);

  int const count = collection != nullptr ? collection->size() : t.variables.size();
  for (int i = 0; i < count; ++i) {
    int id = collection != nullptr ? (*collection)[i] : t.variables[i].node;
    int variable = t.nodes[id].variable;
    if (variable < 0) continue;
    if (which.whole && whole[variable] >= 0) {
      id = whole[variable];
      variable = t.nodes[t.inputs[t.nodes[id].first_input]].variable;
    }
    if (taken[variable]) continue;
    taken[variable] = true;
    detail::symbol const name = t.nodes[id].name;
    if (below != detail::root_symbol && !detail::lies_below(t, t.symbols[name].parent, below)) continue;
    if (!which.prefix.empty() && !t.symbols.to_text(name).view().starts_with(which.prefix)) continue;
    out.push_back({g, id});
  }
  return out;
}

/// Their number, elements and bytes.
[[nodiscard]] constexpr variable_totals totals_of(list<tensor> const& variables) {
  variable_totals sum;
  for (tensor const& v : variables) {
    ++sum.variables;
    if (!v.shape().fully_defined()) {
      ++sum.unsized;
      continue;
    }
    std::int64_t const elements = v.shape().elements();
    sum.elements = detail::saturated_sum(sum.elements, elements);
    sum.bytes = detail::saturated_sum(sum.bytes, detail::saturated_product(elements, size_of(v.dtype())));
  }
  return sum;
}
[[nodiscard]] constexpr variable_totals count_variables(graph& g, variable_selection const& which = {}) {
  return totals_of(variables(g, which));
}

/// At most three names of variables that a mistyped one may have meant, nearest first. Linear in the graph.
[[nodiscard]] constexpr list<text> nearest_variables(graph const& g, std::string_view path) {
  detail::tables const& t = tables_of(g);
  list<text> names;
  for (variable_info const& v : t.variables) names.push_back(t.symbols.to_text(t.nodes[v.node].name));
  list<std::string_view> candidates;
  for (text const& n : names) candidates.push_back(n);
  list<text> nearest;
  for (std::string_view n : detail::nearest_names(std::move(candidates)).of(path)) nearest.push_back(n);
  return nearest;
}

/// The variable of a name: of its op, "model/fc1/kernel", with or without ":0", or else the one that get_variable stored
/// under that key, a partitioned one as a whole. Takes constant time, but for the error.
/// Error: VARIABLE_UNKNOWN with the nearest names. `graph::find_variable` returns a tensor that is not valid instead.
[[nodiscard]] constexpr tensor existing_variable(graph& g, std::string_view path, char const* file = __builtin_FILE(),
                                                 int line = __builtin_LINE()) {
  if (tensor const op = g.find(path); op.is_variable()) return op;
  std::string_view key = path;
  if (key.ends_with(":0")) key.remove_suffix(2);
  if (tensor const stored = g.find_variable(key); stored.valid()) return stored;
  if (!g.begin()) return {g, -1};
  text near = detail::listed(nearest_variables(g, key));
  int const none = tables_of(g).fail({errc::variable_unknown, key, {}, std::move(near), {file, line}, {}});
  g.settle();
  return {g, none};
}

}  // namespace ambit
