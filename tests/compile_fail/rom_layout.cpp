// SPDX-License-Identifier: BSL-1.0
// FIRST: embedded_weights_are_laid_out_for_another_build
// FIRST: [ROM_LAYOUT]
// SHOWS: model/bias
#include "rom.hpp"

#ifndef ACCEPT
// [ROM_LAYOUT wrong]
compiled<model, in_rom<for_wider_vectors>> net;  // TRACE
// [end]
#else
// [ROM_LAYOUT right]
compiled<model, in_rom<trained>> net;
// [end]
#endif
