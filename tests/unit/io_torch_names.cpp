// SPDX-License-Identifier: BSL-1.0
// A compiled model with the weights of a PyTorch-named file, from an archive of NumPy in another dtype.
#include "io_npz_support.hpp"
#include "io_support.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/npz.hpp>

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cstdint>
#include <string>

using namespace ambit;

namespace {

constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 3});
  variable_scope m{g, "model"};
  variable_scope fc{g, "fc1"};
  return matmul(x, get_variable(g, "kernel", {3, 2})) + get_variable(g, "bias", {2});
};

/// Big-endian doubles, (out, in) = (2, 3) in Fortran order: 1 2 3 / 4 5 6; a bias of int16.
io_test::bytes torch() {
  std::string weight = io_test::npy_text(">f8", "(2, 3)");
  weight.replace(weight.find("False"), 5, "True ");
  for (double const value : {1.0, 4.0, 2.0, 5.0, 3.0, 6.0}) {
    auto const bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 8; i-- > 0;) weight += static_cast<char>(bits >> (8 * i) & 0xFF);
  }
  std::string const bias = io_test::npy_text("<i2", "(2,)") + std::string("\x0A\0\xEC\xFF", 4);
  return io_test::archive({{"net.fc1.weight.npy", weight}, {"net.fc1.bias.npy", bias}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_torch_names)

BOOST_AUTO_TEST_CASE(a_compiled_model) {
  io_test::bytes const file = torch();
  npz const weights = npz::from_bytes(file, "torch.npz");
  compiled<model> net;
  load_options options{.renames = {{"net.fc1.weight", "model/fc1/kernel", transposed}},
                       .prefixes = {{"net.fc1.", "model/fc1"}}};
  load_report const refused = try_load(net, weights, options);
  BOOST_TEST(refused.wrong_dtype.size() == 2U);
  options.convert = true;
  BOOST_TEST(load(net, weights, options).bound == 2);
  float const x[3] = {1, 10, 100};
  auto const y = net.run(x);
  BOOST_TEST(y(0, 0) == 321.0F + 10.0F);
  BOOST_TEST(y(0, 1) == 654.0F - 20.0F);
}

BOOST_AUTO_TEST_CASE(orders_of_axes) {
  static_assert(transposed.of({2, 3, 4}) == shape{4, 3, 2} && axis_order{}.of({2, 3}) == shape{2, 3});
  static_assert(axis_order{2, 3, 1, 0}.of({8, 3, 5, 7}) == shape{5, 7, 3, 8});
  static_assert(axis_order{1, 0}.fits(2) && !axis_order{1, 0}.fits(3) && transposed.fits(5) && transposed.fits(0));
  static_assert(!axis_order{1, 1}.fits(2) && !axis_order{0, 2}.fits(2) && axis_order{}.none() && !transposed.none());
}

BOOST_AUTO_TEST_SUITE_END()
