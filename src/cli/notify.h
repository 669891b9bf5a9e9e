#pragma once

#include "pipeline/base/clock.h"

#include "notify_address.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pipeline::cli {

// What is told: a line for a list of messages, the text below it, and all of it for programs.
struct Notification {
  std::string title;
  std::string text;
  nlohmann::ordered_json json;
};

// Sends it to each. A message is sent again, three times in all, only where it has certainly not arrived; none takes
// more than ten seconds. What could not be told is logged: telling of a run never changes what the run came to.
void notify(const Notification& notification, const std::vector<NotifyAddress>& addresses, const Clock& clock);

}  // namespace pipeline::cli
