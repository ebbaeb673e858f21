// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/variable_table.hpp>
#include <ambit/core/fixed_string.hpp>
#include <ambit/core/variable_entry.hpp>
#include <ambit/kernels/panels.hpp>

#include <cstddef>
#include <span>

namespace ambit {
inline namespace AMBIT_ABI {

/// What can be read of a model's weights, wherever they lie: `Owner::data()` says where the block begins.
template <auto Builder, class Owner>
class weight_reader {
  using table_type = lowering::variable_table<Builder>;

 public:
  /// A weight, read-only: an Eigen expression of a matrix whose rows run over all extents but the last; a vector is one
  /// row. It reads through the form that the weight is stored in. An unknown path is a compile error that names it.
  template <fixed_string Path>
  [[nodiscard]] auto operator[](path<Path>) const {
    using where = lowering::located<Builder, Path>;
    return where::weight::view(reinterpret_cast<typename where::element const*>(block() + where::offset), where::form);
  }

  /// The saved variables, for loops at run time: files, reports.
  [[nodiscard]] static constexpr std::span<variable_entry const> table() {
    return {table_type::entries.data(), static_cast<std::size_t>(table_type::count)};
  }
  /// Copies a saved variable out, dense and row-major. `i` is a row of `table()` that is stored.
  void read(int i, void* row_major) const {
    loops::unpack(place(i).form, entry(i).dtype, entry(i).shape.elements(), block() + place(i).offset, row_major);
  }

 protected:
  static auto const& place(int i) { return table_type::places.data()[i]; }
  static variable_entry const& entry(int i) { return table()[static_cast<std::size_t>(i)]; }

 private:
  [[nodiscard]] std::byte const* block() const { return static_cast<Owner const&>(*this).data(); }
};

}  // namespace AMBIT_ABI
}  // namespace ambit
