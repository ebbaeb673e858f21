// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/builder_thread.hpp>
#include <ambit/graph/tables.hpp>

#include <utility>

namespace ambit {

class scope;

/// A computation graph under construction: named nodes, variables, scopes and collections. The same code builds it in
/// the compiler, for `compiled`, and in the program. Neither copied nor moved, because scopes and tensors refer to it.
/// One thread builds it; any number may read what is built. Making a node or finding a name takes constant time.
class graph {
 public:
  constexpr explicit graph(ambit::naming names = ambit::naming::tensorflow, on_error mode = on_error::raise) {
    tables_.naming = names;
    tables_.mode = mode;
  }
  constexpr explicit graph(on_error mode) : graph(ambit::naming::tensorflow, mode) {}
  graph(graph const&) = delete;
  graph& operator=(graph const&) = delete;
  constexpr ~graph() {
    for (detail::guard_node* g = tables_.guards; g != nullptr; g = g->older) g->graph = nullptr;
  }

  /// Number of nodes, and a handle to one of them.
  [[nodiscard]] constexpr int size() const { return tables_.nodes.size(); }
  [[nodiscard]] constexpr tensor operator[](int id) { return {*this, id}; }
  /// The op of a full name, "model/fc1/MatMul", or of a tensor's, "model/fc1/MatMul:0"; not `valid()` where there is none.
  [[nodiscard]] constexpr tensor find(std::string_view name) {
    if (name.size() > 2 && name.ends_with(":0")) name.remove_suffix(2);
    detail::symbol const s = tables_.symbols.find(name);
    int const node = s < 0 ? -1 : tables_.symbols[s].node;
    return node < 0 ? tensor{} : tensor{*this, node};
  }
  /// The variable that get_variable stored under a key, whatever its op is called; a partitioned one as a whole.
  [[nodiscard]] constexpr tensor find_variable(std::string_view key) {
    detail::symbol const s = tables_.symbols.find(key);
    if (s < 0) return {};
    int const node = tables_.symbols[s].variable >= 0 ? tables_.symbols[s].variable : tables_.symbols[s].partitioned;
    return node < 0 ? tensor{} : tensor{*this, node};
  }
  /// What is kept of a variable beside its node. `t.is_variable()` must hold.
  [[nodiscard]] constexpr variable_info const& variable(tensor t) const {
    return tables_.variables[tables_.nodes[t.id()].variable];
  }

  /// The current name scope, without trailing slash; "" at the root.
  [[nodiscard]] constexpr text current_name_scope() const { return tables_.symbols.to_text(tables_.current.name); }
  /// The current variable scope, live.
  [[nodiscard]] constexpr ambit::scope current_scope();

  /// The name that the next op of this name would get under the current name scope; with `mark`, takes it.
  constexpr text unique_name(ambit::name n, bool mark = true) {
#ifndef NDEBUG
    if (!__builtin_is_constant_evaluated()) builder_.check();
#endif
    detail::symbol const s = tables_.unique(tables_.current.name, n, mark);
    settle();
    if (s < 0) return {};
    return tables_.symbols.to_text(s);
  }

  /// The tensors of a collection in the order in which they were added.
  [[nodiscard]] constexpr list<tensor> get_collection(std::string_view key) {
    list<tensor> out;
    list<int> const* const nodes = tables_.find_collection(key);
    if (nodes == nullptr) return out;
    for (int id : *nodes) out.push_back({*this, id});
    int added = 0;
    for (detail::foreign_member const& f : tables_.foreign_members)
      if (f.key == key) out.insert(f.position + added++, f.member);
    return out;
  }
  /// Those whose names begin with a pattern in which a '.' stands for any character, as TensorFlow filters collections
  /// (SPEC 14.1, 14.2).
  [[nodiscard]] constexpr list<tensor> get_collection(std::string_view key, std::string_view pattern) {
    list<tensor> out;
    for (tensor const& t : get_collection(key))
      if (begins_with(t.name(), pattern)) out.push_back(t);
    return out;
  }
  [[nodiscard]] constexpr list<tensor> global_variables() { return get_collection(collections::global_variables); }
  [[nodiscard]] constexpr list<tensor> trainable_variables() { return get_collection(collections::trainable_variables); }
  [[nodiscard]] constexpr list<tensor> local_variables() { return get_collection(collections::local_variables); }
  /// Adds a tensor to a collection, which may be new. One of another graph must not be used when that graph is gone.
  constexpr void add_to_collection(std::string_view key, tensor t) {
#ifndef NDEBUG
    if (!__builtin_is_constant_evaluated()) builder_.check();
#endif
    list<int>& nodes = tables_.collection(key);
    if (t.graph() == this)
      nodes.push_back(t.id());
    else if (t.valid())
      tables_.foreign_members.push_back({tables_.symbols.keep(key), nodes.size(), t});
    else if (!tables_.failed)
      tables_.fail({errc::empty_tensor, text(key), {}, {}, {}, {}});
    settle();
  }

  /// Whether variables are resource variables where neither call nor scope says (SPEC 16.3).
  constexpr void enable_resource_variables(bool on = true) { tables_.use_resource = on; }

  [[nodiscard]] constexpr ambit::naming naming() const { return tables_.naming; }
  /// From now on; for a builder that wants strict names of `compiled` too: `g.set_naming(naming::strict);`.
  constexpr void set_naming(ambit::naming names) { tables_.naming = names; }
  /// With `on_error::keep`: something failed; `error()` says what first did.
  [[nodiscard]] constexpr bool failed() const { return tables_.failed || tables_.nesting_broken; }
  [[nodiscard]] constexpr failure const& error() const { return tables_.error; }

  friend constexpr detail::tables& tables_of(graph& g) { return g.tables_; }
  friend constexpr detail::tables const& tables_of(graph const& g) { return g.tables_; }

  /// Lets another thread go on building: the next one that changes the graph. The two threads must be synchronised, by a
  /// join, a future or a mutex. Without NDEBUG a second thread that builds is refused: OTHER_THREAD, raised there even
  /// where errors are kept, because keeping it would be a race, too.
  void hand_over() { builder_.hand_over(); }

  /// Raises what has failed, unless errors are kept. Every public call that can fail ends with it.
  constexpr void settle() {
    if (!tables_.failed || tables_.mode == on_error::keep) return;
    tables_.failed = false;
    raise(std::exchange(tables_.error, {}));
  }
  /// Every public call that changes the graph begins with it: false where errors are kept and one has happened.
  constexpr bool begin() {
#ifndef NDEBUG
    if (!__builtin_is_constant_evaluated()) builder_.check();
#endif
    if (!tables_.failed && !tables_.nesting_broken) return true;
    if (tables_.nesting_broken) {
      tables_.nesting_broken = false;
      tables_.fail(errc::improper_nesting, tables_.broken_scope);
    }
    settle();
    return !tables_.failed;
  }

 private:
  static constexpr bool begins_with(std::string_view name, std::string_view pattern) {
    if (name.size() < pattern.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i)
      if (pattern[i] != '.' && pattern[i] != name[i]) return false;
    return true;
  }

  detail::tables tables_;
  detail::builder_thread builder_;
};

constexpr shape tensor::shape() const { return valid() ? tables_of(*graph_).nodes[id_].shape : unknown_shape; }
constexpr dtype tensor::dtype() const { return valid() ? tables_of(*graph_).nodes[id_].dtype : ambit::dtype::none; }
constexpr text tensor::name() const {
  if (!valid()) return {};  // no conditional operator: g++ 11 and 12 lose one of its two texts in constant expressions
  return tables_of(*graph_).tensor_name(id_);
}
constexpr std::string_view tensor::op() const {
  return valid() ? tables_of(*graph_).nodes[id_].type->name : std::string_view{};
}
constexpr bool tensor::is_variable() const { return valid() && tables_of(*graph_).nodes[id_].variable >= 0; }
constexpr bool tensor::is_partitioned() const {
  return valid() && tables_of(*graph_).nodes[id_].type->id == op_types::partitioned_variable.id;
}
constexpr list<tensor> tensor::parts() const {
  list<tensor> out;
  if (!is_partitioned()) return out;
  detail::tables const& t = tables_of(*graph_);
  detail::node const& n = t.nodes[id_];
  for (int i = 0; i < n.inputs; ++i) out.push_back({*graph_, t.inputs[n.first_input + i]});
  return out;
}

constexpr dtype initializer::dtype() const { return value() != nullptr ? value()->type() : tensor_.dtype(); }
constexpr shape initializer::shape() const { return value() != nullptr ? value()->shape() : tensor_.shape(); }

}  // namespace ambit
