// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/error.hpp>
#include <ambit/core/list.hpp>
#include <ambit/graph/node.hpp>
#include <ambit/graph/request.hpp>
#include <ambit/graph/symbols.hpp>
#include <ambit/graph/tensor.hpp>

#include <utility>

namespace ambit {

/// What happens to a name that is taken: TensorFlow renames silently (`foo_1`), `strict` refuses.
enum class naming { tensorflow, strict };

/// What happens on an error: it is raised, or kept for `graph::error()` while later calls do nothing and return tensors
/// of no graph. Constant expressions cannot catch, so this is how they look at errors.
enum class on_error { raise, keep };

namespace detail {

/// A name scope in force: the symbol, and whether TensorFlow's string for it ends in a slash ("" does not). A scope of
/// the empty name is always the root symbol.
struct scope_name {
  symbol name = root_symbol;
  bool slash = false;
};

/// The settings and the name of a variable scope (SPEC 6.1), with an identity: `scope` objects refer to it.
struct scope_record {
  symbol name = root_symbol;
  scope_name original{};
  ambit::reuse reuse = ambit::reuse::no;
  int initializer = -1;  // in the graph's table
  ambit::regularizer regularizer{};
  std::string_view caching_device{};
  ambit::partitioner partitioner{};
  int getter = -1;  // in the graph's table of getter links
  ambit::dtype dtype = ambit::dtype::f32;
  option use_resource{};
  ambit::constraint constraint{};
};

/// A custom getter and the one it wraps. Shared chains are never edited: entering a scope adds a link.
struct getter_link {
  custom_getter getter{};
  int outer = -1;
};

class next_creator;

/// What `variable_creator_scope` guards derive from.
struct creator_node {
  creator_node* outer = nullptr;
  [[nodiscard]] constexpr virtual tensor call(next_creator& next, variable_request request) = 0;

 protected:
  constexpr ~creator_node() = default;
};

/// What scope guards derive from, so that a graph that dies first can detach them.
struct guard_node {
  ambit::graph* graph = nullptr;
  guard_node* older = nullptr;
  guard_node* newer = nullptr;
};

struct collection_record {
  std::string_view key{};
  list<int> nodes{};
};

/// A tensor of another graph in a collection, after `position` of this graph's.
struct foreign_member {
  std::string_view key{};
  int position = 0;
  tensor member{};
};

struct undo_entry {
  symbol name;
  int open_count;
  int stamp;
  int reset;
};

/// The tables of a graph and the rules of SPEC 1 to 4 and 7.6 to 7.7 over them. The functions that can fail record the
/// failure and return a negative number; the public calls above them raise it.
struct tables {
  symbol_table symbols{};
  list<node> nodes{};
  list<int> inputs{};
  list<std::uint64_t> slots{};
  list<variable_info> variables{};
  list<scope_record> scopes{};
  list<collection_record> collections{};
  list<foreign_member> foreign_members{};
  list<fused_statement> fused{};  // in the order of their nodes
  list<initializer> initializers{};
  list<getter_link> getters{};
  creator_node* creators = nullptr;
  guard_node* guards = nullptr;
  scope_name current{};
  int scope = 0;
  int marks = 0;  // names taken
  int clock = 0;  // of resets and restored snapshots
  list<undo_entry> journal{};
  int snapshots = 0;
  bool parts_stored = false;  // a variable called part_0 is in the store
  int restores = 0;
  ambit::naming naming = ambit::naming::tensorflow;
  ambit::on_error mode = ambit::on_error::raise;
  bool use_resource = false;
  bool failed = false;
  failure error{};
  bool nesting_broken = false;  // a guard died out of order; the next call says so
  symbol broken_scope = root_symbol;

  // ---- errors

  constexpr int fail(failure f) {
    if (!failed) {
      error = std::move(f);
      failed = true;
    }
    return -1;
  }
  constexpr void break_nesting(symbol scope_) {
    nesting_broken = true;
    broken_scope = scope_;
  }
  constexpr int fail(errc code, symbol about, place here = {}) { return fail({code, symbols.to_text(about), {}, {}, here, {}}); }

  // ---- names (SPEC 1, 2, 3)

  /// unique_name of SPEC 1.1.
  constexpr symbol unique(symbol scope_, name const& n, bool mark = true) {
    return unique(symbols.join(scope_, n), n.where(), mark);
  }
  /// The same for a name whose symbol is known.
  constexpr symbol unique(symbol wanted, place where, bool mark = true) {
    symbol_record& first = symbols[wanted];
    symbol_record& base = symbols[first.fold];
    if (!mark) return base.used == 0 ? wanted : free_suffix(wanted, base.used);
    if (base.used > 0) {
      if (naming == ambit::naming::strict) return refuse_rename(wanted, where);
      base.marked_at = marks + 1;
      wanted = free_suffix(wanted, base.used++);  // may move the records
      take(symbols[symbols[wanted].fold], symbols[wanted], where);
    } else {
      take(base, first, where);
    }
    return wanted;
  }
  constexpr void take(symbol_record& base, symbol_record& name, place where) {
    base.used = 1, base.marked_at = ++marks, name.marked = true, name.where = where;
  }
  constexpr symbol free_suffix(symbol wanted, int k) {
    symbol made = no_symbol;
    do made = symbols.with_suffix(wanted, k++);
    while (symbols[symbols[made].fold].used != 0);
    return made;
  }
  constexpr symbol refuse_rename(symbol wanted, place here) {
    symbol taken = wanted;
    for (symbol s = 0; !symbols[taken].marked; ++s)
      if (symbols[s].marked && symbols[s].fold == symbols[wanted].fold) taken = s;
    return fail({taken == wanted ? errc::name_taken : errc::name_differs_in_case, symbols.to_text(wanted),
                 symbols.to_text(unique(wanted, here, false)), symbols.to_text(taken), here, symbols[taken].where});
  }

  /// The name scope that `n` opens now (SPEC 3.5), or name -1 where it is invalid. Marks the name.
  /// `wanted` is set to the symbol before it is made unique.
  constexpr scope_name open(name const& n) {
    symbol wanted = no_symbol;
    return open(n, wanted);
  }
  constexpr scope_name open(name const& n, symbol& wanted) {
    if (!n.given() || n.empty()) return {};
    bool const at_root = current.name == root_symbol;
    if (n.absolute()) {
      std::string_view stem = n.stem();
      stem.remove_suffix(1);
      symbol const s = stem.empty() ? root_symbol : symbols.join(root_symbol, part_of(n, stem));
      bool const valid = stem.empty() ? !at_root : at_root ? symbols[s].op_valid : symbols[s].scope_valid;
      if (!valid) return {bad_scope_name(n), true};
      return {s, true};
    }
    symbol const s = wanted = symbols.join(current.name, n);
    symbol_record const& r = symbols[s];
    if (at_root ? !r.op_valid : !r.scope_valid) return {bad_scope_name(n), true};
    return {unique(s, n.where()), true};
  }
  constexpr int bad_scope_name(name const& n) {
    text shown(n.stem());
    if (n.numbered()) shown.append(n.index());
    return fail({errc::bad_scope_name, shown, {}, {}, n.where(), {}});
  }
  /// A part of the text of a name, with its line.
  static constexpr name part_of(name const& n, std::string_view part) {
    return name(part, n.where().file, n.where().line);
  }

  /// The name of an op made directly, such as a constant (SPEC 4.1, 4.2); -1 where it is invalid, and then used up.
  constexpr symbol direct_op_name(name const& n) {
    symbol s = root_symbol;
    if (n.absolute()) {
      std::string_view stem = n.stem();
      stem.remove_suffix(1);
      if (!stem.empty()) s = symbols.join(root_symbol, part_of(n, stem));
    } else {
      s = unique(current.name, n);
    }
    return checked_op_name(s, n.where());
  }
  /// The name of an op whose scope has been opened (SPEC 4.5).
  constexpr symbol op_name_in(scope_name opened, place where) {
    if (opened.name < 0) return no_symbol;
    if (!opened.slash) return checked_op_name(unique(symbols.join(root_symbol, name("")), where), where);
    return checked_op_name(opened.name, where);
  }
  constexpr symbol checked_op_name(symbol s, place where) {
    if (s < 0) return s;
    symbol_record const& r = symbols[s];
    if (!r.op_valid) return fail(errc::bad_op_name, s, where);
    if (r.node >= 0) return fail({errc::duplicate_node, symbols.to_text(s), {}, {}, where, nodes[r.node].where});
    return s;
  }

  [[nodiscard]] constexpr text to_text(scope_name s) const {
    text out;
    symbols.append(out, s.name);
    if (s.slash) out += '/';
    return out;
  }

  // ---- nodes

  /// Appends a node of a checked name. Inputs and slots appended since the given marks are its own.
  constexpr int add(op_type const& type, symbol name, ambit::shape const& s, ambit::dtype d, place where, int first_input,
                    int first_slot) {
    int const id = nodes.size();
    nodes.push_back({&type, name, s, d, first_input, inputs.size() - first_input, first_slot, slots.size() - first_slot,
                     -1, where});
    if (!type.hidden) symbols[name].node = id;
    return id;
  }
  constexpr int add(op_type const& type, symbol name, ambit::shape const& s, ambit::dtype d, place where) {
    return add(type, name, s, d, where, inputs.size(), slots.size());
  }
  /// A constant made directly under the current name scope.
  constexpr int add_constant(literal const& value, name const& n) {
    symbol const s = direct_op_name(n);
    return s < 0 ? -1 : add_constant(value, s, n.where());
  }
  constexpr int add_constant(literal const& value, symbol s, place where) {
    int const first = slots.size();
    for (int i = 0; i < value.size(); ++i) slots.push_back(value.bits(i));
    return add(op_types::constant, s, value.shape(), value.type(), where, inputs.size(), first);
  }
  [[nodiscard]] constexpr text tensor_name(int id) const {
    text out = symbols.to_text(nodes[id].name);
    if (nodes[id].type->has_output && !nodes[id].type->hidden) out += ":0";
    return out;
  }

  // ---- collections

  constexpr tables() {
    collections.push_back({ambit::collections::global_variables, {}});
    collections.push_back({ambit::collections::trainable_variables, {}});
    scopes.push_back({});
  }
  /// The two that every variable goes to, without a search.
  constexpr list<int>& global_variables() { return collections[0].nodes; }
  constexpr list<int>& trainable_variables() { return collections[1].nodes; }
  constexpr list<int>& collection(std::string_view key) {
    for (collection_record& c : collections)
      if (c.key == key) return c.nodes;
    return collections.push_back({symbols.keep(key), {}}).nodes;
  }
  [[nodiscard]] constexpr list<int> const* find_collection(std::string_view key) const {
    for (collection_record const& c : collections)
      if (c.key == key) return &c.nodes;
    return nullptr;
  }
  constexpr int keep(initializer const& i) {
    initializers.push_back(i);
    return initializers.size() - 1;
  }

  // ---- counters of variable scope names (SPEC 7.6, 7.7): a trie, so that no exit copies or clears a table

  /// The root scope's name is "", whose children are those of the empty component.
  constexpr symbol counted(symbol s) { return s == root_symbol ? symbols.join(root_symbol, name("")) : s; }
  [[nodiscard]] constexpr int open_count(symbol s) const {
    int const stamp = symbols[s].stamp;
    for (symbol a = symbols[s].parent; a > root_symbol; a = symbols[a].parent)
      if (symbols[a].reset > stamp) return 0;
    return symbols[s].open_count;
  }
  /// The name that a default name gets below a scope (SPEC 7.6): itself, or the first free _i. Only resets of enclosing
  /// scopes and snapshots that restore the count of a sibling free a name, so the search goes on where the last one ended
  /// unless there was one.
  constexpr symbol unique_default(symbol parent, name const& n) {
    symbol const wanted = symbols.join(parent, n);
    if (open_count(wanted) == 0) return wanted;
    if (naming == ambit::naming::strict)
      return fail({errc::name_taken, symbols.to_text(wanted), symbols.to_text(symbols.with_suffix(wanted, 1)),
                   symbols.to_text(wanted), n.where(), symbols[wanted].where});
    bool fresh = symbols[wanted].default_stamp >= symbols[symbols[wanted].parent].restored;
    for (symbol a = symbols[wanted].parent; a > root_symbol && fresh; a = symbols[a].parent)
      fresh = symbols[a].reset <= symbols[wanted].default_clock;
    int i = fresh ? symbols[wanted].next_default : 1;
    symbol made = symbols.with_suffix(wanted, i);
    while (open_count(made) != 0) made = symbols.with_suffix(wanted, ++i);
    symbols[wanted].next_default = i;
    symbols[wanted].default_stamp = restores;
    symbols[wanted].default_clock = clock;
    return made;
  }
  constexpr void remember(symbol s) {
    if (snapshots > 0) journal.push_back({s, symbols[s].open_count, symbols[s].stamp, symbols[s].reset});
  }
  constexpr void count_open(symbol scope_) {
    symbol const s = counted(scope_);
    int const now = open_count(s) + 1;
    remember(s);
    symbols[s].open_count = now;
    symbols[s].stamp = clock;
  }
  /// Forgets the counts of everything below a scope.
  constexpr void reset_below(symbol scope_) {
    symbol const s = counted(scope_);
    remember(s);
    symbols[s].reset = ++clock;
  }
  [[nodiscard]] constexpr int snapshot() {
    ++snapshots;
    return journal.size();
  }
  constexpr void restore(int mark) {
    if (journal.size() > mark) ++restores;
    for (int i = journal.size(); i-- > mark;) {
      symbol_record& r = symbols[journal[i].name];
      symbols[r.parent].restored = restores;
      r.open_count = journal[i].open_count;
      r.stamp = journal[i].stamp;
      r.reset = journal[i].reset;
    }
    if (journal.size() > mark) journal.truncate(mark);
    --snapshots;
  }
};

}  // namespace detail

}  // namespace ambit
