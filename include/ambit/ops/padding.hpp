// SPDX-License-Identifier: BSL-1.0
// More elements around a tensor. What convolutions add around their input is `padding`, in window.hpp.
#pragma once

#include <ambit/ops/expression.hpp>
#include <ambit/ops/strided.hpp>

#include <initializer_list>
#include <limits>

namespace ambit {

/// How many elements to add before and after each axis: `{{0, 0}, {1, 2}}`.
class paddings {
 public:
  struct pair {
    int before = 0;
    int after = 0;
  };
  constexpr paddings() = default;
  constexpr paddings(std::initializer_list<pair> pairs) {
    for (pair const& p : pairs) before.push_back(p.before), after.push_back(p.after);
  }
  axes before{};
  axes after{};
};

/// What padding repeats: the elements beside the border, without the outermost one (`reflect`) or with it
/// (`symmetric`).
enum class mirror { reflect, symmetric };

namespace detail {

struct padded {
  axes before{};
  axes after{};
  constexpr void attributes(auto& a) { a(before), a(after); }
  [[nodiscard]] constexpr bool batchwise(shape const&) const {
    return !before.empty() && before[0] == 0 && after[0] == 0;
  }
  /// `most`: how many elements of an extent may be repeated.
  constexpr void infer(inference& i, int (*most)(int), std::string_view want) const {
    shape const& s = i.shape(0);
    bool fits = before.valid() && (!s.known() || s.rank() == before.size());
    shape out;
    for (int k = 0; k < before.size(); ++k) {
      std::int64_t const extent = static_cast<std::int64_t>(s[k]) + before[k] + after[k];
      int const room = s[k] < 0 ? std::numeric_limits<int>::max() : most(s[k]);
      fits = fits && before[k] >= 0 && after[k] >= 0 && before[k] <= room && after[k] <= room &&
             extent <= std::numeric_limits<int>::max();
      out.push_back(fits && s[k] >= 0 ? static_cast<int>(extent) : dyn);
    }
    if (fits) return i.output(out, i.dtype(0));
    text have{"before "};
    have += to_text(before);
    have += ", after ";
    have += to_text(after);
    have += " of ";
    have += to_text(s);
    i.refuse_attribute(std::move(have), want);
  }
  constexpr void infer(inference& i) const {
    infer(
        i, [](int) { return std::numeric_limits<int>::max(); }, "two numbers of at least 0 for each axis");
  }
};

}  // namespace detail

struct pad_op : detail::padded {
  static constexpr op_type type{"Pad"};
  static constexpr std::string_view default_name = "Pad";
  static constexpr std::string_view operands[] = {"input"};
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.pad(e.input<T>(0), e.input_shapes[0], before, *e.output_shape, T(0), e.out<T>());
  }
};

struct pad_v2_op : detail::padded {
  static constexpr op_type type{"PadV2"};
  static constexpr std::string_view default_name = "PadV2";
  static constexpr std::string_view operands[] = {"input"};
  double value = 0;
  dtype written = dtype::none;  // of the number, while the op is recorded
  constexpr void attributes(auto& a) {
    detail::padded::attributes(a);
    a(value);
  }
  constexpr void infer(inference& i) const {
    bool const lossy = is_floating(written) && !is_floating(i.dtype(0));
    bool const boolean = written == dtype::boolean;
    if (written != dtype::none && (lossy || boolean != (i.dtype(0) == dtype::boolean)))
      return i.refuse_dtype("a tensor that can hold the value");
    detail::padded::infer(i);
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.pad(e.input<T>(0), e.input_shapes[0], before, *e.output_shape, static_cast<T>(value), e.out<T>());
  }
};

struct mirror_pad_op : detail::padded {
  static constexpr op_type type{"MirrorPad"};
  static constexpr std::string_view default_name = "MirrorPad";
  static constexpr std::string_view operands[] = {"input"};
  mirror mode = mirror::reflect;
  constexpr void attributes(auto& a) {
    detail::padded::attributes(a);
    a(mode);
  }
  constexpr void infer(inference& i) const {
    if (mode == mirror::reflect)
      detail::padded::infer(
          i, [](int extent) { return extent > 0 ? extent - 1 : 0; },
          "for each axis two numbers from 0 to its extent - 1, which are repeated");
    else
      detail::padded::infer(
          i, [](int extent) { return extent; }, "for each axis two numbers from 0 to its extent, which are repeated");
  }
  template <class T>
  void evaluate(auto kernels, evaluation const& e) const {
    kernels.mirror_pad(e.input<T>(0), e.input_shapes[0], before, *e.output_shape, mode == mirror::reflect ? 1 : 0,
                       e.out<T>());
  }
};

/// Zeros around a tensor: extent k of the result is before + shape[k] + after (tf.pad). All dtypes.
///
///   pad(x, {{0, 0}, {1, 2}})                   // Pad: zeros
///   pad(x, {{0, 0}, {1, 2}}, -1.f)             // PadV2: a number, even 0, where tf.pad records a Pad
///   pad(x, {{0, 0}, {1, 2}}, mirror::reflect)  // MirrorPad
///
/// OP_ATTRIBUTE where there are not two numbers of at least 0 for each axis.
template <detail::graph_operand A>
constexpr auto pad(A&& a, paddings by, name n = {}) {
  return apply(pad_op{{by.before, by.after}}, n, std::forward<A>(a));
}
/// A number around a tensor, which must be one of its dtype's: OP_DTYPE for a fraction among integers.
template <detail::graph_operand A, arithmetic Value>
constexpr auto pad(A&& a, paddings by, Value value, name n = {}) {
  return apply(pad_v2_op{{by.before, by.after}, static_cast<double>(value), dtype_of<Value>}, n, std::forward<A>(a));
}
/// The tensor's own elements around it, in reverse order: of 1 2 3 `reflect` makes 3 2 [1 2 3] 2 1, and `symmetric`
/// 2 1 [1 2 3] 3 2. OP_ATTRIBUTE where an axis has not as many.
template <detail::graph_operand A>
constexpr auto pad(A&& a, paddings by, mirror mode, name n = {}) {
  return apply(mirror_pad_op{{by.before, by.after}, mode}, n, std::forward<A>(a));
}

}  // namespace ambit
