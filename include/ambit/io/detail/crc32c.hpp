// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/crc.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__ARM_FEATURE_CRC32) && defined(__ARM_64BIT_STATE)
#include <arm_acle.h>
#endif

namespace ambit::detail::io {

/// The register of CRC-32C, reflected, with more bytes; Boost.CRC's table of one byte a step: 0.4 GB/s.
[[nodiscard]] inline std::uint32_t crc32c_portable(std::uint32_t state, std::byte const* data, std::size_t size) {
  auto const reflected = [](std::uint32_t v) {  // Boost takes and gives the register the other way round
    std::uint32_t out = 0;
    for (int bit = 0; bit < 32; ++bit) out = out << 1 | (v >> bit & 1U);
    return out;
  };
  boost::crc_optimal<32, 0x1EDC6F41, 0, 0, true, true> crc(reflected(state));
  crc.process_bytes(data, size);
  return reflected(crc.get_interim_remainder());
}

#if defined(__GNUC__) && defined(__x86_64__)

/// SSE4.2's instruction, eight bytes a step. Asked for at run time: the default target of x86-64 has none, and code that
/// depended on the flags of a translation unit would be another function under the same name.
[[nodiscard]] __attribute__((target("sse4.2"))) inline std::uint32_t
crc32c_hardware(std::uint32_t state, std::byte const* data, std::size_t size) {
  std::uint64_t wide = state;
  for (; size >= 8; data += 8, size -= 8) {
    unsigned long long word = 0;
    std::memcpy(&word, data, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  auto narrow = static_cast<std::uint32_t>(wide);
  for (; size > 0; ++data, --size) narrow = __builtin_ia32_crc32qi(narrow, std::to_integer<unsigned char>(*data));
  return narrow;
}
[[nodiscard]] inline bool crc32c_in_hardware() { return __builtin_cpu_supports("sse4.2") != 0; }

#elif defined(__ARM_FEATURE_CRC32) && defined(__ARM_64BIT_STATE)

inline namespace with_arm_crc {  // a name of its own: other translation units may be built without
[[nodiscard]] inline std::uint32_t crc32c_hardware(std::uint32_t state, std::byte const* data, std::size_t size) {
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data, 8);
    state = __crc32cd(state, word);
  }
  for (; size > 0; ++data, --size) state = __crc32cb(state, std::to_integer<std::uint8_t>(*data));
  return state;
}
[[nodiscard]] constexpr bool crc32c_in_hardware() { return true; }
}  // namespace with_arm_crc

#else

inline namespace without_crc {
[[nodiscard]] inline std::uint32_t crc32c_hardware(std::uint32_t state, std::byte const* data, std::size_t size) {
  return crc32c_portable(state, data, size);
}
[[nodiscard]] constexpr bool crc32c_in_hardware() { return false; }
}  // namespace without_crc

#endif

/// CRC-32C (Castagnoli, RFC 3720), piece by piece; of "123456789" it is e3069283.
class crc32c {
 public:
  void add(void const* data, std::size_t size) {
    if (size == 0) return;
    auto const* const bytes = static_cast<std::byte const*>(data);
    static bool const hardware = crc32c_in_hardware();
    state_ = hardware ? crc32c_hardware(state_, bytes, size) : crc32c_portable(state_, bytes, size);
  }
  [[nodiscard]] std::uint32_t value() const { return ~state_; }
  /// As LevelDB and TensorFlow store it: the checksum of data that holds its own checksum says nothing.
  [[nodiscard]] std::uint32_t masked() const { return (value() >> 15 | value() << 17) + 0xA282EAD8U; }

 private:
  std::uint32_t state_ = ~std::uint32_t{0};
};

}  // namespace ambit::detail::io
