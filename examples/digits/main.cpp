// SPDX-License-Identifier: BSL-1.0
// Classifies handwritten digits with a model that the compiler built, and weights that are loaded by scope path.
//   digits [FILE]    FILE: a compiler's message to show at the end, instead of the one in collision/
#include "dataset.hpp"
#include "digits.hpp"
#include "terminal.hpp"

#include <ambit/io/safetensors.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace optical_digits;

using model = compiled<digits>;
static_assert(model::memory().total <= 32 * 1024);

constexpr double promised_accuracy = 0.96;

std::string file(std::string const& name) { return std::string(AMBIT_PROGRAM_DIR) + '/' + name; }

void title(std::string_view text) { std::cout << '\n' << text << '\n' << std::string(text.size(), '-') << '\n'; }

/// What the model makes of an image.
verdict classify(model& net, image const& shown) {
  auto const probabilities = net.run(shown.pixels);
  Eigen::Index best = 0;
  double const confidence = static_cast<double>(probabilities.maxCoeff(&best));
  return {&shown, static_cast<int>(best), confidence};
}

void print_model() {
  title("The model");
  auto const row = [](auto const& name, auto const& shape, auto parameters, auto bytes) {
    std::cout << std::left << std::setw(20) << name << std::setw(12) << shape << std::right << std::setw(12) << parameters
              << std::setw(12) << bytes << '\n';
  };
  row("variable", "shape", "parameters", "bytes");
  std::int64_t parameters = 0;
  std::int64_t bytes = 0;
  for (variable_entry const& v : model::table()) {
    std::int64_t const elements = v.shape.elements();
    row(v.name, to_text(v.shape).view(), elements, elements * size_of(v.dtype));
    parameters += elements;
    bytes += elements * size_of(v.dtype);
  }
  row("total", "", parameters, bytes);
}

void print_memory() {
  title("Its memory, in bytes");
  constexpr memory_report m = model::memory();
  auto const row = [](std::string_view what, std::size_t bytes, std::string_view note) {
    std::cout << std::left << std::setw(12) << what << std::right << std::setw(8) << bytes << "   " << note << '\n';
  };
  row("parameters", m.parameters, "weights, each at a multiple of 64");
  row("state", m.state, "variables that the model changes");
  row("arena", m.arena, "values between steps");
  row("total", m.total, "all of it inside the model object; no heap");
  row("constants", m.constants, "read-only data of the program");
  std::cout << "No arena can be smaller than " << m.arena_bound << " bytes.\n";
}

void print_ten(model& net, std::vector<image> const& held) {
  title("Ten of the held-out digits: prediction and confidence");
  std::vector<verdict> verdicts;
  for (std::size_t i = 0; i < 10; ++i) verdicts.push_back(classify(net, held.at(i)));
  draw(std::cout, verdicts, ink_of_standard_output());
}

/// The part of the images that the model gets right.
double print_accuracy(model& net, std::vector<image> const& held) {
  title("Accuracy");
  auto const right = std::count_if(held.begin(), held.end(),
                                   [&](image const& i) { return classify(net, i).prediction == i.label; });
  double const accuracy = static_cast<double>(right) / static_cast<double>(held.size());
  std::cout << std::fixed << std::setprecision(4) << accuracy << ": " << right << " of the " << held.size()
            << " images that were kept from training (at least " << std::setprecision(2) << promised_accuracy
            << " is promised)\n";
  return accuracy;
}

void print_speed(model& net, std::vector<image> const& held) {
  title("Speed");
  constexpr std::size_t rounds = 15;
  std::vector<double> nanoseconds;
  float sum = 0;  // of something of every run, so that none can be left out
  for (std::size_t round = 0; round < rounds; ++round) {
    auto const begin = std::chrono::steady_clock::now();
    for (image const& i : held) sum += net.run(i.pixels)(0);
    std::chrono::duration<double, std::nano> const taken = std::chrono::steady_clock::now() - begin;
    nanoseconds.push_back(taken.count() / static_cast<double>(held.size()));
  }
  std::sort(nanoseconds.begin(), nanoseconds.end());
  std::cout << std::fixed << std::setprecision(0) << nanoseconds[rounds / 2] << " ns an image, one at a time (median of "
            << rounds << " rounds over the held-out images)" << (sum > 0 ? "\n" : ", all zero\n");
}

void print_collision(std::string const& message) {
  title("What a collision looks like: two layers that are called \"fc1\"");
  std::ifstream source(file("collision/collision.cpp"));
  std::ifstream said(message);
  if (!source || !said) throw dataset_error(source ? message : file("collision/collision.cpp"), 0, "cannot be opened");
  std::string line;
  for (int number = 1; std::getline(source, line); ++number)
    if (number > 6) std::cout << std::setw(4) << number << "  " << line << '\n';
  std::cout << '\n' << said.rdbuf();
}

}  // namespace

int main(int count, char** arguments) try {
#if defined(__clang__)
  std::string const captured = file("collision/clang++.txt");
#else
  std::string const captured = file("collision/g++.txt");
#endif

  std::vector<image> const all = read_images(file("data/digits.csv"));
  std::vector<image> held;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (held_out(i)) held.push_back(all[i]);

  model net;
  load(net, safetensors{file("digits.safetensors")});

  print_model();
  print_memory();
  print_ten(net, held);
  double const accuracy = print_accuracy(net, held);
  print_speed(net, held);
  print_collision(count > 1 ? arguments[1] : captured);

  if (accuracy >= promised_accuracy) return EXIT_SUCCESS;
  std::cerr << "digits: the accuracy is below the promised one\n";
  return EXIT_FAILURE;
} catch (std::exception const& error) {
  std::cerr << "digits: " << error.what() << '\n';
  return EXIT_FAILURE;
}
