// SPDX-License-Identifier: BSL-1.0
// What a weight file holds as a constant, so that a file that does not fit a model is a compile error. `ambit manifest`
// writes it; in CMake ambit_add_manifest does. Reads no file and needs nothing but the model.
#pragma once

#include <ambit/compiled/diagnostics.hpp>
#include <ambit/compiled/parameters.hpp>
#include <ambit/core/nearest_names.hpp>
#include <ambit/io/detail/glob.hpp>
#include <ambit/io/detail/manifest_errors.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace ambit {

/// One tensor of a manifest.
struct manifest_tensor {
  std::string_view name;
  std::uint64_t name_hash = 0;  ///< FNV-1a, 64 bits: looked up by number, as a compiler is slow at comparing text
  ambit::dtype dtype = ambit::dtype::none;
  ambit::shape shape;
};

/// The table of a weight file without its values. Lives in a variable with a name, `inline constexpr` in a header.
struct weight_manifest {
  std::string_view file;                       ///< as it was given to the tool, for people
  std::uint64_t hash = 0;                      ///< `content_hash` of the file
  std::span<manifest_tensor const> tensors{};  ///< each name once
};

namespace detail {

struct manifest_difference {
  manifest_fault what = manifest_fault::none;
  int variable = -1, tensor = -1;
};

template <auto Builder, auto const& Manifest, fixed_string... Ignore>
struct manifest_comparison {
  static constexpr int most = 8;  // errors shown
  struct result {
    int count = 0;
    std::array<manifest_difference, most> first{};
    constexpr void add(manifest_difference d) {
      if (count < most) first.data()[count] = d;
      ++count;
    }
  };
  static constexpr auto const& table = frozen_for<Builder>;
  static constexpr std::size_t slots = std::bit_ceil(2 * Manifest.tensors.size() + 1);

  static constexpr bool waived([[maybe_unused]] std::string_view name) {
    return (io::glob_matches(Ignore.view(), name) || ...);
  }

  struct binding {
    result differences{};
    std::array<bool, Manifest.tensors.size() + 1> used{};
  };
  static constexpr binding bound = [] {
    using kind = manifest_fault;
    constexpr std::size_t count = Manifest.tensors.size();
    manifest_tensor const* const in_file = Manifest.tensors.data();
    // An open-addressed table of indices: 800 sorted strings are over clang's step limit.
    std::array<int, slots> slot{};  // 0: empty
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t at = in_file[i].name_hash & (slots - 1);
      while (slot.data()[at] != 0) at = (at + 1) & (slots - 1);
      slot.data()[at] = static_cast<int>(i) + 1;
    }
    binding b;
    for (int v = 0; v < table.sizes.variables; ++v) {
      frozen_variable const& variable = table.variables.data()[v];
      if (!variable.saved) continue;
      int tensor = -1;
      for (std::size_t at = variable.hash & (slots - 1); slot.data()[at] != 0; at = (at + 1) & (slots - 1))
        if (int const i = slot.data()[at] - 1;
            in_file[i].name_hash == variable.hash && in_file[i].name == variable_names<Builder>::of(v)) {
          tensor = i;
          break;
        }
      if (tensor < 0) {
        if (lowering::plan_for<Builder>.parameter_offset.data()[v] >= 0) b.differences.add({kind::missing, v, -1});
        continue;
      }
      b.used.data()[tensor] = true;
      frozen_node const& n = table.nodes.data()[variable.node];
      if (!(in_file[tensor].shape == n.shape)) b.differences.add({kind::shape, v, tensor});
      if (in_file[tensor].dtype != n.dtype) b.differences.add({kind::dtype, v, tensor});
    }
    return b;
  }();

  // A constant a chunk, as each has a budget of its own: a pattern takes some 500 steps a name of clang's 1,048,576, and
  // a checkpoint has thousands of slots.
  static constexpr std::size_t chunk = 128, chunks = Manifest.tensors.size() / chunk + 1;
  template <std::size_t Chunk>
  static constexpr auto unused_in = [] {
    std::array<bool, chunk> out{};
    for (std::size_t i = Chunk * chunk, k = 0; i < Manifest.tensors.size() && k < chunk; ++i, ++k)
      out.data()[k] = !bound.used.data()[i] && !waived(Manifest.tensors.data()[i].name);
    return out;
  }();
  static constexpr auto unused = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<bool const*, chunks>{unused_in<I>.data()...};
  }
  (std::make_index_sequence<chunks>{});

  static constexpr result found = [] {
    result r = bound.differences;
    for (std::size_t i = 0; i < Manifest.tensors.size(); ++i)
      if (unused.data()[i / chunk][i % chunk]) r.add({manifest_fault::unexpected, -1, static_cast<int>(i)});
    return r;
  }();

  /// Name, expected and found of the difference I.
  template <int I>
  struct facts {
    using kind = manifest_fault;
    static constexpr manifest_difference d = found.first[I];
    static constexpr text name() {
      if (d.variable >= 0) return text(variable_names<Builder>::of(d.variable));
      return text(Manifest.tensors[d.tensor].name);
    }
    static constexpr text expected() {
      if (d.variable < 0)
        return nearest("no such tensor", [] {
          list<std::string_view> names;
          for (int v = 0; v < table.sizes.variables; ++v) names.push_back(variable_names<Builder>::of(v));
          return names;
        }());
      frozen_node const& n = table.nodes.data()[table.variables.data()[d.variable].node];
      return described(n.dtype, n.shape);
    }
    static constexpr text there() {
      if (d.tensor < 0)
        return nearest("no such tensor", [] {
          list<std::string_view> names;
          for (manifest_tensor const& t : Manifest.tensors) names.push_back(t.name);
          return names;
        }());
      return described(Manifest.tensors[d.tensor].dtype, Manifest.tensors[d.tensor].shape);
    }
    static constexpr text described(dtype type, shape const& s) {
      if (d.what == kind::shape) return to_text(s);
      text out(to_string(type));
      if (d.what == kind::dtype) return out;
      out += ' ';
      out += to_text(s);
      return out;
    }
    static constexpr text nearest(std::string_view begin, list<std::string_view> candidates) {
      text out(begin);
      list<std::string_view> const names = nearest_names(std::move(candidates)).of(name());
      for (int i = 0; i < names.size(); ++i) {
        out += i == 0 ? "; nearest: " : ", ";
        out += names[i];
      }
      return out;
    }
  };

  // One after the other, where compilers instantiate the operands of a fold from its end: the first is to come first.
  template <int I, bool = (I < found.count && I < most)>
  struct reported {
    static constexpr auto name = diagnostics::as_fixed_string<[] { return facts<I>::name(); }>();
    static constexpr auto expected = diagnostics::as_fixed_string<[] { return facts<I>::expected(); }>();
    static constexpr auto there = diagnostics::as_fixed_string<[] { return facts<I>::there(); }>();
    static constexpr auto file = diagnostics::as_fixed_string<[] { return text(Manifest.file); }>();
    static_assert(sizeof(typename diagnostics::manifest_error<found.first[I].what>::template type<
                         false, name, diagnostics::letters_of<name>, wanted<diagnostics::shown<expected>>,
                         there_is<diagnostics::shown<there>>, in_file<diagnostics::shown<file>>>) != 0);
    static_assert(sizeof(reported<I + 1>) != 0);
  };
  template <int I>
  struct reported<I, false> {};
};

template <auto Builder, auto const& Manifest, bool Good, fixed_string... Ignore>
struct manifest_match {
  using comparison = manifest_comparison<Builder, Manifest, Ignore...>;
  static_assert(sizeof(typename comparison::template reported<0>) != 0);
  static constexpr bool value = comparison::found.count == 0;
};
template <auto Builder, auto const& Manifest, fixed_string... Ignore>
struct manifest_match<Builder, Manifest, false, Ignore...> {
  static_assert(sizeof(verified<Builder>) != 0);  // one error is enough
  static constexpr bool value = true;
};

}  // namespace detail

/// A file of this manifest fits the model, as `load` has it: each variable has its tensor, with its shape and dtype, and
/// each tensor is used or waived by a pattern, `matches<model, digits_manifest, "global_step", "*/Adam*">`. Where it does
/// not, each difference, up to eight, is a compile error that names the variable.
template <auto Builder, auto const& Manifest, fixed_string... Ignore>
inline constexpr bool matches = detail::manifest_match<Builder, Manifest, detail::is_good<Builder>, Ignore...>::value;

}  // namespace ambit
