// SPDX-License-Identifier: BSL-1.0
// All formats that are read and written, one row each.
#pragma once

#include "io_files.hpp"
#include <ambit/io/npy.hpp>
#include <ambit/io/npz.hpp>
#include <ambit/io/safetensors.hpp>
#include <ambit/io/zlib.hpp>
#if __has_include(<protozero/pbf_reader.hpp>)
#include <ambit/io/checkpoint.hpp>
#endif

#include <filesystem>
#include <string>
#include <vector>

namespace io_test {

struct file_format {
  char const* name;
  void (*write)(std::filesystem::path const&, mock_store const&);
  void (*load)(std::filesystem::path const&, mock_store&);
  std::vector<std::string> endings = {""};  // of its files, behind the path; in the order of their renaming
  bool leaves = false;                      // values in the file until they are loaded, where the system lets it
};

/// Stores have a variable "v"; an array of NumPy is that one alone.
inline std::vector<file_format> const& file_formats() {
  using std::filesystem::path;
  static std::vector<file_format> const all = {
    {"safetensors",
     [](path const& p, mock_store const& s) { ambit::write_safetensors(p, s); },
     [](path const& p, mock_store& s) { (void)ambit::load(s, ambit::safetensors{p}); },
     {""},
     true},
    {"npy", [](path const& p, mock_store const& s) { ambit::write_npy(p, s, "v"); },
     [](path const& p, mock_store& s) {
       (void)ambit::load(s, ambit::npy{p, "v"}, {.scope = "v"});
     }},
    {"npz", [](path const& p, mock_store const& s) { ambit::write_npz(p, s); },
     [](path const& p, mock_store& s) { (void)ambit::load(s, ambit::npz{p}); }},
#if __has_include(<zlib.h>)
    {"npz, deflated", [](path const& p, mock_store const& s) { ambit::write_npz(p, s, ambit::zlib_deflate); },
     [](path const& p, mock_store& s) {
       (void)ambit::load(s, ambit::npz{p, ambit::zlib_inflate});
     }},
#endif
#if __has_include(<protozero/pbf_reader.hpp>)
    {"checkpoint",
     [](path const& p, mock_store const& s) { ambit::write_checkpoint(p, s); },
     [](path const& p, mock_store& s) { (void)ambit::load(s, ambit::checkpoint{p}); },
     {".data-00000-of-00001", ".index"},
     true},
#endif
  };
  return all;
}

/// A variable "v" of numbers that hardly compress, from `seed` on.
inline mock_store numbers_from(unsigned seed, int count) {
  mock_store out;
  out.add("v", ambit::dtype::u32, {count});
  std::vector<unsigned> values(static_cast<std::size_t>(count));
  for (unsigned& v : values) v = seed = seed * 1664525U + 1013904223U;
  out.set<unsigned>(0, values);
  return out;
}

}  // namespace io_test
