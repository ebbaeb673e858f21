// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core.hpp>
#include <ambit/ops.hpp>

#include <string>

/// What a graph says about the tensor, or expression, or tensors, that `build(g, x)` makes of x, [2, 3] float32:
/// "OP_SHAPE MatMul: have; want". Empty where it is recorded.
template <class Build>
std::string refusal(Build const& build) {
  ambit::graph g{ambit::on_error::keep};
  ambit::tensor x = ambit::placeholder(g, "x", {2, 3});
  if constexpr (ambit::detail::unrecorded<decltype(build(g, x))>)
    static_cast<void>(ambit::tensor(build(g, x)));
  else
    static_cast<void>(build(g, x));
  if (!g.failed()) return {};
  ambit::failure const& f = g.error();
  std::string out(ambit::id_of(f.code));
  for (std::string_view part : {std::string_view(" "), f.name.view(), std::string_view(": "), f.have.view(),
                                std::string_view("; "), f.want.view()})
    out += part;
  return out;
}
