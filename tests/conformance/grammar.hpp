// SPDX-License-Identifier: BSL-1.0
// The statements of the case language: what each is made of.
#pragma once

#include "case_file.hpp"

namespace conformance {

[[nodiscard]] bool opens_block(std::string const& keyword);
/// The statement may end in `as ID`.
[[nodiscard]] bool takes_as(std::string const& keyword);
/// Throws `malformed` unless the number of words, the options and the form of their values are right.
void check_grammar(statement const& s);

}  // namespace conformance
