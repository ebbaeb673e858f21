// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "race.hpp"

#include <string>
#include <vector>

namespace bench {

struct options {
  bool help = false;
  bool table = false;
  bool all_contenders = false;         ///< a line for each in the table
  std::vector<std::string> workloads;  ///< none: all
  race_options race;
  std::string csv;
  std::string run_workload;  ///< with `run_contender`: no timing, `count` runs
  std::string run_contender;
  long count = 1;
  std::string error;        ///< why they cannot be followed
  std::vector<char*> rest;  ///< the program's name, and what was not understood

  [[nodiscard]] bool wants(std::string_view workload) const;
};

options parse(int argc, char** argv);
char const* usage();

}  // namespace bench
