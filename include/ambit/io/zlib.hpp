// SPDX-License-Identifier: BSL-1.0
// Deflated members of .npz files, through zlib. The only header that needs it: a program that calls these links it
// (-lz; Debian, Ubuntu: zlib1g-dev; CMake: ZLIB::ZLIB). Where zlib.h is not there, they say so when they are called.
#pragma once

#include <ambit/io/npz_codec.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#if __has_include(<zlib.h>)
#include <zlib.h>
#endif

namespace ambit {

#if __has_include(<zlib.h>)

/// Whether this was compiled with zlib.
inline constexpr bool has_zlib = true;

/// For `npz{path, zlib_inflate}`: what numpy.savez_compressed wrote.
[[nodiscard]] inline npz_inflated zlib_inflate(std::span<std::byte const> packed, std::span<std::byte> head,
                                               std::span<std::byte> rest) {
  constexpr std::size_t most = std::numeric_limits<uInt>::max();
  z_stream z{};
  if (::inflateInit2(&z, -MAX_WBITS) != Z_OK) return {npz_inflated::failed, 0};
  std::byte beyond{};  // what is left to say after the last byte, and where one too many would go
  std::size_t made = 0;
  int status = Z_OK;
  for (std::span<std::byte> out : {head, rest, std::span(&beyond, 1)}) {
    while (!out.empty() && status == Z_OK) {
      auto const in_size = static_cast<uInt>(std::min(packed.size(), most));
      auto const out_size = static_cast<uInt>(std::min(out.size(), most));
      z.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(packed.data()));
      z.avail_in = in_size;
      z.next_out = reinterpret_cast<Bytef*>(out.data());
      z.avail_out = out_size;
      status = ::inflate(&z, Z_NO_FLUSH);
      packed = packed.subspan(in_size - z.avail_in);
      out = out.subspan(out_size - z.avail_out);
      made += out_size - z.avail_out;
    }
    if (status != Z_OK) break;
  }
  ::inflateEnd(&z);
  if (status == Z_STREAM_END) return {packed.empty() ? npz_inflated::ended : npz_inflated::damaged, made};
  if (status == Z_OK) return {npz_inflated::more, made};
  return {status == Z_BUF_ERROR || status == Z_DATA_ERROR ? npz_inflated::damaged : npz_inflated::failed, made};
}

/// For `write_npz(path, net, zlib_deflate)`: what numpy.savez_compressed writes.
[[nodiscard]] inline bool zlib_deflate(std::span<std::byte const> head, std::span<std::byte const> rest,
                                       std::vector<std::byte>& packed) {
  constexpr std::size_t most = std::numeric_limits<uInt>::max();
  z_stream z{};
  if (::deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  packed.clear();
  std::byte buffer[16384];
  int status = Z_OK;
  for (bool const last : {false, true}) {
    std::span<std::byte const> in = last ? rest : head;
    do {
      auto const size = static_cast<uInt>(std::min(in.size(), most));
      z.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(in.data()));
      z.avail_in = size;
      int const flush = last && size == in.size() ? Z_FINISH : Z_NO_FLUSH;
      do {
        z.next_out = reinterpret_cast<Bytef*>(buffer);
        z.avail_out = sizeof buffer;
        status = ::deflate(&z, flush);
        packed.insert(packed.end(), buffer, buffer + (sizeof buffer - z.avail_out));
      } while (z.avail_out == 0);
      in = in.subspan(size);
    } while (!in.empty());
  }
  ::deflateEnd(&z);
  return status == Z_STREAM_END;
}

#else

inline constexpr bool has_zlib = false;

[[nodiscard]] inline npz_inflated zlib_inflate(std::span<std::byte const>, std::span<std::byte>, std::span<std::byte>) {
  return {npz_inflated::absent, 0};
}
[[nodiscard]] inline bool zlib_deflate(std::span<std::byte const>, std::span<std::byte const>,
                                       std::vector<std::byte>&) {
  return false;
}

#endif

}  // namespace ambit
