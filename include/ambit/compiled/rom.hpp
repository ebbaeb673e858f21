// SPDX-License-Identifier: BSL-1.0
// Weights that are data of the program. `ambit embed` writes them; in CMake ambit_embed_weights does.
#pragma once

#include <ambit/compiled/parameters.hpp>
#include <ambit/compiled/rom_fit.hpp>
#include <ambit/compiled/weight_reader.hpp>

#include <cstddef>
#include <type_traits>

namespace ambit {
inline namespace AMBIT_ABI {

/// An option of `compiled` and of `parameters`: `compiled<model, in_rom<digits_weights>>` reads its weights where they lie
/// in the program, and has no memory for them. They cannot be changed: `set`, `edit`, `write`, `initialize` and `load` are
/// not there. Weights that are not those of the model, or that were laid out for another build (vector registers, version
/// of the layout, byte order), are a compile error that names the first such variable.
///
/// `Weights` is an `embedded_weights` with a name, from a header that `ambit embed` wrote.
template <auto const& Weights>
struct in_rom {};

namespace lowering {

/// What is computed from weights alone still needs memory that can be written.
template <std::int64_t Bytes>
struct folded_block {
  alignas(block_alignment) std::byte data[static_cast<std::size_t>(Bytes)];
};
template <>
struct folded_block<0> {
  static constexpr std::byte* data = nullptr;
};

}  // namespace lowering

/// The same as `parameters<Builder>` to read from; occupies nothing but what is computed from weights alone
/// (`memory().parameters`), which its constructor computes.
template <auto Builder, auto const& Weights>
class parameters<Builder, in_rom<Weights>> : public weight_reader<Builder, parameters<Builder, in_rom<Weights>>> {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static_assert(sizeof(lowering::rom_fit<Builder, Weights, detail::is_good<Builder>>) != 0);
  static constexpr auto const& plan_ = lowering::plan_for<Builder>;

 public:
  parameters() {
    if constexpr (plan_.fold_count > 0) lowering::program<Builder, detail::builtin_map>::fold(data(), folded_.data);
  }

  [[nodiscard]] static std::byte const* data() { return static_cast<std::byte const*>(Weights.block); }
  /// What is computed from weights and constants alone.
  [[nodiscard]] std::byte const* folded() const { return folded_.data; }

 private:
  [[no_unique_address]] lowering::folded_block<plan_.folded> folded_;
};

}  // namespace AMBIT_ABI
}  // namespace ambit
