// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/graph.hpp>

namespace ambit {

/// A variable scope as a value: TensorFlow's VariableScope object. It names an entered scope, stays good after the scope
/// was left, and can be entered again (`variable_scope again{g, fc};`). Live: the setters act on that entry at once and
/// on scopes opened below it later, never on children that are open already (SPEC 6.4).
class scope {
 public:
  constexpr scope() = default;
  constexpr scope(ambit::graph& g, int record) : graph_(&g), record_(record) {}

  [[nodiscard]] constexpr bool valid() const { return graph_ != nullptr; }
  [[nodiscard]] constexpr ambit::graph* graph() const { return graph_; }
  [[nodiscard]] constexpr int record() const { return record_; }

  /// The prefix of its variables, without trailing slash: "model/fc1".
  [[nodiscard]] constexpr text name() const { return tables_of(*graph_).symbols.to_text(get().name); }
  /// The name scope that it opened when it was first entered, with trailing slash: "model/fc1/".
  [[nodiscard]] constexpr text original_name_scope() const { return tables_of(*graph_).to_text(get().original); }
  /// no, yes or automatic.
  [[nodiscard]] constexpr ambit::reuse reuse() const { return get().reuse; }
  [[nodiscard]] constexpr ambit::dtype dtype() const { return get().dtype; }
  /// Absent where neither this scope nor an enclosing one has one.
  [[nodiscard]] constexpr ambit::initializer initializer() const {
    int const i = get().initializer;
    if (i < 0) return {};
    return tables_of(*graph_).initializers[i];
  }
  [[nodiscard]] constexpr ambit::regularizer regularizer() const { return get().regularizer; }
  [[nodiscard]] constexpr device caching_device() const { return get().caching_device; }
  [[nodiscard]] constexpr ambit::partitioner partitioner() const { return get().partitioner; }
  [[nodiscard]] constexpr option use_resource() const { return get().use_resource; }
  [[nodiscard]] constexpr ambit::constraint constraint() const { return get().constraint; }

  /// From now on this scope only shares variables that exist; cannot be undone.
  constexpr void reuse_variables() { get().reuse = ambit::reuse::yes; }
  constexpr void set_initializer(ambit::initializer const& i) {
    get().initializer = i.given() ? tables_of(*graph_).keep(i) : -1;
  }
  constexpr void set_regularizer(ambit::regularizer r) { get().regularizer = r; }
  constexpr void set_caching_device(device d) { get().caching_device = ambit::given(d) ? keep(d) : device{}; }
  constexpr void set_partitioner(ambit::partitioner p) { get().partitioner = p; }
  /// Replaces the getter and the whole chain behind it.
  constexpr void set_custom_getter(ambit::custom_getter getter) {
    detail::tables& t = tables_of(*graph_);
    int const link = getter.given() ? t.getters.size() : -1;
    if (getter.given()) t.getters.push_back({std::move(getter), -1});
    get().getter = link;
  }
  constexpr void set_dtype(ambit::dtype d) { get().dtype = d; }
  constexpr void set_use_resource(option on) { get().use_resource = on; }

  /// The members of a collection whose names begin with this scope's, as TensorFlow filters them: by the name of the op
  /// and as a regular expression, so that a '.' in the scope's name matches any character (SPEC 14.1).
  [[nodiscard]] constexpr list<tensor> get_collection(std::string_view key) const { return get_collection(key, *graph_); }
  /// The same in another graph.
  [[nodiscard]] constexpr list<tensor> get_collection(std::string_view key, ambit::graph& from) const {
    text prefix = name();
    if (!prefix.empty()) prefix += '/';
    return from.get_collection(key, prefix);
  }
  [[nodiscard]] constexpr list<tensor> global_variables() const { return get_collection(collections::global_variables); }
  [[nodiscard]] constexpr list<tensor> trainable_variables() const {
    return get_collection(collections::trainable_variables);
  }
  [[nodiscard]] constexpr list<tensor> local_variables() const { return get_collection(collections::local_variables); }

  /// The same entry of the same scope.
  friend constexpr bool operator==(scope const&, scope const&) = default;

 private:
  [[nodiscard]] constexpr detail::scope_record& get() const { return tables_of(*graph_).scopes[record_]; }
  constexpr device keep(device d) { return tables_of(*graph_).symbols.keep(d); }

  ambit::graph* graph_ = nullptr;
  int record_ = 0;
};

constexpr scope graph::current_scope() { return {*this, tables_.scope}; }

}  // namespace ambit
