// SPDX-License-Identifier: BSL-1.0
// A network that a text file describes: built with names of run time, run in a session, saved, and loaded by a compiled
// model of the same names, which computes the same.
#include <ambit/ambit.hpp>
#include <ambit/export/summary.hpp>
#include <ambit/graph/registry.hpp>
#include <ambit/io/safetensors.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_safetensors.hpp>
#include <ambit/session.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

using namespace ambit;

namespace {

constexpr tensor dense(graph& g, name scope, tensor x, int units, reuse share = reuse::no) {
  variable_scope layer{g, scope, {.reuse = share}};
  tensor kernel = get_variable(g, "kernel", {x.shape()[1], units});
  tensor bias = get_variable(g, "bias", {units});
  return matmul(x, kernel) + bias;
}

/// The network of network.txt, as one would write it in C++.
inline constexpr auto written = [](graph& g) {
  tensor x = placeholder(g, "x", {1, 4});
  variable_scope model{g, "model"};
  x = tanh(dense(g, "widen", x, 16));
  x = relu(dense(g, "mix", x, 16));
  x = relu(dense(g, "mix", x, 16, reuse::yes));
  return softmax(dense(g, "last", x, 3));
};

/// The network that a stream describes, a layer a line.
tensor described(graph& g, std::istream& text) {
  tensor x;
  std::optional<variable_scope> model;  // opened by the first layer, as the input is outside
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string kind, name, activation, option;
    int units = 0;
    if (!(words >> kind)) continue;
    if (kind == "input" && words >> units) {
      x = placeholder(g, "x", {1, units});
    } else if (kind == "dense" && words >> name >> units >> activation) {
      words >> option;
      if (!model) model.emplace(g, "model");
      x = dense(g, name, x, units, option == "reuse" ? reuse::yes : reuse::no);
      if (activation == "tanh") x = tanh(x);
      if (activation == "relu") x = relu(x);
      if (activation == "softmax") x = softmax(x);
    } else {
      throw std::runtime_error("network.txt: this line is no layer: " + line);
    }
  }
  return x;
}

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path const file = argc > 1 ? argv[1] : AMBIT_PROGRAM_DIR "/network.txt";
  std::ifstream text(file);
  graph g;
  tensor const y = described(g, text);
  std::cout << summary(g).view() << '\n';
  std::cout << count_variables(g, {.scope = "model/mix"}).variables << " variables in model/mix, used twice\n";

  session s{g};
  s.initialize(2026);
  float const x[] = {0.5F, -1, 2, 0.25F};
  tensor_view const found = s.run(y, {{"x", x}});
  std::printf("session:  %.4f %.4f %.4f\n", double(found.at(0)), double(found.at(1)), double(found.at(2)));

  std::filesystem::path const weights = std::filesystem::temp_directory_path() / "ambit_registry.safetensors";
  write_safetensors(weights, s);
  compiled<written> net;
  load(net, safetensors{weights});
  std::filesystem::remove(weights);
  auto const p = net.run(x);
  std::printf("compiled: %.4f %.4f %.4f\n", double(p(0)), double(p(1)), double(p(2)));
  float most = 0;
  for (int i = 0; i < 3; ++i) most = std::max(most, std::abs(p(i) - found.at(i)));
  std::puts(most <= 1e-6F ? "the same" : "they differ");
  return most <= 1e-6F ? 0 : 1;
}
