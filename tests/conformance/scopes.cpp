// SPDX-License-Identifier: BSL-1.0
#include "scopes.hpp"

#include "values.hpp"

namespace conformance {
namespace {

/// Makes a graph the default until it dies.
class default_graph {
 public:
  default_graph(environment& e, ambit::graph& g) : environment_(e), previous_(e.set_default(g)) {}
  default_graph(default_graph const&) = delete;
  default_graph& operator=(default_graph const&) = delete;
  ~default_graph() { restore(); }
  void restore() {
    if (!std::exchange(restored_, true)) environment_.set_default(previous_);
  }

 private:
  environment& environment_;
  ambit::graph& previous_;
  bool restored_ = false;
};

class graph_guard final : public guard {
 public:
  graph_guard(environment& e, ambit::graph& g) : default_(e, g) {}
  void close() override { default_.restore(); }

 private:
  default_graph default_;
};

/// An open scope of the library. Its graph is the default as long as it is open.
template <class Scope>
class scope_guard final : public guard {
 public:
  template <class... Arguments>
  scope_guard(environment& e, ambit::graph& g, Arguments&&... arguments)
      : default_(e, g), scope_(std::forward<Arguments>(arguments)...) {}
  void close() override {
    try {
      scope_.close();
    } catch (...) {
      default_.restore();
      throw;
    }
    default_.restore();
  }
  [[nodiscard]] Scope const& scope() const { return scope_; }

 private:
  default_graph default_;
  Scope scope_;
};

entered entered_name_scope(std::unique_ptr<scope_guard<ambit::name_scope>> g) {
  value path = to_string(g->scope().path());
  return {std::move(g), std::move(path)};
}
entered entered_variable_scope(std::unique_ptr<scope_guard<ambit::variable_scope>> g) {
  value scope = g->scope().scope();
  return {std::move(g), std::move(scope)};
}

/// values=[...]: only what carries a graph counts; the first one's graph is the scope's (SPEC 3.4).
struct scope_values {
  ambit::value_list list{};
  ambit::graph* graph = nullptr;
};
scope_values read_values(environment& e, statement const& s) {
  scope_values out{{}, &e.graph()};
  word const* const given = s.find("values");
  if (given == nullptr) return out;
  out.list = ambit::value_list::empty();
  bool first = true;
  for (word const& item : parse_list(*given, s.line)) {
    auto const* const t = std::get_if<ambit::tensor>(&e.find(item.id(), s.line));
    if (t == nullptr || t->is_partitioned()) continue;
    out.list.add(*t);
    if (std::exchange(first, false)) out.graph = t->graph();
  }
  return out;
}

// ---- name scopes

entered enter_name_scope(environment& e, statement const& s) {
  scope_values const values = read_values(e, s);
  ambit::name_scope_options const options{e.name(s.find("default"), s.line), values.list};
  return entered_name_scope(std::make_unique<scope_guard<ambit::name_scope>>(e, *values.graph, *values.graph,
                                                                             e.name(&s.words[0], s.line), options));
}

/// A name scope belongs to the graph that is the default when it is entered.
class name_scope_manager final : public context_manager {
 public:
  name_scope_manager(environment& e, ambit::name n) : environment_(e), name_(n) {}
  entered enter() override {
    ambit::graph& g = environment_.graph();
    if (&g != graph_) entry_.emplace(g, name_);
    graph_ = &g;
    return entered_name_scope(std::make_unique<scope_guard<ambit::name_scope>>(environment_, g, *entry_));
  }

 private:
  environment& environment_;
  ambit::name name_;
  ambit::graph* graph_ = nullptr;
  std::optional<ambit::name_scope::entry> entry_{};
};

// ---- variable scopes

/// The arguments of variable_scope; what types preclude is kept as flags.
struct variable_scope_arguments {
  ambit::graph* graph = nullptr;
  ambit::name name{};
  std::optional<ambit::scope> scope{};
  ambit::variable_scope_options options{};
  bool bad_type = false;
};

ambit::variable_scope::entry make_entry(variable_scope_arguments const& a, ambit::variable_scope_options const& o) {
  if (a.scope) return {*a.graph, *a.scope, o};
  if (a.bad_type) return {*a.graph, ambit::name("unused"), o};
  return {*a.graph, a.name, o};
}

void read_target(environment& e, statement const& s, word const& target, variable_scope_arguments& a) {
  if (target.raw == "@badtype")
    a.bad_type = true;
  else if (target.current_scope())
    a.scope = e.graph().current_scope();
  else if (target.reference() && std::holds_alternative<ambit::scope>(e.find(target.id(), s.line)))
    a.scope = e.scope(target, s.line);
  else if (target.reference() && !std::holds_alternative<std::string>(e.find(target.id(), s.line)))
    a.bad_type = true;
  else
    a.name = e.name(&target, s.line);
}

/// Reads the arguments and makes the checks of SPEC 7.1 that types preclude, each after those that come before it.
variable_scope_arguments read_arguments(environment& e, statement const& s, word const& target) {
  variable_scope_arguments a;
  scope_values values = read_values(e, s);
  a.graph = values.graph;
  read_target(e, s, target, a);
  a.options.default_name = e.name(s.find("default"), s.line);
  if (word const* const reuse = s.find("reuse")) {
    std::optional<ambit::reuse> const known = find_reuse(*reuse);
    if (!known) {
      (void)make_entry(a, a.options);  // NAME_REQUIRED comes first
      throw untyped_error("BAD_REUSE", "ValueError");
    }
    a.options.reuse = *known;
  }
  a.options.values = std::move(values.list);
  a.options.initializer = e.initializer(s.find("initializer"), s.line);
  if (word const* const w = s.find("regularizer")) a.options.regularizer = e.tools.regularizer(*w, s.line);
  a.options.caching_device = e.device(s.find("caching_device"), s.line);
  if (word const* const w = s.find("partitioner")) a.options.partitioner = e.tools.partitioner(*w, s.line);
  if (word const* const w = s.find("getter")) a.options.custom_getter = e.tools.getter(*w, s.line);
  a.options.dtype = environment::dtype(s.find("dtype"), s.line);
  if (word const* const w = s.find("use_resource")) a.options.use_resource = parse_option(*w, s.line);
  if (word const* const w = s.find("constraint")) a.options.constraint = e.tools.constraint(*w);
  if (word const* const aux = s.find("aux")) {
    if (aux->raw != "True" && aux->raw != "False") {
      (void)make_entry(a, a.options);  // NAME_REQUIRED and WRONG_GRAPH come first
      throw untyped_error("BAD_AUX", "TypeError");
    }
    a.options.auxiliary_name_scope = aux->raw == "True";
  }
  return a;
}

[[noreturn]] void refuse_type() { throw untyped_error("BAD_SCOPE_TYPE", "TypeError"); }

entered enter_variable_scope(environment& e, statement const& s) {
  variable_scope_arguments const a = read_arguments(e, s, s.words[0]);
  using opened = scope_guard<ambit::variable_scope>;
  if (a.bad_type) {
    (void)make_entry(a, a.options);  // WRONG_GRAPH comes first
    refuse_type();
  }
  if (a.scope) return entered_variable_scope(std::make_unique<opened>(e, *a.graph, *a.graph, *a.scope, a.options));
  return entered_variable_scope(std::make_unique<opened>(e, *a.graph, *a.graph, a.name, a.options));
}

/// A variable scope belongs to the graph that was the default when it was made.
class variable_scope_manager final : public context_manager {
 public:
  variable_scope_manager(environment& e, variable_scope_arguments const& a)
      : environment_(e), graph_(*a.graph), entry_(make_entry(a, a.options)), bad_type_(a.bad_type) {}
  entered enter() override {
    if (bad_type_) refuse_type();
    return entered_variable_scope(std::make_unique<scope_guard<ambit::variable_scope>>(environment_, graph_, entry_));
  }

 private:
  environment& environment_;
  ambit::graph& graph_;
  ambit::variable_scope::entry entry_;
  bool bad_type_;
};

// ---- creators

std::unique_ptr<guard> open_creator_scope(environment& e, creator const& c) {
  ambit::graph& g = e.graph();
  return std::make_unique<scope_guard<ambit::variable_creator_scope<creator>>>(e, g, g, c);
}

class creator_manager final : public context_manager {
 public:
  creator_manager(environment& e, creator c) : environment_(e), creator_(std::move(c)) {}
  entered enter() override { return {open_creator_scope(environment_, creator_), {}}; }

 private:
  environment& environment_;
  creator creator_;
};

}  // namespace

entered enter_block(environment& e, statement const& header) {
  word const& first = header.words[0];
  if (header.keyword == "name_scope") return enter_name_scope(e, header);
  if (header.keyword == "graph") return {std::make_unique<graph_guard>(e, e.graph_named(first.text)), {}};
  if (header.keyword == "with") return e.manager(first.raw, header.line)->enter();
  if (header.keyword == "creator_scope") return {open_creator_scope(e, e.tools.creator(first, header.line)), {}};
  return enter_variable_scope(e, header);
}

std::shared_ptr<context_manager> make_manager(environment& e, statement const& s) {
  std::string const& kind = s.words[1].raw;
  word const& target = s.words[2];
  if (kind == "name_scope") return std::make_shared<name_scope_manager>(e, e.name(&target, s.line));
  if (kind == "creator_scope") return std::make_shared<creator_manager>(e, e.tools.creator(target, s.line));
  return std::make_shared<variable_scope_manager>(e, read_arguments(e, s, target));
}

}  // namespace conformance
