// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/name_scope.hpp>
#include <ambit/graph/scope.hpp>

#include <concepts>
#include <utility>

namespace ambit {

/// What `variable` can be told beside the initial value and the name; the arguments of tf.Variable.
struct new_variable_options {
  ambit::dtype dtype = ambit::dtype::none;  ///< the initial value's where not given
  option trainable{};
  collection_list collections{};  ///< [global_variables] where not given; trainable ones are added to theirs all the same
  device caching_device{};
  bool validate_shape = true;
  option use_resource{};  ///< the current variable scope's where not given
  ambit::constraint constraint{};
  ambit::synchronization synchronization = ambit::synchronization::automatic;
  ambit::aggregation aggregation = ambit::aggregation::none;
};

namespace detail {

/// A request on its way through the rules. The name is that of `key` where get_variable asks, and then its text is
/// written out for getters and creators only.
struct lookup : variable_request {
  symbol key = no_symbol;
};

/// The name scope of a variable that get_variable makes: its key, from the root (SPEC 12.3).
constexpr scope_name open_key(tables& t, symbol key, place where) {
  if (t.symbols.is_empty_text(key)) return {};
  if (!t.symbols[key].op_valid) return {t.fail(errc::bad_scope_name, key, where), true};
  if (t.symbols.ends_in_slash(key)) return {t.symbols[key].parent, true};
  return {t.unique(key, where), true};
}

constexpr int refuse_parameter(tables& t, std::string_view whose, std::string_view needed, symbol variable, place where) {
  return t.fail({errc::bad_parameter, t.symbols.to_text(variable), needed, whose, where, {}});
}

/// Shape and dtype of an initial value. Records its ops, if it has any, below `<variable>/Initializer/`; `computed` is the
/// node that they end in.
constexpr int initial_facts(ambit::graph& g, lookup const& c, symbol variable, shape& s, dtype& type, int& computed) {
  tables& t = tables_of(g);
  ambit::initializer const& init = c.initializer;
  s = c.shape;
  type = c.dtype;
  if (init.constant()) {
    tensor const value = init.value_tensor();
    if (value.valid() && value.graph() != &g)
      return t.fail({errc::wrong_graph, value.name(), "the variable that it initializes", {}, c.where, {}});
    if (c.part.axis < 0) computed = value.id();
    s = init.shape();
    if (c.part.axis >= 0) s.set(c.part.axis, c.shape[c.part.axis]);
    if (type == dtype::none || init.value() == nullptr) type = init.dtype();
    return 0;
  }
  if (!init.kind()->accepts(type))
    return t.fail({errc::init_float_only, t.symbols.to_text(variable), to_string(type), {}, c.where, {}});
  requirement const unmet = init.kind()->unmet(s, init.parameters());
  if (unmet.shape != nullptr && s.known())
    return t.fail({errc::init_shape, t.symbols.to_text(variable), unmet.shape, to_text(s), c.where, {}});
  if (unmet.parameters != nullptr) return refuse_parameter(t, "initializer", unmet.parameters, variable, c.where);
  if (!init.kind()->records_ops()) return 0;
  saved_name_scope restore(t, {t.symbols.join(variable, name("Initializer")), true});
  bool const shaped = init.kind()->needs_shape();
  tensor const value = init.kind()->initial_value(g, s, type, init.parameters());
  if (t.failed) return -1;
  computed = value.id();
  if (!shaped && value.valid()) {
    s = value.shape();
    type = value.dtype();
  }
  return 0;
}

/// The value of a tensor that is a constant, so that compiled models can begin with it.
constexpr literal value_of_constant(tables const& t, int id) {
  node const& n = t.nodes[id];
  literal value(n.dtype, n.shape);
  for (int i = 0; i < n.slots; ++i) value.push_pattern(t.slots[n.first_slot + i]);
  return value;
}

/// Makes a variable: SPEC 12. Its node, or -1.
constexpr int construct(ambit::graph& g, lookup const& c) {
  tables& t = tables_of(g);
  if (!c.initializer.given()) return t.fail({errc::no_initial_value, c.name, {}, {}, c.where, {}});
  scope_name opened;
  if (c.key >= 0)
    opened = open_key(t, c.key, c.where);
  else if (c.named)
    opened = t.open(name(c.name, c.where.file, c.where.line));
  else
    opened = t.open(name("Variable", c.where.file, c.where.line));
  if (t.failed) return -1;
  shape s;
  dtype type;
  int computed = -1;
  if (initial_facts(g, c, opened.name, s, type, computed) < 0) return -1;
  symbol const variable = t.op_name_in(opened, c.where);
  if (variable < 0) return -1;
  if (c.validate_shape && !s.fully_defined())
    return t.fail({errc::init_shape_unknown, t.symbols.to_text(variable), {}, to_text(s), c.where, {}});

  if (c.constraint.given())
    if (std::string_view const needed = c.constraint.needed(s); !needed.empty())
      return refuse_parameter(t, "constraint", needed, variable, c.where);

  int const id = t.add(op_types::variable, variable, s, type, c.where);
  t.nodes[id].variable = t.variables.size();
  bool const trainable = c.trainable.value_or(c.synchronization != synchronization::on_read);
  device const caching = given(c.caching_device) ? t.symbols.keep(c.caching_device) : device{};
  t.variables.push_back({id, c.initializer, caching, c.constraint, c.synchronization, c.aggregation, trainable,
                         c.use_resource.value_or(t.use_resource), c.part, computed});
  if (int const from = c.initializer.value_tensor().id(); from >= 0 && t.nodes[from].type->id == op_types::constant.id)
    t.variables.back().initializer = value_of_constant(t, from);
  if (!c.collections.given()) t.global_variables().push_back(id);
  for (std::string_view key : c.collections) t.collection(key).push_back(id);
  if (trainable && !c.collections.contains(collections::trainable_variables)) t.trainable_variables().push_back(id);
  return id;
}

/// Goes on to the next creator, or makes the variable.
class next_creator {
 public:
  constexpr next_creator(ambit::graph& g, creator_node* next) : graph_(&g), next_(next) {}
  constexpr tensor operator()(creation_request request);
  [[nodiscard]] constexpr ambit::graph& graph() const { return *graph_; }

 private:
  ambit::graph* graph_;
  creator_node* next_;
};

/// Makes a variable through the creators in force, innermost first (SPEC 11.5).
constexpr int create_variable(ambit::graph& g, lookup& c) {
  tables& t = tables_of(g);
  if (t.creators == nullptr) return construct(g, c);
  if (c.key >= 0) c.name = t.symbols.to_text(c.key);
  creator_node* const first = t.creators;
  next_creator next(g, first->outer);
  tensor const made = first->call(next, static_cast<variable_request const&>(c));
  if (!t.failed && made.valid() && made.graph() != &g)
    t.fail({errc::wrong_graph, made.name(), "the variable that its creator was asked for", {}, c.where, {}});
  return t.failed ? -1 : made.id();
}

constexpr tensor next_creator::operator()(creation_request request) {
  if (next_ != nullptr) {
    next_creator next(*graph_, next_->outer);
    return next_->call(next, std::move(request));
  }
  int const id = construct(*graph_, lookup{std::move(request)});
  graph_->settle();
  return {*graph_, id};
}

}  // namespace detail

/// What a variable creator calls to go on.
using next_creator = detail::next_creator;

/// Makes a new variable, never shared: tf.Variable. Its name is made unique under the current name scope, so both kinds
/// of scope prefix it; variable scopes and reuse are otherwise irrelevant to it (SPEC 12.2).
///
/// `initial` gives shape and dtype unless it is a function, which has no shape here. Errors: NO_INITIAL_VALUE,
/// INIT_SHAPE_UNKNOWN, BAD_SCOPE_NAME; what fails after naming has used its name up.
constexpr tensor variable(graph& g, initializer initial, name n = {}, new_variable_options const& o = {}) {
  if (!g.begin()) return {g, -1};
  detail::tables& t = tables_of(g);
  detail::lookup c;
  c.named = n.given();
  if (n.given()) {
    c.name = n.stem();
    if (n.numbered()) c.name.append(n.index());
  } else {
    c.name = "Variable";
  }
  c.where = n.where();
  c.initializer = std::move(initial);
  c.dtype = o.dtype;
  c.trainable = o.trainable;
  c.collections = o.collections;
  c.caching_device = o.caching_device;
  c.validate_shape = o.validate_shape;
  c.use_resource = o.use_resource.or_else(t.scopes[t.scope].use_resource);
  c.constraint = o.constraint;
  c.synchronization = o.synchronization;
  c.aggregation = o.aggregation;
  int const id = detail::create_variable(g, c);
  g.settle();
  return {g, id};
}

/// Passes every construction of a variable in the block, of both kinds, through a function
/// `tensor(auto& next, creation_request request)`: tf.variable_creator_scope. The innermost creator is asked first.
/// Scopes must be left in the reverse order of entry (CREATOR_NESTING).
template <class Function>
class variable_creator_scope final : private detail::creator_node, private detail::guard_node {
 public:
  constexpr variable_creator_scope(ambit::graph& g, Function creator) : creator_(std::move(creator)) {
    if (!g.begin()) return;
    detail::tables& t = tables_of(g);
    outer = t.creators;
    t.creators = this;
    attach(g, *this);
  }
  variable_creator_scope(variable_creator_scope const&) = delete;
  variable_creator_scope& operator=(variable_creator_scope const&) = delete;
  constexpr ~variable_creator_scope() {
    if (graph == nullptr) return;
    detail::tables& t = tables_of(*graph);
    if (t.guards != this) t.break_nesting(detail::root_symbol);
    if (t.creators == this) {
      t.creators = outer;
    } else {
      for (detail::creator_node* c = t.creators; c != nullptr; c = c->outer)
        if (c->outer == this) c->outer = outer;
    }
    detach(*this);
  }
  /// Leaves the scope before the end of the block. CREATOR_NESTING where another one is open inside it; it stays in force.
  constexpr void close() {
    if (graph == nullptr) return;
    ambit::graph& g = *graph;
    if (tables_of(g).creators == this) {
      tables_of(g).creators = outer;
      return detach(*this);
    }
    tables_of(g).fail({errc::creator_nesting, {}, {}, {}, {}, {}});
    g.settle();
  }

 private:
  [[nodiscard]] constexpr tensor call(next_creator& next, creation_request request) override {
    return creator_(next, std::move(request));
  }

  Function creator_;
};

}  // namespace ambit
