// SPDX-License-Identifier: BSL-1.0
// Convolutions of a session, of drawn extents, beside the sums that define them.
#include <ambit/session/memory_block.hpp>
#include <ambit/session/run_time_convolution.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
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
  // Of the exact size, so that a sanitizer sees what is beyond.
  std::unique_ptr<T[]> out(new T[static_cast<std::size_t>(w.batch * rows * columns * all)]);
  run_time_convolution<T>(form, w, {x.data(), reinterpret_cast<T const*>(packed.data()), start, out.get()}).run();

  T const* result = out.get();
  for (int b = 0; b < w.batch; ++b)
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c)
        for (int o = 0; o < all; ++o, ++result) {
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
          if (*result == sum) continue;
          BOOST_TEST_MESSAGE("image " << b << ", row " << r << ", column " << c << ", output " << o);
          BOOST_TEST_REQUIRE(*result == sum);
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_convolutions)

BOOST_AUTO_TEST_CASE(are_the_sums_that_define_them) {
  draw from;
  for (int n = 0; n < 300; ++n) {
    check_convolution<float>(from);
    check_convolution<double>(from);
  }
}

BOOST_AUTO_TEST_SUITE_END()
