// SPDX-License-Identifier: BSL-1.0
// Streaming convolutions whose extents are known at run time only.
#pragma once

#include <ambit/ops/evaluation.hpp>
#include <ambit/ops/streaming.hpp>
#include <ambit/session/prepared_kernel.hpp>
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
template <class T, int Lanes, int Vectors>
struct AMBIT_LOCAL sum_in_parts {
  static constexpr int width = Vectors * native_lanes<T>;  // of the panel, of which only so many lanes may be needed
  row_tile<T, Lanes, Vectors, 1> a, b, c, d;

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
/// into it. A network of this alone takes 9 ns: a call of memcpy would be a tenth more.
template <class T>
class AMBIT_LOCAL run_time_streaming_convolution {
 public:
  run_time_streaming_convolution(streaming_conv1d_op const& op, weight_form const* forms, evaluation const& e,
                                 relu_epilogue epilogue)
      : out_(e.out<T>()),
        start_(static_cast<T const*>(e.start)),
        time_(e.input_shapes[0][-2]),
        mask_(e.input_shapes[1][0] - 1),
        dilation_(op.dilation),
        first_(static_cast<std::ptrdiff_t>(e.input_shapes[3][0] - 1) * op.dilation),
        channels_(e.input_shapes[3][1]),
        outputs_(forms->outputs),
        epilogue_(epilogue) {
    with_width<T>(forms->vectors, [&]<int Vectors>(std::integral_constant<int, Vectors>) {
      code_ = &frames<native_lanes<T>, Vectors, 0>;
      if constexpr (Vectors == 1 && std::is_same_v<T, float>) few_outputs<narrowest_lanes<T>>();
    });
  }
  [[nodiscard]] block_code code() const { return code_; }

 private:
  using self = run_time_streaming_convolution;
  using part = lanes<T, narrowest_lanes<T>>;
  template <int Vectors>
  static constexpr int width = Vectors * native_lanes<T>;

  // Registers as narrow as the outputs allow, and straight code for a few channels and taps: loops over them cost more than
  // the sums.
  template <int Lanes>
  void few_outputs() {
    if constexpr (Lanes < native_lanes<T>)
      if (outputs_ > Lanes) return few_outputs<2 * Lanes>();
    if (channels_ == 1) few_channels<Lanes, 1>();
    if (channels_ == 2) few_channels<Lanes, 2>();
    if (channels_ == 4) few_channels<Lanes, 4>();
    if (channels_ == 8) few_channels<Lanes, 8>();
  }
  template <int Lanes, int Channels>
  void few_channels() {
    bool const single = time_ == 1 && outputs_ <= Lanes;
    std::ptrdiff_t const before = first_ / dilation_;  // taps
    code_ = !single       ? &frames<Lanes, 1, Channels>
            : before == 1 ? &frame<Lanes, Channels, 2>
            : before == 2 ? &frame<Lanes, Channels, 3>
                          : &frame<Lanes, Channels, 0>;
  }

  // Channels or taps 0: as many as there are.
  template <int Lanes, int Vectors, int Channels>
  AMBIT_FLATTEN static void frames(void const* const* in, void* kernel, std::int64_t, std::uint64_t const*) {
    self const& c = *static_cast<self const*>(kernel);
    evaluation const e{in};
    std::ptrdiff_t const channels = Channels > 0 ? Channels : c.channels_;
    std::int32_t* const position = e.state<std::int32_t>(2);
    T const* x = e.input<T>(0);
    T* const ring = e.state<T>(1);
    T* out = c.out_;
    std::ptrdiff_t at = *position & c.mask_;
    AMBIT_NO_UNROLL
    for (std::int64_t left = c.time_; left > 0; --left, x += channels) {
      T const* w = e.input<T>(3);
      T const* start = c.start_;
      AMBIT_NO_UNROLL
      for (int outputs = c.outputs_; outputs > 0; outputs -= width<Vectors>) {
        w = c.panel<Lanes, Vectors, Channels, 0>(x, ring, at, w, start, outputs, out);
        out += std::min(outputs, width<Vectors>);
        if (start != nullptr) start += width<Vectors>;
      }
      at = c.keep<Channels>(x, ring, at);
    }
    *position = static_cast<std::int32_t>(at);
  }
  // One frame and one panel, without the loops over them.
  template <int Lanes, int Channels, int Taps>
  AMBIT_FLATTEN static void frame(void const* const* in, void* kernel, std::int64_t, std::uint64_t const*) {
    self const& c = *static_cast<self const*>(kernel);
    evaluation const e{in};
    T const* const x = e.input<T>(0);
    T* const ring = e.state<T>(1);
    std::int32_t* const position = e.state<std::int32_t>(2);
    T const* const w = e.input<T>(3);
    std::ptrdiff_t const at = *position & c.mask_;
    c.panel<Lanes, 1, Channels, Taps>(x, ring, at, w, c.start_, c.outputs_, c.out_);
    *position = static_cast<std::int32_t>(c.keep<Channels>(x, ring, at));
  }

  /// The weights behind those of the panel.
  template <int Lanes, int Vectors, int Channels, int Taps>
  AMBIT_INLINE T const* panel(T const* x, T const* ring, std::ptrdiff_t at, T const* w, T const* start, int outputs,
                              T* out) const {
    std::ptrdiff_t const channels = Channels > 0 ? Channels : channels_, tap = channels * width<Vectors>;
    sum_in_parts<T, Lanes, Vectors> sum(start);
    std::ptrdiff_t from = at - first_;
    auto const add_kept = [&]() __attribute__((always_inline)) {
      sum.template add<Channels>(w, ring + (from & mask_) * channels, channels_);
      from += dilation_, w += tap;
    };
    if constexpr (Taps > 0) {
      AMBIT_UNROLL
      for (int k = 1; k < Taps; ++k) add_kept();
    } else {
      AMBIT_NO_UNROLL
      while (from != at) add_kept();
    }
    // From where it came: what has just been stored takes longer to read.
    sum.template add<Channels>(w, x, channels_);
    sum.finish(epilogue_, outputs, out);
    return w + tap;
  }
  /// The place of the next frame.
  template <int Channels>
  AMBIT_INLINE std::ptrdiff_t keep(T const* x, T* ring, std::ptrdiff_t at) const {
    int const channels = Channels > 0 ? Channels : channels_;
    T* const kept = ring + at * channels;
    AMBIT_NO_UNROLL
    for (int k = 0; k < channels; k += part::size) part::load(x + k, channels - k).store(kept + k, channels - k);
    return (at + 1) & mask_;
  }

  block_code code_ = nullptr;
  T* out_;
  T const* start_;
  std::int64_t time_;
  std::ptrdiff_t mask_;              // the frames of the ring less one
  std::ptrdiff_t dilation_, first_;  // how far the first tap is back
  int channels_, outputs_;
  relu_epilogue epilogue_;
};

template <class T>
struct prepared<streaming_conv1d_op, T> {
  using type = run_time_streaming_convolution<T>;
};

}  // namespace run_time
}  // namespace AMBIT_ABI
}  // namespace ambit
