// SPDX-License-Identifier: BSL-1.0
// Names, scopes, variables and the graph, without Eigen and without ops.
#pragma once

#include <ambit/core/dtype.hpp>
#include <ambit/core/error.hpp>
#include <ambit/core/literal.hpp>
#include <ambit/core/name.hpp>
#include <ambit/core/shape.hpp>
#include <ambit/core/text.hpp>
#include <ambit/graph/get_variable.hpp>
#include <ambit/graph/graph.hpp>
#include <ambit/graph/name_scope.hpp>
#include <ambit/graph/partitioned_variables.hpp>
#include <ambit/graph/scope.hpp>
#include <ambit/graph/template.hpp>
#include <ambit/graph/variable.hpp>
#include <ambit/graph/variable_scope.hpp>
#include <ambit/init/initializers.hpp>
