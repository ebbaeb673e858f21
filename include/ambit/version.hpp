// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The version of this copy of ambit; CMake reads it from here.
#define AMBIT_VERSION_MAJOR 0
#define AMBIT_VERSION_MINOR 1
#define AMBIT_VERSION_PATCH 0
