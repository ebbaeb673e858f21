// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/compiled/lower.hpp>
#include <ambit/compiled/memory.hpp>
#include <ambit/compiled/model_options.hpp>
#include <ambit/compiled/parameters.hpp>
#include <ambit/compiled/plan_text.hpp>
#include <ambit/compiled/workspace.hpp>

#include <boost/hana/tuple.hpp>

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {

/// Runs a model: parameters shared, a workspace of the caller's own. The inputs come in the order of the placeholders:
/// numbers, pointers, arrays, std::array, span or vector, row-major Eigen matrices and vectors. Returns the output as an
/// Eigen::Map into the workspace, good until its next run; several outputs as a std::tuple of them. Never allocates.
template <auto Builder, class... Options, class Storage, class... Inputs>
auto run(parameters<Builder, Storage> const& p, workspace<Builder>& w, Inputs const&... inputs) {
  constexpr auto const& table = detail::frozen_for<Builder>;
  static_assert(!detail::is_good<Builder> || sizeof...(Inputs) == static_cast<std::size_t>(table.sizes.placeholders),
                "ambit: a run takes one argument for each placeholder of the builder, in their order");
  using map = typename lowering::model_options<Options...>::map;
  if constexpr (detail::is_good<Builder>) {
    return lowering::program<Builder, map>::run(p, w, inputs...);
  } else {  // has been refused; something to go on with, so that one error is all
    // Not plain float: clang would make the class in every file, 0.02 s.
    using element = std::conditional_t<detail::is_good<Builder>, void, float>;
    return Eigen::Map<Eigen::Matrix<element, Eigen::Dynamic, Eigen::Dynamic> const>(nullptr, 0, 0);
  }
}

/// A model that the compiler built, checked and planned. Owns parameters and one workspace; no heap. An error that the
/// builder makes is a compile error that names it. `Builder` is a captureless lambda, a constexpr function, or a
/// structural function object. Options follow it: `in_rom<weights>` where the weights lie in the program, then ops of the
/// user's own.
template <auto Builder, class... Options>
class compiled {
  static_assert(sizeof(detail::verified<Builder>) != 0);
  static constexpr auto const& table_ = detail::frozen_for<Builder>;
  static constexpr auto const& plan_ = lowering::plan_for<Builder>;
  using storage_type = typename lowering::model_options<Options...>::storage;
  using parameters_type = ambit::parameters<Builder, storage_type>;
  static constexpr bool in_rom_ = !std::is_same_v<storage_type, in_ram>;

 public:
  compiled() : workspace_(parameters_) {}

  /// See ambit::run; with the model's own parameters and workspace.
  template <class... Inputs>
  auto run(Inputs const&... inputs) {
    return AMBIT_ABI::run<Builder, Options...>(parameters_, workspace_, inputs...);
  }
  /// Initial values, random ones drawn by seed and name; see parameters. State begins anew.
  void initialize(std::uint64_t seed)
    requires(!in_rom_)
  {
    parameters_.initialize(seed);
    if constexpr (plan_.state > 0) reset();
  }
  /// State variables begin anew.
  void reset() { workspace_.reset(parameters_); }

  /// A weight, read-only; `net["model"_n / "fc1"_n / "kernel"_n](0, 3)`.
  template <fixed_string Path>
  [[nodiscard]] auto operator[](path<Path> p) const {
    return std::as_const(parameters_)[p];
  }
  template <fixed_string Path, class Matrix>
    requires(!in_rom_)
  void set(path<Path> p, Matrix const& values) {
    parameters_.set(p, values);
    if constexpr (plan_.state > 0) reset();
  }
  template <fixed_string Path>
    requires(!in_rom_)
  [[nodiscard]] auto edit(path<Path> p) {
    return parameters_.edit(p);
  }

  /// The saved variables for loops at run time; see parameters.
  [[nodiscard]] static constexpr std::span<variable_entry const> table() { return parameters_type::table(); }
  void read(int i, void* row_major) const { parameters_.read(i, row_major); }
  void write(int i, void const* row_major)
    requires(!in_rom_)
  {
    write_only(i, row_major);
    fold();
  }
  void write_only(int i, void const* row_major)
    requires(!in_rom_)
  {
    parameters_.write_only(i, row_major);
  }
  void fold()
    requires(!in_rom_)
  {
    parameters_.fold();
    if constexpr (plan_.state > 0) reset();
  }

  /// A variable with its type: what `variables()` holds.
  template <int Index>
  class variable_ref {
    static constexpr detail::frozen_node node_ = table_.nodes.data()[table_.variables.data()[Index].node];

   public:
    using element = element_of<node_.dtype>;
    constexpr explicit variable_ref(compiled const& owner) : owner_(&owner) {}
    [[nodiscard]] static constexpr std::string_view name() { return detail::variable_names<Builder>::of(Index); }
    [[nodiscard]] static constexpr ambit::shape shape() { return node_.shape; }
    [[nodiscard]] static constexpr ambit::dtype dtype() { return node_.dtype; }
    /// Its value, as operator[] gives it.
    [[nodiscard]] auto value() const {
      using weight = stored_weight<element, detail::rows_of(node_.shape), detail::columns_of(node_.shape)>;
      return weight::view(
          reinterpret_cast<element const*>(owner_->parameters_.data() + plan_.parameter_offset.data()[Index]),
          plan_.forms.data()[Index]);
    }

   private:
    compiled const* owner_;
  };
  /// The stored variables in the order of their creation, as a hana::tuple of `variable_ref`s, for typed use with
  /// hana::for_each. For many variables `table()` compiles faster.
  [[nodiscard]] auto variables() const {
    return [this]<std::size_t... I>(std::index_sequence<I...>) {
      return boost::hana::tuple<variable_ref<stored_[I]>...>(variable_ref<stored_[I]>(*this)...);
    }(std::make_index_sequence<static_cast<std::size_t>(stored_count_)>{});
  }

  [[nodiscard]] parameters_type& parameters() { return parameters_; }
  [[nodiscard]] parameters_type const& parameters() const { return parameters_; }
  [[nodiscard]] ambit::workspace<Builder>& workspace() { return workspace_; }

  /// What was decided, as text: variables and their forms, each step with its ops, kernel, place and bytes.
  [[nodiscard]] static text plan() { return lowering::plan_writer<Builder>().write(); }

  /// Bytes of the model; a constant.
  [[nodiscard]] static constexpr memory_report memory() { return lowering::report_of<Builder>(in_rom_); }

 private:
  static constexpr int stored_count_ = [] {
    int n = 0;
    for (int v = 0; v < table_.sizes.variables; ++v) n += plan_.parameter_offset.data()[v] >= 0 ? 1 : 0;
    return n;
  }();
  static constexpr auto stored_ = [] {
    std::array<int, static_cast<std::size_t>(detail::at_least_one<stored_count_>)> s{};
    int at = 0;
    for (int v = 0; v < table_.sizes.variables; ++v)
      if (plan_.parameter_offset.data()[v] >= 0) s.data()[at++] = v;
    return s;
  }();

  [[no_unique_address]] parameters_type parameters_;
  ambit::workspace<Builder> workspace_;
};

}  // namespace AMBIT_ABI
}  // namespace ambit
