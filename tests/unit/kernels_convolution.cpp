// SPDX-License-Identifier: BSL-1.0
#include "kernels_convolution.hpp"

using namespace kernels_test;

namespace {

constexpr padding uneven = padding::rows_and_columns(2, 0, 1, 3);

constexpr conv_case two_axes[] = {
    // Channels and outputs that fill no vector.
    {1, 7, 6, 3, 3, 3, 5},
    {1, 6, 9, 1, 3, 3, 8},
    {2, 8, 5, 5, 2, 3, 33},
    {1, 5, 5, 17, 3, 1, 9},
    {1, 9, 9, 4, 1, 3, 1},
    {3, 4, 4, 8, 1, 1, 40},
    {1, 12, 12, 2, 5, 5, 16},
    // Strides and dilations.
    {1, 9, 8, 3, 3, 3, 4, {.stride = 2}},
    {1, 10, 11, 2, 2, 2, 7, {.stride = 3}},
    {2, 9, 9, 3, 3, 3, 6, {.dilation = 2}},
    {1, 12, 13, 1, 3, 3, 5, {.dilation = 3}},
    {1, 13, 12, 2, 3, 2, 5, {.stride = 2, .dilation = 3}},
    // Zeros around.
    {1, 7, 6, 3, 3, 3, 5, {.padding = padding::same}},
    {2, 6, 7, 2, 2, 4, 9, {.stride = 2, .padding = padding::same}},
    {1, 8, 8, 1, 3, 3, 17, {.stride = 3, .padding = padding::same}},
    {1, 9, 7, 3, 3, 3, 4, {.dilation = 2, .padding = padding::same}},
    {1, 9, 7, 3, 3, 3, 4, {.stride = 2, .dilation = 3, .padding = padding::same}},
    {2, 5, 6, 3, 3, 3, 5, {.padding = uneven}},
    {1, 5, 6, 2, 2, 2, 5, {.stride = 2, .padding = uneven}},
    {1, 3, 3, 2, 2, 2, 3, {.padding = padding::rows_and_columns(4, 4, 4, 4)}},  // windows on nothing but zeros
    {1, 6, 5, 2, 3, 2, 3, {.padding = padding::causal}},
    {1, 6, 5, 2, 3, 2, 3, {.stride = 2, .dilation = 2, .padding = padding::causal}},
    // Groups.
    {1, 6, 6, 4, 3, 3, 6, {.groups = 2}},
    {2, 7, 5, 9, 2, 2, 15, {.stride = 2, .groups = 3}},
    {1, 5, 6, 6, 3, 3, 6, {.padding = padding::same, .groups = 6}},
    {1, 6, 6, 4, 3, 3, 40, {.dilation = 2, .padding = padding::same, .groups = 2}},
    // Extents of 1, windows as large as the input, and larger.
    {1, 1, 1, 3, 1, 1, 5},
    {1, 1, 9, 2, 1, 3, 4},
    {1, 9, 1, 2, 3, 1, 4},
    {2, 4, 5, 3, 4, 5, 7},
    {1, 2, 2, 3, 5, 5, 4, {.padding = padding::same}},
    {1, 1, 1, 2, 3, 3, 5, {.padding = padding::same}},
    {1, 3, 2, 2, 3, 3, 5, {.dilation = 3, .padding = padding::same}},
    {1, 2, 3, 1, 7, 2, 3, {.stride = 2, .padding = padding::same}},
    // So large that its extents are read when it runs.
    {1, 40, 41, 16, 3, 3, 20},
    {2, 30, 31, 12, 3, 3, 24, {.stride = 2, .padding = padding::same, .groups = 2}},
};
/// A third of them are enough for the second type.
constexpr auto some_of_two_axes = [] {
  std::array<conv_case, (std::size(two_axes) + 2) / 3> some{};
  for (std::size_t i = 0; i < some.size(); ++i) some[i] = two_axes[3 * i];
  return some;
}();

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_convolution)

BOOST_AUTO_TEST_CASE(two_axes_f32) { check_convolutions<two_axes, conv_kind::two, dtype::f32>(); }
BOOST_AUTO_TEST_CASE(two_axes_f64) { check_convolutions<some_of_two_axes, conv_kind::two, dtype::f64>(); }

BOOST_AUTO_TEST_SUITE_END()
