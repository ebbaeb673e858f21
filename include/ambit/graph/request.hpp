// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/graph/constraint.hpp>
#include <ambit/graph/initializer.hpp>
#include <ambit/graph/options.hpp>
#include <ambit/graph/partitioner.hpp>
#include <ambit/graph/regularizer.hpp>

#include <concepts>
#include <utility>

namespace ambit {

/// A variable that is looked up or about to be made: what custom getters see and may change. All defaults are filled in
/// (SPEC 11.1).
struct variable_request {
  text name{};  ///< the full key, "model/fc1/kernel"
  ambit::shape shape = unknown_shape;
  ambit::dtype dtype = ambit::dtype::none;
  ambit::initializer initializer{};
  ambit::regularizer regularizer{};
  ambit::reuse reuse = ambit::reuse::inherit;  ///< yes, no, automatic; inherit is None: create or return
  option trainable{};
  collection_list collections{};
  device caching_device{};
  ambit::partitioner partitioner{};
  bool validate_shape = true;
  option use_resource{};
  ambit::constraint constraint{};
  ambit::synchronization synchronization = ambit::synchronization::automatic;
  ambit::aggregation aggregation = ambit::aggregation::none;
  bool named = true;  ///< false: `variable` was given no name, and it will be "Variable"
  partition_info part{};  ///< where it lies, if it is a part of a partitioned variable
  place where{};  ///< the line that asked
};

/// What variable creators see and may change: the same, where `name` is the argument of `variable`, or the full key of
/// get_variable (SPEC 11.5). Regularizer, reuse and partitioner have had their say by then.
using creation_request = variable_request;

namespace detail {

class next_getter;

struct getter_model {
  [[nodiscard]] constexpr virtual tensor call(next_getter& next, variable_request request) = 0;
  [[nodiscard]] constexpr virtual getter_model* clone() const = 0;
  constexpr getter_model() = default;
  constexpr getter_model(getter_model const&) = default;
  constexpr virtual ~getter_model() = default;
};

/// Hands a request on: to the getter of the enclosing scope, or to the variable store.
class next_getter {
 public:
  constexpr next_getter(ambit::graph& g, int link) : graph_(&g), link_(link) {}
  constexpr tensor operator()(variable_request request);
  [[nodiscard]] constexpr ambit::graph& graph() const { return *graph_; }

 private:
  ambit::graph* graph_;
  int link_;
};

template <class Function>
struct getter_of final : getter_model {
  Function function;
  constexpr explicit getter_of(Function f) : function(std::move(f)) {}
  [[nodiscard]] constexpr tensor call(next_getter& next, variable_request request) override {
    return function(next, std::move(request));
  }
  [[nodiscard]] constexpr getter_model* clone() const override { return new getter_of(*this); }
  constexpr ~getter_of() override {}  // written out: g++ 11 and 12 do not make it constexpr otherwise
};

}  // namespace detail

/// What a custom getter or a variable creator calls to go on.
using next_getter = detail::next_getter;

/// A function `tensor(auto& next, variable_request request)` that sees every access to a variable below a scope, may
/// change the request, and answers it, usually with `next(request)`. Owned and copied like a value.
class custom_getter {
 public:
  constexpr custom_getter() = default;
  template <class Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, custom_getter> &&
             requires(Function f, next_getter& next, variable_request r) {
               { f(next, r) } -> std::convertible_to<tensor>;
             })
  constexpr custom_getter(Function function) : model_(new detail::getter_of<Function>(std::move(function))) {}
  constexpr custom_getter(custom_getter const& other) : model_(other.model_ ? other.model_->clone() : nullptr) {}
  constexpr custom_getter(custom_getter&& other) noexcept : model_(std::exchange(other.model_, nullptr)) {}
  constexpr custom_getter& operator=(custom_getter other) noexcept {
    std::swap(model_, other.model_);
    return *this;
  }
  constexpr ~custom_getter() { delete model_; }

  [[nodiscard]] constexpr bool given() const { return model_ != nullptr; }
  [[nodiscard]] constexpr detail::getter_model* model() const { return model_; }

 private:
  detail::getter_model* model_ = nullptr;
};

}  // namespace ambit
