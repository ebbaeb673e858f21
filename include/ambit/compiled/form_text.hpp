// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/text.hpp>
#include <ambit/kernels/panels.hpp>

namespace ambit {
inline namespace AMBIT_ABI {
namespace loops {

/// How a weight lies in memory, in words: "panels of 4 x 16 outputs".
[[nodiscard]] constexpr text to_text(weight_form const& f) {
  using kind = weight_form::kind;
  text out;
  switch (f.form) {
    case kind::panels: out += "panels of ", out.append(f.vectors), out += " x ", out.append(f.lanes), out += " outputs"; break;
    case kind::rows: out += "a row for each output, in vectors of ", out.append(f.lanes); break;
    case kind::gates: out += "panels of ", out.append(f.gates), out += " gates x ", out.append(f.lanes), out += " units"; break;
    default: out += "row by row";
  }
  if (f.blocks > 1) out += " in ", out.append(f.blocks), out += " groups";
  return out;
}

}  // namespace loops
}  // namespace AMBIT_ABI
}  // namespace ambit
