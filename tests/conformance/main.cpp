// SPDX-License-Identifier: BSL-1.0
// ambit_conformance FILE...: runs the cases of each file. Exit status 1: a case failed; 2: a file is malformed.
#include "interpreter.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct case_file {
  char const* name = nullptr;
  std::vector<conformance::test_case> cases{};
};

int complain(char const* file, int line, char const* message) {
  std::fprintf(stderr, "%s:%d: %s\n", file, line, message);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: ambit_conformance FILE...\n", stderr);
    return 2;
  }
  std::vector<case_file> files;
  bool readable = true;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i]);
    try {
      files.push_back({argv[i], conformance::read_cases(in)});
      if (!in.is_open() || in.bad()) throw conformance::malformed(0, "cannot be read");
    } catch (conformance::malformed const& error) {
      complain(argv[i], error.line(), error.what());
      readable = false;
    }
  }
  if (!readable) return 2;

  int passed = 0;
  int failed = 0;
  for (case_file const& file : files)
    for (conformance::test_case const& c : file.cases) {
      try {
        std::optional<conformance::mismatch> const bad = conformance::run_case(c, file.name);
        ++(bad ? failed : passed);
        if (bad)
          std::printf("%s:%d: case %s: %s\n  expected: %s\n  found:    %s\n", file.name, bad->line, c.name.c_str(),
                      bad->what.c_str(), bad->expected.c_str(), bad->found.c_str());
      } catch (conformance::malformed const& error) {
        return complain(file.name, error.line(), error.what());
      } catch (std::exception const& error) {
        ++failed;
        std::printf("%s:%d: case %s: stopped by: %s\n", file.name, c.line, c.name.c_str(), error.what());
      }
    }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed > 0 ? 1 : 0;
}
