// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/builtin.hpp>
#include <ambit/compiled/parameters.hpp>
#include <ambit/compiled/rom.hpp>

namespace ambit {
inline namespace AMBIT_ABI {
namespace lowering {

template <class>
inline constexpr bool is_rom = false;
template <auto const& Weights>
inline constexpr bool is_rom<in_rom<Weights>> = true;

/// What follows a builder: where the weights lie, then ops.
template <class... Ops>
struct model_options {
  static_assert((!is_rom<Ops> && ...), "ambit: in_rom<weights> comes directly behind the builder, before all ops");
  using storage = in_ram;
  using map = detail::map_with<Ops...>;
};
template <auto const& Weights, class... Ops>
struct model_options<in_rom<Weights>, Ops...> : model_options<Ops...> {
  using storage = in_rom<Weights>;
};

}  // namespace lowering
}  // namespace AMBIT_ABI
}  // namespace ambit
