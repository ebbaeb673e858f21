// SPDX-License-Identifier: BSL-1.0
// What a case has while it runs: graphs, bindings, helpers.
#pragma once

#include "helpers.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {

/// A scope that is open.
class guard {
 public:
  guard() = default;
  guard(guard const&) = delete;
  guard& operator=(guard const&) = delete;
  virtual ~guard() = default;
  /// Leaves the scope; may raise, and then the scope is still there.
  virtual void close() = 0;
};

/// The function of a template: statements of the case.
using template_body = std::function<void()>;
using template_object = ambit::variable_template<template_body>;

class context_manager;

using value = std::variant<std::monostate, std::string, ambit::tensor, ambit::scope, std::shared_ptr<template_object>,
                           std::shared_ptr<context_manager>>;

/// A guard, and what `as` binds.
struct entered {
  std::unique_ptr<guard> scope{};
  value bound{};
};

/// What can be entered again: `cm` makes it, `with` and `enter` enter it.
class context_manager {
 public:
  context_manager() = default;
  context_manager(context_manager const&) = delete;
  context_manager& operator=(context_manager const&) = delete;
  virtual ~context_manager() = default;
  [[nodiscard]] virtual entered enter() = 0;

  /// The guards of `enter` that `exit` has not closed.
  std::vector<std::unique_ptr<guard>> open{};
};

/// The graphs of a case, of which one is the default; the names bound in it; its helpers.
class environment {
 public:
  /// `file` must outlive it. `check_arguments`: the case passes arguments that types preclude.
  environment(char const* file, bool check_arguments);
  environment(environment const&) = delete;
  environment& operator=(environment const&) = delete;

  [[nodiscard]] ambit::graph& graph() { return *default_; }
  /// Makes a graph the default; returns the one that was.
  ambit::graph& set_default(ambit::graph& g) { return *std::exchange(default_, &g); }
  [[nodiscard]] ambit::graph& graph_named(std::string const& name);
  void enable_resource_variables(bool on);

  void bind(std::string const& id, value v) { table_[id] = std::move(v); }
  void unbind(std::string const& id) { table_.erase(id); }

  // All throw `malformed` where nothing is bound, or a value of another kind.
  [[nodiscard]] value const& find(std::string const& id, int line) const;
  [[nodiscard]] ambit::tensor tensor(word const& w, int line) const;
  [[nodiscard]] ambit::scope scope(word const& w, int line);  // $ID or @cur
  [[nodiscard]] std::shared_ptr<template_object> template_of(word const& w, int line) const;
  [[nodiscard]] std::shared_ptr<context_manager> manager(std::string const& id, int line) const;
  /// VAL as text: absent for None. The text lives as long as the binding or the statement.
  [[nodiscard]] std::optional<std::string_view> text(word const& w, int line) const;
  /// VAL as a name that remembers its line in the case file; absent for None or a null pointer.
  [[nodiscard]] ambit::name name(word const* w, int line) const;
  [[nodiscard]] ambit::device device(word const* w, int line) const;
  [[nodiscard]] ambit::initializer initializer(word const* w, int line);
  [[nodiscard]] ambit::collection_list collections(word const* w, int line);
  /// A dtype, none where it is not given.
  [[nodiscard]] static ambit::dtype dtype(word const* w, int line);

  toolbox tools{};

 private:
  struct owned_graph {
    ambit::graph graph{};
    std::optional<ambit::variable_creator_scope<argument_check>> check{};
  };
  void prepare(owned_graph& g);

  char const* file_;
  bool check_arguments_;
  bool resource_ = false;
  owned_graph first_{};
  std::map<std::string, owned_graph> named_{};
  ambit::graph* default_ = &first_.graph;
  std::map<std::string, value> table_{};
  std::set<std::string> words_{};  // keys of collections, which are passed as views
};

}  // namespace conformance
