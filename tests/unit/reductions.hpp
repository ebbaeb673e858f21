// SPDX-License-Identifier: BSL-1.0
// Models of reductions: over every choice of axes, and over axes of every length.
#pragma once

#include "evaluation.hpp"

#include <array>

namespace reductions {

using namespace ambit;

enum class kind { sum, mean, max, min, prod, l1, l2, logsumexp, any, all };

/// Every choice of the axes of a tensor, with and without keepdims; a bit an axis. No axes at all means all of them.
template <kind Kind, dtype Type>
struct every_choice {
  int extents[4];
  int rank;

  constexpr auto operator()(graph& g) const {
    shape s;
    for (int k = 0; k < rank; ++k) s.push_back(extents[k]);
    tensor x = placeholder(g, "x", s, Type);
    std::array<tensor, 32> out;
    std::size_t at = 0;
    for (int bits = 0; bits < 1 << rank; ++bits)
      for (keepdims keep : {keepdims::no, keepdims::yes}) {
        axes over;
        for (int k = 0; k < rank; ++k)
          if ((bits >> k & 1) != 0) over.push_back(bits % 3 == 0 ? k - rank : k);
        out[at++] = reduced(x, over, keep);
      }
    for (; at < out.size(); ++at) out[at] = out[0];
    return out;
  }
  static constexpr tensor reduced(tensor x, axes const& over, keepdims keep) {
    switch (Kind) {
    case kind::sum: return reduce_sum(x, over, keep);
    case kind::mean: return reduce_mean(x, over, keep);
    case kind::max: return reduce_max(x, over, keep);
    case kind::min: return reduce_min(x, over, keep);
    case kind::prod: return reduce_prod(x, over, keep);
    case kind::l1: return reduce_l1(x, over, keep);
    case kind::l2: return reduce_l2(x, over, keep);
    case kind::logsumexp: return reduce_logsumexp(x, over, keep);
    case kind::any: return reduce_any(x, over, keep);
    default: return reduce_all(x, over, keep);
    }
  }
};

/// Every kind of tail, along rows, down columns, and in between.
template <kind Kind, dtype Type>
struct every_length {
  static constexpr int lengths[] = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100};
  constexpr auto operator()(graph& g) const {
    std::array<tensor, 3 * std::size(lengths)> out;
    std::size_t at = 0;
    for (int n : lengths) {
      // Factors near 1, or products of 100 would leave nothing to compare.
      name const of{Kind == kind::prod ? "positive_" : "x_", n};
      tensor x = placeholder(g, of, {3, n, 2}, Type);
      if (Kind == kind::prod) x = is_floating(Type) ? tensor(pow(x, 0.0625)) : tensor(x);
      out[at++] = every_choice<Kind, Type>::reduced(reshape(x, {6, n}), -1, keepdims::no);
      out[at++] = every_choice<Kind, Type>::reduced(reshape(x, {6, n}), 0, keepdims::yes);
      out[at++] = every_choice<Kind, Type>::reduced(x, 1, keepdims::no);
    }
    return out;
  }
};

}  // namespace reductions
