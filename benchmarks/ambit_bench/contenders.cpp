// SPDX-License-Identifier: BSL-1.0
#include "contenders.hpp"

namespace bench {

contenders all_contenders() {
  contenders all;
  for (auto const list : {
           ambit_models,
           session_models,
           hand_eigen,
           hand_eigen_layers,
           plain_c,
           plain_c_layers,
#ifdef AMBIT_BENCH_DLIB
           dlib_peers,
#endif
#ifdef AMBIT_BENCH_ONEDNN
           onednn_peers,
#endif
#ifdef AMBIT_BENCH_TORCH
           torch_peers,
#endif
       })
    for (contender const& c : list()) all.push_back(c);
  return all;
}

}  // namespace bench
