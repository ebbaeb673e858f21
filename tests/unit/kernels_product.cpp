// SPDX-License-Identifier: BSL-1.0
// Products of every kind of tail: outputs that fill no vector or no panel, depths shorter than what they are split into,
// rows that fill no tile.
#include "kernels_support.hpp"
#include <ambit/ambit.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

using namespace ambit;
using kernels_test::fenced;

namespace {

struct extents {
  int rows, outputs, depth;
};

constexpr int row_counts[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 24, 25};
constexpr int depths[] = {0, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100};

/// Blocks of rows: each number of rows four times, and 56 numbers of outputs up to 70.
constexpr auto blocks = [] {
  std::array<extents, 4 * std::size(row_counts)> all{};
  int i = 0;
  for (extents& e : all) {
    e = {row_counts[static_cast<std::size_t>(i) % std::size(row_counts)], 1 + i * 37 % 70,
         depths[static_cast<std::size_t>(i * 7 + i / 15) % std::size(depths)]};
    ++i;
  }
  return all;
}();
/// One row: each depth, with few outputs, and with many.
constexpr auto single_rows = [] {
  std::array<extents, 2 * std::size(depths)> all{};
  std::size_t i = 0;
  for (extents& e : all) {
    int const k = static_cast<int>(i);
    e = {1, i < std::size(depths) ? 1 + k * 5 % 17 : 18 + k * 23 % 53, depths[i % std::size(depths)]};
    ++i;
  }
  return all;
}();
/// More weights than stay in the cache, which are taken panel by panel; outputs beyond one panel of one row.
constexpr extents large[] = {{7, 70, 4000}, {2, 300, 9}, {1, 300, 40}, {1, 700, 3}};

/// relu(sum + added), `added` being of the result's shape.
template <class T>
struct residual {
  T const* added;
  int outputs;
  template <int N>
  lanes<T, N> operator()(lanes<T, N> const& sum, std::int64_t row, int column, int count) const {
    return (sum + lanes<T, N>::load(added + row * outputs + column, count)).max(lanes<T, N>(T(0)));
  }
};

template <class T>
struct problem {
  extents e;
  weight_form form;
  fenced<T> x, w, packed, start, added, out;

  problem(extents const& of, product_kernel const& k, std::mt19937& random)
      : e(of),
        form(form_for(k, of.outputs, of.depth, false)),
        x(count(of.rows, of.depth)),
        w(count(of.depth, of.outputs)),
        packed(static_cast<std::size_t>(form.elements())),
        // Read in whole vectors.
        start(count(1, (of.outputs + k.lanes - 1) / k.lanes * k.lanes)),
        added(count(of.rows, of.outputs)),
        out(count(of.rows, of.outputs)) {
    for (auto* all : {&x, &w, &start, &added}) kernels_test::fill(*all, random);
    pack(form, w.data(), packed.data());
  }
  static std::size_t count(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

  [[nodiscard]] std::string text() const {
    return std::to_string(e.rows) + " x " + std::to_string(e.depth) + " x " + std::to_string(e.outputs);
  }
  /// `row_stride` and `step` say how x is read.
  void check(std::ptrdiff_t row_stride, std::ptrdiff_t step, bool started, bool epilogue) const {
    for (int r = 0; r < e.rows; ++r)
      for (int o = 0; o < e.outputs; ++o) {
        long double sum = started ? start[static_cast<std::size_t>(o)] : T(0);
        long double size = std::abs(sum);
        for (int k = 0; k < e.depth; ++k) {
          long double const product = static_cast<long double>(x[static_cast<std::size_t>(r * row_stride + k * step)]) *
                                      static_cast<long double>(w[count(k, e.outputs) + static_cast<std::size_t>(o)]);
          sum += product;
          size += std::abs(product);
        }
        std::size_t const at = count(r, e.outputs) + static_cast<std::size_t>(o);
        if (epilogue) {
          sum = std::max(sum + static_cast<long double>(added[at]), 0.0L);
          size += std::abs(static_cast<long double>(added[at]));
        }
        long double const off = std::abs(static_cast<long double>(out[at]) - sum);
        if (off <= static_cast<long double>(kernels_test::rounding<T>) * size) continue;
        BOOST_ERROR(text() << (started ? ", started" : "") << (epilogue ? ", epilogue" : "") << ", steps of " << step
                           << ": element (" << r << ", " << o << ") is " << out[at] << ", expected " << sum);
        return;
      }
  }
};

template <class T, product_kernel K>
void run(problem<T>& o, bool transposed, bool started) {
  std::ptrdiff_t const row_stride = transposed ? 1 : o.e.depth, step = transposed ? o.e.rows : 1;
  product_operands<T> const p{o.x.data(), row_stride, step, o.packed.data(), started ? o.start.data() : nullptr,
                              o.out.data(), o.e.rows, o.e.outputs, o.e.depth};
  std::fill(o.out.begin(), o.out.end(), T(77));
  product<T, K>(p, no_epilogue{});
  o.check(row_stride, step, started, false);
}
template <class T, product_kernel K>
void run_with_epilogue(problem<T>& o, bool started) {
  product_operands<T> const p{o.x.data(),   o.e.depth, 1,           o.packed.data(), started ? o.start.data() : nullptr,
                              o.out.data(), o.e.rows,  o.e.outputs, o.e.depth};
  std::fill(o.out.begin(), o.out.end(), T(77));
  product<T, K>(p, residual<T>{o.added.data(), o.e.outputs});
  o.check(o.e.depth, 1, started, true);
}

template <class T, product_kernel K, bool Epilogue>
void check(extents const& e) {
  std::mt19937 random(static_cast<unsigned>(e.rows * 10000 + e.outputs * 100 + e.depth));
  problem<T> o(e, K, random);
  for (bool const started : {false, true}) {
    for (bool const transposed : {false, true}) run<T, K>(o, transposed, started);
    if constexpr (Epilogue) run_with_epilogue<T, K>(o, started);
  }
}

/// A third of them with an epilogue, too: it is a second copy of the kernel to compile.
template <class T, auto const& All>
void check_all() {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check<T, choose_product<T>(All[I].rows, All[I].outputs, All[I].depth), I % 3 == 0>(All[I]), ...);
  }(std::make_index_sequence<std::size(All)>{});
}

/// The number of rows known at run time only.
template <class T, int Outputs, int Depth>
void check_open() {
  constexpr product_kernel kernel = choose_product<T>(-1, Outputs, Depth);
  static_assert(kernel.form == product_kernel::kind::dots || kernel.rest == -1);
  for (int rows = 0; rows <= 26; ++rows) check<T, kernel, false>({rows, Outputs, Depth});
  for (int const rows : {63, 64, 65}) check<T, kernel, false>({rows, Outputs, Depth});
}
template <class T>
void check_open_ones() {
  check_open<T, 1, 17>();
  check_open<T, 3, 5>();
  check_open<T, 20, 33>();
  check_open<T, 70, 8>();
  check_open<T, 300, 2>();
}

// One model for batches of several sizes.
template <int Rows>
constexpr auto layers = [](graph& g) {
  tensor x = placeholder(g, "x", {Rows, 19});
  tensor h = relu(matmul(x, get_variable(g, "w", {19, 37})) + get_variable(g, "b", {37}));
  return matmul(h, get_variable(g, "v", {37, 11}));
};
using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
struct weights {
  matrix x = matrix::Random(64, 19), w = matrix::Random(19, 37), b = matrix::Random(1, 37), v = matrix::Random(37, 11);
  /// What rounding may do to a row of the result.
  Eigen::MatrixXd bound() const {
    Eigen::MatrixXd const inner = x.cast<double>().cwiseAbs() * w.cast<double>().cwiseAbs() +
                                  Eigen::VectorXd::Ones(64) * b.cast<double>().cwiseAbs();
    return 2 * kernels_test::rounding<float> * inner * v.cast<double>().cwiseAbs();
  }
  Eigen::MatrixXd expected() const {
    Eigen::MatrixXd const h = x.cast<double>() * w.cast<double>() + Eigen::VectorXd::Ones(64) * b.cast<double>();
    return h.cwiseMax(0) * v.cast<double>();
  }
};
template <int Rows>
void check_batch(weights const& all) {
  auto const net = std::make_unique<compiled<layers<Rows>>>();
  net->set("w"_n, all.w), net->set("b"_n, all.b), net->set("v"_n, all.v);
  Eigen::MatrixXd const expected = all.expected(), bound = all.bound();
  for (int first = 0; first + Rows <= 64; first += Rows) {
    matrix const part = all.x.middleRows(first, Rows);
    Eigen::MatrixXd const found = net->run(part).template cast<double>();
    Eigen::ArrayXXd const off = (found - expected.middleRows(first, Rows)).cwiseAbs();
    BOOST_TEST((off <= bound.middleRows(first, Rows).array()).all(), Rows << " rows, from row " << first);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_product)

BOOST_AUTO_TEST_CASE(blocks_f32) { check_all<float, blocks>(); }
BOOST_AUTO_TEST_CASE(blocks_f64) { check_all<double, blocks>(); }
BOOST_AUTO_TEST_CASE(blocks_i32) { check_all<std::int32_t, blocks>(); }
BOOST_AUTO_TEST_CASE(single_rows_f32) { check_all<float, single_rows>(); }
BOOST_AUTO_TEST_CASE(single_rows_f64) { check_all<double, single_rows>(); }
BOOST_AUTO_TEST_CASE(single_rows_i32) { check_all<std::int32_t, single_rows>(); }
BOOST_AUTO_TEST_CASE(large_f32) { check_all<float, large>(); }
BOOST_AUTO_TEST_CASE(large_f64) { check_all<double, large>(); }
BOOST_AUTO_TEST_CASE(rows_known_when_it_runs) {
  check_open_ones<float>();
  check_open_ones<double>();
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
BOOST_AUTO_TEST_CASE(batches_of_several_sizes) {
  std::srand(1);  // Eigen draws from it
  weights const all;
  check_batch<1>(all);
  check_batch<2>(all);
  check_batch<7>(all);
  check_batch<64>(all);
}

BOOST_AUTO_TEST_SUITE_END()
