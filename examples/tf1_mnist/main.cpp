// SPDX-License-Identifier: BSL-1.0
// tf1_mnist [CHECKPOINT IMAGE...]: classifies handwritten digits with the weights that TensorFlow 1 trained, by the names
// that it gave them. CHECKPOINT is the prefix of its files, IMAGE a grey PNG of 28 x 28 or as many float32.
//
// Without arguments: the network and the images of the project's fixtures, where they are.
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
  for (std::string const& path : images) {
    auto const scores = net->run(tf1_mnist::read_image(path).data());
    std::cout << path << ": " << std::max_element(scores.data(), scores.data() + scores.size()) - scores.data() << '\n';
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count > 2) return classify(arguments[1], {arguments + 2, arguments + count});
    if (count == 2) {
      std::cerr << "usage: " << arguments[0] << " CHECKPOINT IMAGE...\n";
      return 2;
    }
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
