// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/graph.hpp>

namespace ambit {

/// The full path of a scope, from the root: entering it again is the same scope, not a renamed one.
struct absolute {
  std::string_view path;
  place where;
  constexpr explicit absolute(std::string_view p, char const* file = __builtin_FILE(), int line = __builtin_LINE())
      : path(p), where{file, line} {}
};

struct name_scope_options {
  name default_name{};  ///< used where no name is given
  value_list values{};  ///< tensors that the ops inside work on; checked to be of this graph
};

namespace detail {

/// Enters a guard into the graph's list of open ones, and takes it out.
constexpr void attach(ambit::graph& g, guard_node& guard) {
  tables& t = tables_of(g);
  guard.graph = &g;
  guard.older = t.guards;
  if (t.guards != nullptr) t.guards->newer = &guard;
  t.guards = &guard;
}
constexpr void detach(guard_node& guard) {
  tables& t = tables_of(*guard.graph);
  if (guard.newer != nullptr)
    guard.newer->older = guard.older;
  else
    t.guards = guard.older;
  if (guard.older != nullptr) guard.older->newer = guard.newer;
  guard.graph = nullptr;
}

/// The name with a copy of its text that lives as long as the graph.
constexpr name kept_name(tables& t, name const& n) {
  if (!n.given() || !n.borrowed()) return n;
  std::string_view const kept = t.symbols.keep(n.stem());
  return n.numbered() ? name(kept, n.index(), n.where().file, n.where().line)
                      : name(kept, n.where().file, n.where().line);
}

constexpr bool check_values(ambit::graph& g, value_list const& values) {
  for (tensor const& v : values)
    if (v.graph() != &g) {
      tables_of(g).fail({errc::wrong_graph, v.name(), "the graph of the scope", {}, {}, {}});
      return false;
    }
  return true;
}

/// Sets the current name scope back when it dies.
class saved_name_scope {
 public:
  constexpr explicit saved_name_scope(tables& t) : tables_(t), saved_(t.current) {}
  constexpr saved_name_scope(tables& t, scope_name now) : saved_name_scope(t) { t.current = now; }
  saved_name_scope(saved_name_scope const&) = delete;
  saved_name_scope& operator=(saved_name_scope const&) = delete;
  constexpr ~saved_name_scope() { tables_.current = saved_; }

 private:
  tables& tables_;
  scope_name saved_;
};

}  // namespace detail

/// Names ops until the end of the block: tf.name_scope. get_variable ignores it.
///
/// The name is made unique among the names of the enclosing scope (`foo`, `foo_1`); one that ends in '/' is absolute and
/// enters that scope again; "" or no name at all resets to the root (SPEC 3). Refuses invalid names (BAD_SCOPE_NAME),
/// values of another graph (WRONG_GRAPH), values without a name (NS_NAME_REQUIRED); then nothing has changed.
class name_scope : private detail::guard_node {
 public:
  /// A name scope not entered yet, to be entered any number of times; each time its name is made unique anew.
  class entry {
   public:
    constexpr entry(ambit::graph& g, name n, name_scope_options o = {}) : graph_(&g), name_(n), options_(std::move(o)) {
      name_ = detail::kept_name(tables_of(g), n);
      options_.default_name = detail::kept_name(tables_of(g), options_.default_name);
    }

   private:
    friend class name_scope;
    ambit::graph* graph_;
    name name_;
    name_scope_options options_;
  };

  /// Resets to the root.
  constexpr explicit name_scope(ambit::graph& g) { enter(g, {}, {}); }
  constexpr name_scope(ambit::graph& g, name n, name_scope_options const& o = {}) { enter(g, n, o); }
  constexpr name_scope(ambit::graph& g, absolute scope) {
    text path(scope.path);
    path += '/';
    enter(g, name(path, scope.where.file, scope.where.line), {});
  }
  constexpr explicit name_scope(entry const& e) { enter(*e.graph_, e.name_, e.options_); }
  name_scope(name_scope const&) = delete;
  name_scope& operator=(name_scope const&) = delete;
  constexpr ~name_scope() {
    if (graph == nullptr) return;
    detail::tables& t = tables_of(*graph);
    if (t.guards != this) t.break_nesting(entered_.name);
    t.current = saved_;
    detach(*this);
  }

  /// Leaves the scope before the end of the block.
  constexpr void close() {
    if (graph == nullptr) return;
    tables_of(*graph).current = saved_;
    detach(*this);
  }
  /// What TensorFlow's `as` yields: "foo/", or "" at the root. Good as the name of an op or of a scope, absolutely.
  [[nodiscard]] constexpr text path() const {
    if (graph == nullptr) return {};
    return tables_of(*graph).to_text(entered_);
  }

 private:
  constexpr void enter(ambit::graph& g, name const& given, name_scope_options const& o) {
    if (!g.begin()) return;
    detail::tables& t = tables_of(g);
    name const& n = given.given() ? given : o.default_name;
    if (!n.given() && o.values.given())
      t.fail({errc::ns_name_required, {}, {}, {}, {}, {}});
    else if (detail::check_values(g, o.values))
      entered_ = t.open(n);
    if (t.failed) {
      g.settle();
      return;
    }
    saved_ = t.current;
    t.current = entered_;
    attach(g, *this);
  }

  detail::scope_name saved_{};
  detail::scope_name entered_{};
};

}  // namespace ambit
