#pragma once

#include <string>
#include <vector>

namespace pipeline::bench {

// The least any client does for the same answers: so many easy handles on one curl multi loop, used again and again,
// bodies inflated by curl and dropped. Returns the seconds from the first request to the last answer. Throws
// std::runtime_error when an answer is not 200.
[[nodiscard]] double run_bare_loop(const std::vector<std::string>& urls, const std::string& token, int handles);

}  // namespace pipeline::bench
