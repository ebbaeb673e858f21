// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/variable_scope.hpp>

#include <utility>

namespace ambit {

/// The optional arguments of tf.make_template.
struct template_options {
  bool create_scope_now = false;  ///< find the scope's name where the template is made, not where it is first called
  name unique_name{};             ///< the exact name of the scope, instead of one made unique
  ambit::custom_getter custom_getter{};
};

/// A function that creates its variables on the first call and shares them on every later one: tf.make_template. Made by
/// `make_template`; the graph must outlive it. See SPEC 15.
template <class Function>
class variable_template {
 public:
  constexpr variable_template(ambit::graph& g, ambit::name n, Function function, template_options o = {})
      : graph_(&g), function_(std::move(function)), getter_(std::move(o.custom_getter)), unique_given_(o.unique_name.given()) {
    if (!g.begin()) return;
    if (!n.given()) {
      tables_of(g).fail({errc::template_name, {}, {}, {}, n.where(), {}});
      g.settle();
      return;
    }
    name_ = spelled(n);
    if (unique_given_) unique_name_ = spelled(o.unique_name);
    if (o.create_scope_now) create_scope(n.where());
    g.settle();
  }

  /// Runs the body in the template's scope. TEMPLATE_NEW_TRAINABLE where a call after the first complete one creates
  /// trainable variables; they stay.
  template <class... Arguments>
  constexpr decltype(auto) operator()(Arguments&&... arguments) {
    return call_in(*graph_, std::forward<Arguments>(arguments)...);
  }
  /// The same for a body that builds in another graph: in the scope of that name there.
  template <class... Arguments>
  constexpr decltype(auto) call_in(ambit::graph& g, Arguments&&... arguments) {
    if (scope_.valid()) {
      variable_scope_options o;
      o.reuse = first_call_ ? reuse::inherit : reuse::yes;
      variable_scope entered{g, scope_, o};
      return call(g, std::forward<Arguments>(arguments)...);
    }
    variable_scope_options o;
    o.default_name = ambit::name(name_);
    o.custom_getter = getter_;
    variable_scope entered{g, unique_given_ ? ambit::name(unique_name_) : ambit::name(), o};
    scope_ = entered.scope();
    return call(g, std::forward<Arguments>(arguments)...);
  }

  [[nodiscard]] constexpr text const& name() const { return name_; }
  /// Not `valid()` before the first call, unless the scope was created at once.
  [[nodiscard]] constexpr ambit::scope scope() const { return scope_; }
  /// The variables made in the template's scope, as far as they are in its graph or the given one; none before a call
  /// has completed.
  [[nodiscard]] constexpr list<tensor> global_variables() const { return global_variables(*graph_); }
  [[nodiscard]] constexpr list<tensor> global_variables(ambit::graph& g) const {
    return members(g, collections::global_variables);
  }
  [[nodiscard]] constexpr list<tensor> trainable_variables() const { return trainable_variables(*graph_); }
  [[nodiscard]] constexpr list<tensor> trainable_variables(ambit::graph& g) const {
    return members(g, collections::trainable_variables);
  }
  [[nodiscard]] constexpr list<tensor> local_variables() const { return local_variables(*graph_); }
  [[nodiscard]] constexpr list<tensor> local_variables(ambit::graph& g) const {
    return members(g, collections::local_variables);
  }
  [[nodiscard]] constexpr list<tensor> non_trainable_variables() const { return non_trainable_variables(*graph_); }
  [[nodiscard]] constexpr list<tensor> non_trainable_variables(ambit::graph& g) const {
    list<tensor> const trainable = trainable_variables(g);
    list<tensor> out;
    for (tensor const& v : global_variables(g)) {
      bool found = false;
      for (tensor const& t : trainable) found |= t == v;
      if (!found) out.push_back(v);
    }
    return out;
  }

 private:
  /// Takes the first-call flag, and gives it back where the body fails.
  class attempt {
   public:
    constexpr explicit attempt(variable_template& t) : template_(t), first_(std::exchange(t.first_call_, false)) {}
    attempt(attempt const&) = delete;
    attempt& operator=(attempt const&) = delete;
    constexpr ~attempt() {
      if (!succeeded && first_) template_.first_call_ = true;
    }
    bool succeeded = false;

   private:
    variable_template& template_;
    bool first_;
  };

  static constexpr text spelled(ambit::name const& n) {
    text out(n.stem());
    if (n.numbered()) out.append(n.index());
    return out;
  }

  template <class... Arguments>
  constexpr decltype(auto) call(ambit::graph& g, Arguments&&... arguments) {
    attempt a(*this);
    int const before = trainable_count(g);
    bool const completed_before = completed_;
    if constexpr (std::is_void_v<decltype(function_(std::forward<Arguments>(arguments)...))>) {
      function_(std::forward<Arguments>(arguments)...);
      finish(g, a, before, completed_before);
    } else {
      decltype(auto) result = function_(std::forward<Arguments>(arguments)...);
      finish(g, a, before, completed_before);
      return result;
    }
  }
  constexpr void finish(ambit::graph& g, attempt& a, int before, bool completed_before) {
    if (g.failed()) return;
    a.succeeded = true;
    completed_ = true;
    if (!completed_before || trainable_count(g) == before) return;
    list<tensor> const all = g.trainable_variables();
    text added;
    for (int i = before; i < all.size(); ++i) {
      if (i > before) added += ", ";
      added += all[i].name();
    }
    tables_of(g).fail({errc::template_new_trainable, name_, {}, added, {}, {}});
    g.settle();
  }
  static constexpr int trainable_count(ambit::graph const& g) {
    list<int> const* c = tables_of(g).find_collection(collections::trainable_variables);
    return c == nullptr ? 0 : c->size();
  }

  /// SPEC 15.2: only the record of a scope; it counts as entered and left.
  constexpr void create_scope(place where) {
    detail::tables& t = tables_of(*graph_);
    detail::scope_record r = t.scopes[t.scope];
    detail::symbol const parent = r.name;
    bool const unique = unique_given_ && !unique_name_.empty();  // as TensorFlow has it: "" counts as none here
    ambit::name const wanted(unique ? unique_name_ : name_, where.file, where.line);
    if (unique)
      r.name = t.symbols.join(parent, wanted);
    else
      r.name = t.unique_default(parent, wanted);
    if (t.failed) return;
    text leaf = t.symbols.to_text(r.name);
    if (parent != detail::root_symbol)
      leaf = text(leaf.view().substr(t.symbols.to_text(parent).size() + 1));
    r.original = {leaf.empty() ? detail::root_symbol : t.symbols.join(detail::root_symbol, ambit::name(leaf)), false};
    if (t.symbols.is_empty_text(r.name)) r.name = detail::root_symbol;
    r.dtype = dtype::f32;
    r.constraint = {};
    if (getter_.given()) {
      t.getters.push_back({getter_, r.getter});
      r.getter = t.getters.size() - 1;
    }
    t.count_open(r.name);
    t.reset_below(r.name);
    t.scopes.push_back(r);
    scope_ = {*graph_, t.scopes.size() - 1};
  }

  [[nodiscard]] constexpr list<tensor> members(ambit::graph& g, std::string_view key) const {
    if (!completed_) return {};
    text prefix = scope_.name();
    if (!prefix.empty() && prefix.view().back() != '/') prefix += '/';
    return g.get_collection(key, prefix);
  }

  ambit::graph* graph_;
  Function function_;
  ambit::custom_getter getter_;
  text name_;
  text unique_name_;
  bool unique_given_ = false;
  ambit::scope scope_;
  bool first_call_ = true;
  bool completed_ = false;
};

/// Makes a template. Its name, made unique, becomes the variable scope of the body (TEMPLATE_NAME where it is absent).
template <class Function>
[[nodiscard]] constexpr variable_template<Function> make_template(graph& g, name n, Function function,
                                                                  template_options o = {}) {
  return {g, n, std::move(function), std::move(o)};
}

}  // namespace ambit
