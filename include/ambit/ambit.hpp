// SPDX-License-Identifier: BSL-1.0
// Everything but the optional parts: names, scopes, ops, layers, initializers, and models that the compiler builds.
#pragma once

#include <ambit/compiled/compiled.hpp>
#include <ambit/core.hpp>
#include <ambit/init/constraints.hpp>
#include <ambit/init/regularizers.hpp>
#include <ambit/layers.hpp>
#include <ambit/ops.hpp>
