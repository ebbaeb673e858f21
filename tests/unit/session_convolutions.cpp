// SPDX-License-Identifier: BSL-1.0
// Convolutions of a session, of drawn extents, beside the sums that define them.
#include <ambit/session/memory_block.hpp>
#include <ambit/ops/streaming.hpp>
#include <ambit/session/run_time_convolution.hpp>
#include <ambit/session/run_time_streaming.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

using namespace ambit;
using namespace ambit::run_time;

namespace {

class draw {
 public:
  int operator()(int least, int most) { return std::uniform_int_distribution<int>(least, most)(engine_); }

 private:
  std::mt19937 engine_{7};
};

detail::window_axis drawn_axis(draw& from) {
  detail::window_axis a;
  a.extent = from(0, 5) == 0 ? from(20, 45) : from(1, 20);
  a.size = from(1, 4), a.stride = from(1, 3), a.dilation = from(1, 3);
  if (from(0, 1) == 1) a.before = from(0, 5);
  if (from(0, 1) == 1) a.after = from(0, 5);
  return a;
}

template <class T>
void check_convolution(draw& from) {
  window w;
  int const groups = from(0, 4) == 0 ? from(1, 3) : 1;
  int const inputs = from(0, 3) == 0 ? from(1, 90) : from(1, 9), outputs = from(0, 2) == 0 ? from(1, 100) : from(1, 20);
  w.batch = from(1, 2), w.channels = inputs * groups;
  w.rows = drawn_axis(from), w.columns = drawn_axis(from);
  int const rows = w.rows.outputs(), columns = w.columns.outputs(), all = outputs * groups;
  int const depth = w.rows.size * w.columns.size * inputs;

  weight_role role{};
  role.outputs = all, role.depth = depth, role.blocks = groups;
  weight_form const form = convolution_form<T>(role);
  auto const fill = [&](std::vector<T>& v, int count) {  // whole numbers: the sums are exact in any order
    v.resize(static_cast<std::size_t>(count));
    for (T& x : v) x = static_cast<T>(from(-8, 8));
  };
  std::vector<T> x, filter, bias;
  fill(x, w.batch * w.rows.extent * w.columns.extent * w.channels);
  fill(filter, depth * all);
  fill(bias, all + 64);
  memory_block packed(form.elements() * static_cast<std::int64_t>(sizeof(T)));
  pack(form, dtype_of<T>, static_cast<std::int64_t>(filter.size()), filter.data(), packed.data());
  T const* const start = from(0, 1) == 1 ? bias.data() : nullptr;
  bool const relu = from(0, 2) == 0;
  bool const padded = w.rows.before + w.rows.after + w.columns.before + w.columns.after > 0;
  int const pool = convolution_pools<T> && !padded && from(0, 1) == 1 ? 2 : 1;
  // Of the exact size, so that a sanitizer sees what is beyond.
  std::unique_ptr<T[]> out(new T[static_cast<std::size_t>(w.batch * (rows / pool) * (columns / pool) * all)]);
  run_time_convolution<T>(form, w, {x.data(), reinterpret_cast<T const*>(packed.data()), start, out.get()},
                          relu_epilogue{relu}, pool > 1)
      .run();

  auto const sum_at = [&](int b, int r, int c, int o) {
    T sum = start == nullptr ? T(0) : start[o];
    for (int i = w.rows.first_tap(r); i < w.rows.end_tap(r); ++i)
      for (int j = w.columns.first_tap(c); j < w.columns.end_tap(c); ++j) {
        int const y = r * w.rows.stride - w.rows.before + i * w.rows.dilation;
        int const z = c * w.columns.stride - w.columns.before + j * w.columns.dilation;
        int const pixel = ((b * w.rows.extent + y) * w.columns.extent + z) * w.channels + o / outputs * inputs;
        for (int k = 0; k < inputs; ++k)
          sum += x[static_cast<std::size_t>(pixel + k)] *
                 filter[static_cast<std::size_t>(((i * w.columns.size + j) * inputs + k) * all + o)];
      }
    return relu && sum < T(0) ? T(0) : sum;
  };
  T const* result = out.get();
  for (int b = 0; b < w.batch; ++b)
    for (int r = 0; r < rows / pool; ++r)
      for (int c = 0; c < columns / pool; ++c)
        for (int o = 0; o < all; ++o, ++result) {
          T sum = sum_at(b, r * pool, c * pool, o);
          for (int p = 1; p < pool * pool; ++p) sum = std::max(sum, sum_at(b, r * pool + p / 2, c * pool + p % 2, o));
          if (*result == sum) continue;
          BOOST_TEST_MESSAGE("filter " << w.rows.size << " x " << w.columns.size << " x " << inputs << " x " << outputs << ", groups "
                             << groups << ", stride " << w.rows.stride << ", " << w.columns.stride << ", dilation "
                             << w.rows.dilation << ", " << w.columns.dilation << ", of " << rows << " x " << columns
                             << ", pool " << pool << ", relu " << relu);
          BOOST_TEST_MESSAGE("image " << b << ", row " << r << ", column " << c << ", output " << o);
          BOOST_TEST_REQUIRE(*result == sum);
        }
}

/// Frames in pieces of a few, beside the same sums over all that came before.
template <class T>
void check_streaming_convolution(draw& from) {
  int const taps = from(1, 5), dilation = from(1, 4), channels = from(0, 2) == 0 ? from(1, 40) : from(1, 8);
  int const outputs = from(0, 2) == 0 ? from(1, 100) : from(1, 20), frames = 40;
  weight_role role{};
  role.outputs = outputs, role.depth = taps * channels;
  weight_form const form = convolution_form<T>(role);
  auto const drawn = [&](int count) {
    std::vector<T> v(static_cast<std::size_t>(count));
    for (T& x : v) x = static_cast<T>(from(-8, 8));
    return v;
  };
  std::vector<T> const x = drawn(frames * channels), filter = drawn(taps * channels * outputs), bias = drawn(outputs + 64);
  memory_block packed(form.elements() * static_cast<std::int64_t>(sizeof(T)));
  pack(form, dtype_of<T>, static_cast<std::int64_t>(filter.size()), filter.data(), packed.data());
  T const* const start = from(0, 1) == 1 ? bias.data() : nullptr;
  bool const relu = from(0, 1) == 1;
  shape const delay{delay_frames(taps, dilation), channels};
  std::vector<T> ring(static_cast<std::size_t>(delay.elements()));
  std::int32_t position = 0;
  int const equal = std::array{0, 1, 1, 5}[static_cast<std::size_t>(from(0, 3))];  // pieces, of one plan
  std::unique_ptr<T[]> out;
  std::optional<run_time_streaming_convolution<T>> kernel;
  for (int first = 0; first < frames;) {
    int const piece = equal > 0 ? equal : std::min(from(1, 7), frames - first);
    std::vector<T> const in(x.begin() + first * channels, x.begin() + (first + piece) * channels);
    void const* const inputs[] = {in.data(), ring.data(), &position, packed.data()};
    if (equal == 0 || !kernel) {
      out.reset(new T[static_cast<std::size_t>(piece * outputs)]);
      shape const shapes[] = {{piece, channels}, delay, {}, {taps, channels, outputs}}, result{piece, outputs};
      evaluation const e{inputs, shapes, 4, out.get(), &result, start, nullptr};
      kernel.emplace(streaming_conv1d_op{dilation}, &form, e, relu_epilogue{relu});
    }
    kernel->code()(inputs, &*kernel, 0, nullptr);
    for (int t = 0; t < piece; ++t)
      for (int o = 0; o < outputs; ++o) {
        T sum = start == nullptr ? T(0) : start[o];
        for (int tap = 0; tap < taps; ++tap) {
          int const frame = first + t - (taps - 1 - tap) * dilation;
          for (int k = 0; k < channels && frame >= 0; ++k)
            sum += x[static_cast<std::size_t>(frame * channels + k)] *
                   filter[static_cast<std::size_t>((tap * channels + k) * outputs + o)];
        }
        if (relu && sum < T(0)) sum = T(0);
        if (out[static_cast<std::size_t>(t * outputs + o)] == sum) continue;
        BOOST_TEST_MESSAGE("frame " << first + t << ", output " << o << ", " << taps << " taps " << dilation << " apart");
        BOOST_TEST_REQUIRE(out[static_cast<std::size_t>(t * outputs + o)] == sum);
      }
    first += piece;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_convolutions)

BOOST_AUTO_TEST_CASE(are_the_sums_that_define_them) {
  draw from;
  for (int n = 0; n < 400; ++n) {
    check_convolution<float>(from);
    check_convolution<double>(from);
  }
}

BOOST_AUTO_TEST_CASE(in_pieces_as_a_whole) {
  draw from;
  for (int n = 0; n < 300; ++n) {
    check_streaming_convolution<float>(from);
    check_streaming_convolution<double>(from);
  }
}

BOOST_AUTO_TEST_SUITE_END()
