// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/initial_row.hpp>
#include <ambit/compiled/initialize.hpp>
#include <ambit/compiled/lower.hpp>
#include <ambit/compiled/stored_weight.hpp>
#include <ambit/compiled/weight_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {

/// Where a model's weights lie: in memory of its own, or in data of the program's; see in_rom.
struct in_ram {};

template <auto Builder, class Storage = in_ram>
class parameters;

/// The weights of a model: one block, each weight in the one form that evaluation reads, 64-byte aligned. May be shared
/// between threads while nobody writes. Begins with the variables' constant initial values, and zeros where they have
/// none, until `initialize` or a file gives them others. Big models belong in static storage or behind std::make_unique.
template <auto Builder>
class parameters<Builder, in_ram> : public weight_reader<Builder, parameters<Builder, in_ram>> {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& table_ = detail::frozen_for<Builder>;
  static constexpr auto const& plan_ = lowering::plan_for<Builder>;
  using reader = weight_reader<Builder, parameters>;

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

  /// Gives a weight new values: anything that Eigen can assign to a matrix of its shape.
  template <fixed_string Path, class Matrix>
  void set(path<Path> p, Matrix const& values) {
    edit(p) = values;
  }
  /// A weight to write to, element by element. What is computed from weights alone is computed anew when the editor dies.
  template <fixed_string Path>
  [[nodiscard]] auto edit(path<Path>) {
    using where = lowering::located<Builder, Path>;
    return weight_editor<typename where::weight, parameters>(
        reinterpret_cast<typename where::element*>(block_ + where::offset), where::form, *this);
  }

  /// The counterpart of `read`.
  void write(int i, void const* row_major) {
    write_only(i, row_major);
    fold();
  }
  /// `write` in two steps, for loops over many variables: `fold` after the last one computes what depends on them.
  void write_only(int i, void const* row_major) {
    loops::pack(reader::place(i).form, reader::entry(i).dtype, reader::entry(i).shape.elements(), row_major,
                block_ + reader::place(i).offset);
  }
  void fold() {
    if constexpr (plan_.fold_count > 0)
      lowering::program<Builder, detail::builtin_map>::fold(block_, block_ + plan_.parameters);
  }

  [[nodiscard]] std::byte const* data() const { return block_; }
  /// What is computed from weights and constants alone.
  [[nodiscard]] std::byte const* folded() const { return block_ + plan_.parameters; }

 private:
  void set_constants() {
    std::memset(block_, 0, sizeof(block_));
    // Where all are zero the loop is not compiled: 0.05 s and 2 KB of code.
    if constexpr (has_constants_) {
      for (int v = 0; v < table_.sizes.variables; ++v) {
        if (!is_constant(v)) continue;
        detail::frozen_variable const& variable = table_.variables.data()[v];
        detail::frozen_node const& n = table_.nodes.data()[variable.node];
        std::uint64_t const* values = nullptr;
        if (variable.first_value >= 0) values = table_.values.data() + variable.first_value;
        lowering::write_initial(block_, lowering::initial_row{plan_.parameter_offset.data()[v], plan_.forms.data()[v],
                                                              n.shape.elements(), n.dtype, variable.fill, values,
                                                              variable.value_type});
      }
    }
  }
  /// Whether a variable begins with other values than zero, or random ones.
  static constexpr bool is_constant(int v) {
    detail::frozen_variable const& variable = table_.variables.data()[v];
    return plan_.parameter_offset.data()[v] >= 0 && (variable.fill != 0 || variable.first_value >= 0);
  }
  static constexpr bool has_constants_ = [] {
    for (int v = 0; v < table_.sizes.variables; ++v)
      if (is_constant(v)) return true;
    return false;
  }();

  static constexpr std::int64_t bytes_ = plan_.parameters + plan_.folded;
  alignas(lowering::block_alignment) std::byte block_[static_cast<std::size_t>(bytes_ > 0 ? bytes_ : 1)];
};

}  // namespace AMBIT_ABI
}  // namespace ambit
