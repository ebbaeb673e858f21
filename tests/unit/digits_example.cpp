// SPDX-License-Identifier: BSL-1.0
// The digit classifier of examples/digits: what its training wrote down, and the accuracy that it promises.
#include "../../examples/digits/dataset.hpp"
#include "../../examples/digits/digits.hpp"

#include <ambit/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace optical_digits;
using model = compiled<digits>;

std::string file(std::string const& name) {
  char const* const root = std::getenv("AMBIT_SOURCE_DIR");
  return std::string(root == nullptr ? "." : root) + "/examples/digits/" + name;
}

struct loaded {
  loaded() { load(net, safetensors{file("digits.safetensors")}); }
  model net;
  std::vector<image> images = read_images(file("data/digits.csv"));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(digits_example)

BOOST_FIXTURE_TEST_CASE(the_probabilities_are_those_of_the_training, loaded) {
  std::ifstream expected(file("expected.csv"));
  BOOST_REQUIRE(expected);
  int lines = 0;
  for (std::string line; std::getline(expected, line); ++lines) {
    std::size_t used = 0;
    std::size_t const index = std::stoul(line, &used);
    BOOST_TEST_REQUIRE(index < images.size());
    auto const found = net.run(images[index].pixels);
    for (int digit = 0; digit < 10; ++digit) {
      BOOST_REQUIRE(line[used] == ',');
      line.erase(0, used + 1);
      double const wanted = std::stod(line, &used);
      BOOST_TEST(std::abs(static_cast<double>(found(digit)) - wanted) <= 1e-5, "image " << index << ", digit " << digit);
    }
  }
  BOOST_TEST(lines == 20);
}

BOOST_FIXTURE_TEST_CASE(at_least_96_percent_of_the_held_out_images_are_right, loaded) {
  int held = 0;
  int right = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!held_out(i)) continue;
    ++held;
    Eigen::Index best = 0;
    net.run(images[i].pixels).maxCoeff(&best);
    right += best == images[i].label ? 1 : 0;
  }
  BOOST_TEST(held == 604);
  BOOST_TEST(right >= 0.96 * held);
}

BOOST_AUTO_TEST_CASE(the_model_is_what_the_readme_says) {
  static_assert(model::memory().total <= 32 * 1024);
  static_assert(model::memory().state == 0);
  std::string names;
  for (variable_entry const& v : model::table()) names += std::string(v.name) + std::string(to_text(v.shape).view()) + ' ';
  BOOST_TEST(names == "model/fc1/kernel(64, 32) model/fc1/bias(32,) model/fc2/kernel(32, 10) model/fc2/bias(10,) ");
}

BOOST_AUTO_TEST_SUITE_END()
