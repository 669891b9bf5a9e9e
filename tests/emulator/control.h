#pragma once

#include "emulator/emulator.h"

namespace pipeline::emulator {

// Answers a call below /__control__/ by the functions of Emulator. README.md lists the calls.
[[nodiscard]] Reply handle_control(Emulator& emulator, const Call& call);

}  // namespace pipeline::emulator
