// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/config.hpp>

#if !__has_include(<protozero/varint.hpp>)
#error "ambit/io/checkpoint.hpp reads protocol buffers with protozero; install it (Debian, Ubuntu: libprotozero-dev)"
#elif !AMBIT_EXCEPTIONS
#error                                                                                                                 \
    "ambit/io/checkpoint.hpp needs exceptions: protozero throws; convert the weights to safetensors for builds without"
#endif

#include <protozero/exception.hpp>
#include <protozero/varint.hpp>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace ambit::detail::io {

/// Takes a number off the front of a text, seven bits a byte; nothing where the text ends first or ten bytes are not enough.
[[nodiscard]] inline std::optional<std::uint64_t> take_varint(std::string_view& text) {
  try {
    char const* at = text.data();
    std::uint64_t const out = protozero::decode_varint(&at, text.data() + text.size());
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    return out;
  } catch (protozero::exception const&) {
    return std::nullopt;
  }
}
inline void append_varint(std::string& out, std::uint64_t value) {
  protozero::write_varint(std::back_inserter(out), value);
}

}  // namespace ambit::detail::io
