// SPDX-License-Identifier: BSL-1.0
// Other shapes of the same elements, beside `reshape`. They copy nothing.
#pragma once

#include <ambit/ops/array.hpp>

#include <limits>

namespace ambit {

struct squeeze_op {
  static constexpr op_type type{"Squeeze"};
  static constexpr std::string_view default_name = "Squeeze";
  static constexpr std::string_view operands[] = {"input"};
  static constexpr bool view = true;
  axes over{};
  constexpr void attributes(auto& a) { a(over); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    if (!s.known()) return i.output(unknown_shape, i.dtype(0));
    axes gone;
    for (int k = 0; k < over.size(); ++k) {
      int const axis = i.axis(over[k], s.rank());
      if (axis < 0) return;
      if (s[axis] >= 0 && s[axis] != 1) {
        text have = to_text(over);
        have += " of ";
        have += to_text(s);
        return i.refuse_attribute(std::move(have), "axes of extent 1");
      }
      if (s[axis] < 0) return i.output(unknown_shape, i.dtype(0));  // it may be another than 1
      gone.push_back(axis);
    }
    shape out;
    for (int k = 0; k < s.rank(); ++k) {
      if (over.empty() && s[k] < 0) return i.output(unknown_shape, i.dtype(0));  // it may be 1
      if (over.empty() ? s[k] != 1 : !gone.contains(k)) out.push_back(s[k]);
    }
    i.output(out, i.dtype(0));
  }
};

struct expand_dims_op {
  static constexpr op_type type{"ExpandDims"};
  static constexpr std::string_view default_name = "ExpandDims";
  static constexpr std::string_view operands[] = {"input"};
  static constexpr bool view = true;
  int axis = 0;
  constexpr void attributes(auto& a) { a(axis); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    if (!s.known()) return i.output(unknown_shape, i.dtype(0));
    if (s.rank() == shape::max_rank) return i.refuse_shape("a tensor of at most 7 axes");
    int const at = i.axis(axis, s.rank() + 1);
    if (at < 0) return;
    shape out;
    for (int k = 0; k <= s.rank(); ++k) out.push_back(k < at ? s[k] : k == at ? 1 : s[k - 1]);
    i.output(out, i.dtype(0));
  }
};

/// Without the given axes, whose extents must be 1; without all such axes where none are given (tf.squeeze). All
/// dtypes; copies nothing. OP_ATTRIBUTE where there is no such axis or its extent is another.
template <detail::graph_operand A>
constexpr auto squeeze(A&& a, axes over = {}, name n = {}) {
  return apply(squeeze_op{over}, n, std::forward<A>(a));
}
template <detail::graph_operand A>
constexpr auto squeeze(A&& a, name n) {
  return apply(squeeze_op{}, n, std::forward<A>(a));
}
/// With an axis of extent 1 that is axis `axis` of the result; a negative one counts from the result's end
/// (tf.expand_dims). All dtypes; copies nothing. OP_ATTRIBUTE where the result has no such axis.
template <detail::graph_operand A>
constexpr auto expand_dims(A&& a, int axis, name n = {}) {
  return apply(expand_dims_op{axis}, n, std::forward<A>(a));
}
/// [batch, ...] as [batch, elements]: a reshape below the name scope `flatten`, "flatten/Reshape" (tf.layers.flatten).
/// All dtypes; copies nothing; records at once. OP_SHAPE of a scalar, OP_ATTRIBUTE where neither the batch nor all
/// other extents are known.
template <class Tensor = tensor>
constexpr tensor flatten(tensor x, name n = {}) {
  if (x.graph() == nullptr) {
    raise({errc::empty_tensor, "flatten", {}, {}, n.where(), {}});
    return {};
  }
  graph& g = *x.graph();
  shape const s = x.shape();
  name_scope scope{g, n, {.default_name = "flatten"}};
  if (s.rank() == 0) {
    text have = x.name();
    have += " ()";
    tables_of(g).fail({errc::op_shape, g.current_name_scope(), "at least one axis", std::move(have), n.where(), {}});
    g.settle();
    return {g, -1};
  }
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  std::int64_t rest = s.known() ? 1 : dyn;
  for (int k = 1; k < s.rank(); ++k) {
    rest = rest < 0 || s[k] < 0 ? dyn : rest * s[k];
    if (rest > most) rest = dyn;
  }
  return {apply(reshape_op{{s[0], static_cast<int>(rest)}}, {}, Tensor(x)), nullptr, 0};
}

}  // namespace ambit
