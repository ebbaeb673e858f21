// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/literal.hpp>
#include <ambit/graph/name_scope.hpp>
#include <ambit/ops/op.hpp>

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/unpack.hpp>

#include <concepts>
#include <iterator>
#include <type_traits>
#include <utility>

namespace ambit {

template <class Op, class... Operands>
class expression;

/// A number or an array of numbers as an operand: it becomes a constant under the name of its op, "Add/x" (SPEC 4.6).
/// Plain numbers beside a tensor need no graph; an op on numbers alone takes one of these.
struct value_operand {
  ambit::graph* graph = nullptr;
  literal value{};
};
[[nodiscard]] constexpr value_operand value(graph& g, literal v) { return {&g, std::move(v)}; }

namespace detail {

template <class T>
inline constexpr bool is_expression = false;
template <class Op, class... Operands>
inline constexpr bool is_expression<expression<Op, Operands...>> = true;

template <class T>
concept graph_operand = std::same_as<std::remove_cvref_t<T>, tensor> || is_expression<std::remove_cvref_t<T>> ||
                        std::same_as<std::remove_cvref_t<T>, value_operand> ||
                        std::same_as<std::remove_cvref_t<T>, list<tensor>>;

// What an expression holds of an operand: tensors and numbers by value, expressions moved in, nothing by reference.
template <class T>
using held = std::conditional_t<arithmetic<std::remove_cvref_t<T>>, value_operand, std::remove_cvref_t<T>>;
// The operand on its way there; moved once, because moves of nested expressions cost constexpr steps.
template <class T>
constexpr decltype(auto) hold(T&& operand) {
  using plain = std::remove_cvref_t<T>;
  if constexpr (is_expression<plain>) {
    static_assert(!std::is_lvalue_reference_v<T>,
                  "ambit: an expression is recorded once, where it is written: store it as a tensor, "
                  "`tensor e = a + b;` instead of `auto e = a + b;`");
    return static_cast<plain&&>(operand);
  } else if constexpr (arithmetic<plain>) {
    return value_operand{nullptr, literal(operand)};
  } else {
    return static_cast<T&&>(operand);
  }
}

constexpr graph* graph_of(tensor const& t) { return t.graph(); }
constexpr graph* graph_of(value_operand const& v) { return v.graph; }
constexpr graph* graph_of(list<tensor> const& tensors) { return tensors.empty() ? nullptr : tensors[0].graph(); }
template <class Op, class... Operands>
constexpr graph* graph_of(expression<Op, Operands...> const& e) {
  return e.graph();
}

template <class... Operands>
constexpr graph* first_graph(Operands const&... operands) {
  graph* found = nullptr;
  ((found = found == nullptr ? graph_of(operands) : found), ...);
  return found;
}

/// One operand of an op that is being recorded: a node, or a value that becomes one under the op's name.
struct recorded_operand {
  int node = -1;
  literal const* value = nullptr;
};

template <std::size_t Capacity>
class recorded_array {
 public:
  constexpr void push_back(recorded_operand o) { all_[size_++] = o; }
  [[nodiscard]] constexpr recorded_operand* data() { return all_; }
  [[nodiscard]] constexpr int size() const { return size_; }

 private:
  recorded_operand all_[Capacity];
  int size_ = 0;
};

// Non-templates and templates on few types: for each op and each of its operands they would cost every file that includes
// them, 0.1 s in all.
constexpr bool check_operand(graph& g, tensor const& t, std::string_view op) {
  if (t.graph() == &g && t.valid()) return true;
  tables& all = tables_of(g);
  if (!t.valid())
    all.fail({errc::empty_tensor, text(op), {}, {}, {}, {}});
  else
    all.fail({errc::wrong_graph, t.name(), "the other operands", {}, {}, {}});
  return false;
}
/// Puts what an operand of `op` is recorded as behind the others: false after an error.
template <class Recorded>
constexpr bool place_operand(graph& g, tensor const& t, std::string_view op, int, Recorded& out) {
  out.push_back({t.id(), nullptr});
  return check_operand(g, t, op);
}
template <class Recorded>
constexpr bool place_operand(graph& g, list<tensor> const& tensors, std::string_view op, int start, Recorded& out) {
  for (tensor const& t : tensors)
    if (!place_operand(g, t, op, start, out)) return false;
  return true;
}
template <class Recorded>
constexpr bool place_operand(graph&, value_operand const& v, std::string_view, int, Recorded& out) {
  out.push_back({-1, &v.value});
  return true;
}
template <class Op, class... Operands, class Recorded>
constexpr bool place_operand(graph& g, expression<Op, Operands...>& e, std::string_view op, int start, Recorded& out) {
  if (e.graph_ != &g) {
    tables_of(g).fail({e.graph_ == nullptr ? errc::expression_empty : errc::wrong_graph, text(e.default_name_), text(op), {},
                       e.name_.where(), {}});
    return false;
  }
  int const node = std::move(e).walk(g, start);
  out.push_back({node, nullptr});
  return node >= 0;
}

/// Where a graph is missing: nothing is left of the expression, or its operands have none.
constexpr tensor refuse_expression(bool recorded_before, std::string_view op, place where) {
  raise({recorded_before ? errc::expression_empty : errc::empty_tensor, text(op), {}, {}, where, {}});
  return {};
}
/// Ends a recording that `begin` has begun: the tensor of a node, or of an error at the line `at`.
constexpr tensor recorded_in(graph& g, int id, place at) {
  if (id < 0 && tables_of(g).error.here.file == nullptr) tables_of(g).error.here = at;
  g.settle();
  return {g, id};
}

/// When and where an expression was written.
struct written {
  scope_name scope{};
  int marks = 0;  // names taken so far
};

constexpr int record_literal(tables& t, literal const& value, dtype type, std::string_view name_, place where,
                             symbol op) {
  if (!value.consistent()) {
    text size;
    size.append(value.size());
    return t.fail({errc::bad_literal, t.symbols.to_text(op), to_text(value.shape()), std::move(size), where, {}});
  }
  bool const lossy = is_floating(value.type()) && !is_floating(type);
  if (type != value.type() && (lossy || (type == dtype::boolean) != (value.type() == dtype::boolean)))
    return t.fail({errc::op_dtype, t.symbols.to_text(op), to_string(type), to_string(value.type()), where, {}});
  name const n = name::of_static(name_, where);  // the op struct's
  if (type == value.type()) return t.add_constant(value, n);
  return t.add_constant(value.converted(type), n);
}

constexpr int whole_of_parts(graph& g, int partitioned);  // ops/whole.hpp

/// The first operand of those that have one dtype.
template <class Op>
inline constexpr int first_alike = [] {
  if constexpr (requires { Op::first_alike; })
    return Op::first_alike;
  else
    return 0;
}();

/// What an op calls its operands; the last name is that of all further ones. From `alike` on they have one dtype.
struct operand_names {
  std::string_view const* all;
  int count;
  int alike;
  constexpr std::string_view operator[](int i) const { return all[i < count - 1 ? i : count - 1]; }
};
template <class Op>
inline constexpr operand_names operand_names_of{std::data(Op::operands), static_cast<int>(std::size(Op::operands)),
                                                first_alike<Op>};

/// The operands of an op as nodes: numbers become constants of the dtype of the first tensor among those alike.
constexpr int record_operands(graph& g, recorded_operand* all, int count, operand_names const& names, symbol op_name,
                              place where) {
  tables& t = tables_of(g);
  bool plain = true;  // tensors only, as most are
  dtype type = dtype::none;
  for (int i = count; i-- > 0;) {
    if (all[i].node < 0) {
      plain = false;
      continue;
    }
    node const& n = t.nodes[all[i].node];
    if (n.type->hidden) plain = false;
    if (i >= names.alike) type = n.dtype;
  }
  if (plain) return 0;
  if (type == dtype::none) type = all[names.alike].value->type();
  for (int i = 0; i < count; ++i) {
    if (all[i].node < 0) {
      dtype const wanted = i < names.alike ? all[i].value->type() : type;
      all[i].node = record_literal(t, *all[i].value, wanted, names[i], where, op_name);
    } else if (t.nodes[all[i].node].type->hidden) {
      all[i].node = whole_of_parts(g, all[i].node);
    }
    if (t.failed) return -1;
  }
  return 0;
}

/// Opens the scope of an op, the current one from then on, and records its operands: SPEC 4.5 to 4.7. `start` is the number of
/// names taken when the walk over the whole expression began. The name of the op; -1 after an error.
constexpr symbol open_op(graph& g, name const& given, std::string_view default_name, written const& w, int start,
                         recorded_operand* operands, int count, operand_names const& names) {
  tables& t = tables_of(g);
  place const where = given.where();
  name const wanted = given.given() ? given : name::of_static(default_name, where);
  bool const changeable = start > w.marks && !wanted.empty() && !wanted.absolute();
  int taken_at = 0;
  if (changeable) taken_at = t.symbols[t.symbols[t.symbols.join(w.scope.name, wanted)].fold].marked_at;
  scope_name const opened = t.open(wanted);
  if (t.failed) return -1;
  if (changeable && taken_at > w.marks && taken_at <= start)
    return t.fail({errc::expression_out_of_order, t.symbols.to_text(t.symbols.join(w.scope.name, wanted)),
                   t.symbols.to_text(opened.name), {}, where, {}});
  t.current = opened;
  if (record_operands(g, operands, count, names, opened.name, where) < 0) return -1;
  symbol const op_name = t.op_name_in(opened, where);  // only now: a name may be taken or wrong, and operands come first
  if (op_name < 0) return -1;
  for (int i = 0; i < count; ++i) t.inputs.push_back(operands[i].node);
  return op_name;
}

/// Records one op, as `open_op` says.
template <class Op>
constexpr int record_op(graph& g, Op op, name const& given, std::string_view default_name, written const& w, int start,
                        recorded_operand* operands, int count) {
  tables& t = tables_of(g);
  saved_name_scope restore(t, w.scope);
  symbol const op_name = open_op(g, given, default_name, w, start, operands, count, operand_names_of<Op>);
  if (op_name < 0) return -1;
  place const where = given.where();
  int const first_input = t.inputs.size() - count;
  inference facts(t, op_name, where, t.inputs.data() + first_input, count);
  op.infer(facts);
  if (t.failed) return -1;
  int const first_slot = t.slots.size();
  if constexpr (has_attributes<Op>) {
    slot_writer writer(t.slots);
    op.attributes(writer);
  }
  return t.add(type_of<Op>, op_name, facts.output_shape(), facts.output_dtype(), where, first_input, first_slot);
}

}  // namespace detail

/// An op applied to operands and not yet recorded: an expression template. It owns its operands, remembers the name
/// scope in which it was written, and is recorded, all its ops in one left-to-right walk, when it becomes a `tensor`.
///
/// It is recorded once: it moves, never copies, and as an operand it must be a temporary. Recorded again:
/// EXPRESSION_EMPTY. Where other ops were recorded since it was written and took one of its names:
/// EXPRESSION_OUT_OF_ORDER.
template <class Op, class... Operands>
class [[nodiscard]] expression {
 public:
  using is_ambit_expression = void;

  /// Use `apply`.
  template <class... Given>
  constexpr expression(Op op, std::string_view default_name, name n, Given&&... given)
      : graph_(detail::first_graph(given...)),
        operands_(static_cast<Given&&>(given)...),
        op_(op),
        default_name_(default_name),
        name_(n) {
    if (graph_ != nullptr) written_ = {tables_of(*graph_).current, tables_of(*graph_).marks};
  }
  expression(expression const&) = delete;
  expression& operator=(expression const&) = delete;
  expression& operator=(expression&&) = delete;
  constexpr expression(expression&& other) noexcept
      : graph_(other.graph_),
        operands_(std::move(other.operands_)),
        op_(std::move(other.op_)),
        default_name_(other.default_name_),
        name_(other.name_),
        written_(other.written_),
        empty_(other.empty_) {
    other.graph_ = nullptr, other.empty_ = true;
  }

  [[nodiscard]] constexpr ambit::graph* graph() const { return graph_; }

  /// Records the ops of the expression. What becoming a tensor does, at the line `at`.
  constexpr tensor record(place at = {}) && {
    if (graph_ == nullptr)
      return detail::refuse_expression(recorded_before(), default_name_, name_.where().file != nullptr ? name_.where() : at);
    ambit::graph& g = *graph_;
    if (!g.begin()) return {g, -1};
    return detail::recorded_in(g, std::move(*this).walk(g, tables_of(g).marks), at);
  }

 private:
  template <class, class...>
  friend class expression;
  template <class O, class... A, class Recorded>
  friend constexpr bool detail::place_operand(ambit::graph&, expression<O, A...>&, std::string_view, int, Recorded&);

  // It, or a part of it, was recorded or moved on.
  [[nodiscard]] constexpr bool recorded_before() const {
    if constexpr ((detail::is_expression<Operands> || ...))
      return empty_ || boost::hana::unpack(operands_, [](auto const&... operand) { return (recorded_before(operand) || ...); });
    else
      return empty_;
  }
  template <class Operand>
  [[nodiscard]] static constexpr bool recorded_before(Operand const& operand) {
    if constexpr (detail::is_expression<Operand>) return operand.recorded_before();
    return false;
  }
  constexpr int walk(ambit::graph& g, int start) && {
    recorded_list recorded;
    bool const good = boost::hana::unpack(operands_, [&](auto&... operand) {
      return (detail::place_operand(g, operand, Op::default_name, start, recorded) && ...);  // left to right, until one fails
    });
    graph_ = nullptr;
    empty_ = true;
    if (!good) return -1;
    return detail::record_op<Op>(g, std::move(op_), name_, default_name_, written_, start, recorded.data(), recorded.size());
  }
  // A list only where one operand stands for several: its allocation would be a tenth of an op's constexpr steps.
  using recorded_list = std::conditional_t<(std::same_as<Operands, list<tensor>> || ...), list<detail::recorded_operand>,
                                           detail::recorded_array<sizeof...(Operands)>>;

  ambit::graph* graph_ = nullptr;
  boost::hana::basic_tuple<Operands...> operands_;
  Op op_;
  std::string_view default_name_;
  name name_;
  detail::written written_{};
  bool empty_ = false;
};

/// What an op takes: a tensor, an unnamed expression, a number.
template <class T>
concept operand = detail::graph_operand<T> || arithmetic<std::remove_cvref_t<T>>;

/// Applies an op to operands; what the function of an op calls. At least one operand must carry a graph.
template <op_struct Op, operand... Operands>
  requires(detail::graph_operand<Operands> || ...)
constexpr auto apply_as(std::string_view default_name, Op op, name n, Operands&&... operands) {
  return expression<Op, detail::held<Operands>...>(op, default_name, n,
                                                   detail::hold(static_cast<Operands&&>(operands))...);
}
template <op_struct Op, operand... Operands>
  requires(detail::graph_operand<Operands> || ...)
constexpr auto apply(Op op, name n, Operands&&... operands) {
  return apply_as(Op::default_name, std::move(op), n, std::forward<Operands>(operands)...);
}

/// Two operands of which one carries a graph: what a binary operator takes.
template <class A, class B>
concept operands = operand<A> && operand<B> && (detail::graph_operand<A> || detail::graph_operand<B>);

}  // namespace ambit

#include <ambit/ops/whole.hpp>  // last: ops that every expression may need, made of expressions
