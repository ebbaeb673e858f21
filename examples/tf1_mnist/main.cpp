// SPDX-License-Identifier: BSL-1.0
// Classifies handwritten digits with the weights that TensorFlow 1 trained, by the names that it gave them.
//   tf1_mnist CHECKPOINT IMAGE...              CHECKPOINT: the prefix of its files; IMAGE: a grey PNG of 28 x 28, or as
//                                              many float32
//   tf1_mnist CHECKPOINT --idx IMAGES LABELS   files of MNIST, such as t10k-images-idx3-ubyte: prints the accuracy
//   tf1_mnist                                  the network and the images of the project's fixtures, where they are
#include "accuracy.hpp"
#include "images.hpp"
#include "mnist.hpp"

#include <iostream>

#if __has_include(<protozero/pbf_reader.hpp>)

#include <ambit/io/checkpoint.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using model = ambit::compiled<tf1_mnist::mnist>;

int classify(std::string const& prefix, std::vector<std::string> const& images) {
  auto const net = std::make_unique<model>();
  // What training needed and the network does not.
  load(*net, ambit::checkpoint{prefix}, {.ignore = {"*/Adam*", "beta*_power", "global_step"}});
  if (images.front() == "--idx") {
    tf1_mnist::print_accuracy(*net, images[1], images[2], std::cout);
    return 0;
  }
  for (std::string const& path : images)
    std::cout << path << ": " << tf1_mnist::digit_in(*net, tf1_mnist::read_image(path)) << '\n';
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    std::vector<std::string> const given(arguments + 1, arguments + count);
    bool const idx = given.size() > 1 && given[1] == "--idx";
    if (given.size() == 1 || (idx && given.size() != 4)) {
      std::cerr << "usage: " << arguments[0] << " CHECKPOINT IMAGE... | CHECKPOINT --idx IMAGES LABELS\n";
      return 2;
    }
    if (!given.empty()) return classify(given[0], {given.begin() + 1, given.end()});
    char const* const folder = std::getenv("AMBIT_FIXTURES");
    std::filesystem::path const fixtures = folder == nullptr ? "../shared/fixtures" : folder;
    if (!std::filesystem::exists(fixtures / "tf1_mnist" / "model.ckpt-46900.index")) {
      std::cout << "skipped: no tf1_mnist folder of fixtures (AMBIT_FIXTURES); package: none\n";
      return 77;
    }
    std::vector<std::string> images;
    for (auto const& entry : std::filesystem::directory_iterator(fixtures / "digits_images"))
      images.push_back(entry.path().string());
    std::sort(images.begin(), images.end());
    return classify((fixtures / "tf1_mnist" / "model.ckpt-46900").string(), images);
  } catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

#else

int main() {
  std::cout << "skipped: no protozero; package: libprotozero-dev\n";
  return 77;
}

#endif
