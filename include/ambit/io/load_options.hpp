// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>

#include <initializer_list>
#include <string>
#include <vector>

namespace ambit {

/// An order of axes, as in NumPy's `transpose`: axis i of the result is axis `order[i]` of the tensor. Without one, as
/// the tensor is.
class axis_order {
 public:
  constexpr axis_order() = default;
  /// A permutation: `axis_order{2, 3, 1, 0}` makes a PyTorch convolution's (out, in, height, width) TensorFlow's
  /// (height, width, in, out). One that fits no tensor of its rank is reported by `load`.
  constexpr axis_order(std::initializer_list<int> axes) : given_(static_cast<int>(axes.size())) {
    int i = 0;
    for (int const axis : axes)
      if (i < shape::max_rank) axes_[i++] = axis;
  }
  /// The last axis first, for any rank: of a matrix, its transpose.
  [[nodiscard]] static constexpr axis_order reversed() {
    axis_order out;
    out.given_ = any_rank;
    return out;
  }

  /// Nothing is to be done.
  [[nodiscard]] constexpr bool none() const { return given_ == 0; }
  /// Whether it is a permutation of so many axes.
  [[nodiscard]] constexpr bool fits(int rank) const {
    if (given_ <= 0) return true;
    if (given_ != rank) return false;
    unsigned seen = 0;
    for (int i = 0; i < rank; ++i) {
      if (axes_[i] < 0 || axes_[i] >= rank) return false;
      seen |= 1U << axes_[i];
    }
    return seen == (1U << rank) - 1;
  }
  /// The axis of a tensor of that rank that becomes axis i.
  [[nodiscard]] constexpr int operator()(int i, int rank) const {
    return given_ == 0 ? i : given_ == any_rank ? rank - 1 - i : axes_[i];
  }
  /// The shape of the result.
  [[nodiscard]] constexpr shape of(shape const& s) const {
    shape out;
    for (int i = 0; i < s.rank(); ++i) out.push_back(s[(*this)(i, s.rank())]);
    return out;
  }

 private:
  static constexpr int any_rank = -1;
  int axes_[shape::max_rank] = {};
  int given_ = 0;
};

/// As in `rename_rule{"fc1.weight", "model/fc1/kernel", transposed}`.
inline constexpr axis_order transposed = axis_order::reversed();

/// A tensor of the file that is called otherwise in the model, and may have its axes in another order there.
/// (Not `rename`, which is a function of <cstdio>.)
struct rename_rule {
  std::string tensor;    ///< its key in the file, whole: "fc1.weight"
  std::string variable;  ///< the scope path: "model/fc1/kernel"
  axis_order axes{};     ///< `transposed`, or a permutation
};

/// Every tensor under one scope of the file, under another scope of the model: `{"old/fc1", "model/fc1"}` makes
/// "old/fc1/kernel" "model/fc1/kernel". The first is whole components, up to a '/' or to the '.' or '/' that it ends
/// with: `{"encoder.", "model/encoder"}`. Either may be empty, which is the root.
struct prefix_rule {
  std::string file;
  std::string model;
};

/// How a file differs from the model, and what `load` may leave undone. By default it differs in nothing.
struct load_options {
  /// Tensors of the file that may stay unused, as patterns in which '*' stands for any characters, '/' too:
  /// `{.ignore = {"*/Adam*", "global_step"}}`. They see the names of the file. A tensor whose name is a variable's is
  /// bound all the same.
  std::vector<std::string> ignore{};
  /// Names of single tensors: `{.renames = {{"fc1.weight", "model/fc1/kernel", transposed}}}`. Comes before `prefixes`.
  /// A rule that finds no tensor is a problem of the report, as is a second one for the same tensor.
  std::vector<rename_rule> renames{};
  /// Names by scope; of those that match, the longest one decides. One that decides nothing is a problem of the report.
  std::vector<prefix_rule> prefixes{};
  /// Load only this scope of the model, "model/fc1": other variables stay as they are, and tensors that would go elsewhere
  /// (by their name after the rules above) are ignored. A scope without variables is a problem of the report.
  std::string scope{};
  /// Convert a tensor of another dtype to the variable's where no value is lost but by rounding to nearest, ties to even:
  /// a floating tensor to float32 and float64 (f16 and bf16 are exact), an integer one to these and to any integer. A
  /// finite value that would become infinite, or an integer that the dtype has not, is a problem of the report. Floating
  /// to integer, bool and complex never convert. Off: another dtype is a problem.
  bool convert = false;
};

}  // namespace ambit
