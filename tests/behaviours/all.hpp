// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "behaviours/counters.hpp"
#include "behaviours/getters.hpp"
#include "behaviours/graphs.hpp"
#include "behaviours/name_scopes.hpp"
#include "behaviours/names.hpp"
#include "behaviours/partitions.hpp"
#include "behaviours/reuse.hpp"
#include "behaviours/scopes.hpp"
#include "behaviours/settings.hpp"
#include "behaviours/templates.hpp"
#include "behaviours/variables.hpp"
