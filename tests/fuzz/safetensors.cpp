// SPDX-License-Identifier: BSL-1.0
// Files of safetensors: read, mapped and from memory, which must come to the same.
#include "safetensors_parts.hpp"
#include <ambit/io/safetensors.hpp>

bool fuzz::run(std::string const& input) {
  std::filesystem::path const path = here() / "f.safetensors";
  write(path, input);
  // A tensor takes some 200 bytes while it is read, of 50 in the file; keys and values of metadata a node of a tree.
  auto const outcome = [&](auto open) { return read_and_load(path.string(), input.size(), 48, open); };
  std::string const read = outcome([&] { return ambit::safetensors(path); });
  auto const bytes = std::as_bytes(std::span(input));
  require(outcome([&] { return ambit::safetensors::from_bytes(bytes, path.string()); }) == read,
          "bytes are read unlike a file");
  require(outcome([&] { return ambit::safetensors::mapped(path); }) == read, "a file is mapped unlike it is read");
  return read.starts_with("read");
}

std::vector<std::string> fuzz::seeds() {
  std::vector<std::string> out;
  std::filesystem::path const path = here() / "seed";
  io_test::mock_store const varied = io_test::varied_store("odd \"name\"\n\xC3\xA9");
  ambit::write_safetensors(path, varied);
  out.push_back(io_test::read_text(path));
  ambit::write_safetensors(path, varied, {{"format", "pt"}, {"k", "\t"}});
  out.push_back(io_test::read_text(path));
  ambit::write_safetensors(path, io_test::mock_store{});
  out.push_back(io_test::read_text(path));
  out.push_back(
      file_of(R"({"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2],"x":[{"y":[null,true,-1.5e3]}]}} )", "ab"));
  out.push_back(file_of(R"({"a":{"dtype":"U8","shape":[2147483647],"data_offsets":[0,2147483647]}})", ""));
  out.push_back(file_of(R"({"a":{"dtype":"F64","shape":[4294967296],"data_offsets":[18446744073709551615,0]}})", ""));
  out.push_back(file_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                        R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                        "sixsix"));
  out.push_back(file_of(R"({"a":{"x":)" + std::string(300, '['), ""));
  std::string huge = file_of("{}", "");
  huge[3] = 5;
  out.push_back(huge);
  return out;
}

std::string fuzz::mutated(std::string const& input, change const& changed, std::uint64_t random, std::size_t most) {
  return mutated_header(input, changed, random, most);
}
