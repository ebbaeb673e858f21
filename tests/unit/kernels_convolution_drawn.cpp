// SPDX-License-Identifier: BSL-1.0
// Convolutions of drawn extents: those of one channel compute two pixels in a register, those of more have tiles that stay
// in a row, and each has its remainders.
#include "kernels_convolution.hpp"

using namespace kernels_test;

namespace {

/// Numbers without a pattern; the same on each compiler.
struct drawn_numbers {
  unsigned state;
  constexpr int operator()(int least, int most) {
    state = state * 1664525U + 1013904223U;
    return least + static_cast<int>((state >> 16) % static_cast<unsigned>(most - least + 1));
  }
};

template <std::size_t Count>
constexpr std::array<conv_case, Count> draw_cases(unsigned seed, int least_channels, int most_channels) {
  drawn_numbers draw{seed};
  std::array<conv_case, Count> cases{};
  for (std::size_t i = 0; i < Count; ++i) {
    conv_case& c = cases[i];
    c.batch = draw(1, 2), c.channels = draw(least_channels, most_channels);
    c.filter_rows = draw(1, 4), c.filter_columns = draw(1, 5), c.outputs = draw(1, 16);
    c.options.dilation = draw(0, 3) == 0 ? 2 : 1;
    c.options.stride = draw(0, 4) == 0 ? 2 : 1;
    if (int const how = draw(0, 5); how < 2)
      c.options.padding = how == 0 ? padding::same : padding::rows_and_columns(1, 0, 2, 1);
    // From one pixel, or one pool, on.
    bool const pools = c.options.padding.how == padding::kind::valid && draw(0, 1) == 0;
    c.pool_rows = pools ? draw(1, 2) : 1, c.pool_columns = pools ? draw(1, 2) : 1;
    c.rows = (c.filter_rows - 1) * c.options.dilation + 1 + (draw(c.pool_rows, 7) - 1) * c.options.stride;
    c.columns = (c.filter_columns - 1) * c.options.dilation + 1 + (draw(c.pool_columns, 27) - 1) * c.options.stride;
  }
  return cases;
}

constexpr auto one_channel = draw_cases<14>(1, 1, 1);
constexpr auto few_channels = draw_cases<6>(2, 2, 9);

/// Each width once, with as many outputs as fill half a register of some target.
constexpr auto each_width = [] {
  std::array<conv_case, 10> cases{};
  for (int i = 0; i < 10; ++i) {
    conv_case& c = cases[static_cast<std::size_t>(i)];
    c = {1, 4, i + 4, 1, 3, 3, i % 3 == 0 ? 4 : 8};
    if (i >= 5) c.columns = 2 * (i - 5) + 4, c.pool_rows = c.pool_columns = 2;
  }
  return cases;
}();

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_convolution_drawn)

BOOST_AUTO_TEST_CASE(of_one_channel) { check_convolutions<one_channel, conv_kind::two, dtype::f32>(); }
BOOST_AUTO_TEST_CASE(of_few_channels) { check_convolutions<few_channels, conv_kind::two, dtype::f32>(); }
BOOST_AUTO_TEST_CASE(of_each_width) { check_convolutions<each_width, conv_kind::two, dtype::f32>(); }

BOOST_AUTO_TEST_SUITE_END()
