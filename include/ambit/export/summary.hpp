// SPDX-License-Identifier: BSL-1.0
// A graph as a table for people.
#pragma once

#include <ambit/graph/registry.hpp>

#include <cstdint>
#include <string_view>

namespace ambit {

namespace detail {

/// 1234567 as "1,234,567".
constexpr text grouped(std::int64_t number) {
  text digits, out;
  digits.append(number);
  std::size_t const size = digits.size();
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0 && (size - i) % 3 == 0) out += ',';
    out += digits[static_cast<int>(i)];
  }
  return out;
}
constexpr text counted_text(std::int64_t count, std::string_view noun) {
  text out = grouped(count);
  out += ' ';
  out += noun;
  if (count != 1) out += 's';
  return out;
}

struct summary_row {
  text name{};  // the last component, or the scope
  text shape{};
  std::string_view dtype{};
  text parameters{};
  text remark{};
  int level = 0;
};

/// Columns as wide as their longest cell; of names no wider than `widest`, or one long name would widen every line and
/// make the table quadratic. A longer name pushes the rest of its own line to the right.
class summary_table {
 public:
  static constexpr std::size_t widest = 60;

  constexpr void add(summary_row row) {
    std::size_t const name = row.name.size() + 2 * static_cast<std::size_t>(row.level);
    if (name <= widest) grow(name_, name);
    grow(shape_, row.shape.size());
    grow(dtype_, row.dtype.size());
    grow(parameters_, row.parameters.size());
    rows_.push_back(std::move(row));
  }
  constexpr void print(text& out) const {
    for (summary_row const& row : rows_) {
      std::size_t const indent = 2 * static_cast<std::size_t>(row.level);
      text line;
      pad(line, indent);
      line += row.name;
      pad(line, missing(name_, row.name.size() + indent) + 2);
      line += row.shape;
      pad(line, missing(shape_, row.shape.size()) + 2);
      line += row.dtype;
      pad(line, missing(dtype_, row.dtype.size()) + 2 + missing(parameters_, row.parameters.size()));
      line += row.parameters;
      if (!row.remark.empty()) {
        line += "  ";
        line += row.remark;
      }
      std::string_view end = line;
      while (end.ends_with(' ')) end.remove_suffix(1);
      out += end;
      out += '\n';
    }
  }

 private:
  static constexpr void grow(std::size_t& width, std::size_t wanted) {
    if (wanted > width) width = wanted;
  }
  static constexpr std::size_t missing(std::size_t width, std::size_t size) { return size < width ? width - size : 0; }
  static constexpr void pad(text& out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out += ' ';
  }

  list<summary_row> rows_;
  std::size_t name_ = 0, shape_ = 0, dtype_ = 0, parameters_ = 0;
};

constexpr text leaf_of(tables const& t, symbol name) {
  text full = t.symbols.to_text(name);
  std::size_t const slash = full.view().rfind('/');
  if (slash == std::string_view::npos) return full;
  return text(full.view().substr(slash + 1));
}

constexpr summary_row row_of(tables const& t, tensor const& v) {
  summary_row row;
  row.name = leaf_of(t, t.nodes[v.id()].name);
  row.shape = to_text(v.shape());
  row.dtype = to_string(v.dtype());
  if (v.shape().fully_defined())
    row.parameters = grouped(v.shape().elements());
  else
    row.parameters = "?";
  int const first = v.is_partitioned() ? t.inputs[t.nodes[v.id()].first_input] : v.id();
  if (!t.variables[t.nodes[first].variable].trainable) row.remark = "not trainable";
  if (v.is_partitioned()) {
    if (!row.remark.empty()) row.remark += ", ";
    row.remark += "in ";
    row.remark += counted_text(v.parts().size(), "part");
  }
  row.level = 1;
  return row;
}

/// The variables, a heading for each scope that has some, in the order in which they were made.
constexpr void summarize_variables(text& out, graph& g) {
  tables const& t = tables_of(g);
  list<tensor> const rows = variables(g, {.whole = true});
  list<int> group_of;  // of each symbol
  group_of.reserve(t.symbols.size());
  for (int i = 0; i < t.symbols.size(); ++i) group_of.push_back(-1);
  list<symbol> groups;
  list<list<tensor>> members;
  for (tensor const& v : rows) {
    symbol const scope = t.symbols[t.nodes[v.id()].name].parent;
    if (group_of[scope] < 0) {
      group_of[scope] = groups.size();
      groups.push_back(scope);
      members.push_back({});
    }
    members[group_of[scope]].push_back(v);
  }

  summary_table table;
  table.add({"variable", "shape", "dtype", "parameters", {}, 0});
  for (int i = 0; i < groups.size(); ++i) {
    summary_row heading;
    heading.name = t.symbols.to_text(groups[i]);
    if (heading.name.empty()) heading.name = "(root)";
    heading.parameters = grouped(totals_of(members[i]).elements);
    table.add(std::move(heading));
    for (tensor const& v : members[i]) table.add(row_of(t, v));
  }
  if (!groups.empty()) {
    table.print(out);
    out += '\n';
  }

  list<tensor> trainable, all;
  for (variable_info const& v : t.variables) {
    all.push_back({g, v.node});
    if (v.trainable) trainable.push_back({g, v.node});
  }
  variable_totals const total = totals_of(all);
  out += counted_text(rows.size(), "variable");
  out += ": ";
  out += counted_text(total.elements, "parameter");
  out += ", ";
  out += grouped(totals_of(trainable).elements);
  out += " trainable, ";
  out += counted_text(total.bytes, "byte");
  if (total.unsized > 0) {
    out += ", ";
    out += grouped(total.unsized);
    out += " of unknown size";
  }
  out += '\n';
}

/// The ops by type, the commonest first, then by name.
constexpr void summarize_ops(text& out, graph& g) {
  struct tally {
    op_type const* type = nullptr;
    int count = 0;
  };
  tables const& t = tables_of(g);
  list<tally> types;  // as many as the program has ops, which do not grow with the graph
  int ops = 0, last = 0;
  for (node const& n : t.nodes) {
    if (n.type->hidden) continue;
    ++ops;
    if (last >= types.size() || types[last].type->id != n.type->id)
      for (last = 0; last < types.size() && types[last].type->id != n.type->id;) ++last;
    if (last == types.size()) types.push_back({n.type, 0});
    ++types[last].count;
  }
  auto const before = [](tally const& a, tally const& b) {
    return a.count != b.count ? a.count > b.count : a.type->name < b.type->name;
  };
  for (int i = 1; i < types.size(); ++i)
    for (int k = i; k > 0 && before(types[k], types[k - 1]); --k) std::swap(types[k], types[k - 1]);
  out += counted_text(ops, "op");
  for (int i = 0; i < types.size(); ++i) {
    out += i == 0 ? ": " : ", ";
    out += grouped(types[i].count);
    out += ' ';
    out += types[i].type->name;
  }
  out += '\n';
}

}  // namespace detail

/// A graph as text: its variables by scope, with shape, dtype, number of parameters and what is not usual (not trainable,
/// in parts), then the sums, and the ops by type. The same graph gives the same text with every compiler.
/// Complexity: linear in the graph.
[[nodiscard]] constexpr text summary(graph& g) {
  text out;
  detail::summarize_variables(out, g);
  detail::summarize_ops(out, g);
  return out;
}

}  // namespace ambit
