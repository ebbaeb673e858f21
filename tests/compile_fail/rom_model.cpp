// SPDX-License-Identifier: BSL-1.0
// FIRST: embedded_weights_are_of_another_model
// FIRST: [ROM_MODEL]
// SHOWS: model/offset
// SHOWS: model/offset float32 (2,)
// SHOWS: model/bias float32 (2,)
#include "rom.hpp"

#ifndef ACCEPT
// [ROM_MODEL wrong]
compiled<renamed, in_rom<trained>> net;  // TRACE
// [end]
#else
// [ROM_MODEL right]
compiled<model, in_rom<trained>> net;
// [end]
#endif
