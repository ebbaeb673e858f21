// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/config.hpp>
#include <ambit/io/detail/printable.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ambit {

/// A file that cannot be read or written: it is not there, its disk is full, or it is not what its format says.
/// That the weights in it do not fit a model is `weights_error`.
class file_error : public std::runtime_error {
 public:
  struct facts {
    std::string file{};  ///< its path; "<memory>" for bytes
    std::string key{};   ///< the tensor or field that it is about; empty where it is about no one of them
    std::optional<std::uint64_t> offset{};  ///< bytes from the start of the file, where reading stopped
    std::string problem{};                  ///< what was expected, and what there is
  };

  explicit file_error(facts f) : file_error("read", "BAD_FILE", std::move(f)) {}
  /// `verb` is what was tried ("read", "write"), `id` the section in docs/errors.md.
  file_error(std::string_view verb, std::string_view id, facts f)
      : std::runtime_error(message(verb, id, f)), facts_(std::make_shared<facts const>(std::move(f))) {}

  [[nodiscard]] std::string_view file() const noexcept { return facts_->file; }
  [[nodiscard]] std::string_view key() const noexcept { return facts_->key; }
  [[nodiscard]] std::optional<std::uint64_t> offset() const noexcept { return facts_->offset; }
  [[nodiscard]] std::string_view problem() const noexcept { return facts_->problem; }

 private:
  static std::string message(std::string_view verb, std::string_view id, facts const& f) {
    std::string out = "ambit: cannot " + std::string(verb) + ' ' + detail::io::in_quotes(f.file);
    if (!f.key.empty()) out += ": key " + detail::io::in_quotes(f.key);
    if (f.offset) out += (f.key.empty() ? ": at byte " : " at byte ") + std::to_string(*f.offset);
    return out + ": " + f.problem + " [" + std::string(id) + ']';
  }

  std::shared_ptr<facts const> facts_;  // shared, so that copying the exception never throws
};

namespace detail::io {

/// Throws; without exceptions prints the message and aborts, as the default of `ambit::panic` does.
template <class Error>
[[noreturn]] void raise(Error const& error) {
#if AMBIT_EXCEPTIONS
  throw error;
#else
  std::fprintf(stderr, "%s\n", error.what());
  std::abort();
#endif
}

/// The system refused: `code` is its errno.
[[noreturn]] inline void raise_system(std::string_view verb, std::string file, std::error_code code) {
  raise(file_error(verb, "FILE_ACCESS", {.file = std::move(file), .problem = code.message()}));
}

}  // namespace detail::io
}  // namespace ambit
