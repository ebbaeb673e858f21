// SPDX-License-Identifier: BSL-1.0
// Archives of NumPy, with zlib and without, from a file and from memory.
#include "npy_parts.hpp"
#include <ambit/io/npy.hpp>
#include <ambit/io/npz.hpp>
#include <ambit/io/zlib.hpp>

#include <optional>

namespace {

using io_test::packed_member;

io_test::bytes bytes_of(std::string const& text) { return io_test::to_bytes(text); }
std::string text_of(io_test::bytes const& bytes) { return {reinterpret_cast<char const*>(bytes.data()), bytes.size()}; }

std::string deflated(std::string const& content) {
  io_test::bytes packed;
  return ambit::zlib_deflate({}, bytes_of(content), packed) ? text_of(packed) : std::string();
}
/// What a stream holds, up to a size; what is damaged ends there.
std::string inflated(std::string const& packed) {
  std::string out(64 * 1024, '\0');
  auto const result =
      ambit::zlib_inflate(bytes_of(packed), std::as_writable_bytes(std::span(out.data(), out.size())), {});
  out.resize(result.is == ambit::npz_inflated::absent ? 0 : std::min(result.made, out.size()));
  return out;
}

/// The members of an archive that is in order.
std::optional<std::vector<packed_member>> members_of(std::string const& input) {
  try {
    io_test::bytes const bytes = bytes_of(input);
    std::vector<packed_member> out;
    for (auto const& m : ambit::detail::io::zip_directory(bytes, "input").read())
      out.push_back({m.name, input.substr(static_cast<std::size_t>(m.data), static_cast<std::size_t>(m.packed)),
                     m.deflated ? 8 : 0, m.size, m.crc});
    return out;
  } catch (ambit::file_error const&) {
    return std::nullopt;
  }
}

}  // namespace

bool fuzz::run(std::string const& input) {
  std::filesystem::path const path = here() / "f.npz";
  write(path, input);
  // A deflated member has up to 10 kB of header, of a few bytes in the file, while the file is read.
  auto const outcome = [&](auto open) { return read_and_load(path.string(), input.size(), 48, open); };
  std::string const read = outcome([&] { return ambit::npz(path, ambit::zlib_inflate); });
  auto const bytes = std::as_bytes(std::span(input));
  require(outcome([&] { return ambit::npz::from_bytes(bytes, path.string(), ambit::zlib_inflate); }) == read,
          "bytes are read unlike a file");
  std::string const without = outcome([&] { return ambit::npz(path); });
  require(without == read || without.find("zlib") != std::string::npos,
          "what is stored is read otherwise without zlib");
  return read.starts_with("read");
}

std::vector<std::string> fuzz::seeds() {
  std::vector<std::string> out;
  std::filesystem::path const path = here() / "seed.npz";
  io_test::mock_store const varied = io_test::varied_store("odd/name");
  for (ambit::npz_deflate deflate : {ambit::npz_deflate{}, ambit::npz_deflate{ambit::zlib_deflate}}) {
    if (deflate != nullptr && !ambit::has_zlib) continue;
    ambit::write_npz(path, varied, deflate);
    out.push_back(io_test::read_text(path));
  }
  for (std::string const& array : arrays()) {
    out.push_back(text_of(io_test::archive({{"x.npy", array}})));
    if (ambit::has_zlib)
      out.push_back(text_of(io_test::archive(
          {{"a/", ""}, {"x.npy", deflated(array), 8, array.size(), ambit::detail::io::crc32(bytes_of(array))}}, true)));
  }
  // Bombs: one that claims more than deflate can make, one that holds what it claims.
  out.push_back(text_of(io_test::archive({{"x.npy", "abc", 8, std::uint64_t{1} << 40}}, true)));
  std::string const zeros = io_test::npy_text("|u1", "(2000000,)") + std::string(2000000, '\0');
  if (ambit::has_zlib)
    out.push_back(text_of(
        io_test::archive({{"x.npy", deflated(zeros), 8, zeros.size(), ambit::detail::io::crc32(bytes_of(zeros))}})));
  return out;
}

std::string fuzz::mutated(std::string const& input, change const& changed, std::uint64_t random, std::size_t most) {
  std::optional<std::vector<packed_member>> members = members_of(input);
  if (random % 8 == 0 || !members || members->empty() || most < 512) return changed(input, most);
  packed_member& m = (*members)[random / 8 % members->size()];
  std::uint64_t const choice = random / 512 % 8;
  if (choice == 0) {
    m.name = changed(m.name, 100);
  } else if (choice == 1 && m.method == 8) {  // the stream itself, and the checksum of what it then holds
    m.content = changed(m.content, most);
    std::string const content = inflated(m.content);
    m.size = content.size();
    m.crc = ambit::detail::io::crc32(bytes_of(content));
  } else {
    std::string content = m.method == 8 ? inflated(m.content) : m.content;
    content = mutated_array(content, changed, random / 4096, std::max(most, content.size() + 64));
    m.size = content.size();
    m.crc = ambit::detail::io::crc32(bytes_of(content));
    m.method = ambit::has_zlib && choice % 2 == 0 ? 8 : 0;
    m.content = m.method == 8 ? deflated(content) : content;
  }
  if (random / 1024 % 16 == 0) members->push_back(m);
  std::string out = text_of(io_test::archive(*members, random / 2048 % 4 == 0));
  return out.size() > most ? changed(input, most) : out;
}
