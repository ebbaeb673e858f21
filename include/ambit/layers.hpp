// SPDX-License-Identifier: BSL-1.0
// Layers: functions that get their variables in a scope of their own, made of ops.
#pragma once

#include <ambit/layers/dense.hpp>
