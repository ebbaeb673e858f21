// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ambit/config.hpp>
#include <ambit/core/error_codes.hpp>
#include <ambit/core/name.hpp>
#include <ambit/core/text.hpp>

#include <array>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ambit {

/// The facts of an error: what the scope rules return, at compile time and at run time alike.
struct failure {
  errc code{};
  text name{};   ///< the full name that it is about
  text want{};   ///< what was asked for
  text have{};   ///< what there is
  place here{};  ///< the line that asked
  place first{}; ///< the line that made what is in the way
};

/// The whole message: what is wrong, where, what to do, and the id to look up in docs/errors.md.
[[nodiscard]] constexpr text message_of(failure const& f) {
  text out{"ambit: "};
  auto fill = [&](std::string_view form) {
    while (!form.empty()) {
      if (form.starts_with("{name}") || form.starts_with("{want}") || form.starts_with("{have}")) {
        text const& fact = form[1] == 'n' ? f.name : form[1] == 'w' ? f.want : f.have;
        if (form[1] == 'n') out += '"';
        out += fact;
        if (form[1] == 'n') out += '"';
        form.remove_prefix(6);
      } else {
        out += form.front();
        form.remove_prefix(1);
      }
    }
  };
  auto cite = [&](std::string_view before, place where) {
    if (where.file == nullptr) return;
    out += before;
    out += std::string_view(where.file);
    out += ':';
    out.append(where.line);
    out += ')';
  };
  fill(detail::facts_of(f.code).what);
  cite(" (asked for at ", f.here);
  cite(" (first at ", f.first);
  out += "; ";
  fill(detail::facts_of(f.code).way_out);
  out += " [";
  out += id_of(f.code);
  out += ']';
  return out;
}

/// The one exception of ambit's graphs. Copies share the facts, so that copying never throws.
class scope_error : public std::exception {
 public:
  explicit scope_error(failure facts) : shared_(new shared{std::move(facts), {}, 1}) {
    shared_->message = message_of(shared_->facts);
    shared_->message += '\0';
  }
  scope_error(scope_error const& other) noexcept : std::exception(other), shared_(other.shared_) { share(); }
  scope_error& operator=(scope_error const& other) noexcept {
    other.share();
    release();
    shared_ = other.shared_;
    return *this;
  }
  ~scope_error() override { release(); }

  [[nodiscard]] char const* what() const noexcept override { return shared_->message.view().data(); }
  [[nodiscard]] errc code() const noexcept { return shared_->facts.code; }
  /// The full name that the error is about.
  [[nodiscard]] std::string_view name() const noexcept { return shared_->facts.name; }
  /// What was asked for, where the error is a mismatch: "(2, 3)", "float32".
  [[nodiscard]] std::string_view want() const noexcept { return shared_->facts.want; }
  /// What there is.
  [[nodiscard]] std::string_view have() const noexcept { return shared_->facts.have; }
  /// The line that asked.
  [[nodiscard]] place where() const noexcept { return shared_->facts.here; }
  /// The line that made what is in the way.
  [[nodiscard]] place first() const noexcept { return shared_->facts.first; }
  [[nodiscard]] failure const& facts() const noexcept { return shared_->facts; }

 private:
  struct shared {
    failure facts;
    text message;
    int owners;
  };
  // Not std::atomic: since C++20 its header includes <string>, a third of what core.hpp costs.
  void share() const noexcept { __atomic_add_fetch(&shared_->owners, 1, __ATOMIC_RELAXED); }
  void release() noexcept {
    if (__atomic_sub_fetch(&shared_->owners, 1, __ATOMIC_ACQ_REL) == 0) delete shared_;
  }
  shared* shared_;
};

/// Called instead of a throw where exceptions are off; must not return. Users may replace it.
using panic_handler = void (*)(scope_error const&);
inline panic_handler panic = [](scope_error const&) { std::abort(); };

namespace detail {

/// Raises the error. Deliberately not constexpr: in a constant expression the compiler stops here, prints the code in
/// the name of this function and then its own trace through the user's lines.
template <errc Code>
[[noreturn]] void refused(failure const& facts) {
#if AMBIT_EXCEPTIONS
  throw scope_error(facts);
#else
  panic(scope_error(facts));
  std::abort();
#endif
}

using refusal = void (*)(failure const&);
inline constexpr auto refusals = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array<refusal, sizeof...(I)>{&refused<static_cast<errc>(I)>...};
}(std::make_index_sequence<static_cast<std::size_t>(error_count)>{});

}  // namespace detail

/// Throws `scope_error`, or calls `panic` where exceptions are off; in a constant expression a compile error.
constexpr void raise(failure const& facts) {
  detail::refusals[static_cast<std::size_t>(facts.code)](facts);
  if (!std::is_constant_evaluated()) std::abort();  // never reached; says so to the compiler
}

}  // namespace ambit
