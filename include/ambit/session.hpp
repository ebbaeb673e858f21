// SPDX-License-Identifier: BSL-1.0
// Graphs that are built in the program. Not a part of ambit.hpp: files that only use compiled models need none of it.
#pragma once

#include <ambit/session/fused.hpp>
#include <ambit/session/session.hpp>
