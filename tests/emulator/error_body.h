#pragma once

#include "pipeline/base/clock.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::emulator {

struct InvalidInput {
  std::string name;
  std::string type;
  std::string message;
};
using InvalidInputs = std::vector<InvalidInput>;

// The body of every refusal. Only the gateway's own (`GW.…`) names its trace in the body.
[[nodiscard]] std::string error_body(std::string_view code, std::string_view message, std::string_view trace_id,
                                     WallTime time, const InvalidInputs& inputs = {});

// The code the gateway gives with a status when nothing more is known, and the message with a code.
[[nodiscard]] std::string_view usual_code(int status) noexcept;
[[nodiscard]] std::string_view usual_message(std::string_view code) noexcept;

}  // namespace pipeline::emulator
