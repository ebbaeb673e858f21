// SPDX-License-Identifier: BSL-1.0
// The rules of expressions in the compiler.
#include "expressions/rules.hpp"

#define AMBIT_RULE(name) static_assert(expressions::name());
#include "expressions/table.inc"

namespace {

using namespace ambit;
using sum = decltype(tensor{} + tensor{});

// Neither copied nor assigned: there is one of each.
static_assert(!std::is_copy_constructible_v<sum> && !std::is_copy_assignable_v<sum> && !std::is_move_assignable_v<sum>);
static_assert(std::is_nothrow_move_constructible_v<sum>);
static_assert(std::is_convertible_v<sum, tensor> && std::is_constructible_v<tensor, sum>);

template <class A, class B>
concept addable = requires(A a, B b) {
  static_cast<A&&>(a) + static_cast<B&&>(b);
};
static_assert(addable<tensor, tensor> && addable<tensor, float> && addable<int, tensor> && addable<sum, sum>);
static_assert(!addable<tensor, char const*> && !addable<tensor, char> && !addable<tensor, void*>);

}  // namespace
