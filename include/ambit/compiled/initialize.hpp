// SPDX-License-Identifier: BSL-1.0
// Drawing the initial values of a compiled model. A model that never asks for it instantiates nothing of it: the kinds of
// initializers stay in the compiler, and their virtual functions are not linked.
#pragma once

#include <ambit/compiled/freeze.hpp>
#include <ambit/compiled/lower.hpp>
#include <ambit/init/initialize.hpp>
#include <ambit/kernels/panels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// A variable to draw, as a loop reads it.
struct drawn_row {
  initializer_kind const* kind = nullptr;
  initializer_parameters parameters{};
  std::uint64_t name = 0;  // FNV-1a
  ambit::dtype dtype = ambit::dtype::none;
  ambit::shape shape{};
  partition_info part{};
  std::int64_t offset = 0;  // in the block of parameters, bytes
  weight_form form{};
};

/// Their rows. The builder runs once more, as the table that evaluation needs holds no pointers to initializers.
template <auto Builder>
struct drawn_table {
  static constexpr int variables = detail::frozen_for<Builder>.sizes.variables;
  struct some {
    std::array<drawn_row, static_cast<std::size_t>(detail::at_least_one<variables>)> rows{};
    int count = 0;
  };
  static constexpr some found = [] {
    some s;
    if (!detail::is_good<Builder>) return s;
    graph g;
    reserve(tables_of(g), detail::frozen_for<Builder>.sizes);
    (void)detail::build<Builder>(g);
    detail::tables const& t = tables_of(g);
    for (int v = 0; v < variables; ++v) {
      variable_info const& info = t.variables[v];
      initializer_kind const* const kind = info.initializer.kind();
      std::int64_t const offset = plan_for<Builder>.parameter_offset.data()[v];
      if (offset < 0 || kind == nullptr || !kind->draws()) continue;
      detail::node const& n = t.nodes[info.node];
      drawn_row& row = s.rows.data()[s.count++];
      row.kind = kind;
      for (int i = 0; i < 4; ++i) row.parameters[i] = info.initializer.parameters()[i];
      row.name = t.symbols[n.name].exact;
      row.dtype = n.dtype;
      row.shape = n.shape;
      row.part = info.part;
      row.offset = offset;
      row.form = plan_for<Builder>.forms.data()[v];
    }
    return s;
  }();
  static constexpr int count = found.count;
  static constexpr auto rows = [] {
    std::array<drawn_row, static_cast<std::size_t>(detail::at_least_one<count>)> r{};
    for (int i = 0; i < count; ++i) r.data()[i] = found.rows.data()[i];
    return r;
  }();
};

/// Where elements lie in a form. Those of one output are evenly spaced in every form, which spares the divisions.
struct form_place {
  weight_form const* form;

  struct sequence {
    weight_form const* form;
    std::int64_t first, step, at, stride;
    bool even;
    [[nodiscard]] std::int64_t operator()(std::int64_t i) const {
      return even ? at + i * stride : form->offset(first + i * step);
    }
  };
  [[nodiscard]] sequence steps(std::int64_t first, std::int64_t step, std::int64_t count) const {
    bool const dense = form->form == weight_form::kind::row_major;  // and its extents are not filled in
    bool const even = dense || (form->transposed ? step == 1 && first % form->depth + count <= form->depth
                                                 : step % form->outputs == 0);
    std::int64_t const at = even ? form->offset(first) : 0;
    return {form, first, step, at, even && count > 1 ? form->offset(first + step) - at : 0, even};
  }
};

inline void draw_all(drawn_row const* rows, int count, std::uint64_t seed, std::byte* block) {
  for (drawn_row const* r = rows; r != rows + count; ++r) {
    drawn::placed_values<form_place> values(block + r->offset, r->dtype, {&r->form});
    drawn::draw(*r->kind, {random_stream(seed, r->name), r->dtype, r->shape, r->part}, r->parameters, values);
  }
}

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
