// SPDX-License-Identifier: BSL-1.0
// The values of the case language that need no graph.
#pragma once

#include "case_file.hpp"
#include <ambit/core.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// All of these throw `malformed` where the text is not of the form.
[[nodiscard]] std::optional<bool> parse_bool(word const& w, int line);  // True, False, None
[[nodiscard]] ambit::option parse_option(word const& w, int line);
[[nodiscard]] ambit::shape parse_shape(word const& w, int line);  // [2,?], [], None
[[nodiscard]] ambit::dtype parse_dtype(word const& w, int line);
[[nodiscard]] ambit::synchronization parse_synchronization(word const& w, int line);
[[nodiscard]] std::vector<word> parse_list(word const& w, int line);  // [a,"b c"]
[[nodiscard]] int parse_int(std::string_view text, int line);
[[nodiscard]] ambit::literal parse_literal(word const& w, int line);  // 1, 2.5, [[1,2]], True, "text"

/// True, False, None and AUTO; nothing for any other value.
[[nodiscard]] std::optional<ambit::reuse> find_reuse(word const& w);

/// `a:b:c` as parts.
[[nodiscard]] std::vector<std::string> split_colons(std::string_view text);
/// [a,b]
[[nodiscard]] std::string join(std::vector<std::string> const& items);
[[nodiscard]] std::string to_string(ambit::text const& t);

/// What COLL and the words of `collections=` stand for.
[[nodiscard]] std::string_view collection_key(std::string_view word);

}  // namespace conformance
