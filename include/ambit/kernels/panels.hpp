// SPDX-License-Identifier: BSL-1.0
// How the weights of a product lie in memory.
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/dtype.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// The one form in which a weight is stored. A matrix [depth, outputs] lies in panels: `vectors * lanes` outputs side by
/// side, one row of them for each step of the depth, so that a kernel streams through it; the last panel has as many
/// vectors as are left, and outputs beyond the last are zero. With `gates` the outputs are those of a recurrent cell:
/// a panel holds a vector of units for each gate; the last panel is as narrow as its units allow, and its rows are padded to
/// whole registers.
struct weight_form {
  enum class kind : std::uint8_t { row_major, panels, rows, gates };
  kind form = kind::row_major;
  bool transposed = false;  // the variable is [outputs, depth]
  int depth = 0;
  int outputs = 0;
  int lanes = 1;
  int vectors = 1;
  int gates = 1;
  int last_lanes = 1;  // of the last panel of gates
  int row = 1;         // elements of a row of a panel of gates, with padding
  int last_row = 1;    // and of the last one
  int blocks = 1;      // so many matrices of outputs / blocks outputs each, one panelled after the other

  constexpr bool operator==(weight_form const&) const = default;

  /// Visits all that is a number, in the order of declaration: what writes forms and what reads them back share the list.
  template <class Form, class Visit>
  static constexpr void each_number(Form& f, Visit const& visit) {
    visit(f.depth), visit(f.outputs), visit(f.lanes), visit(f.vectors), visit(f.gates), visit(f.last_lanes), visit(f.row);
    visit(f.last_row), visit(f.blocks);
  }

  /// Elements with padding.
  [[nodiscard]] constexpr std::int64_t elements() const {
    switch (form) {
      case kind::panels: return static_cast<std::int64_t>(padded_outputs()) * depth * blocks;
      case kind::rows: return static_cast<std::int64_t>(outputs) * padded_depth();
      case kind::gates: return (static_cast<std::int64_t>(whole_panels()) * row + (has_last() ? last_row : 0)) * depth;
      default: return static_cast<std::int64_t>(outputs) * depth;
    }
  }
  /// Where the weight from input k to output o lies.
  [[nodiscard]] constexpr std::int64_t offset(int k, int o) const {
    switch (form) {
      case kind::panels: {
        int const own = o % (outputs / blocks), full = vectors * lanes, first = own / full * full;
        int const width = padded_outputs() - first < full ? padded_outputs() - first : full;
        return (static_cast<std::int64_t>(o / (outputs / blocks)) * padded_outputs() + first) * depth +
               static_cast<std::int64_t>(k) * width + (own - first);
      }
      case kind::rows: return static_cast<std::int64_t>(o) * padded_depth() + k;
      case kind::gates: {
        int const units = outputs / gates, gate = o / units, unit = o % units, panel = unit / lanes;
        bool const last = panel == whole_panels();
        return (static_cast<std::int64_t>(panel) * depth * row + static_cast<std::int64_t>(k) * (last ? last_row : row)) +
               gate * (last ? last_lanes : lanes) + unit % lanes;
      }
      default: return transposed ? static_cast<std::int64_t>(o) * depth + k : static_cast<std::int64_t>(k) * outputs + o;
    }
  }
  /// The row-major offset of element e of the variable.
  [[nodiscard]] constexpr std::int64_t offset(std::int64_t e) const {
    if (form == kind::row_major) return e;
    return transposed ? offset(static_cast<int>(e % depth), static_cast<int>(e / depth))
                      : offset(static_cast<int>(e / outputs), static_cast<int>(e % outputs));
  }

 private:
  // Of one block.
  [[nodiscard]] constexpr int padded_outputs() const { return (outputs / blocks + lanes - 1) / lanes * lanes; }
  [[nodiscard]] constexpr int padded_depth() const { return (depth + lanes - 1) / lanes * lanes; }
  // Of gates.
  [[nodiscard]] constexpr int whole_panels() const { return outputs / gates / lanes; }
  [[nodiscard]] constexpr bool has_last() const { return whole_panels() * lanes * gates < outputs; }
};

/// Copies a dense row-major matrix into a form; what the form has beyond the matrix must be zero already.
template <class T>
void pack(weight_form const& f, T const* row_major, T* to) {
  std::int64_t const n = static_cast<std::int64_t>(f.depth) * f.outputs;
  if (f.form == weight_form::kind::panels && !f.transposed && f.blocks == 1) {  // row by row: consecutive outputs stay together
    int const full = f.vectors * f.lanes;
    for (int k = 0; k < f.depth; ++k, row_major += f.outputs)
      for (int o = 0; o < f.outputs; o += full) {
        T* const row = to + f.offset(k, o);
        int const count = f.outputs - o < full ? f.outputs - o : full;
        for (int i = 0; i < count; ++i) row[i] = row_major[o + i];
      }
  } else {
    for (std::int64_t e = 0; e < n; ++e) to[f.offset(e)] = row_major[e];
  }
}
template <class T>
void unpack(weight_form const& f, T const* from, T* row_major) {
  std::int64_t const n = static_cast<std::int64_t>(f.depth) * f.outputs;
  for (std::int64_t e = 0; e < n; ++e) row_major[e] = from[f.offset(e)];
}

/// The same for elements of a dtype, whose other side is dense and row-major. By their size alone: what they mean does not
/// matter to where they lie.
inline void pack(weight_form const& f, dtype type, std::int64_t elements, void const* row_major, void* to) {
  if (f.form == weight_form::kind::row_major)
    std::memcpy(to, row_major, static_cast<std::size_t>(elements * size_of(type)));
  else if (size_of(type) == 8)
    pack(f, static_cast<double const*>(row_major), static_cast<double*>(to));
  else
    pack(f, static_cast<float const*>(row_major), static_cast<float*>(to));
}
inline void unpack(weight_form const& f, dtype type, std::int64_t elements, void const* from, void* row_major) {
  if (f.form == weight_form::kind::row_major)
    std::memcpy(row_major, from, static_cast<std::size_t>(elements * size_of(type)));
  else if (size_of(type) == 8)
    unpack(f, static_cast<double const*>(from), static_cast<double*>(row_major));
  else
    unpack(f, static_cast<float const*>(from), static_cast<float*>(row_major));
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
