// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/initialize.hpp>
#include <ambit/compiled/lower.hpp>
#include <ambit/compiled/stored_weight.hpp>
#include <ambit/compiled/variable_names.hpp>
#include <ambit/core/variable_entry.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The table that loaders and reports loop over: the saved variables.
template <auto Builder>
struct variable_table {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr int count = [] {
    int n = 0;
    for (int v = 0; v < table.sizes.variables; ++v) n += table.variables.data()[v].saved ? 1 : 0;
    return n;
  }();
  static constexpr auto entries = [] {
    std::array<variable_entry, static_cast<std::size_t>(detail::at_least_one<count>)> e{};
    int at = 0;
    for (int v = 0; v < table.sizes.variables; ++v) {
      if (!table.variables.data()[v].saved) continue;
      detail::frozen_node const& n = table.nodes.data()[table.variables.data()[v].node];
      e.data()[at++] = {detail::variable_names<Builder>::of(v), n.dtype, n.shape, plan_for<Builder>.parameter_offset.data()[v] >= 0};
    }
    return e;
  }();
  /// Where each lies, and how.
  struct stored {
    std::int64_t offset = -1;
    weight_form form{};
  };
  static constexpr auto places = [] {
    std::array<stored, static_cast<std::size_t>(detail::at_least_one<count>)> s{};
    int at = 0;
    for (int v = 0; v < table.sizes.variables; ++v)
      if (table.variables.data()[v].saved)
        s.data()[at++] = {plan_for<Builder>.parameter_offset.data()[v], plan_for<Builder>.forms.data()[v]};
    return s;
  }();
};

template <auto Builder, fixed_string Path>
struct located {
  static constexpr int variable = detail::find_variable<Builder>(Path.view());
  static constexpr bool found = variable >= 0;
  static constexpr bool known = found || !detail::is_good<Builder>;  // one error is enough
  static_assert(sizeof(diagnostics::variable_is_not_in_this_model<known, Path, diagnostics::letters_of<Path>>) != 0);
  static constexpr detail::frozen_node node = [] {
    if constexpr (found)
      return detail::frozen_for<Builder>.nodes.data()[detail::frozen_for<Builder>.variables.data()[variable].node];
    else
      return detail::frozen_node{};
  }();
  static constexpr std::int64_t offset = found ? plan_for<Builder>.parameter_offset.data()[found ? variable : 0] : 0;
  static constexpr weight_form form = [] {
    if constexpr (found)
      return plan_for<Builder>.forms.data()[variable];
    else
      return weight_form{};
  }();
  using element = element_of<node.dtype == dtype::none ? dtype::f32 : node.dtype>;
  using weight = stored_weight<element, detail::rows_of(node.shape), detail::columns_of(node.shape)>;
};

/// Initial values of one variable as a loop reads them.
struct initial_row {
  std::int64_t offset;
  weight_form form;
  std::int64_t elements;
  dtype type;
  double fill;
  std::uint64_t const* values;  // null: fill
  dtype value_type;
};
inline void write_initial(std::byte* block, initial_row const& r) {
  for (std::int64_t i = 0; i < r.elements; ++i) {
    // As the dtype itself: not every 64-bit integer is a double.
    auto const number = [&]<class T>(T) {
      return r.values == nullptr ? static_cast<T>(r.fill) : literal::value_of<T>(r.value_type, r.values[i]);
    };
    std::byte* const at = block + r.offset + r.form.offset(i) * size_of(r.type);
    auto put = [at](auto value) { std::memcpy(at, &value, sizeof(value)); };
    switch (r.type) {
      case dtype::f32: put(number(0.F)); break;
      case dtype::f64: put(number(0.0)); break;
      case dtype::i32: put(number(std::int32_t{0})); break;
      case dtype::i64: put(number(std::int64_t{0})); break;
      default: put(number(0.0) != 0); break;
    }
  }
}

}  // namespace lowering

/// The weights of a model: one block, each weight in the one form that evaluation reads, 64-byte aligned. May be shared
/// between threads while nobody writes. Begins with the variables' constant initial values, and zeros where they have
/// none, until `initialize` or a file gives them others. Big models belong in static storage or behind std::make_unique.
template <auto Builder>
class parameters {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& plan_ = lowering::plan_for<Builder>;

 public:
  parameters() {
    set_constants();
    fold();
  }
  /// Gives every variable its initial value: random numbers by seed, full name and index, whatever the compiler, the
  /// machine and the order of the variables; state, too. What was set or loaded is lost. Allocates nothing.
  void initialize(std::uint64_t seed) {
    using drawn = lowering::drawn_table<Builder>;
    set_constants();
    if constexpr (drawn::count > 0) lowering::draw_all(drawn::rows.data(), drawn::count, seed, block_);
    fold();
  }

  /// A weight, read-only: an Eigen expression of a matrix whose rows run over all extents but the last; a vector is one
  /// row. It reads through the form that the weight is stored in. An unknown path is a compile error that names it.
  template <fixed_string Path>
  [[nodiscard]] auto operator[](path<Path>) const {
    using where = lowering::located<Builder, Path>;
    return where::weight::view(data<where>(), where::form);
  }
  /// Gives a weight new values: anything that Eigen can assign to a matrix of its shape.
  template <fixed_string Path, class Matrix>
  void set(path<Path> p, Matrix const& values) {
    edit(p) = values;
  }
  /// A weight to write to, element by element. What is computed from weights alone is computed anew when the editor dies.
  template <fixed_string Path>
  [[nodiscard]] auto edit(path<Path>) {
    using where = lowering::located<Builder, Path>;
    return weight_editor<typename where::weight, parameters>(const_cast<typename where::element*>(data<where>()),
                                                             where::form, *this);
  }

  /// The saved variables, for loops at run time: files, reports.
  [[nodiscard]] static constexpr std::span<variable_entry const> table() {
    return {lowering::variable_table<Builder>::entries.data(), static_cast<std::size_t>(lowering::variable_table<Builder>::count)};
  }
  /// Copies a saved variable out or in, dense and row-major. `i` is a row of `table()` that is stored.
  void read(int i, void* row_major) const {
    loops::unpack(place(i).form, entry(i).dtype, entry(i).shape.elements(), block_ + place(i).offset, row_major);
  }
  void write(int i, void const* row_major) {
    write_only(i, row_major);
    fold();
  }
  /// `write` in two steps, for loops over many variables: `fold` after the last one computes what depends on them.
  void write_only(int i, void const* row_major) {
    loops::pack(place(i).form, entry(i).dtype, entry(i).shape.elements(), row_major, block_ + place(i).offset);
  }
  void fold() {
    if constexpr (plan_.fold_count > 0) lowering::program<Builder, detail::builtin_map>::fold(block_);
  }

  [[nodiscard]] std::byte const* data() const { return block_; }

 private:
  void set_constants() {
    std::memset(block_, 0, sizeof(block_));
    auto const& table = detail::frozen_for<Builder>;
    for (int v = 0; v < table.sizes.variables; ++v) {
      detail::frozen_variable const& variable = table.variables.data()[v];
      std::int64_t const offset = plan_.parameter_offset.data()[v];
      if (offset < 0 || (variable.fill == 0 && variable.first_value < 0)) continue;
      detail::frozen_node const& n = table.nodes.data()[variable.node];
      lowering::write_initial(block_, {offset, plan_.forms.data()[v], n.shape.elements(), n.dtype, variable.fill,
                                       variable.first_value < 0 ? nullptr : table.values.data() + variable.first_value,
                                       variable.value_type});
    }
  }

  template <class Where>
  [[nodiscard]] typename Where::element const* data() const {
    static_assert(Where::offset >= 0, "ambit: no output needs this variable, so the model keeps no value for it");
    return reinterpret_cast<typename Where::element const*>(block_ + Where::offset);
  }
  static auto const& place(int i) { return lowering::variable_table<Builder>::places.data()[i]; }
  static variable_entry const& entry(int i) { return table()[static_cast<std::size_t>(i)]; }

  alignas(lowering::block_alignment) std::byte block_[static_cast<std::size_t>(plan_.parameters > 0 ? plan_.parameters : 1)];
};

}  // namespace AMBIT_ABI
}  // namespace ambit
