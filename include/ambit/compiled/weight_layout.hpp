// SPDX-License-Identifier: BSL-1.0
// How a build lays a model's weights out, as a constant that `ambit embed` finds in an object file: so the tool needs
// neither the model nor the machine that it is built for.
#pragma once

#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/embedded_weights.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/compiled/variable_names.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

/// The text: a line for the target, one for each variable that is stored or saved, one for the end. Fields are separated
/// by spaces; a name comes behind its length.
template <auto Builder>
struct layout_text {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = plan_for<Builder>;

  static constexpr void field(text& out, std::int64_t number) {
    out += ' ';
    out.append(number);
  }
  static constexpr void head(text& out) {
    out += "ambit weight layout";
    field(out, weight_layout_version);
    out += std::endian::native == std::endian::little ? " little" : " big";
    field(out, plan.parameters);
    out += '\n';
  }
  static constexpr void variable(text& out, int v) {
    detail::frozen_variable const& variable = table.variables.data()[v];
    detail::frozen_node const& n = table.nodes.data()[variable.node];
    std::int64_t const offset = plan.parameter_offset.data()[v];
    if (offset < 0 && !variable.saved) return;
    std::string_view const name = detail::variable_names<Builder>::of(v);
    out += variable.saved ? "saved" : "own";
    field(out, static_cast<std::int64_t>(name.size()));
    out += ' ';
    out += name;
    out += ' ';
    out += to_string(n.dtype);
    field(out, n.shape.rank());
    for (int axis = 0; axis < n.shape.rank(); ++axis) field(out, n.shape[axis]);
    field(out, offset);
    weight_form const& f = plan.forms.data()[v];
    field(out, static_cast<int>(f.form));
    field(out, f.transposed ? 1 : 0);
    weight_form::each_number(f, [&](int number) { field(out, number); });
    initial(out, variable, n.shape.elements());
    out += '\n';
  }
  // No file has the value of a variable that is not saved: its constant, one number or as many as elements.
  static constexpr void initial(text& out, detail::frozen_variable const& variable, std::int64_t elements) {
    bool const many = variable.first_value >= 0;
    if (variable.saved || (variable.fill == 0 && !many)) return field(out, 0);
    field(out, many ? elements : 1);
    out += ' ';
    out += to_string(many ? variable.value_type : dtype::f64);
    if (!many) return field(out, std::bit_cast<std::int64_t>(variable.fill));
    for (std::int64_t i = 0; i < elements; ++i)
      field(out, static_cast<std::int64_t>(table.values.data()[variable.first_value + i]));
  }

  // A constant a chunk, as each has a budget of clang's steps of its own: some 700 a variable.
  static constexpr int chunk = 64, chunks = table.sizes.variables / chunk + 1;
  template <int Chunk>
  static constexpr text make() {
    text out;
    if (Chunk == 0) head(out);
    for (int v = Chunk * chunk; v < table.sizes.variables && v < (Chunk + 1) * chunk; ++v) variable(out, v);
    if (Chunk == chunks - 1) out += "end\n";
    return out;
  }
  template <int Chunk>
  static constexpr std::size_t size_of_chunk = make<Chunk>().size();
  template <int Chunk>
  static constexpr auto part = [] {
    std::array<char, size_of_chunk<Chunk>> chars{};
    text const t = make<Chunk>();
    for (std::size_t i = 0; i < chars.size(); ++i) chars.data()[i] = t[static_cast<int>(i)];
    return chars;
  }();
  static constexpr auto whole = []<int... C>(std::integer_sequence<int, C...>) {
    std::array<char, (size_of_chunk<C> + ...) + 1> all{};
    std::size_t at = 0;
    auto const append = [&](auto const& chars) {
      for (std::size_t i = 0; i < chars.size(); ++i) all.data()[at++] = chars.data()[i];
    };
    (append(part<C>), ...);
    return all;
  }
  (std::make_integer_sequence<int, chunks>{});
};

}  // namespace lowering

/// How this build lays the weights of a model out: characters, ended by a zero, that `ambit embed --layout` reads from an
/// object file or a program that holds them, or from a text file. In a file of its own,
/// `extern "C" constexpr auto layout = ambit::weight_layout<model>;`, as ambit_embed_weights in CMake makes it.
template <auto Builder>
inline constexpr auto weight_layout = lowering::layout_text<Builder>::whole;

}  // namespace AMBIT_ABI
}  // namespace ambit
