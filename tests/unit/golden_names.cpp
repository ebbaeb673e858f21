// SPDX-License-Identifier: BSL-1.0
// The names of the builders in tests/golden, as the program makes them and as the compiler made them, are those of the
// golden files. Both compilers run this, so the names do not depend on the compiler either. With AMBIT_WRITE_GOLDEN set
// the files are written anew from the program's names.
#include "golden/builders.hpp"
#include <ambit/compiled/freeze.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace {

using namespace ambit;

std::string row(std::string_view name, std::string_view op, shape const& s, dtype type) {
  return std::string(name) + ' ' + std::string(op) + ' ' + std::string(to_text(s).view()) + ' ' +
         std::string(to_string(type)) + '\n';
}

template <auto Builder>
std::string names_in_the_program() {
  graph g;
  detail::build<Builder>(g);
  std::string out = "nodes\n";
  for (int i = 0; i < g.size(); ++i) {
    text const name = g[i].name();
    std::string_view shown = name;
    if (shown.ends_with(":0")) shown.remove_suffix(2);
    out += row(shown, g[i].op(), g[i].shape(), g[i].dtype());
  }
  out += "variables\n";
  for (int i = 0; i < g.size(); ++i)
    if (g[i].is_variable()) out += std::string(g[i].name().view()) + '\n';
  return out;
}

template <auto Builder>
std::string names_in_the_compiler() {
  constexpr auto const& table = detail::frozen_for<Builder>;
  std::string out = "nodes\n";
  for (int i = 0; i < table.sizes.nodes; ++i) {
    auto const& node = table.nodes[static_cast<std::size_t>(i)];
    out += row(table.name(i), node.op_name, node.shape, node.dtype);
  }
  out += "variables\n";
  for (int v = 0; v < table.sizes.variables; ++v)
    out += std::string(table.name(table.variables[static_cast<std::size_t>(v)].node).view()) + ":0\n";
  return out;
}

std::string golden_file(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

template <auto Builder>
void check(std::string const& name) {
  char const* const source = std::getenv("AMBIT_SOURCE_DIR");
  BOOST_REQUIRE_MESSAGE(source != nullptr, "AMBIT_SOURCE_DIR is not set");
  std::string const path = std::string(source) + "/tests/golden/" + name + ".txt";
  std::string const in_the_program = names_in_the_program<Builder>();
  if (std::getenv("AMBIT_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << in_the_program;
  BOOST_TEST(in_the_program == golden_file(path), path << " differs from what the program makes:\n" << in_the_program);
  BOOST_TEST(names_in_the_compiler<Builder>() == in_the_program, "the compiler made other names:\n"
                                                                     << names_in_the_compiler<Builder>());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_names)

BOOST_AUTO_TEST_CASE(digits) { check<golden::digits>("digits"); }
BOOST_AUTO_TEST_CASE(loop) { check<golden::loop>("loop"); }
BOOST_AUTO_TEST_CASE(residual) { check<golden::residual>("residual"); }
BOOST_AUTO_TEST_CASE(shared) { check<golden::shared>("shared"); }
BOOST_AUTO_TEST_CASE(expressions) { check<golden::expressions>("expressions"); }
BOOST_AUTO_TEST_CASE(taken_names) { check<golden::taken_names>("taken_names"); }
BOOST_AUTO_TEST_CASE(scopes) { check<golden::scopes>("scopes"); }
BOOST_AUTO_TEST_CASE(getters) { check<golden::getters>("getters"); }
BOOST_AUTO_TEST_CASE(partitioned) { check<golden::partitioned>("partitioned"); }
BOOST_AUTO_TEST_CASE(templates) { check<golden::templates>("templates"); }
BOOST_AUTO_TEST_CASE(regularized) { check<golden::regularized>("regularized"); }
BOOST_AUTO_TEST_CASE(state) { check<golden::state>("state"); }
BOOST_AUTO_TEST_CASE(creators) { check<golden::creators>("creators"); }

BOOST_AUTO_TEST_SUITE_END()
