// SPDX-License-Identifier: BSL-1.0
// The errors of docs/errors.md that only a running program can make: of inputs and of files. The parts between markers are
// the code of that page.
#include "io_support.hpp"
#include <ambit/ambit.hpp>
#include <ambit/io/safetensors.hpp>
#include <ambit/io/values.hpp>
#include <ambit/io/weights.hpp>
#include <ambit/io/write_safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace ambit;

inline constexpr auto model = [](graph& g) {
  tensor x = placeholder(g, "x", {4});
  return x * get_variable(g, "w", {4});
};
inline constexpr auto renamed = [](graph& g) {
  tensor x = placeholder(g, "x", {4});
  return x * get_variable(g, "weight", {4});
};

/// A store of weights of one's own, which a file is written from.
struct labels {
  dtype type;
  std::vector<variable_entry> entries{{"labels", type, {3}, true}};
  std::vector<std::byte> bytes = std::vector<std::byte>(64);
  [[nodiscard]] std::span<variable_entry const> table() const { return entries; }
  void read(int, void* out) const { std::copy_n(bytes.begin(), 3 * size_of(type), static_cast<std::byte*>(out)); }
};

/// What an error says, or nothing where there is none.
std::string refused(std::function<void()> const& run) {
  try {
    run();
  } catch (std::exception const& error) {
    return error.what();
  }
  return {};
}
bool has_id(std::string const& message, std::string_view id) {
  return message.starts_with("ambit: ") && message.find('[' + std::string(id) + ']') != std::string::npos;
}

struct inputs {
  compiled<model> net;
  auto wrong() {
    // [INPUT_SIZE wrong]
    std::vector<float> x(3);  // the placeholder has 4
    return net.run(x);
    // [end]
  }
  auto right() {
    // [INPUT_SIZE right]
    std::vector<float> x(4);
    return net.run(x);
    // [end]
  }
};

struct values {
  compiled<model> net;
  void wrong() {
    // [VALUE_MISMATCH wrong]
    write_value(net, "w", {1.0, 2.0, 3.0, 4.0});  // "w" is float32, these are double
    // [end]
  }
  void right() {
    // [VALUE_MISMATCH right]
    write_value(net, "w", {1.f, 2.f, 3.f, 4.f});
    // [end]
  }
};

struct threads {
  graph g;
  void wrong() {
    // [OTHER_THREAD wrong]
    get_variable(g, "v", {4});
    auto other = std::async(std::launch::async, [&] { get_variable(g, "w", {4}); });
    other.get();
    // [end]
  }
  void right() {
    // [OTHER_THREAD right]
    get_variable(g, "v", {4});
    g.hand_over();
    auto other = std::async(std::launch::async, [&] { get_variable(g, "w", {4}); });
    other.get();
    // [end]
  }
};

struct files {
  io_test::folder temporary;
  std::filesystem::path file = temporary.path / "model.safetensors";
  compiled<model> net;
  compiled<renamed> other;

  void other_names() {
    // [WEIGHTS_MISMATCH wrong]
    write_safetensors(file, other);  // its variable is "weight"
    load(net, safetensors{file});    // this one's is "w"
    // [end]
  }
  void same_names() {
    // [WEIGHTS_MISMATCH right]
    write_safetensors(file, net);
    load(net, safetensors{file});
    // [end]
  }
  void other_format() {
    // [BAD_FILE wrong]
    std::ofstream(file) << "w = 0.5\n";
    load(net, safetensors{file});
    // [end]
  }
  void this_format() {
    // [BAD_FILE right]
    write_safetensors(file, net);
    load(net, safetensors{file});
    // [end]
  }
  void no_file() {
    // [FILE_ACCESS wrong]
    load(net, safetensors{"no/such/folder/model.safetensors"});
    // [end]
  }
  void a_file() {
    write_safetensors(file, net);
    // [FILE_ACCESS right]
    if (std::filesystem::exists(file)) load(net, safetensors{file});
    // [end]
  }
  void strings() {
    // [NOT_WRITABLE wrong]
    labels store{dtype::string};  // safetensors has no strings
    write_safetensors(file, store);
    // [end]
  }
  void numbers() {
    // [NOT_WRITABLE right]
    labels store{dtype::i32};
    write_safetensors(file, store);
    // [end]
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(documented_errors)

BOOST_AUTO_TEST_CASE(input_size) {
  inputs i;
  BOOST_TEST(has_id(refused([&] { (void)i.wrong(); }), "INPUT_SIZE"));
  BOOST_TEST(refused([&] { (void)i.right(); }) == "");
}
BOOST_AUTO_TEST_CASE(value_mismatch) {
  values v;
  BOOST_TEST(has_id(refused([&] { v.wrong(); }), "VALUE_MISMATCH"));
  BOOST_TEST(refused([&] { v.right(); }) == "");
}
BOOST_AUTO_TEST_CASE(other_thread) {
#ifndef NDEBUG
  threads refused_one;
  BOOST_TEST(has_id(refused([&] { refused_one.wrong(); }), "OTHER_THREAD"));
#endif
  threads t;
  BOOST_TEST(refused([&] { t.right(); }) == "");
}
BOOST_AUTO_TEST_CASE(weights_mismatch) {
  files f;
  BOOST_TEST(has_id(refused([&] { f.other_names(); }), "WEIGHTS_MISMATCH"));
  BOOST_TEST(refused([&] { f.same_names(); }) == "");
}
BOOST_AUTO_TEST_CASE(bad_file) {
  files f;
  BOOST_TEST(has_id(refused([&] { f.other_format(); }), "BAD_FILE"));
  BOOST_TEST(refused([&] { f.this_format(); }) == "");
}
BOOST_AUTO_TEST_CASE(file_access) {
  files f;
  BOOST_TEST(has_id(refused([&] { f.no_file(); }), "FILE_ACCESS"));
  BOOST_TEST(refused([&] { f.a_file(); }) == "");
}
BOOST_AUTO_TEST_CASE(not_writable) {
  files f;
  BOOST_TEST(has_id(refused([&] { f.strings(); }), "NOT_WRITABLE"));
  BOOST_TEST(refused([&] { f.numbers(); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
