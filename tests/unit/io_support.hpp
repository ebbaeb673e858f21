// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "io_files.hpp"
#include <ambit/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

namespace io_test {

inline bool contains(std::string_view text, std::string_view part) {
  bool const found = text.find(part) != std::string_view::npos;
  if (!found) BOOST_TEST_MESSAGE("no \"" << part << "\" in:\n" << text);
  return found;
}

}  // namespace io_test
