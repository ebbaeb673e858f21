// SPDX-License-Identifier: BSL-1.0
// Files of MNIST, right and wrong, and the accuracy that examples/tf1_mnist prints of them.
#include "../../examples/tf1_mnist/accuracy.hpp"
#include "io_support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <numeric>
#include <sstream>

using namespace io_test;

namespace {

std::string big(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}
std::string labels(std::string const& digits) {
  return big(0x801) + big(static_cast<std::uint32_t>(digits.size())) + digits;
}
/// Each of one shade.
std::string images(std::string const& shades) {
  std::string out = big(0x803) + big(static_cast<std::uint32_t>(shades.size())) + big(28) + big(28);
  for (char const shade : shades) out.append(28UL * 28UL, shade);
  return out;
}

/// A network that takes shades for digits.
struct shade_reader {
  std::array<float, 10> run(float const* image) const {
    std::array<float, 10> out{};
    out.at(static_cast<std::size_t>(std::accumulate(image, image + 784, 0.0F) / 784)) = 1;
    return out;
  }
};

class pair {
 public:
  std::string printed(std::string const& of_images, std::string const& of_labels) {
    write_bytes(here_.path / "images", to_bytes(of_images));
    write_bytes(here_.path / "labels", to_bytes(of_labels));
    std::ostringstream out;
    try {
      shade_reader net;
      tf1_mnist::print_accuracy(net, here_.path / "images", here_.path / "labels", out);
    } catch (std::runtime_error const& error) {
      BOOST_TEST(std::string_view(error.what()).starts_with(here_.path.string()));
      BOOST_TEST(out.str().empty());
      return error.what();
    }
    return out.str();
  }

 private:
  folder here_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tf1_mnist_idx)

BOOST_AUTO_TEST_CASE(accuracy_is_printed) {
  pair files;
  std::string const shades("\3\1\4\1\5\x9\2\6", 8);
  BOOST_TEST(files.printed(images(shades), labels(shades)) == "8 of 8 right, accuracy 1.0000\n");
  BOOST_TEST(files.printed(images(shades), labels(std::string("\3\1\4\0\0\x9\2\0", 8))) ==
             "5 of 8 right, accuracy 0.6250\n");
  BOOST_TEST(files.printed(images(std::string(3, '\7')), labels(std::string("\7\7\6", 3))) ==
             "2 of 3 right, accuracy 0.6667\n");
}

BOOST_AUTO_TEST_CASE(files_that_are_none) {
  pair files;
  std::string const two = images("\1\2"), one_two = labels("\1\2");
  auto const of_images = [&](std::string const& text) { return files.printed(text, one_two); };
  auto const of_labels = [&](std::string const& text) { return files.printed(two, text); };
  BOOST_TEST(of_images(two) == "2 of 2 right, accuracy 1.0000\n");
  BOOST_TEST(contains(of_images(one_two), "images: expected "));
  BOOST_TEST(contains(of_images(labels(std::string(20, '\1'))),
                      "images: expected the number 2051 first, as in an IDX file of bytes with 3 axes, found 2049"));
  BOOST_TEST(contains(of_labels(two), "labels: expected the number 2049 first"));
  BOOST_TEST(contains(of_images(""), "images: expected 16 more bytes, found the end"));
  BOOST_TEST(contains(of_labels("\0\0\x8\1\0\0\0"), "labels: expected 8 more bytes, found the end"));
  BOOST_TEST(contains(of_images("\x1F\x8B" + two), "images: expected an IDX file, found one that gzip compressed"));
  std::string floats = two, flat = two;
  floats[2] = '\x0D';
  BOOST_TEST(contains(of_images(floats), "expected the number 2051 first"));
  flat[11] = '\x10';
  BOOST_TEST(contains(of_images(flat), "expected 28 as extent 1, found 16"));
  flat[11] = '\x1C';
  flat[12] = '\x80';
  BOOST_TEST(contains(of_images(flat), "expected 28 as extent 2, found 2147483676"));
  std::string many = two;
  many.replace(4, 4, "\xFF\xFF\xFF\xFF");
  BOOST_TEST(contains(of_images(many), "expected 3367254359280 bytes for 4294967295 elements, found 1568"));
  for (std::size_t size = 0; size < two.size(); size += size < 20 ? 1 : 97)
    BOOST_TEST(contains(of_images(two.substr(0, size)), "images: expected "));
  for (std::size_t size = 0; size < one_two.size(); ++size)
    BOOST_TEST(contains(of_labels(one_two.substr(0, size)), "labels: expected "));
  BOOST_TEST(contains(of_images(two + "x"), "expected 1568 bytes for 2 elements, found 1569"));
  BOOST_TEST(contains(of_labels(one_two + "x"), "expected 2 bytes for 2 elements, found 3"));
  BOOST_TEST(contains(of_labels(labels("\1\2\3")), "labels: expected a label for each of 2 images, found 3"));
  BOOST_TEST(contains(of_labels(labels("\1\xA")), "labels: expected digits, found 10 as label 1"));
  BOOST_TEST(contains(files.printed(images(""), labels("")), "expected a label for each of 0 images, found 0"));
  folder here;
  BOOST_CHECK_EXCEPTION((void)tf1_mnist::idx::read(here.path / "none", {}), std::runtime_error,
                        [](std::runtime_error const& e) { return contains(e.what(), "none: No such file"); });
  BOOST_CHECK_THROW((void)tf1_mnist::idx::read(here.path, {}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
