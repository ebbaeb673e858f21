// SPDX-License-Identifier: BSL-1.0
// Ops that choose and arrange elements, and normalization.
#include "reference_ops.hpp"

#include <bit>
#include <cmath>
#include <numeric>

namespace reference {
namespace {

using ambit::shape;

std::size_t at(int i) { return static_cast<std::size_t>(i); }
int from_front(std::int64_t axis, int rank) { return static_cast<int>(axis < 0 ? axis + rank : axis); }
double number(std::int64_t bits) { return std::bit_cast<double>(bits); }

/// Reads attributes one after the other.
class reader {
 public:
  explicit reader(call const& c) : all_(c.attributes) {}
  std::int64_t next() { return all_.at(position_++); }
  /// A count, then as many numbers.
  std::vector<int> numbers() {
    std::vector<int> out;
    for (std::int64_t n = next(); n > 0; --n) out.push_back(static_cast<int>(next()));
    return out;
  }

 private:
  std::vector<std::int64_t> const& all_;
  std::size_t position_ = 0;
};

/// The result whose element at an index is that of the operand at `from(index)`.
template <class From>
array chosen(call const& c, From from) {
  array out = filled(c.result, 0);
  each(c.result,
       [&](index const& i) { element(out, i) = element(c.operands[0], from(i), c.operands[0].shape.rank()); });
  return out;
}
array same_elements(call const& c) { return {c.result, c.operands[0].values}; }

array gather(call const& c) {
  array const& x = c.operands[0];
  array const& indices = c.operands[1];
  int const axis = from_front(c.attributes[0], x.shape.rank());
  array out = filled(c.result, 0);
  each(c.result, [&](index const& i) {
    index which{}, from{};
    for (int k = 0; k < axis; ++k) from[at(k)] = i[at(k)];
    for (int k = 0; k < indices.shape.rank(); ++k) which[at(k)] = i[at(axis + k)];
    for (int k = axis + 1; k < x.shape.rank(); ++k) from[at(k)] = i[at(k - 1 + indices.shape.rank())];
    double const chosen_ = element(indices, which, indices.shape.rank());
    if (chosen_ < 0 || chosen_ >= x.shape[axis]) return;
    from[at(axis)] = static_cast<int>(chosen_);
    element(out, i) = element(x, from, x.shape.rank());
  });
  return out;
}
array one_hot(call const& c) {
  array const& indices = c.operands[0];
  int const axis = from_front(c.attributes[3], c.result.rank());
  array out = filled(c.result, 0);
  each(c.result, [&](index const& i) {
    index which{};
    for (int k = 0; k < c.result.rank(); ++k)
      if (k != axis) which[at(k < axis ? k : k - 1)] = i[at(k)];
    bool const on = element(indices, which, indices.shape.rank()) == i[at(axis)];
    element(out, i) = number(c.attributes[on ? 1 : 2]);
  });
  return out;
}

array slice(call const& c) {
  std::vector<int> const begin = reader(c).numbers();
  return chosen(c, [&](index i) {
    for (std::size_t k = 0; k < begin.size(); ++k) i[k] += begin[k];
    return i;
  });
}
array strided_slice(call const& c) {
  reader r(c);
  std::vector<int> const begin = r.numbers(), size = r.numbers(), steps = r.numbers();
  return chosen(c, [&](index i) {
    for (std::size_t k = 0; k < begin.size(); ++k)
      i[k] = begin[k] + i[k] * steps[k] + (begin[k] < 0 ? c.operands[0].shape[static_cast<int>(k)] : 0);
    return i;
  });
}
array reverse(call const& c) {
  std::vector<int> const over = reader(c).numbers();
  return chosen(c, [&](index i) {
    for (int axis : over) {
      int const k = from_front(axis, c.result.rank());
      i[at(k)] = c.result[k] - 1 - i[at(k)];
    }
    return i;
  });
}
array tile(call const& c) {
  return chosen(c, [&](index i) {
    for (int k = 0; k < c.result.rank(); ++k) i[at(k)] %= c.operands[0].shape[k];
    return i;
  });
}
array stack(call const& c) {
  int const axis = from_front(c.attributes[0], c.result.rank());
  array out = filled(c.result, 0);
  each(c.result, [&](index const& i) {
    index from{};
    for (int k = 0; k < c.result.rank(); ++k)
      if (k != axis) from[at(k < axis ? k : k - 1)] = i[at(k)];
    element(out, i) = element(c.operands[at(i[at(axis)])], from, c.result.rank() - 1);
  });
  return out;
}

array pad(call const& c) {
  reader r(c);
  std::vector<int> const before = r.numbers(), after = r.numbers();
  bool const has_value = c.attributes.size() > before.size() + after.size() + 2;
  array out = filled(c.result, has_value ? number(r.next()) : 0);
  each(c.operands[0].shape, [&](index i) {
    double const v = element(c.operands[0], i, c.result.rank());
    for (std::size_t k = 0; k < before.size(); ++k) i[k] += before[k];
    element(out, i) = v;
  });
  return out;
}
array mirror_pad(call const& c) {
  reader r(c);
  std::vector<int> const before = r.numbers(), after = r.numbers();
  int const symmetric = r.next() == 0 ? 0 : 1;
  return chosen(c, [&](index i) {
    for (int k = 0; k < c.result.rank(); ++k) {
      int const extent = c.operands[0].shape[k];
      int& here = i[at(k)];
      here -= before[at(k)];
      if (here < 0) here = -here - symmetric;
      if (here >= extent) here = 2 * (extent - 1) - here + symmetric;
    }
    return i;
  });
}

/// Normalizes the elements for which `part` says the same; gamma and beta broadcast to x.
template <class Part>
array normalized(call const& c, bool scaled, bool shifted, double epsilon, Part part) {
  array const& x = c.operands[0];
  std::map<std::vector<int>, std::vector<double>> parts;
  each(x.shape, [&](index const& i) { parts[part(i)].push_back(element(x, i, x.shape.rank())); });
  array out = x;
  each(x.shape, [&](index const& i) {
    std::vector<double> const& all = parts[part(i)];
    double const n = static_cast<double>(all.size());
    double const mean = std::accumulate(all.begin(), all.end(), 0.0) / n;
    double variance = 0;
    for (double v : all) variance += (v - mean) * (v - mean) / n;
    double v = (element(x, i, x.shape.rank()) - mean) / std::sqrt(variance + epsilon);
    if (scaled) v *= element(c.operands[1], i, x.shape.rank());
    if (shifted) v += element(c.operands[scaled ? 2 : 1], i, x.shape.rank());
    element(out, i) = v;
  });
  return out;
}
array layer_norm(call const& c) {
  reader r(c);
  std::vector<int> const over = r.numbers();
  bool const scaled = r.next() != 0, shifted = r.next() != 0;
  int const kept = c.result.rank() - static_cast<int>(over.size());
  return normalized(c, scaled, shifted, number(r.next()),
                    [&](index const& i) { return std::vector<int>(i.begin(), i.begin() + kept); });
}
array group_norm(call const& c) {
  reader r(c);
  int groups = static_cast<int>(r.next());
  if (r.next() != 0) groups = c.result[-1];
  bool const scaled = r.next() != 0, shifted = r.next() != 0;
  int const size = c.result[-1] / groups;
  return normalized(c, scaled, shifted, number(r.next()), [&](index const& i) {
    return std::vector<int>{i[0], i[at(c.result.rank() - 1)] / size};
  });
}

}  // namespace

function_table array_functions() {
  return {
      {"GatherV2", gather},
      {"OneHot", one_hot},
      {"Slice", slice},
      {"StridedSlice", strided_slice},
      {"ReverseV2", reverse},
      {"Squeeze", same_elements},
      {"ExpandDims", same_elements},
      {"Pack", stack},
      {"Tile", tile},
      {"Pad", pad},
      {"PadV2", pad},
      {"MirrorPad", mirror_pad},
      {"LayerNorm", layer_norm},
      {"GroupNorm", group_norm},
      {"StopGradient", same_elements},
  };
}

}  // namespace reference
