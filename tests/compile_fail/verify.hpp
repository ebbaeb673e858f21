// SPDX-License-Identifier: BSL-1.0
// What most compile-fail files need: all that checks a builder, without Eigen, which would double their cost. Each ends in
// `static_assert(sizeof(ambit::detail::verified<model>) != 0);`, which is what `compiled<model>` does first.
// The parts between markers `// [ID wrong]`, `// [ID right]` and `// [end]` are the code of docs/errors.md.
#pragma once

#include <ambit/compiled/diagnostics.hpp>
#include <ambit/core.hpp>
#include <ambit/init/regularizers.hpp>
#include <ambit/ops.hpp>

using namespace ambit;
