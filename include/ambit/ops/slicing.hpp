// SPDX-License-Identifier: BSL-1.0
// Parts of tensors.
#pragma once

#include <ambit/ops/expression.hpp>
#include <ambit/ops/strided.hpp>
#include <ambit/ops/views.hpp>

#include <array>
#include <initializer_list>

namespace ambit {

struct slice_op : detail::strided_copy {
  static constexpr op_type type{"Slice"};
  static constexpr std::string_view default_name = "Slice";
  axes begin{};
  shape size{};
  constexpr void attributes(auto& a) { a(begin), a(size); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    bool const lengths = begin.valid() && size.valid() && begin.size() == size.rank();
    if (!lengths || (s.known() && s.rank() != size.rank()))
      return refuse(i, "a begin, and a size of at least 0 or -1, for each axis");
    shape out;
    for (int k = 0; k < size.rank(); ++k) {
      int const extent = s[k], most = extent - begin[k];
      if (begin[k] < 0 || (extent >= 0 && (most < 0 || size[k] > most))) return refuse(i, "a part of the tensor");
      out.push_back(extent < 0 ? dyn : size[k] >= 0 ? size[k] : most);
    }
    i.output(out, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const&) const {
    return !begin.empty() && begin[0] == 0 && size[0] == dyn;
  }
  [[nodiscard]] AMBIT_INLINE constexpr strided_walk walk(shape const& from, shape const& to) const {
    strided_walk w;
    for (int k = 0; k < to.rank(); ++k) {
      w.first += begin[k] * detail::stride_of(from, k);
      w.push_back(to[k], detail::stride_of(from, k));
    }
    return w;
  }

 private:
  constexpr void refuse(inference& i, std::string_view want) const {
    text have{"begin "};
    have += to_text(begin);
    have += ", size ";
    have += to_text(size);
    have += " of ";
    have += to_text(i.shape(0));
    i.refuse_attribute(std::move(have), want);
  }
};

struct strided_slice_op : detail::strided_copy {
  static constexpr op_type type{"StridedSlice"};
  static constexpr std::string_view default_name = "strided_slice";
  axes begin{};
  shape size{};
  axes steps{};
  constexpr void attributes(auto& a) { a(begin), a(size), a(steps); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    bool const lengths =
        begin.valid() && size.valid() && steps.valid() && begin.size() == size.rank() && steps.size() == size.rank();
    if (!lengths || (s.known() && s.rank() != size.rank()))
      return refuse(i, "a begin, a step, and a size of at least 0 or -1, for each axis");
    shape out;
    for (int k = 0; k < size.rank(); ++k) {
      if (steps[k] == 0) return refuse(i, "steps other than 0");
      int const extent = s[k], most = extent < 0 ? dyn : available(k, extent);
      if (extent >= 0 && (most < 0 || size[k] > most)) return refuse(i, "a part of the tensor");
      out.push_back(extent < 0 ? dyn : size[k] >= 0 ? size[k] : most);
    }
    i.output(out, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const&) const {
    return !begin.empty() && begin[0] == 0 && size[0] == dyn && steps[0] == 1;
  }
  [[nodiscard]] AMBIT_INLINE constexpr strided_walk walk(shape const& from, shape const& to) const {
    strided_walk w;
    for (int k = 0; k < to.rank(); ++k) {
      w.first += first(k, from[k]) * detail::stride_of(from, k);
      w.push_back(to[k], steps[k] * detail::stride_of(from, k));
    }
    return w;
  }

 private:
  [[nodiscard]] AMBIT_INLINE constexpr int first(int axis, int extent) const {
    return begin[axis] < 0 ? begin[axis] + extent : begin[axis];
  }
  /// Elements from the first one to the end of the axis; -1 where it begins outside.
  [[nodiscard]] constexpr int available(int axis, int extent) const {
    int const from = first(axis, extent), step = steps[axis];
    if (step > 0)
      return from < 0 || from > extent ? -1 : (extent - from) / step + ((extent - from) % step != 0 ? 1 : 0);
    if (from == -1 && extent == 0) return 0;
    return from < 0 || from >= extent ? -1 : from / -step + 1;
  }
  constexpr void refuse(inference& i, std::string_view want) const {
    text have{"begin "};
    have += to_text(begin);
    have += ", size ";
    have += to_text(size);
    have += ", steps ";
    have += to_text(steps);
    have += " of ";
    have += to_text(i.shape(0));
    i.refuse_attribute(std::move(have), want);
  }
};

struct reverse_op : detail::strided_copy {
  static constexpr op_type type{"ReverseV2"};
  static constexpr std::string_view default_name = "ReverseV2";
  static constexpr std::string_view operands[] = {"tensor"};
  axes over{};
  constexpr void attributes(auto& a) { a(over); }
  constexpr void infer(inference& i) const {
    shape const& s = i.shape(0);
    axes seen;
    for (int k = 0; k < over.size() && s.known(); ++k) {
      int const axis = i.axis(over[k], s.rank());
      if (axis < 0) return;
      if (seen.contains(axis)) return i.refuse_attribute("an axis given twice", "each axis once");
      seen.push_back(axis);
    }
    i.output(s, i.dtype(0));
  }
  [[nodiscard]] constexpr bool batchwise(shape const& s) const {
    return !over.contains(0) && !over.contains(-s.rank());
  }
  [[nodiscard]] AMBIT_INLINE constexpr strided_walk walk(shape const& from, shape const& to) const {
    strided_walk w;
    for (int k = 0; k < to.rank(); ++k) {
      std::int64_t const stride = detail::stride_of(from, k);
      bool const reversed = over.contains(k) || over.contains(k - to.rank());
      if (reversed) w.first += (from[k] - 1) * stride;
      w.push_back(to[k], reversed ? -stride : stride);
    }
    return w;
  }
};

/// A part of a tensor: `size[k]` elements of axis k from `begin[k]` on; a size of -1 means all to the end (tf.slice).
/// Along an axis of unknown extent that of the result is unknown, too. All dtypes. OP_ATTRIBUTE where there is not a
/// begin and a size for each axis, or the part is not inside of the tensor.
template <detail::graph_operand A>
constexpr auto slice(A&& a, axes begin, shape size, name n = {}) {
  return apply(slice_op{{}, begin, size}, n, std::forward<A>(a));
}
/// The same with a step along each axis: element k of the result is element begin + k * step of the operand. A negative
/// begin counts from the end, a negative step walks backwards; a size of -1 means as many as there are. All dtypes.
///
///   slice(x, {0, -1}, {2, -1}, {1, -2})  // the first two rows; every second column, the last one first
///
/// `size` is the number of results, where tf.strided_slice takes an end. OP_ATTRIBUTE as above, or where a step is 0.
template <detail::graph_operand A>
constexpr auto slice(A&& a, axes begin, shape size, axes steps, name n = {}) {
  return apply(strided_slice_op{{}, begin, size, steps}, n, std::forward<A>(a));
}
/// The elements in reverse order along each of the axes; negative axes count from the end (tf.reverse). All dtypes.
/// OP_ATTRIBUTE where there is no such axis, or one is given twice.
template <detail::graph_operand A>
constexpr auto reverse(A&& a, axes over, name n = {}) {
  return apply(reverse_op{{}, over}, n, std::forward<A>(a));
}

namespace detail {

/// Refuses what a function of several ops was asked, under the name scope that it has opened.
constexpr void refuse(graph& g, std::string_view asked, shape const& of, std::string_view want, name const& n) {
  text have{asked};
  have += " of ";
  have += to_text(of);
  tables_of(g).fail({errc::op_attribute, g.current_name_scope(), want, std::move(have), n.where(), {}});
  g.settle();
}
constexpr text axis_text(int axis) {
  text out{"axis "};
  out.append(axis);
  return out;
}

/// Part k of x along an axis, `from` to `from + size`.
template <class Tensor>
constexpr Tensor part_of(Tensor x, int axis, int from, int size) {
  axes begin;
  shape extents;
  for (int k = 0; k < x.shape().rank(); ++k) {
    begin.push_back(k == axis ? from : 0);
    extents.push_back(k == axis ? size : dyn);
  }
  return {apply(slice_op{{}, begin, extents}, {}, x), nullptr, 0};
}

/// Parts of the given sizes, one of which may be -1. `out` has room for them, and stays as it is where they are
/// refused.
template <class Tensor>
constexpr void split_into(Tensor x, int const* sizes, int parts, int axis, name const& n, Tensor* out) {
  graph& g = *x.graph();
  shape const s = x.shape();
  int const along = axis < 0 ? axis + s.rank() : axis;
  if (along < 0 || along >= s.rank()) return refuse(g, axis_text(axis), s, "an axis from -rank to rank - 1", n);
  std::int64_t sum = 0;
  int open = -1;
  bool fits = parts > 0;
  for (int k = 0; k < parts; ++k) {
    fits = fits && sizes[k] >= dyn && (sizes[k] != dyn || open < 0);
    if (sizes[k] == dyn) open = k;
    if (sizes[k] > 0) sum += sizes[k];
  }
  int const extent = s[along];
  if (extent >= 0)
    fits = fits && (open < 0 ? sum == extent : sum <= extent);
  else
    fits = fits && open < 0;  // where the parts after an open one begin is not known
  if (!fits) {
    text have{"sizes"};
    for (int k = 0; k < parts; ++k) {
      have += ' ';
      have.append(sizes[k]);
    }
    have += " of axis ";
    have.append(axis);
    return refuse(g, have, s, "sizes whose sum is the extent, at most one of them -1", n);
  }
  int from = 0;
  for (int k = 0; k < parts; ++k) {
    int const size = k == open ? static_cast<int>(extent - sum) : sizes[k];
    out[k] = part_of(x, along, from, size);
    from += size;
  }
}
/// Equal parts.
template <class Tensor>
constexpr void split_evenly(Tensor x, int parts, int axis, name const& n, Tensor* out) {
  graph& g = *x.graph();
  shape const s = x.shape();
  int const along = axis < 0 ? axis + s.rank() : axis;
  if (along < 0 || along >= s.rank()) return refuse(g, axis_text(axis), s, "an axis from -rank to rank - 1", n);
  if (parts < 1 || s[along] < 0 || s[along] % parts != 0) {
    text have;
    have.append(parts) += " parts of axis ";
    have.append(axis);
    return refuse(g, have, s, "a number of parts that divides the extent", n);
  }
  int const size = s[along] / parts;
  for (int k = 0; k < parts; ++k) out[k] = part_of(x, along, k * size, size);
}
constexpr bool has_graph(tensor x, std::string_view op, name const& n) {
  if (x.graph() != nullptr) return true;
  raise({errc::empty_tensor, text(op), {}, {}, n.where(), {}});
  return false;
}
/// As many tensors of the graph of x that are not valid: what a refused call returns.
constexpr list<tensor> no_tensors(tensor x, int count) {
  tensor none;
  if (x.graph() != nullptr) none = {*x.graph(), -1};
  list<tensor> out;
  for (int k = 0; k < count; ++k) out.push_back(none);
  return out;
}

}  // namespace detail

/// A tensor in parts along an axis: `parts` equal ones, or one of each size, of which one may be -1, the rest
/// (tf.split). All dtypes.
///
///   list<tensor> halves = split(x, 2, 1);
///   list<tensor> three = split(x, {4, 1, -1}, -1);
///   auto [i, f, g, o] = split<4>(gates, 1);
///
/// TensorFlow has one op with several outputs, split:0, split:1; here each part is a slice, below the name scope
/// `split`: split/Slice, split/Slice_1. Records at once. OP_ATTRIBUTE where there is no such axis, or the sizes do not
/// add up.
template <class Tensor = tensor>
constexpr list<tensor> split(tensor x, int parts, int axis = 0, name n = {}) {
  list<tensor> out = detail::no_tensors(x, parts);
  if (!detail::has_graph(x, "split", n)) return out;
  name_scope scope{*x.graph(), n, {.default_name = "split"}};
  detail::split_evenly<Tensor>(x, parts, axis, n, out.data());
  return out;
}
template <class Tensor = tensor>
constexpr list<tensor> split(tensor x, list<int> const& sizes, int axis = 0, name n = {}) {
  list<tensor> out = detail::no_tensors(x, sizes.size());
  if (!detail::has_graph(x, "split", n)) return out;
  name_scope scope{*x.graph(), n, {.default_name = "split"}};
  detail::split_into<Tensor>(x, sizes.data(), sizes.size(), axis, n, out.data());
  return out;
}
template <class Tensor = tensor>
constexpr list<tensor> split(tensor x, std::initializer_list<int> sizes, int axis = 0, name n = {}) {
  return split<Tensor>(x, list<int>(sizes), axis, n);
}
template <int Parts>
  requires(Parts > 0)
constexpr std::array<tensor, static_cast<std::size_t>(Parts)> split(tensor x, int axis = 0, name n = {}) {
  std::array<tensor, static_cast<std::size_t>(Parts)> out{};
  if (!detail::has_graph(x, "split", n)) return out;
  for (tensor& part : out) part = {*x.graph(), -1};
  name_scope scope{*x.graph(), n, {.default_name = "split"}};
  detail::split_evenly(x, Parts, axis, n, out.data());
  return out;
}

/// The tensors along an axis, which is gone from their shapes (tf.unstack). All dtypes.
///
/// As with `split` these are slices, squeezed, below the name scope `unstack`: unstack/Slice, unstack/Squeeze,
/// unstack/Slice_1. Records at once. OP_ATTRIBUTE where there is no such axis, or its extent is not known.
template <class Tensor = tensor>
constexpr list<tensor> unstack(tensor x, int axis = 0, name n = {}) {
  if (!detail::has_graph(x, "unstack", n)) return detail::no_tensors(x, 1);
  graph& g = *x.graph();
  shape const s = x.shape();
  name_scope scope{g, n, {.default_name = "unstack"}};
  int const along = axis < 0 ? axis + s.rank() : axis;
  if (along < 0 || along >= s.rank() || s[along] < 0) {
    detail::refuse(g, detail::axis_text(axis), s, "an axis from -rank to rank - 1, of known extent", n);
    int most = 1;  // so that code that goes on with the first of them finds one
    for (int k = 0; k < s.rank(); ++k) most = s[k] > most ? s[k] : most;
    return detail::no_tensors(x, most);
  }
  list<tensor> out;
  for (int k = 0; k < s[along]; ++k) {
    Tensor const part = detail::part_of<Tensor>(x, along, k, 1);
    out.push_back({squeeze(part, along), nullptr, 0});
  }
  return out;
}

}  // namespace ambit
