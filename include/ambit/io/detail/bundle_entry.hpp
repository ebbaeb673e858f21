// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/core/shape.hpp>
#include <ambit/io/detail/bind.hpp>
#include <ambit/io/detail/bundle_dtype.hpp>
#include <ambit/io/detail/table_reader.hpp>
#include <ambit/io/detail/tensor_slice.hpp>
#include <ambit/io/file_error.hpp>

#include <protozero/pbf_reader.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ambit::detail::io {

/// What an index says of all tensors: BundleHeaderProto.
struct bundle_header {
  int shards = 0;
  bool big_endian = false;  // tensors, and what strings are summed with; the index is little endian always
};

/// What it says of one: BundleEntryProto. A tensor in slices has no data of its own.
struct bundle_entry {
  bundle_dtype const* type = nullptr;
  ambit::shape shape;
  int shard = 0;
  std::uint64_t offset = 0, size = 0;  // in the shard
  std::uint32_t checksum = 0;          // masked
  std::vector<tensor_slice> slices;
};

/// Bytes of a whole tensor; nothing where they are more than 64 bits count. (The shape's, not the field `size`.)
[[nodiscard]] inline std::optional<std::uint64_t> size_of_tensor(bundle_entry const& entry) {
  std::optional<std::uint64_t> const count = bytes_of(dtype::u8, entry.shape);
  auto const each = static_cast<std::uint64_t>(entry.type->bytes);
  if (!count || (each != 0 && *count > ~std::uint64_t{0} / each)) return std::nullopt;
  return *count * each;
}

/// Reads the messages of core/protobuf/tensor_bundle.proto with protozero. Fields that it does not know are skipped, as
/// protocol buffers ask; a field that is there twice, or of another wire type, is refused.
class bundle_parser {
 public:
  bundle_parser(table_entry const& entry, std::string const& file, int shards = std::numeric_limits<int>::max())
      : entry_(entry), file_(file), shards_(shards) {}

  [[nodiscard]] bundle_header header() const {
    bundle_header out;
    std::uint64_t shards = 0, order = 0, least = 0;
    parse(entry_.value, [&](protozero::pbf_reader& in) {
      switch (in.tag()) {
      case 1: shards = number(in, "num_shards"); return true;
      case 2: order = number(in, "endianness"); return true;
      case 3:
        parse(message(in, "version"), [&](protozero::pbf_reader& version) {
          if (version.tag() != 2) return false;
          least = number(version, "min_consumer");
          return true;
        });
        return true;
      default: return false;
      }
    });
    if (shards < 1 || shards > 99999)  // the names of the files have five digits
      refuse("expected 1 to 99999 data files, found " + std::to_string(shards));
    if (order > 1)
      refuse("expected tensors in little (0) or big endian (1), found endianness " + std::to_string(order));
    if (least > 1) refuse("expected a bundle for readers of version 1, found one for " + std::to_string(least));
    out.shards = static_cast<int>(shards);
    out.big_endian = order == 1;
    return out;
  }

  [[nodiscard]] bundle_entry tensor() const {
    bundle_entry out;
    std::uint64_t type = 0, shard = 0;
    unsigned seen = 0;
    parse(entry_.value, [&](protozero::pbf_reader& in) {
      auto const field = static_cast<unsigned>(in.tag());
      if (field < 7 && (std::exchange(seen, seen | 1U << field) >> field & 1) != 0)
        refuse("expected each field once, found field " + std::to_string(field) + " again");
      switch (field) {
      case 1: type = number(in, "dtype"); return true;
      case 2: out.shape = shape_of(message(in, "shape")); return true;
      case 3: shard = number(in, "shard_id"); return true;
      case 4: out.offset = number(in, "offset"); return true;
      case 5: out.size = number(in, "size"); return true;
      case 6:
        require(in, protozero::pbf_wire_type::fixed32, "crc32c");
        out.checksum = in.get_fixed32();
        return true;
      case 7: out.slices.push_back(slice_of(message(in, "slices"))); return true;
      default: return false;
      }
    });
    out.type = bundle_dtype_of(type);
    if (out.type == nullptr) refuse("expected a dtype of TensorFlow, found number " + std::to_string(type));
    if (shard >= static_cast<std::uint64_t>(shards_))
      refuse("expected one of " + std::to_string(shards_) + " data files, found number " + std::to_string(shard));
    out.shard = static_cast<int>(shard);
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (out.offset > most || out.size > most - out.offset)
      refuse("expected an offset and a size that 63 bits can count, found " + std::to_string(out.offset) + " and " +
             std::to_string(out.size));
    return out;
  }

 private:
  /// `field` takes what it knows and returns true.
  template <class Field>
  void parse(std::string_view text, Field field) const {
    protozero::pbf_reader in(text.data(), text.size());
    try {
      while (in.next())
        if (!field(in)) in.skip();
    } catch (protozero::exception const& error) {
      refuse("expected a protocol buffer of TensorFlow's tensor bundle, found damage: " + std::string(error.what()));
    }
  }
  void require(protozero::pbf_reader const& in, protozero::pbf_wire_type type, char const* name) const {
    if (in.wire_type() != type)
      refuse("expected " + std::string(name) + " as wire type " + std::to_string(static_cast<unsigned>(type)) +
             ", found " + std::to_string(static_cast<unsigned>(in.wire_type())));
  }
  std::uint64_t number(protozero::pbf_reader& in, char const* name) const {
    require(in, protozero::pbf_wire_type::varint, name);
    return in.get_uint64();
  }
  std::string_view message(protozero::pbf_reader& in, char const* name) const {
    require(in, protozero::pbf_wire_type::length_delimited, name);
    protozero::data_view const view = in.get_view();
    return {view.data(), view.size()};
  }
  [[nodiscard]] ambit::shape shape_of(std::string_view text) const {
    ambit::shape out;
    parse(text, [&](protozero::pbf_reader& in) {
      if (in.tag() == 3 && number(in, "unknown_rank") != 0) refuse("expected a known shape, found none");
      if (in.tag() != 2) return in.tag() == 3;
      std::uint64_t extent = 0;
      parse(message(in, "dim"), [&](protozero::pbf_reader& dim) {
        if (dim.tag() != 1) return false;
        extent = number(dim, "size");
        return true;
      });
      if (out.rank() == shape::max_rank)
        refuse("expected a shape of at most " + std::to_string(shape::max_rank) + " extents, found more");
      if (extent > static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
        refuse("expected extents from 0 to " + std::to_string(std::numeric_limits<int>::max()) + ", found " +
               std::to_string(static_cast<std::int64_t>(extent)));
      out.push_back(static_cast<int>(extent));
      return true;
    });
    return out;
  }
  [[nodiscard]] tensor_slice slice_of(std::string_view text) const {
    tensor_slice out;
    parse(text, [&](protozero::pbf_reader& in) {
      if (in.tag() != 1) return false;
      if (out.extents.size() == shape::max_rank)
        refuse("expected a slice of at most " + std::to_string(shape::max_rank) + " axes, found more");
      tensor_slice::extent& e = out.extents.emplace_back();
      parse(message(in, "extent"), [&](protozero::pbf_reader& extent) {
        if (extent.tag() != 1 && extent.tag() != 2) return false;
        (extent.tag() == 1 ? e.start : e.length) = static_cast<std::int64_t>(number(extent, "start or length"));
        return true;
      });
      return true;
    });
    return out;
  }
  [[noreturn]] void refuse(std::string problem) const {
    raise(file_error({.file = file_, .key = entry_.key, .offset = entry_.at, .problem = std::move(problem)}));
  }

  table_entry const& entry_;
  std::string const& file_;
  int shards_;
};

}  // namespace ambit::detail::io
