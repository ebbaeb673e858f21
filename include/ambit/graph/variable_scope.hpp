// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/name_scope.hpp>
#include <ambit/graph/scope.hpp>

namespace ambit {

/// The settings of a variable scope. What is left open is inherited, but for the constraint (SPEC 7.4).
struct variable_scope_options {
  name default_name{};  ///< used where no name is given; made unique among the scopes entered so far
  value_list values{};
  ambit::reuse reuse = ambit::reuse::inherit;
  ambit::initializer initializer{};
  ambit::regularizer regularizer{};
  device caching_device{};
  ambit::partitioner partitioner{};
  ambit::custom_getter custom_getter{};
  ambit::dtype dtype = ambit::dtype::none;
  option use_resource{};
  ambit::constraint constraint{};
  bool auxiliary_name_scope = true;  ///< false: opens no name scope
};

/// A default name as the target of a variable_scope: TensorFlow's variable_scope(None, default_name).
struct default_name {
  name value;
};

namespace detail {

struct scope_target {
  enum class kind { text, object, fallback };
  kind how = kind::text;
  ambit::name name{};
  ambit::scope object{};
  bool same_name_scope = false;  // enter the name scope of the object itself, not a new one of its last component
};

/// What an entered scope must put back, and what a re-entered one keeps from its first time (SPEC 7.10).
struct scope_entry_state {
  bool entered = false;
  bool opens = true;  // a name scope; the root scope and the name "" open none, and leaving them sets none back
  scope_name name_scope{};
  scope_name original{};
  symbol default_made = no_symbol;  // what the first time made of a default name, and below what
  symbol default_parent = root_symbol;
  ambit::reuse reuse = ambit::reuse::inherit;
  int record = -1;
};

/// A record of another graph becomes one of this graph: names by text, settings by value.
constexpr scope_record import_record(tables& to, ambit::graph const& other, int record) {
  tables const& from = tables_of(other);
  scope_record r = from.scopes[record];
  auto import_symbol = [&](symbol s) {
    text const path = from.symbols.to_text(s);
    return path.empty() ? root_symbol : to.symbols.join(root_symbol, name(path));
  };
  r.name = import_symbol(r.name);
  r.original.name = import_symbol(r.original.name);
  if (r.initializer >= 0) r.initializer = to.keep(from.initializers[r.initializer]);
  if (given(r.caching_device)) r.caching_device = to.symbols.keep(r.caching_device);
  list<int> chain;
  for (int i = r.getter; i >= 0; i = from.getters[i].outer) chain.push_back(i);
  r.getter = -1;
  for (int i = chain.size(); i-- > 0;) {
    to.getters.push_back({from.getters[chain[i]].getter, r.getter});
    r.getter = to.getters.size() - 1;
  }
  return r;
}

/// Applies the given settings to a record that holds the inherited ones.
constexpr void apply(tables& t, scope_record& r, variable_scope_options const& o) {
  if (o.initializer.given()) r.initializer = t.keep(o.initializer);
  if (o.regularizer.given()) r.regularizer = o.regularizer;
  if (given(o.caching_device)) r.caching_device = t.symbols.keep(o.caching_device);
  if (o.partitioner.given()) r.partitioner = o.partitioner;
  if (o.dtype != dtype::none) r.dtype = o.dtype;
  if (o.use_resource.given()) r.use_resource = o.use_resource;
  r.constraint = o.constraint;
  if (o.custom_getter.given()) {
    t.getters.push_back({o.custom_getter, r.getter});
    r.getter = t.getters.size() - 1;
  }
}

constexpr ambit::reuse requested(ambit::reuse r) { return r == reuse::no ? reuse::inherit : r; }

/// The name scope that entering the target opens (SPEC 7.3). name -1 on failure.
/// `wanted`: the symbol of the target below the current name scope, where there is one.
constexpr scope_name open_for(tables& t, scope_target const& target, variable_scope_options const& o,
                              scope_entry_state& state, symbol& wanted) {
  if (!o.auxiliary_name_scope)
    return state.entered ? state.name_scope : scope_name{t.current.name, t.current.name != root_symbol};
  switch (target.how) {
    case scope_target::kind::text:
      state.opens = !target.name.empty();
      return state.opens ? t.open(target.name, wanted) : t.current;
    case scope_target::kind::fallback:
      return t.open(o.default_name);
    case scope_target::kind::object:
      break;
  }
  tables const& owner = tables_of(*target.object.graph());
  scope_record const& r = owner.scopes[target.object.record()];
  if (target.same_name_scope || t.naming == naming::strict) {
    text const path = owner.symbols.to_text(r.original.name);
    return {path.empty() ? root_symbol : t.symbols.join(root_symbol, name(path)), r.original.slash};
  }
  text leaf;
  if (r.name != root_symbol) {
    text const path = owner.symbols.to_text(r.name);
    std::size_t const slash = path.view().rfind('/');
    leaf = slash == std::string_view::npos ? path.view() : path.view().substr(slash + 1);
  }
  state.opens = !leaf.empty();
  return state.opens ? t.open(name(leaf)) : t.current;
}

/// Enters a variable scope: the name scope first, then the record (SPEC 7.3 to 7.7, 7.10). Returns its record, or -1.
constexpr int enter_variable_scope(ambit::graph& g, scope_target const& target, variable_scope_options const& o,
                                   scope_entry_state& state, int& snapshot) {
  using kind = scope_target::kind;
  tables& t = tables_of(g);
  if (target.how == kind::fallback && requested(o.reuse) != reuse::inherit)
    return t.fail({errc::reuse_without_name, text(o.default_name.stem()), {}, {}, o.default_name.where(), {}});
  bool const opens = o.auxiliary_name_scope;
  bool const empty_text = target.how == kind::text && target.name.empty();
  symbol const outer_names = t.current.name;
  symbol wanted = no_symbol;
  scope_name const yielded = open_for(t, target, o, state, wanted);
  if (yielded.name < 0) return -1;

  if (target.how == kind::object) {
    if (state.record < 0) {
      scope_record r = target.object.graph() == &g ? t.scopes[target.object.record()]
                                                   : import_record(t, *target.object.graph(), target.object.record());
      if (requested(o.reuse) != reuse::inherit) r.reuse = o.reuse;
      apply(t, r, o);
      t.scopes.push_back(r);
      state.record = t.scopes.size() - 1;
    }
    t.count_open(t.scopes[state.record].name);
    snapshot = t.snapshot();
    t.scope = state.record;
  } else {
    scope_record r = t.scopes[t.scope];
    symbol const parent = r.name;
    if (target.how == kind::text) {
      if (wanted >= 0 && outer_names == parent)
        r.name = wanted;  // the two kinds of scope agree so far, as they mostly do
      else if (!empty_text || parent != root_symbol)
        r.name = t.symbols.join(parent, target.name);
    } else {
      if (state.default_made < 0) {
        symbol const made = t.unique_default(parent, o.default_name);
        if (made < 0) return -1;
        state.default_made = r.name = made;
        state.default_parent = parent;
      } else {
        text const full = t.symbols.to_text(state.default_made);
        std::size_t above = 0;
        if (state.default_parent != root_symbol) above = t.symbols.to_text(state.default_parent).size() + 1;
        r.name = t.symbols.join(parent, name(full.view().substr(above)));
      }
      if (t.symbols.is_empty_text(r.name)) r.name = root_symbol;
    }
    if (state.reuse == reuse::inherit) state.reuse = requested(o.reuse);
    if (state.reuse != reuse::inherit)
      r.reuse = state.reuse;
    else if (r.reuse != reuse::no)
      state.reuse = r.reuse;  // once inherited, it sticks to this entry
    if (!state.entered) state.original = opens && empty_text ? scope_name{} : yielded;
    r.original = state.original;
    apply(t, r, o);
    t.count_open(r.name);
    if (t.symbols[r.name].where.file == nullptr) t.symbols[r.name].where = target.name.where();
    t.scopes.push_back(r);
    t.scope = t.scopes.size() - 1;
  }
  t.symbols[t.scopes[t.scope].name].scope = t.scope;
  if (!state.entered) state.name_scope = yielded;
  state.entered = true;
  t.current = yielded;
  return t.scope;
}

}  // namespace detail

/// Prefixes variables and names ops until the end of the block: tf.variable_scope.
///
/// Entered by name (joined to the enclosing scope's), by `scope` object (the enclosing scope is ignored), by
/// `default_name` (made unique) or by `absolute` path (the same scope again, name scope included). Opens a name scope
/// too, whose name is made unique, so that the variables of a re-entered scope are shared and its ops are not (SPEC 7).
/// Errors: BAD_SCOPE_NAME, NAME_REQUIRED, REUSE_WITHOUT_NAME, WRONG_GRAPH, SCOPE_UNKNOWN; then nothing has changed.
class variable_scope : private detail::guard_node {
 public:
  /// A variable scope not entered yet, to be entered any number of times in sequence; what the first time decided (a
  /// default name, the original name scope, an inherited reuse) holds for the later ones (SPEC 7.10).
  class entry {
   public:
    constexpr entry(ambit::graph& g, ambit::name n, variable_scope_options o = {}) : graph_(&g), options_(std::move(o)) {
      target_.name = detail::kept_name(tables_of(g), n);
      if (!n.given()) target_.how = detail::scope_target::kind::fallback;
      check();
    }
    constexpr entry(ambit::graph& g, scope s, variable_scope_options o = {}) : graph_(&g), options_(std::move(o)) {
      target_ = {detail::scope_target::kind::object, {}, s, false};
      check();
    }

   private:
    friend class variable_scope;
    constexpr void check() {
      options_.default_name = detail::kept_name(tables_of(*graph_), options_.default_name);
      if (given(options_.caching_device))
        options_.caching_device = tables_of(*graph_).symbols.keep(options_.caching_device);
      if (graph_->begin() && !variable_scope::check(*graph_, target_, options_)) graph_->settle();
    }

    ambit::graph* graph_;
    detail::scope_target target_{};
    variable_scope_options options_;
    detail::scope_entry_state state_{};
  };

  constexpr variable_scope(ambit::graph& g, ambit::name n, variable_scope_options const& o = {}) {
    using kind = detail::scope_target::kind;
    enter(g, {n.given() ? kind::text : kind::fallback, n, {}, false}, o);
  }
  constexpr variable_scope(ambit::graph& g, scope s, variable_scope_options const& o = {}) {
    enter(g, {detail::scope_target::kind::object, {}, s, false}, o);
  }
  constexpr variable_scope(ambit::graph& g, default_name n, variable_scope_options o = {}) {
    o.default_name = n.value;
    enter(g, {detail::scope_target::kind::fallback, {}, {}, false}, o);
  }
  constexpr variable_scope(ambit::graph& g, absolute path, variable_scope_options const& o = {}) {
    if (!g.begin()) return;
    detail::tables& t = tables_of(g);
    detail::symbol const s = t.symbols.find(path.path);
    int const record = s == detail::root_symbol ? 0 : s < 0 ? -1 : t.symbols[s].scope;
    if (record < 0) {
      t.fail({errc::scope_unknown, path.path, {}, {}, path.where, {}});
      g.settle();
      return;
    }
    enter(g, {detail::scope_target::kind::object, {}, {g, record}, true}, o);
  }
  constexpr explicit variable_scope(entry& e) { enter(*e.graph_, e.target_, e.options_, e.state_); }
  variable_scope(variable_scope const&) = delete;
  variable_scope& operator=(variable_scope const&) = delete;
  constexpr ~variable_scope() {
    if (graph == nullptr) return;
    detail::tables& t = tables_of(*graph);
    bool const innermost = t.guards == this;  // of the name scopes and creators, too
    if (!leave(t) || !innermost) t.break_nesting(t.scopes[record_].name);
    detach(*this);
  }

  /// Leaves the scope before the end of the block. IMPROPER_NESTING where another one is open inside it; the call may be
  /// repeated when that one is closed.
  constexpr void close() {
    if (graph == nullptr) return;
    ambit::graph& g = *graph;
    detail::tables& t = tables_of(g);
    if (leave(t)) return detach(*this);
    t.fail(errc::improper_nesting, t.scopes[record_].name);
    g.settle();
  }
  /// The entered scope as a value, live.
  [[nodiscard]] constexpr ambit::scope scope() const { return graph == nullptr ? ambit::scope{} : ambit::scope{*graph, record_}; }
  [[nodiscard]] constexpr text name() const {
    if (graph == nullptr) return {};
    return scope().name();
  }
  /// From now on get_variable only shares variables that exist here.
  constexpr void reuse_variables() {
    if (graph != nullptr) scope().reuse_variables();
  }

 private:
  static constexpr bool check(ambit::graph& g, detail::scope_target const& target, variable_scope_options const& o) {
    detail::tables& t = tables_of(g);
    if (target.how == detail::scope_target::kind::fallback && !o.default_name.given()) {
      t.fail({errc::name_required, {}, {}, {}, {}, {}});
      return false;
    }
    if (target.how == detail::scope_target::kind::object && !target.object.valid()) {
      t.fail({errc::bad_scope_type, {}, {}, {}, {}, {}});
      return false;
    }
    return detail::check_values(g, o.values);
  }
  constexpr void enter(ambit::graph& g, detail::scope_target const& target, variable_scope_options const& o) {
    detail::scope_entry_state state;
    enter(g, target, o, state);
  }
  constexpr void enter(ambit::graph& g, detail::scope_target const& target, variable_scope_options const& o,
                       detail::scope_entry_state& state) {
    if (!g.begin()) return;
    detail::tables& t = tables_of(g);
    saved_ = t.current;
    outer_ = t.scope;
    if (!check(g, target, o) || (record_ = detail::enter_variable_scope(g, target, o, state, snapshot_)) < 0) {
      t.current = saved_;
      return g.settle();
    }
    left_name_scope_ = !state.opens;
    attach(g, *this);
  }
  /// SPEC 7.8: false where another variable scope is open inside; the name scope is left all the same.
  constexpr bool leave(detail::tables& t) {
    bool const in_order = t.scope == record_;
    if (!left_name_scope_) t.current = saved_;
    left_name_scope_ = true;
    if (!in_order) return false;
    if (snapshot_ >= 0)
      t.restore(snapshot_);
    else
      t.reset_below(t.scopes[record_].name);
    t.scope = outer_;
    return true;
  }

  detail::scope_name saved_{};
  int outer_ = 0;
  int record_ = -1;
  int snapshot_ = -1;
  bool left_name_scope_ = false;
};

}  // namespace ambit
