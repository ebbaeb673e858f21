// SPDX-License-Identifier: BSL-1.0
// Checkpoints and their tables made by hand, of any number of data files, right or wrong.
#pragma once

#include "io_files.hpp"
#include <ambit/io/checkpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace io_test {

inline std::string floats(std::vector<float> const& values) {
  std::string out(4 * values.size(), '\0');
  std::memcpy(out.data(), values.data(), out.size());
  return out;
}
inline std::uint32_t masked_crc(std::string_view text) {
  ambit::detail::io::crc32c sum;
  sum.add(text.data(), text.size());
  return sum.masked();
}

inline std::string number(std::uint64_t v) {
  std::string out;
  ambit::detail::io::append_varint(out, v);
  return out;
}
inline std::string fixed(std::uint32_t v) {
  std::string out;
  ambit::detail::io::append_little_endian(out, v);
  return out;
}
inline std::string entry(std::uint64_t shared, std::string const& key, std::string const& value) {
  return number(shared) + number(key.size()) + number(value.size()) + key + value;
}
/// A block of one restart point.
inline std::string block(std::string const& entries) { return entries + fixed(0) + fixed(1); }

/// A table from blocks as given, all checksums right.
struct table {
  std::string out;
  std::string add(std::string const& content, char kind = 0) {
    std::string const handle = number(out.size()) + number(content.size());
    std::string const checked = content + kind;
    out += checked + fixed(masked_crc(checked));
    return handle;
  }
  static std::string footer(std::string handles) {
    handles.resize(40, '\0');
    ambit::detail::io::append_little_endian(handles, ambit::detail::io::table_magic);
    return handles;
  }
  std::string finish(std::string const& index) {
    std::string const meta = add(block("")), root = add(index);
    return out + footer(meta + root);
  }
};

class bundle {
 public:
  using slice = ambit::detail::io::tensor_slice;
  explicit bundle(int shards) : data(static_cast<std::size_t>(shards)) {
    entries[""] = ambit::detail::io::bundle_header_text(shards);
  }
  void add(std::string const& key, int type, ambit::shape const& s, std::string const& content, int shard) {
    std::string& file = data[static_cast<std::size_t>(shard)];
    entries[key] =
        ambit::detail::io::bundle_entry_text(type, s, file.size(), content.size(), masked_crc(content), shard);
    file += content;
  }
  void add_sliced(std::string const& name, int type, ambit::shape const& whole, std::vector<slice> const& slices) {
    std::string& text = entries[name] = ambit::detail::io::bundle_entry_text(type, whole, 0, 0, 0);
    for (slice const& part : slices) {
      std::string message;
      for (slice::extent const& e : part.extents) {
        std::string extent;
        if (e.length != -1) {
          if (e.start != 0) protozero::pbf_writer(extent).add_int64(1, e.start);
          protozero::pbf_writer(extent).add_int64(2, e.length);
        }
        protozero::pbf_writer(message).add_message(1, extent);
      }
      protozero::pbf_writer(text).add_message(7, message);
    }
  }
  void add_slice(std::string const& name, slice const& part, int type, ambit::shape const& s,
                 std::string const& content, int shard) {
    add(part.key(name), type, s, content, shard);
  }
  [[nodiscard]] std::string index() const {
    ambit::detail::io::table_writer out;
    for (auto const& [key, value] : entries) out.add(key, value);
    return out.finish();
  }
  void write(std::filesystem::path const& prefix) const {
    write_bytes(prefix.string() + ".index", to_bytes(index()));
    for (std::size_t i = 0; i < data.size(); ++i)
      write_bytes(prefix.string() + ".data-0000" + std::to_string(i) + "-of-0000" + std::to_string(data.size()),
                  to_bytes(data[i]));
  }

  std::map<std::string, std::string> entries;  // std::string compares as memcmp does
  std::vector<std::string> data;
};

}  // namespace io_test
