// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/matrix.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/config.hpp>
#include <ambit/core/hash.hpp>
#include <ambit/core/variable_entry.hpp>

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

namespace ambit {
namespace detail {

/// The names of the variables, one after the other.
template <auto Builder>
struct variable_names {
  static constexpr auto const& table = frozen_for<Builder>;
  static constexpr int count = table.sizes.variables;
  static constexpr int size = [] {
    int n = 0;
    for (int v = 0; v < count; ++v) n += static_cast<int>(table.name(table.variables.data()[v].node).size());
    return n;
  }();
  struct letters {
    std::array<char, static_cast<std::size_t>(at_least_one<size>)> chars{};
    std::array<int, static_cast<std::size_t>(count + 1)> begin{};
  };
  static constexpr letters all = [] {
    letters l;
    int at = 0;
    for (int v = 0; v < count; ++v) {
      text const name = table.name(table.variables.data()[v].node);
      l.begin.data()[v] = at;
      for (char c : name.view()) l.chars.data()[at++] = c;
    }
    l.begin.data()[count] = at;
    return l;
  }();
  static constexpr std::string_view of(int v) {
    return {all.chars.data() + all.begin.data()[v], static_cast<std::size_t>(all.begin.data()[v + 1] - all.begin.data()[v])};
  }
};

/// The table that loaders and reports loop over: the saved variables.
template <auto Builder>
struct variable_table {
  static constexpr auto const& table = frozen_for<Builder>;
  static constexpr int count = [] {
    int n = 0;
    for (int v = 0; v < table.sizes.variables; ++v) n += table.variables.data()[v].saved ? 1 : 0;
    return n;
  }();
  static constexpr auto entries = [] {
    std::array<variable_entry, static_cast<std::size_t>(at_least_one<count>)> e{};
    int at = 0;
    for (int v = 0; v < table.sizes.variables; ++v) {
      if (!table.variables.data()[v].saved) continue;
      frozen_node const& n = table.nodes.data()[table.variables.data()[v].node];
      e.data()[at++] = {variable_names<Builder>::of(v), n.dtype, n.shape, plan_for<Builder>.parameter_offset.data()[v] >= 0};
    }
    return e;
  }();
  static constexpr auto offsets = [] {
    std::array<std::int64_t, static_cast<std::size_t>(at_least_one<count>)> o{};
    int at = 0;
    for (int v = 0; v < table.sizes.variables; ++v)
      if (table.variables.data()[v].saved) o.data()[at++] = plan_for<Builder>.parameter_offset.data()[v];
    return o;
  }();
};

/// The number of the variable of a path, or -1; by the hash that the graph made while it was built.
template <auto Builder>
constexpr int find_variable(std::string_view path) {
  std::uint64_t const hash = fnv1a(path);
  auto const& table = frozen_for<Builder>;
  for (int v = 0; v < table.sizes.variables; ++v)
    if (table.variables.data()[v].hash == hash && table.name(table.variables.data()[v].node) == path) return v;
  return -1;
}

template <auto Builder, fixed_string Path>
struct located {
  static constexpr int variable = find_variable<Builder>(Path.view());
  static constexpr bool found = variable >= 0;
  static constexpr bool known = found || !is_good<Builder>;  // one error is enough
  static_assert(sizeof(diagnostics::variable_is_not_in_this_model<known, Path, diagnostics::letters_of<Path>>) != 0);
  static constexpr frozen_node node = [] {
    if constexpr (found)
      return frozen_for<Builder>.nodes.data()[frozen_for<Builder>.variables.data()[variable].node];
    else
      return frozen_node{};
  }();
  static constexpr std::int64_t offset = found ? plan_for<Builder>.parameter_offset.data()[found ? variable : 0] : 0;
  using element = element_of<node.dtype == dtype::none ? dtype::f32 : node.dtype>;
  using matrix = matrix_of<element, rows_of(node.shape), columns_of(node.shape)>;
};

/// Initial values of one variable as a loop reads them.
struct initial_row {
  std::int64_t offset;
  std::int64_t elements;
  dtype type;
  double fill;
  std::uint64_t const* values;  // null: fill
  dtype value_type;
};
}  // namespace detail

inline namespace AMBIT_ABI {

namespace lowering {
inline void write_initial(std::byte* block, detail::initial_row const& r) {
  for (std::int64_t i = 0; i < r.elements; ++i) {
    // As the dtype itself: not every 64-bit integer is a double.
    auto const number = [&]<class T>(T) {
      return r.values == nullptr ? static_cast<T>(r.fill) : literal::value_of<T>(r.value_type, r.values[i]);
    };
    std::byte* const at = block + r.offset + i * size_of(r.type);
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
/// none. Big models belong in static storage or behind std::make_unique.
template <auto Builder>
class parameters {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& plan_ = detail::plan_for<Builder>;

 public:
  parameters() {
    std::memset(block_, 0, sizeof(block_));
    auto const& table = detail::frozen_for<Builder>;
    for (int v = 0; v < table.sizes.variables; ++v) {
      detail::frozen_variable const& variable = table.variables.data()[v];
      std::int64_t const offset = plan_.parameter_offset.data()[v];
      if (offset < 0 || (variable.fill == 0 && variable.first_value < 0)) continue;
      detail::frozen_node const& n = table.nodes.data()[variable.node];
      lowering::write_initial(block_, {offset, n.shape.elements(), n.dtype, variable.fill,
                                       variable.first_value < 0 ? nullptr : table.values.data() + variable.first_value,
                                       variable.value_type});
    }
  }

  /// A weight, read-only: a matrix whose rows run over all extents but the last; a vector is one row. An unknown path is a
  /// compile error that names it.
  template <fixed_string Path>
  [[nodiscard]] auto operator[](path<Path>) const {
    using where = detail::located<Builder, Path>;
    return Eigen::Map<typename where::matrix const>(data<where>());
  }
  /// Gives a weight new values: anything that Eigen can assign to a matrix of its shape.
  template <fixed_string Path, class Matrix>
  void set(path<Path> p, Matrix const& values) {
    edit(p) = values;
  }
  /// A weight to write to, element by element.
  template <fixed_string Path>
  [[nodiscard]] auto edit(path<Path>) {
    using where = detail::located<Builder, Path>;
    return Eigen::Map<typename where::matrix>(const_cast<typename where::element*>(data<where>()));
  }

  /// The saved variables, for loops at run time: files, reports.
  [[nodiscard]] static constexpr std::span<variable_entry const> table() {
    return {detail::variable_table<Builder>::entries.data(), static_cast<std::size_t>(detail::variable_table<Builder>::count)};
  }
  /// Copies a saved variable out or in, dense and row-major. `i` is a row of `table()` that is stored.
  void read(int i, void* row_major) const { std::memcpy(row_major, block_ + offset(i), bytes(i)); }
  void write(int i, void const* row_major) { std::memcpy(block_ + offset(i), row_major, bytes(i)); }

  [[nodiscard]] std::byte const* data() const { return block_; }

 private:
  template <class Where>
  [[nodiscard]] typename Where::element const* data() const {
    static_assert(Where::offset >= 0, "ambit: no output needs this variable, so the model keeps no value for it");
    return reinterpret_cast<typename Where::element const*>(block_ + Where::offset);
  }
  static std::int64_t offset(int i) { return detail::variable_table<Builder>::offsets.data()[i]; }
  static std::size_t bytes(int i) {
    variable_entry const& e = table()[static_cast<std::size_t>(i)];
    return static_cast<std::size_t>(e.shape.elements() * size_of(e.dtype));
  }

  alignas(detail::block_alignment) std::byte block_[static_cast<std::size_t>(plan_.parameters > 0 ? plan_.parameters : 1)];
};

/// What one thread needs to run a model: the arena and the state. `reset` before the first run where there is state.
template <auto Builder>
class workspace {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& plan_ = detail::plan_for<Builder>;

 public:
  workspace() { std::memset(state_, 0, sizeof(state_)); }
  explicit workspace(parameters<Builder> const& initial) { reset(initial); }

  /// The state begins anew, with the values that the parameters hold for it.
  void reset(parameters<Builder> const& initial) {
    auto const& table = detail::frozen_for<Builder>;
    if constexpr (plan_.state > 0)
      for (int v = 0; v < table.sizes.variables; ++v) {
        if (!plan_.is_state.data()[v] || plan_.parameter_offset.data()[v] < 0) continue;
        detail::frozen_node const& n = table.nodes.data()[table.variables.data()[v].node];
        std::memcpy(state_ + plan_.at.data()[table.variables.data()[v].node].offset,
                    initial.data() + plan_.parameter_offset.data()[v],
                    static_cast<std::size_t>(n.shape.elements() * size_of(n.dtype)));
      }
  }

  [[nodiscard]] std::byte* arena() { return arena_; }
  [[nodiscard]] std::byte* state() { return state_; }

 private:
  alignas(detail::block_alignment) std::byte arena_[static_cast<std::size_t>(plan_.arena > 0 ? plan_.arena : 1)];
  alignas(detail::block_alignment) std::byte state_[static_cast<std::size_t>(plan_.state > 0 ? plan_.state : 1)];
};

}  // namespace AMBIT_ABI
}  // namespace ambit
