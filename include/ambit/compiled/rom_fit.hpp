// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/embedded_weights.hpp>
#include <ambit/compiled/form_text.hpp>
#include <ambit/compiled/plan.hpp>
#include <ambit/compiled/variable_names.hpp>

#include <bit>
#include <cstdint>

namespace ambit {

namespace diagnostics {

template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
struct embedded_weights_are_of_another_model {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: the embedded weights are not those of this model; embed them anew, with the layout of this "
                "model: ambit embed --layout, or ambit_embed_weights in CMake [ROM_MODEL]");
};
template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
struct embedded_weights_are_laid_out_for_another_build {
  static_assert(holds_for<Good, shown<Name>>,
                "ambit: the embedded weights are laid out for another build (instruction set, byte order or version of "
                "ambit); embed them anew, with the layout that this compiler and these flags give: ambit embed "
                "--layout, or ambit_embed_weights in CMake [ROM_LAYOUT]");
};

}  // namespace diagnostics

/// The weight file that embedded weights come from.
template <class>
struct embedded_from {};

inline namespace AMBIT_ABI {
namespace lowering {

enum class rom_fault : std::uint8_t { none, variable, layout, target };

/// Whether embedded weights are what a model reads.
template <auto Builder, auto const& Weights>
struct rom_comparison {
  static constexpr auto const& table = detail::frozen_for<Builder>;
  static constexpr auto const& plan = plan_for<Builder>;

  struct result {
    rom_fault what = rom_fault::none;
    int variable = -1;  // of the model; -1: it has none more
    int row = -1;       // of the weights; -1: they have none more
  };
  static constexpr result found = [] {
    bool const little = std::endian::native == std::endian::little;
    if (Weights.version != weight_layout_version || Weights.little_endian != little) return result{rom_fault::target, -1, -1};
    int const rows = static_cast<int>(Weights.variables.size());
    int row = 0;
    result elsewhere{};
    for (int v = 0; v < table.sizes.variables; ++v) {
      if (plan.parameter_offset.data()[v] < 0) continue;
      if (row == rows) return result{rom_fault::variable, v, -1};
      embedded_variable const& e = Weights.variables.data()[row];
      detail::frozen_variable const& variable = table.variables.data()[v];
      detail::frozen_node const& n = table.nodes.data()[variable.node];
      if (e.name_hash != variable.hash || e.name != detail::variable_names<Builder>::of(v) || e.dtype != n.dtype ||
          !(e.shape == n.shape))
        return result{rom_fault::variable, v, row};
      if (elsewhere.what == rom_fault::none &&
          (e.offset != plan.parameter_offset.data()[v] || !(e.form == plan.forms.data()[v])))
        elsewhere = result{rom_fault::layout, v, row};
      ++row;
    }
    if (row < rows) return result{rom_fault::variable, -1, row};
    return elsewhere;
  }();

  // Name, expected and found of the difference.
  static constexpr text name() {
    if (found.variable >= 0) return text(detail::variable_names<Builder>::of(found.variable));
    if (found.row >= 0) return text(Weights.variables.data()[found.row].name);
    return text(Weights.file);
  }
  static constexpr text expected() {
    if (found.what == rom_fault::target) return target(weight_layout_version, std::endian::native == std::endian::little);
    if (found.variable < 0) return "no more variables";
    detail::frozen_node const& n = table.nodes.data()[table.variables.data()[found.variable].node];
    if (found.what == rom_fault::variable)
      return typed(detail::variable_names<Builder>::of(found.variable), n.dtype, n.shape);
    return placed(plan.forms.data()[found.variable], plan.parameter_offset.data()[found.variable]);
  }
  static constexpr text there() {
    if (found.what == rom_fault::target) return target(Weights.version, Weights.little_endian);
    if (found.row < 0) return "no more variables";
    embedded_variable const& e = Weights.variables.data()[found.row];
    if (found.what == rom_fault::variable) return typed(e.name, e.dtype, e.shape);
    return placed(e.form, e.offset);
  }

 private:
  static constexpr text target(int version, bool little) {
    text out("layout ");
    out.append(version);
    out += little ? ", little-endian" : ", big-endian";
    return out;
  }
  static constexpr text typed(std::string_view variable, dtype type, shape const& s) {
    text out(variable);
    out += ' ';
    out += to_string(type);
    out += ' ';
    out += ambit::to_text(s);
    return out;
  }
  static constexpr text placed(weight_form const& form, std::int64_t offset) {
    text out = loops::to_text(form);
    out += " at byte ";
    out.append(offset);
    return out;
  }
};

template <bool OfTheModel>
struct rom_error {
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
  using type = diagnostics::embedded_weights_are_laid_out_for_another_build<Good, Name, Letters, Want, Have, File>;
};
template <>
struct rom_error<false> {
  template <bool Good, fixed_string Name, class Letters, class Want, class Have, class File>
  using type = diagnostics::embedded_weights_are_of_another_model<Good, Name, Letters, Want, Have, File>;
};

template <auto Builder, auto const& Weights, bool Good>
struct rom_fit {
  using comparison = rom_comparison<Builder, Weights>;
  static constexpr bool good = comparison::found.what == rom_fault::none;
  static constexpr bool of_the_model = comparison::found.what != rom_fault::variable;
  static constexpr auto name = diagnostics::as_fixed_string<[] { return comparison::name(); }>();
  static constexpr auto expected = diagnostics::as_fixed_string<[] { return comparison::expected(); }>();
  static constexpr auto there = diagnostics::as_fixed_string<[] { return comparison::there(); }>();
  static constexpr auto file = diagnostics::as_fixed_string<[] { return text(Weights.file); }>();
  static_assert(sizeof(typename rom_error<of_the_model>::template type<
                       good, name, diagnostics::letters_of<name>, wanted<diagnostics::shown<expected>>,
                       there_is<diagnostics::shown<there>>, embedded_from<diagnostics::shown<file>>>) != 0);
};
template <auto Builder, auto const& Weights>
struct rom_fit<Builder, Weights, false> {};  // the builder's own error is enough

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
