// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/variable_entry.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/bundle_dtype.hpp>
#include <ambit/io/detail/crc32c.hpp>
#include <ambit/io/detail/replaced_file.hpp>
#include <ambit/io/detail/staging.hpp>
#include <ambit/io/detail/table_writer.hpp>
#include <ambit/io/detail/written_variables.hpp>
#include <ambit/io/file_error.hpp>
#include <ambit/io/weight_store.hpp>

#include <protozero/pbf_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ambit {

namespace detail::io {

/// BundleHeaderProto of one data file, in little endian, for readers of version 1: what TensorFlow writes.
[[nodiscard]] inline std::string bundle_header_text(int shards = 1) {
  std::string out, version;
  protozero::pbf_writer(version).add_int32(1, 1);
  protozero::pbf_writer header(out);
  header.add_int32(1, shards);
  header.add_message(3, version);
  return out;
}

/// BundleEntryProto; as in proto3, numbers that are zero are left out.
[[nodiscard]] inline std::string bundle_entry_text(int type, shape const& s, std::uint64_t offset, std::uint64_t size,
                                                   std::uint32_t checksum, int shard = 0) {
  std::string out, extents;
  for (int i = 0; i < s.rank(); ++i) {
    std::string dim;
    if (s[i] != 0) protozero::pbf_writer(dim).add_int64(1, s[i]);
    protozero::pbf_writer(extents).add_message(2, dim);
  }
  protozero::pbf_writer entry(out);
  entry.add_enum(1, type);
  entry.add_message(2, extents);
  if (shard != 0) entry.add_int32(3, shard);
  if (offset != 0) entry.add_int64(4, static_cast<std::int64_t>(offset));
  if (size != 0) entry.add_int64(5, static_cast<std::int64_t>(size));
  if (checksum != 0) entry.add_fixed32(6, checksum);
  return out;
}

/// The variables to write, by name, which is the order of the data.
[[nodiscard]] inline std::vector<std::size_t> checkpoint_order(std::span<variable_entry const> table,
                                                               std::string const& file) {
  std::vector<std::size_t> out = written_variables(table, file);
  for (std::size_t i : out) {
    variable_entry const& v = table[i];
    auto const refuse = [&](std::string problem) { refuse_to_write(file, v.name, std::move(problem)); };
    if (v.name.empty() || v.name.front() == '\0')
      refuse("expected another name: the format keeps the empty one, and those that begin with NUL");
    bundle_dtype const* const type = bundle_dtype_of(v.dtype);
    if (type == nullptr || type->bytes == 0)
      refuse("expected a dtype that can be written, found " + std::string(to_string(v.dtype)));
    if (!v.shape.fully_defined() || !bytes_of(v.dtype, v.shape))
      refuse("expected a known shape, found " + std::string(to_text(v.shape).view()));
  }
  return out;
}

}  // namespace detail::io

/// Writes every variable that a model stores as a TensorFlow V2 checkpoint of one data file:
/// `write_checkpoint("model.ckpt-1", net)` makes "model.ckpt-1.index" and "model.ckpt-1.data-00000-of-00001", which
/// `checkpoint` and TensorFlow read. The same weights give the same bytes, and they are those that TensorFlow writes.
///
/// Both files are whole under other names before the first is renamed. A crash between the two renames leaves the new
/// data with the old index, which its checksums tell.
/// Errors: `file_error`; old files, if there are any, are as they were.
/// Complexity: O(weights), and one buffer of the largest variable.
template <readable_weights Store>
void write_checkpoint(std::filesystem::path const& prefix, Store const& store) {
  using namespace detail::io;
  std::span<variable_entry const> const table = store.table();
  std::string const file = prefix.string();
  std::vector<std::size_t> const order = checkpoint_order(table, file);
  replaced_file data(file + ".data-00000-of-00001");
  table_writer entries;
  entries.add("", bundle_header_text());
  std::vector<std::byte> buffer;
  std::uint64_t offset = 0;
  for (std::size_t i : order) {
    variable_entry const& v = table[i];
    auto const size = static_cast<std::size_t>(*bytes_of(v.dtype, v.shape));
    buffer.resize(std::max(buffer.size(), size));
    store.read(static_cast<int>(i), buffer.data());
    convert_order(buffer.data(), size, v.dtype);
    crc32c sum;
    sum.add(buffer.data(), size);
    data.write(buffer.data(), size);
    entries.add(v.name, bundle_entry_text(bundle_dtype_of(v.dtype)->number, v.shape, offset, size, sum.masked()));
    offset += size;
  }
  replaced_file index(file + ".index");
  std::string const text = entries.finish();
  index.write(text.data(), text.size());
  data.sync();
  index.sync();
  data.commit();
  index.commit();
}

}  // namespace ambit
