// SPDX-License-Identifier: BSL-1.0
#include "kernels_product.hpp"

using namespace kernels_test;

BOOST_AUTO_TEST_SUITE(kernels_product_integers)

BOOST_AUTO_TEST_CASE(tiles) { check_all<std::int32_t, blocks>(); }
BOOST_AUTO_TEST_CASE(one_row) { check_all<std::int32_t, single_rows>(); }
BOOST_AUTO_TEST_CASE(rows_known_when_it_runs) {
  check_open<std::int32_t, 20, 33>();
  check_open<std::int64_t, 5, 7>();
}
// Integers wrap around, in every kernel.
BOOST_AUTO_TEST_CASE(integers_beyond_their_range) {
  auto check_one = []<product_kernel K>(extents const& e, bool transposed) {
    std::mt19937 random(1);
    problem<std::int32_t> o(e, K, random);
    for (auto* all : {&o.x, &o.w})
      for (std::int32_t& v : *all) v = static_cast<std::int32_t>(random());
    pack(o.form, o.w.data(), o.packed.data());
    std::ptrdiff_t const row_stride = transposed ? 1 : e.depth, step = transposed ? e.rows : 1;
    product<std::int32_t, K>({o.x.data(), row_stride, step, o.packed.data(), o.start.data(), o.out.data(), e.rows,
                              e.outputs, e.depth},
                             no_epilogue{});
    for (int r = 0; r < e.rows; ++r)
      for (int c = 0; c < e.outputs; ++c) {
        auto sum = static_cast<std::uint32_t>(o.start[static_cast<std::size_t>(c)]);
        for (int k = 0; k < e.depth; ++k)
          sum += static_cast<std::uint32_t>(o.x[static_cast<std::size_t>(r * row_stride + k * step)]) *
                 static_cast<std::uint32_t>(o.w[static_cast<std::size_t>(k * e.outputs + c)]);
        BOOST_TEST(o.out[static_cast<std::size_t>(r * e.outputs + c)] == static_cast<std::int32_t>(sum));
      }
  };
  for (bool const transposed : {false, true}) {
    check_one.operator()<choose_product<std::int32_t>(3, 1, 9)>({3, 1, 9}, transposed);
    check_one.operator()<choose_product<std::int32_t>(3, 9, 9)>({3, 9, 9}, transposed);
    check_one.operator()<choose_product<std::int32_t>(1, 9, 9)>({1, 9, 9}, transposed);
    check_one.operator()<choose_product<std::int32_t>(1, 9, 99)>({1, 9, 99}, transposed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
