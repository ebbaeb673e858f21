// SPDX-License-Identifier: BSL-1.0
// Where weights lie: each element has a place of its own, and users see them row by row whatever the form.
#include "kernels_support.hpp"
#include <ambit/ambit.hpp>

#include <boost/hana/for_each.hpp>

#include <array>
#include <string>
#include <vector>

using namespace ambit;
using namespace ambit::loops;
using kernels_test::fenced;
using form_kind = weight_form::kind;

namespace {

// ---- forms

/// Each element of [depth, outputs] has one offset within the form, and no other has it. `seen` holds a mark for each.
constexpr bool is_one_to_one(weight_form const& f, bool* seen) {
  std::int64_t const n = static_cast<std::int64_t>(f.depth) * f.outputs;
  if (f.elements() < n) return false;
  for (std::int64_t i = 0; i < f.elements(); ++i) seen[i] = false;
  for (std::int64_t e = 0; e < n; ++e) {
    std::int64_t const at = f.offset(e);
    if (at < 0 || at >= f.elements() || seen[at]) return false;
    seen[at] = true;
  }
  // The two ways to name an element agree.
  for (int k = 0; k < f.depth; ++k)
    for (int o = 0; o < f.outputs; ++o) {
      std::int64_t const e = f.transposed ? static_cast<std::int64_t>(o) * f.depth + k : static_cast<std::int64_t>(k) * f.outputs + o;
      if (f.offset(k, o) != f.offset(e)) return false;
    }
  return true;
}
constexpr bool is_one_to_one(weight_form const& f) {
  list<bool> seen;
  for (std::int64_t i = 0; i <= f.elements(); ++i) seen.push_back(false);
  return is_one_to_one(f, seen.begin());
}

constexpr weight_form panels(int depth, int outputs, int lanes, int vectors, bool transposed = false, int blocks = 1) {
  return {.form = form_kind::panels, .transposed = transposed, .depth = depth, .outputs = outputs, .lanes = lanes,
          .vectors = vectors, .blocks = blocks};
}
constexpr weight_form rows(int depth, int outputs, int lanes, bool transposed = false) {
  return {.form = form_kind::rows, .transposed = transposed, .depth = depth, .outputs = outputs, .lanes = lanes};
}
constexpr weight_form gates(int depth, int units, int count, int lanes, int last, bool transposed = false, int padded_to = 1) {
  auto row = [=](int width) { return (count * width + padded_to - 1) / padded_to * padded_to; };
  return {.form = form_kind::gates, .transposed = transposed, .depth = depth, .outputs = units * count, .lanes = lanes,
          .gates = count, .last_lanes = last, .row = row(lanes), .last_row = row(last)};
}
constexpr weight_form plain(int depth, int outputs, bool transposed = false) {
  return {.form = form_kind::row_major, .transposed = transposed, .depth = depth, .outputs = outputs};
}

static_assert(is_one_to_one(plain(3, 5)) && is_one_to_one(plain(3, 5, true)) && is_one_to_one(plain(0, 5)));
static_assert(is_one_to_one(panels(3, 13, 4, 2)) && is_one_to_one(panels(3, 13, 4, 2, true)));
static_assert(is_one_to_one(panels(2, 12, 4, 2, false, 3)) && is_one_to_one(panels(2, 15, 2, 2, true, 3)));
static_assert(is_one_to_one(rows(7, 2, 4)) && is_one_to_one(rows(7, 2, 4, true)) && is_one_to_one(rows(0, 2, 4)));
static_assert(is_one_to_one(gates(3, 5, 4, 4, 1)) && is_one_to_one(gates(3, 6, 3, 4, 2, true)));
static_assert(is_one_to_one(gates(3, 7, 1, 4, 4)) && is_one_to_one(gates(3, 4, 4, 8, 4)));
static_assert(is_one_to_one(gates(3, 6, 3, 4, 2, false, 8)) && is_one_to_one(gates(3, 4, 3, 4, 4, true, 8)));
// The outputs of a panel lie side by side, its last one is as narrow as its vectors.
static_assert(panels(3, 13, 4, 2).elements() == 16 * 3 && panels(3, 13, 4, 2).offset(0, 7) == 7);
static_assert(panels(3, 13, 4, 2).offset(1, 0) == 8 && panels(3, 13, 4, 2).offset(0, 8) == 3 * 8);
static_assert(panels(3, 17, 4, 2).offset(1, 16) == 2 * 3 * 8 + 4);
// A vector of units for each gate, the last of them narrower.
static_assert(gates(3, 5, 4, 4, 1).offset(0, 5) == 4 && gates(3, 5, 4, 4, 1).offset(1, 0) == 16);
static_assert(gates(3, 5, 4, 4, 1).offset(0, 4) == 3 * 16 && gates(3, 5, 4, 4, 1).offset(0, 9) == 3 * 16 + 1);
// The rows of its gates are padded together.
static_assert(gates(3, 6, 3, 4, 2, false, 8).offset(1, 5) == 3 * 16 + 8 + 1 && gates(3, 6, 3, 4, 2, false, 8).elements() == 72);
static_assert(gates(3, 2, 3, 2, 2, false, 8).offset(2, 5) == 2 * 8 + 5 && gates(3, 2, 3, 2, 2, false, 8).elements() == 24);
// Where no padding is needed there is none.
static_assert(panels(5, 32, 8, 2).elements() == 160 && gates(5, 16, 4, 8, 8).elements() == 320);

std::vector<weight_form> many_forms() {
  std::vector<weight_form> all;
  for (int const depth : {0, 1, 2, 5, 9})
    for (bool const transposed : {false, true}) {
      for (int const outputs : {0, 1, 4, 7}) all.push_back(plain(depth, outputs, transposed));
      for (int const lanes : {1, 2, 4, 8, 16}) {
        for (int const outputs : {1, 2, 3, 4, 5, 8, 12, 15, 16, 17, 31, 33, 48, 60, 64, 65}) {
          for (int const vectors : {1, 2, 3, 4, 8}) all.push_back(panels(depth, outputs, lanes, vectors, transposed));
          for (int const blocks : {2, 3}) all.push_back(panels(depth, outputs * blocks, lanes, 2, transposed, blocks));
          all.push_back(rows(depth, outputs, lanes, transposed));
        }
        for (int const units : {1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 20, 33})
          for (int const count : {1, 2, 3, 4})
            for (int last = 1; last <= lanes; last *= 2)
              if (last >= units % lanes) all.push_back(gates(depth, units, count, lanes, units % lanes == 0 ? lanes : last, transposed));
      }
    }
  return all;
}
/// Those that the kernels of this target ask for.
template <class T>
void add_forms_for_kernels(std::vector<weight_form>& all) {
  for (bool const transposed : {false, true})
    for (int const depth : {0, 1, 7, 32, 65})
      for (int outputs = 1; outputs <= 70; outputs += outputs < 20 ? 1 : 7) {
        for (int const count : {-1, 1, 2, 24})
          all.push_back(form_for<T>(weight_role{.operand = 1, .transposed = transposed, .depth = depth, .outputs = outputs, .rows = count}));
        for (int const blocks : {1, 2, 5})
          all.push_back(form_for<T>(weight_role{.operand = 1, .reader = weight_role::kernel::convolution, .transposed = transposed,
                                                .depth = depth, .outputs = outputs * blocks, .blocks = blocks}));
        for (int const count : {1, 2, 3, 4})
          all.push_back(form_for<T>(weight_role{.operand = 1, .reader = weight_role::kernel::recurrent, .transposed = transposed,
                                                .depth = depth, .outputs = outputs * count, .gates = count}));
      }
}
std::string describe(weight_form const& f) {
  std::string out = f.form == form_kind::panels ? "panels" : f.form == form_kind::rows ? "rows" : f.form == form_kind::gates ? "gates" : "row-major";
  for (int const n : {f.depth, f.outputs, f.lanes, f.vectors, f.gates, f.last_lanes, f.blocks}) out += " " + std::to_string(n);
  return out + (f.transposed ? " transposed" : "");
}

template <class T>
void check_round_trip(weight_form const& f, std::mt19937& random) {
  auto const n = static_cast<std::size_t>(f.depth) * static_cast<std::size_t>(f.outputs);
  fenced<T> values(n), packed(static_cast<std::size_t>(f.elements())), back(n, T(55));
  for (T& v : values) v = static_cast<T>(1 + random() % 1000);  // not zero
  pack(f, values.data(), packed.data());
  unpack(f, packed.data(), back.data());
  bool const same = std::equal(values.begin(), values.end(), back.begin());
  bool const padded = static_cast<std::size_t>(std::count(packed.begin(), packed.end(), T(0))) == packed.size() - n;
  if (!same || !padded) BOOST_ERROR(describe(f) << (same ? ": padding is not zero" : ": other values come back"));
}

// ---- through a model

using dense = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A product whose weight is an output, too, and so stays as it is, where `Shown`.
template <bool Shown, int Rows, int Depth, int Outputs, bool Transposed>
constexpr auto product_model = [](graph& g) {
  tensor x = placeholder(g, "x", {Rows, Depth});
  tensor w = get_variable(g, "w", Transposed ? shape{Outputs, Depth} : shape{Depth, Outputs});
  return std::array<tensor, 2>{matmul(x, w, {.transpose_b = Transposed}), Shown ? w : x};
};
template <bool Shown>
constexpr auto convolution_model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 5, 6, 4});
  tensor w = get_variable(g, "w", {3, 2, 2, 10});
  return std::array<tensor, 2>{conv2d(x, w, {.groups = 2}), Shown ? w : x};
};
template <bool Shown>
constexpr auto recurrent_model = [](graph& g) {
  tensor x = placeholder(g, "x", {3, 5});
  tensor w = get_variable(g, "w", {4 * 7, 5});
  tensor u = get_variable(g, "u", {4 * 7, 7}, {.initializer = constant_initializer(0.125)});
  tensor b = get_variable(g, "b", {4 * 7}, {.initializer = constant_initializer(0.5)});
  return std::array<tensor, 2>{lstm(x, {w, u, b, b}, lstm_format::pytorch), Shown ? w : x};
};

template <auto Builder>
constexpr weight_form form_of = lowering::plan_for<Builder>.forms.data()[0];

template <auto Builder>
void check_access(compiled<Builder>& net) {
  auto const seen = net["w"_n];
  dense values = dense::Random(seen.rows(), seen.cols());
  dense back(seen.rows(), seen.cols());
  auto check = [&](char const* after) {
    BOOST_TEST_CONTEXT(after) {
      BOOST_TEST((dense(net["w"_n]) == values));
      net.read(0, back.data());
      BOOST_TEST((back == values));
      boost::hana::for_each(net.variables(), [&](auto const& v) {
        if (v.name() == "w") BOOST_TEST((dense(v.value()) == values));
      });
    }
  };
  BOOST_TEST((dense(net["w"_n]).array() == 0).all());
  net.set("w"_n, values);
  check("set");
  net.set("w"_n, Eigen::MatrixXf(values * 2));  // column by column
  values *= 2;
  check("set by columns");
  {
    auto edit = net.edit("w"_n);
    Eigen::Index const r = values.rows() - 1, c = values.cols() / 2;
    edit(r, c) = values(r, c) = 9;
    edit(1) = *(values.data() + 1) = 8;
  }
  check("edit");
  values = dense::Random(seen.rows(), seen.cols());
  net.write(0, values.data());
  check("write");
  net.edit("w"_n).setConstant(3);
  values.setConstant(3);
  check("setConstant");
  values = dense::Random(seen.rows(), seen.cols());
  net.edit("w"_n) = values;
  check("assignment");
}
/// The same weight in two forms: as users see it, and in what comes out, to the last bit.
template <auto Packed, auto Plain>
void check_model() {
  static_assert(form_of<Packed>.form != form_kind::row_major && form_of<Plain>.form == form_kind::row_major);
  std::srand(1);
  auto const packed = std::make_unique<compiled<Packed>>();
  auto const as_it_is = std::make_unique<compiled<Plain>>();
  check_access(*packed);
  check_access(*as_it_is);
  as_it_is->set("w"_n, (*packed)["w"_n]);
  constexpr int inputs = static_cast<int>(detail::frozen_for<Packed>.nodes.data()[0].shape.elements());
  Eigen::Matrix<float, 1, inputs> const x = Eigen::Matrix<float, 1, inputs>::Random();
  auto const found = packed->run(x.data());
  auto const expected = as_it_is->run(x.data());
  BOOST_TEST((std::get<0>(found) == std::get<0>(expected)));
  BOOST_TEST((std::get<1>(expected) == dense((*packed)["w"_n])));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels_panels)

BOOST_AUTO_TEST_CASE(offsets) {
  std::vector<weight_form> all = many_forms();
  add_forms_for_kernels<float>(all), add_forms_for_kernels<double>(all);
  add_forms_for_kernels<std::int32_t>(all), add_forms_for_kernels<std::int64_t>(all);
  for (weight_form const& f : all) {
    auto const seen = std::make_unique<bool[]>(static_cast<std::size_t>(f.elements()) + 1);
    if (!is_one_to_one(f, seen.get())) BOOST_ERROR(describe(f) << ": two elements in one place, or none");
  }
}
BOOST_AUTO_TEST_CASE(there_and_back) {
  std::mt19937 random(1);
  for (weight_form const& f : many_forms()) check_round_trip<float>(f, random), check_round_trip<double>(f, random);
}
BOOST_AUTO_TEST_CASE(weights_of_products) {
  check_model<product_model<false, 7, 9, 37, false>, product_model<true, 7, 9, 37, false>>();
  check_model<product_model<false, 7, 9, 37, true>, product_model<true, 7, 9, 37, true>>();
  check_model<product_model<false, 1, 40, 70, false>, product_model<true, 1, 40, 70, false>>();
  check_model<product_model<false, 1, 9, 5, true>, product_model<true, 1, 9, 5, true>>();
}
BOOST_AUTO_TEST_CASE(weights_of_vectors) {
  check_model<product_model<false, 3, 19, 1, false>, product_model<true, 3, 19, 1, false>>();
  check_model<product_model<false, 3, 1, 19, false>, product_model<true, 3, 1, 19, false>>();
}
BOOST_AUTO_TEST_CASE(weights_of_convolutions) { check_model<convolution_model<false>, convolution_model<true>>(); }
BOOST_AUTO_TEST_CASE(weights_of_cells) { check_model<recurrent_model<false>, recurrent_model<true>>(); }

BOOST_AUTO_TEST_SUITE_END()
