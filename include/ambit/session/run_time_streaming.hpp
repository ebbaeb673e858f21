// SPDX-License-Identifier: BSL-1.0
// Streaming convolutions whose extents are known at run time only.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/session/run_time_product.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace ambit {
inline namespace AMBIT_ABI {
namespace run_time {

using namespace loops;

/// A sum over taps and channels in four parts, as each addition waits for the one before. Four members rather than an array:
/// of an array that several loops add to, g++ 12 keeps a part in memory.
template <class T, int Vectors>
struct AMBIT_LOCAL sum_in_parts {
  static constexpr int width = Vectors * native_lanes<T>;
  row_tile<T, native_lanes<T>, Vectors, 1> a, b, c, d;

  AMBIT_INLINE explicit sum_in_parts(T const* start) {
    a.start(start), b.start(nullptr), c.start(nullptr), d.start(nullptr);
  }
  /// `Length` inputs as straight code; 0: `length`.
  template <int Length>
  AMBIT_INLINE void add(T const* w, T const* x, int length) {
    if constexpr (Length > 0) {
      [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
        (part<K % 4>().add_one(0, w + K * width, x[K]), ...);
      }(std::make_integer_sequence<int, Length>{});
    } else {
      AMBIT_NO_UNROLL
      for (; length >= 4; length -= 4, w += 4 * width, x += 4) add<4>(w, x, 4);
      AMBIT_NO_UNROLL
      for (; length > 0; --length, w += width, ++x) add<1>(w, x, 1);
    }
  }
  AMBIT_INLINE void finish(relu_epilogue epilogue, int outputs, T* out) {
    AMBIT_UNROLL
    for (int v = 0; v < Vectors; ++v) a.sum[0][v] = (a.sum[0][v] + b.sum[0][v]) + (c.sum[0][v] + d.sum[0][v]);
    a.finish(epilogue, 0, 0, outputs, out);
  }

 private:
  template <int K>
  AMBIT_INLINE auto& part() {
    if constexpr (K == 0) return a;
    else if constexpr (K == 1) return b;
    else if constexpr (K == 2) return c;
    else return d;
  }
};

/// One frame after the other: each is convolved with those before it, which are kept in a ring of a power of two, and goes
/// into it. A network of this alone takes a few nanoseconds, so a call of memcpy would be half of it.
template <class T>
class AMBIT_LOCAL run_time_streaming_convolution {
 public:
  run_time_streaming_convolution(weight_form const& form, evaluation const& e, int dilation, relu_epilogue epilogue)
      : vectors_(form.vectors),
        outputs_(form.outputs),
        x_(e.input<T>(0)),
        time_(e.input_shapes[0][-2]),
        ring_(e.state<T>(1)),
        position_(e.state<std::int32_t>(2)),
        mask_(e.input_shapes[1][0] - 1),
        taps_(e.input_shapes[3][0]),
        channels_(e.input_shapes[3][1]),
        dilation_(dilation),
        w_(e.input<T>(3)),
        start_(static_cast<T const*>(e.start)),
        out_(e.out<T>()),
        epilogue_(epilogue) {}

  void run() const {
    with_width<T>(vectors_, [&]<int Vectors>(std::integral_constant<int, Vectors>) {
      if constexpr (Vectors == 1 && std::is_same_v<T, float>) {
        if (channels_ == 1) return frames<1, 1>();
        if (channels_ == 2) return frames<1, 2>();
        if (channels_ == 4) return frames<1, 4>();
        if (channels_ == 8) return frames<1, 8>();
      }
      frames<Vectors, 0>();
    });
  }

 private:
  /// Loops over a few channels cost more than the sums; 0: as many as there are.
  template <int Vectors, int Channels>
  AMBIT_FLATTEN void frames() const {
    using sum_type = sum_in_parts<T, Vectors>;
    using part = lanes<T, narrowest_lanes<T>>;
    int const channels = Channels > 0 ? Channels : channels_, mask = mask_;
    std::ptrdiff_t const tap_weights = static_cast<std::ptrdiff_t>(channels) * sum_type::width;
    int at = *position_ & mask;
    T const* x = x_;
    T* out = out_;
    AMBIT_NO_UNROLL
    for (std::int64_t left = time_; left > 0; --left, x += channels) {
      T const* w = w_;
      T const* start = start_;
      AMBIT_NO_UNROLL
      for (int outputs = outputs_; outputs > 0; outputs -= sum_type::width) {
        sum_type sum(start);
        AMBIT_NO_UNROLL
        for (int back = (taps_ - 1) * dilation_; back > 0; back -= dilation_, w += tap_weights)
          sum.template add<Channels>(w, ring_ + static_cast<std::ptrdiff_t>((at - back) & mask) * channels, channels);
        // From where it came: what has just been stored takes longer to read.
        sum.template add<Channels>(w, x, channels);
        sum.finish(epilogue_, outputs, out);
        w += tap_weights;
        out += std::min(outputs, sum_type::width);
        if (start != nullptr) start += sum_type::width;
      }
      T* const kept = ring_ + static_cast<std::ptrdiff_t>(at) * channels;
      AMBIT_NO_UNROLL
      for (int c = 0; c < channels; c += part::size) part::load(x + c, channels - c).store(kept + c, channels - c);
      at = (at + 1) & mask;
    }
    *position_ = at;
  }

  int vectors_, outputs_;
  T const* x_;
  std::int64_t time_;
  T* ring_;
  std::int32_t* position_;
  int mask_;  // the frames of the ring less one
  int taps_, channels_, dilation_;
  T const* w_;
  T const* start_;
  T* out_;
  relu_epilogue epilogue_;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
