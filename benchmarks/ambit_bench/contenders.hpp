// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contender.hpp"

namespace bench {

// A kind each, in the file of its name. A new kind, or a new file of one, is declared here and named in contenders.cpp.
contenders hand_eigen();
contenders hand_eigen_layers();
contenders plain_c();
contenders plain_c_layers();
contenders ambit_models();
contenders session_models();
contenders dlib_peers();
contenders onednn_peers();
contenders torch_peers();

/// All of them, in the order of tables.
contenders all_contenders();

}  // namespace bench
