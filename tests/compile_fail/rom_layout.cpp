// SPDX-License-Identifier: BSL-1.0
// FIRST: embedded_weights_are_laid_out_for_another_build
// FIRST: [ROM_LAYOUT]
// SHOWS: model/bias
// SHOWS: row by row at byte 0
// SHOWS: panels of 1 x 32 outputs at byte 0
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
