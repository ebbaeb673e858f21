// SPDX-License-Identifier: BSL-1.0
// From a builder to a constexpr table: run it once to check and to count, once more to fill arrays of the exact size.
#pragma once

#include <ambit/graph/graph.hpp>

#include <boost/hana/core/is_a.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ambit::detail {

struct any_field {
  template <class T>
  constexpr operator T() const;
};
template <class T, class... Fields>
constexpr int count_fields() {
  if constexpr (sizeof...(Fields) <= 8 && requires { T{Fields{}..., any_field{}}; })
    return count_fields<T, Fields..., any_field>();
  else
    return static_cast<int>(sizeof...(Fields));
}

// An expression that a builder returns has no line of the user's where it becomes a tensor.
template <class Result>
constexpr tensor result_of(Result&& result) {
  if constexpr (unrecorded<Result>)
    return {std::forward<Result>(result), nullptr, 0};
  else
    return result;
}

/// The tensors in what a builder returns: a tensor, an expression, a tuple, an array or an aggregate of them.
template <class Result>
constexpr void collect_outputs(Result&& result, list<tensor>& out) {
  using plain = std::remove_cvref_t<Result>;
  if constexpr (std::is_same_v<plain, tensor> || unrecorded<plain>) {
    out.push_back(result_of(std::forward<Result>(result)));
  } else if constexpr (boost::hana::is_a<boost::hana::tuple_tag, plain>) {
    boost::hana::for_each(result, [&](auto& element) { collect_outputs(std::move(element), out); });
  } else if constexpr (requires { std::tuple_size<plain>::value; }) {
    std::apply([&](auto&... element) { (collect_outputs(std::move(element), out), ...); }, result);
  } else {
    static_assert(std::is_aggregate_v<plain>,
                  "ambit: a builder returns a tensor, an expression, or a tuple, array or aggregate of them");
    constexpr int fields = count_fields<plain>();
    static_assert(fields >= 1 && fields <= 6, "ambit: an aggregate that a builder returns has 1 to 6 members");
    if constexpr (fields == 1) {
      auto& [a] = result;
      collect_outputs(std::move(a), out);
    } else if constexpr (fields == 2) {
      auto& [a, b] = result;
      collect_outputs(std::move(a), out), collect_outputs(std::move(b), out);
    } else if constexpr (fields == 3) {
      auto& [a, b, c] = result;
      collect_outputs(std::move(a), out), collect_outputs(std::move(b), out), collect_outputs(std::move(c), out);
    } else if constexpr (fields == 4) {
      auto& [a, b, c, d] = result;
      collect_outputs(std::move(a), out), collect_outputs(std::move(b), out), collect_outputs(std::move(c), out);
      collect_outputs(std::move(d), out);
    } else if constexpr (fields == 5) {
      auto& [a, b, c, d, e] = result;
      collect_outputs(std::move(a), out), collect_outputs(std::move(b), out), collect_outputs(std::move(c), out);
      collect_outputs(std::move(d), out), collect_outputs(std::move(e), out);
    } else {
      auto& [a, b, c, d, e, f] = result;
      collect_outputs(std::move(a), out), collect_outputs(std::move(b), out), collect_outputs(std::move(c), out);
      collect_outputs(std::move(d), out), collect_outputs(std::move(e), out), collect_outputs(std::move(f), out);
    }
  }
}

/// Runs a builder and checks what it returned.
template <auto Builder>
constexpr list<tensor> build(graph& g) {
  list<tensor> outputs;
  collect_outputs(Builder(g), outputs);
  if (g.begin())
    for (tensor const& t : outputs)
      if (t.graph() != &g) {
        tables_of(g).fail({errc::wrong_graph, t.name(), "the builder's", {}, {}, {}});
        g.settle();
        break;
      }
  return outputs;
}

struct table_sizes {
  int nodes = 0;
  int inputs = 0;
  int slots = 0;
  int symbols = 0;
  int chars = 0;
  int variables = 0;
  int values = 0;  // elements of constant initial values
  int outputs = 0;
  int placeholders = 0;
  int roles = 0;
};

/// What the first run finds: the first error, or the sizes of the tables.
struct survey {
  static constexpr int longest = 200;  // of a name or a fact; longer ones are cut in compile errors

  struct fact {
    int size = 0;
    char chars[longest] = {};
    constexpr void set(std::string_view text) {
      for (char c : text)
        if (size < longest) chars[size++] = c;
    }
    [[nodiscard]] constexpr std::string_view view() const { return {chars, static_cast<std::size_t>(size)}; }
  };

  bool failed = false;
  errc code{};
  fact name{};
  fact want{};
  fact have{};
  place here{};
  place first{};

  table_sizes sizes{};
};

template <auto Builder>
constexpr survey survey_of() {
  survey s;
  graph g{on_error::keep};
  list<tensor> const outputs = build<Builder>(g);
  g.begin();
  tables const& t = tables_of(g);
  if (t.failed) {
    s.failed = true;
    s.code = t.error.code;
    s.here = t.error.here;
    s.first = t.error.first;
    s.name.set(t.error.name);
    s.want.set(t.error.want);
    s.have.set(t.error.have);
    return s;
  }
  s.sizes.nodes = t.nodes.size();
  s.sizes.inputs = t.inputs.size();
  s.sizes.slots = t.slots.size();
  s.sizes.symbols = t.symbols.size();
  s.sizes.chars = t.symbols.kept_size();
  s.sizes.variables = t.variables.size();
  for (variable_info const& v : t.variables)
    if (literal const* value = v.initializer.value()) s.sizes.values += value->size();
  s.sizes.outputs = outputs.size();
  node const* const end = t.nodes.end();
  for (node const* n = t.nodes.begin(); n != end; ++n) {
    s.sizes.placeholders += n->type->id == op_types::placeholder.id;
    s.sizes.roles += n->type->weights;
  }
  return s;
}

struct frozen_symbol {
  char const* literal = nullptr;  // null: `offset` into the kept characters
  int size = 0;
  int offset = 0;
  int parent = -1;
  int index = 0;
  int suffix = -1;
  bool numbered = false;
};

struct frozen_node {
  op_id op = 0;
  std::string_view op_name{};
  ambit::shape shape{};
  ambit::dtype dtype = ambit::dtype::none;
  int first_input = 0;
  int inputs = 0;
  int first_slot = 0;
  int slots = 0;
  int symbol = 0;
  int variable = -1;
  bool state = false;
  bool elementwise = false;
  bool view = false;
  bool takes_epilogue = false;
  unsigned updates = 0;
  int first_role = 0;
  int roles = 0;
  std::int64_t scratch = 0;  // elements
  pool_tiling pool{};
  bool batchwise = false;
};

struct frozen_variable {
  int node = -1;
  std::uint64_t hash = 0;  // FNV-1a of the name
  double fill = 0;         // the initial value, where it is one number
  int first_value = -1;    // or the first of as many patterns as there are elements
  ambit::dtype value_type = ambit::dtype::none;
  bool saved = false;  // in the global variables: what files hold
};

template <int Size>
constexpr int at_least_one = Size > 0 ? Size : 1;

/// Operands of an op with weights or scratch memory, at most.
inline constexpr int most_kernel_operands = 12;

/// A graph without its scopes and counters, as a value of exact size.
template <table_sizes S>
struct frozen {
  static constexpr table_sizes sizes = S;
  std::array<frozen_node, at_least_one<S.nodes>> nodes{};
  std::array<int, at_least_one<S.inputs>> inputs{};
  std::array<std::uint64_t, at_least_one<S.slots>> slots{};
  std::array<frozen_symbol, at_least_one<S.symbols>> symbols{};
  std::array<char, at_least_one<S.chars>> chars{};
  std::array<frozen_variable, at_least_one<S.variables>> variables{};
  std::array<std::uint64_t, at_least_one<S.values>> values{};
  std::array<int, at_least_one<S.outputs>> outputs{};
  std::array<int, at_least_one<S.placeholders>> placeholders{};
  std::array<weight_role, at_least_one<S.roles>> roles{};

  constexpr void append_name(text& out, int i) const {
    frozen_symbol const& s = symbols[static_cast<std::size_t>(i)];
    if (i == root_symbol) return;
    if (s.parent != root_symbol) {
      append_name(out, s.parent);
      out += '/';
    }
    out += std::string_view(s.literal != nullptr ? s.literal : chars.data() + s.offset, static_cast<std::size_t>(s.size));
    if (s.numbered) out.append(s.index);
    if (s.suffix >= 0) {
      out += '_';
      out.append(s.suffix);
    }
  }
  /// The full name of a node, without ":0".
  [[nodiscard]] constexpr text name(int node) const {
    text out;
    append_name(out, nodes[static_cast<std::size_t>(node)].symbol);
    return out;
  }
};

template <auto Builder>
inline constexpr survey survey_for = survey_of<Builder>();

/// The second time the sizes are known.
constexpr void reserve(tables& t, table_sizes const& sizes) {
  t.nodes.reserve(sizes.nodes);
  t.inputs.reserve(sizes.inputs);
  t.slots.reserve(sizes.slots);
  t.symbols.reserve(sizes.symbols);
  t.variables.reserve(sizes.variables);
}

template <auto Builder>
constexpr auto freeze() {
  frozen<survey_for<Builder>.sizes> f;
  if (survey_for<Builder>.failed) return f;
  graph g;
  reserve(tables_of(g), f.sizes);
  list<tensor> const outputs = build<Builder>(g);
  tables const& t = tables_of(g);
  auto& [nodes, inputs, slots, symbols, chars, variables, values, outs, placeholders, roles] = f;
  std::size_t placeholder = 0;
  int role = 0;
  for (int i = 0; i < f.sizes.nodes; ++i) {
    node const& n = t.nodes[i];
    nodes[static_cast<std::size_t>(i)] = {n.type->id,   n.type->name, n.shape,       n.dtype,
                                          n.first_input, n.inputs,     n.first_slot,  n.slots,
                                          n.name,        n.variable,   n.type->state, n.type->elementwise,
                                          n.type->view, n.type->takes_epilogue, n.type->updates, role, n.type->weights};
    nodes.data()[i].batchwise =
        n.type->elementwise || (n.type->batchwise != nullptr && n.type->batchwise(t.slots.data() + n.first_slot, n.shape));
    if (n.type->tiling != nullptr) nodes.data()[i].pool = n.type->tiling(t.slots.data() + n.first_slot);
    if (n.type->weights > 0 || n.type->scratch != nullptr) {
      shape operands[most_kernel_operands];
      for (int k = 0; k < n.inputs && k < most_kernel_operands; ++k) operands[k] = t.nodes[t.inputs[n.first_input + k]].shape;
      for (int k = 0; k < n.type->weights; ++k)
        roles.data()[role++] = n.type->weight(t.slots.data() + n.first_slot, k, operands, n.shape);
      if (n.type->scratch != nullptr)
        nodes.data()[i].scratch = n.type->scratch(t.slots.data() + n.first_slot, operands, n.shape);
    }
    if (n.type->id == op_types::placeholder.id) placeholders[placeholder++] = i;
  }
  // By pointer: an operator[] of std::array is four of clang's constexpr steps.
  int* const to_inputs = inputs.data();
  for (int i = 0; i < f.sizes.inputs; ++i) to_inputs[i] = t.inputs[i];
  std::uint64_t* const to_slots = slots.data();
  for (int i = 0; i < f.sizes.slots; ++i) to_slots[i] = t.slots[i];
  frozen_symbol* const to_symbols = symbols.data();
  int used = 0;
  for (int i = 0; i < f.sizes.symbols; ++i) {
    symbol_record const& r = t.symbols[i];
    bool const kept = r.own.kept;
    to_symbols[i] = {kept ? nullptr : r.own.stem.data(), static_cast<int>(r.own.stem.size()), used, r.parent,
                     r.own.index, r.own.suffix, r.own.numbered};
    if (kept)
      for (char c : r.own.stem) chars[static_cast<std::size_t>(used++)] = c;
  }
  int value = 0;
  for (int i = 0; i < f.sizes.variables; ++i) {
    variable_info const& v = t.variables[i];
    frozen_variable& out = variables.data()[i];
    out.node = v.node;
    out.hash = t.symbols[t.nodes[v.node].name].exact;
    if (literal const* constant = v.initializer.value()) {
      literal part = *constant;  // no conditional operator: g++ 11 and 12 free the copy that it makes in a constant expression
      if (v.part.axis >= 0) part = constant->sliced(v.part.axis, v.part.offset, t.nodes[v.node].shape[v.part.axis]);
      out.first_value = value;
      out.value_type = part.type();
      for (int k = 0; k < part.size(); ++k) values[static_cast<std::size_t>(value++)] = part.bits(k);
    } else if (v.initializer.kind() != nullptr) {
      out.fill = v.initializer.kind()->fill(v.initializer.parameters());
    }
  }
  if (list<int> const* saved = t.find_collection(collections::global_variables))
    for (int node_id : *saved) variables[static_cast<std::size_t>(t.nodes[node_id].variable)].saved = true;
  for (int i = 0; i < f.sizes.outputs; ++i) outs[static_cast<std::size_t>(i)] = outputs[i].id();
  return f;
}

/// The table of a builder. Inline: one object in a program, whichever files use it.
template <auto Builder>
inline constexpr auto frozen_for = freeze<Builder>();

}  // namespace ambit::detail
