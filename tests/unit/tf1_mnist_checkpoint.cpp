// SPDX-License-Identifier: BSL-1.0
// A network that TensorFlow 1 trained, loaded by the names that its scopes gave, is right for real digits.
#include "../../examples/tf1_mnist/accuracy.hpp"
#include "../../examples/tf1_mnist/images.hpp"
#include "../../examples/tf1_mnist/mnist.hpp"
#include "io_support.hpp"

#include <iostream>

#if __has_include(<protozero/pbf_reader.hpp>)

#include <ambit/io/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace ambit;
using model = ambit::compiled<tf1_mnist::mnist>;
ambit::load_options const slots{.ignore = {"*/Adam*", "beta*_power", "global_step"}};

std::filesystem::path checkpoint_path() {
  std::filesystem::path const path = io_test::fixtures() / "tf1_mnist" / "model.ckpt-46900";
  if (std::filesystem::exists(path.string() + ".index")) return path;
  std::cout << "skipped: no tf1_mnist folder of fixtures (AMBIT_FIXTURES); package: none\n";
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tf1_mnist_checkpoint)

BOOST_AUTO_TEST_CASE(classifies_real_digits) {
  std::filesystem::path const path = checkpoint_path();
  if (path.empty()) return;
  auto const net = std::make_unique<model>();
  ambit::load_report const report = load(*net, ambit::checkpoint{path}, slots);
  BOOST_TEST(report.bound == 8);
  BOOST_TEST(report.ignored.size() == 19U);
  int right = 0, all = 0;
  for (auto const& entry : std::filesystem::directory_iterator(io_test::fixtures() / "digits_images")) {
    std::string const name = entry.path().filename().string();
    if (entry.path().extension() != ".png" && entry.path().extension() != ".bin") continue;
    auto const scores = net->run(tf1_mnist::read_image(entry.path()).data());
    auto const digit = std::max_element(scores.data(), scores.data() + scores.size()) - scores.data();
    bool const fits = digit == name[name.starts_with("sample") ? 6 : 0] - '0';
    if (!fits) BOOST_TEST_MESSAGE(name << ": " << digit);
    right += fits ? 1 : 0;
    ++all;
  }
  BOOST_TEST(all == 14);
  BOOST_TEST(right >= 13);
}

// The same digits in the two files that MNIST has, as the example is given them.
BOOST_AUTO_TEST_CASE(files_of_mnist) {
  std::filesystem::path const path = checkpoint_path();
  if (path.empty()) return;
  auto const net = std::make_unique<model>();
  load(*net, ambit::checkpoint{path}, slots);
  std::string images(std::string("\0\0\x8\3\0\0\0\0\0\0\0\x1C\0\0\0\x1C", 16)), labels("\0\0\x8\1\0\0\0\0", 8);
  for (auto const& entry : std::filesystem::directory_iterator(io_test::fixtures() / "digits_images")) {
    std::string const name = entry.path().filename().string();
    if (entry.path().extension() != ".png" && entry.path().extension() != ".bin") continue;
    for (float const pixel : tf1_mnist::read_image(entry.path())) images += static_cast<char>(std::lround(pixel));
    labels += static_cast<char>(name[name.starts_with("sample") ? 6 : 0] - '0');
    ++images[7];
    ++labels[7];
  }
  io_test::folder here;
  io_test::write_bytes(here.path / "images", io_test::to_bytes(images));
  io_test::write_bytes(here.path / "labels", io_test::to_bytes(labels));
  std::ostringstream out;
  tf1_mnist::print_accuracy(*net, here.path / "images", here.path / "labels", out);
  BOOST_TEST((out.str() == "13 of 14 right, accuracy 0.9286\n" || out.str() == "14 of 14 right, accuracy 1.0000\n"),
             out.str());
}

BOOST_AUTO_TEST_CASE(nothing_is_bound_by_halves) {
  std::filesystem::path const path = checkpoint_path();
  if (path.empty()) return;
  auto const net = std::make_unique<model>();
  net->edit("dense_1/bias"_n)(3) = 7;
  ambit::load_report const report = try_load(*net, ambit::checkpoint{path}, {.ignore = {"*/Adam*"}});
  BOOST_TEST(report.unexpected.size() == 3U);
  BOOST_TEST((*net)["dense_1/bias"_n](3) == 7);
}

BOOST_AUTO_TEST_CASE(what_was_loaded_is_written) {
  std::filesystem::path const path = checkpoint_path();
  if (path.empty()) return;
  auto const net = std::make_unique<model>(), other = std::make_unique<model>();
  load(*net, ambit::checkpoint{path}, slots);
  io_test::folder here;
  write_checkpoint(here.path / "copy", *net);
  load(*other, ambit::checkpoint{here.path / "copy"});
  std::vector<float> const zeros(28 * 28, 0);
  auto const a = net->run(zeros.data()), b = other->run(zeros.data());
  BOOST_TEST(std::equal(a.data(), a.data() + 10, b.data()));
}

BOOST_AUTO_TEST_SUITE_END()

#else

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(tf1_mnist_checkpoint) { std::cout << "skipped: no protozero; package: libprotozero-dev\n"; }

#endif
