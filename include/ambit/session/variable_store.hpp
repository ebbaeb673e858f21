// SPDX-License-Identifier: BSL-1.0
// The values of a graph's variables at run time, each in the one form that its readers want.
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/graph/graph.hpp>
#include <ambit/session/memory_block.hpp>
#include <ambit/session/run_time_product.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using detail::node;
using detail::tables;

/// The roles of a node's weights, for its operands' shapes.
inline std::vector<weight_role> roles_of(tables const& t, node const& n, shape const* operands, shape const& result) {
  std::vector<weight_role> roles;
  for (int r = 0; r < n.type->weights; ++r) roles.push_back(n.type->weight(t.slots.data() + n.first_slot, r, operands, result));
  return roles;
}
/// As the graph knows them.
inline std::vector<weight_role> roles_of(tables const& t, node const& n) {
  if (n.type->weights == 0) return {};
  std::vector<shape> operands;
  for (int k = 0; k < n.inputs; ++k) operands.push_back(t.nodes[t.inputs[n.first_input + k]].shape);
  return roles_of(t, n, operands.data(), n.shape);
}

struct stored_variable {
  int node = -1;
  ambit::dtype type = dtype::none;
  ambit::shape shape{};
  weight_form form{};
  memory_block data;
  bool state = false;  // an op of the graph changes it: runs use a copy that their workspace owns
  bool ready = false;  // has got a value

  [[nodiscard]] std::int64_t bytes() const {
    std::int64_t const n = form.form == weight_form::kind::row_major ? shape.elements() : form.elements();
    return n * size_of(type);
  }
};

class variable_store {
 public:
  /// Takes up the variables of a graph, and of one that has grown its new ones. The forms follow from all readers, so a
  /// value may be laid out anew. False where the graph is as it was.
  bool update(graph const& g) {
    if (tables_of(g).nodes.size() == nodes_) return false;  // in line, as each run asks
    grow(tables_of(g));
    return true;
  }

  [[nodiscard]] std::vector<stored_variable> const& all() const { return all_; }
  [[nodiscard]] stored_variable const& operator[](int variable) const { return all_[static_cast<std::size_t>(variable)]; }
  [[nodiscard]] stored_variable& operator[](int variable) { return all_[static_cast<std::size_t>(variable)]; }
  /// Nodes of the graph that have been taken up.
  [[nodiscard]] int nodes() const { return nodes_; }
  /// Grows whenever the graph has; plans of another version are stale.
  [[nodiscard]] int version() const { return version_; }
  /// The saved variables, in the order of the collection `global_variables`.
  [[nodiscard]] std::vector<variable_entry> const& table() const { return table_; }
  /// The variable of a row of the table.
  [[nodiscard]] int variable_of(int row) const { return rows_[static_cast<std::size_t>(row)]; }

  void write(int variable, void const* row_major) {
    stored_variable& s = (*this)[variable];
    pack(s.form, s.type, s.shape.elements(), row_major, s.data.data());
    s.ready = true;
  }
  void read(int variable, void* row_major) const {
    stored_variable const& s = (*this)[variable];
    unpack(s.form, s.type, s.shape.elements(), s.data.data(), row_major);
  }

 private:
  void grow(tables const& t) {
    nodes_ = t.nodes.size();
    ++version_;
    std::vector<weight_form> const forms = forms_of(t);
    for (int v = 0; v < t.variables.size(); ++v) {
      node const& n = t.nodes[t.variables[v].node];
      auto const i = static_cast<std::size_t>(v);
      if (i == all_.size()) {
        stored_variable s;
        s.node = t.variables[v].node;
        s.type = n.dtype;
        s.shape = n.shape;
        all_.push_back(std::move(s));
      }
      stored_variable& s = all_[i];
      s.state = state_[i];
      if (s.data.data() == nullptr) {
        s.form = forms[i];
        if (s.shape.fully_defined() && is_evaluable(s.type)) s.data = memory_block(s.bytes());
      } else if (!(s.form == forms[i])) {
        std::vector<std::byte> plain(static_cast<std::size_t>(s.shape.elements() * size_of(s.type)));
        unpack(s.form, s.type, s.shape.elements(), s.data.data(), plain.data());
        s.form = forms[i];
        s.data = memory_block(s.bytes());
        pack(s.form, s.type, s.shape.elements(), plain.data(), s.data.data());
      }
    }
    make_table(t);
  }
  // A variable that one kind of kernel reads, and nothing else, lies as that kernel wants it.
  std::vector<weight_form> forms_of(tables const& t) {
    auto const count = static_cast<std::size_t>(t.variables.size());
    std::vector<weight_form> forms(count);
    std::vector<bool> plain(count, false);
    state_.assign(count, false);
    for (int i = 0; i < t.nodes.size(); ++i) {
      node const& n = t.nodes[i];
      std::vector<weight_role> const roles = roles_of(t, n);
      for (int k = 0; k < n.inputs; ++k) {
        int const variable = t.nodes[t.inputs[n.first_input + k]].variable;
        if (variable < 0) continue;
        auto const v = static_cast<std::size_t>(variable);
        if ((n.type->state && k == 0) || (n.type->updates >> k & 1U) != 0) state_[v] = plain[v] = true;
        std::size_t role = 0;
        while (role < roles.size() && roles[role].operand != k) ++role;
        if (role == roles.size() || roles[role].depth < 0 || roles[role].outputs < 0) {
          plain[v] = true;
          continue;
        }
        weight_form const wanted = form_for_role(roles[role], t.nodes[t.inputs[n.first_input + k]].dtype);
        if (forms[v].form == weight_form::kind::row_major)
          forms[v] = wanted;
        else if (!(forms[v] == wanted))
          plain[v] = true;
      }
    }
    for (std::size_t v = 0; v < count; ++v)
      if (plain[v]) forms[v] = {};
    return forms;
  }
  void make_table(tables const& t) {
    table_.clear();
    names_.clear();
    rows_.clear();
    list<int> const* const saved = t.find_collection(collections::global_variables);
    if (saved == nullptr) return;
    names_.reserve(static_cast<std::size_t>(saved->size()));  // the table's views must not move
    for (int id : *saved) {
      stored_variable const& s = (*this)[t.nodes[id].variable];
      names_.emplace_back(std::string_view(t.symbols.to_text(t.nodes[id].name)));
      table_.push_back({names_.back(), s.type, s.shape, s.data.data() != nullptr});
      rows_.push_back(t.nodes[id].variable);
    }
  }

  int nodes_ = -1;
  int version_ = 0;
  std::vector<stored_variable> all_;
  std::vector<bool> state_;
  std::vector<variable_entry> table_;
  std::vector<std::string> names_;
  std::vector<int> rows_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
