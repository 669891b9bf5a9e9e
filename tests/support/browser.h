#pragma once

#include "process.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::test {

// Headless Chromium with these arguments and a profile of its own in the folder: one start, and a page has five seconds
// of its own time. The exit code is 127 where there is no Chromium.
inline Outcome browse(const std::filesystem::path& folder, const std::vector<std::string>& more) {
  std::vector<std::string> all{"/usr/bin/env",
                               "chromium",
                               "--headless",
                               "--no-sandbox",
                               "--disable-gpu",
                               "--disable-dev-shm-usage",
                               "--allow-file-access-from-files",
                               "--enable-logging=stderr",
                               "--user-data-dir=" + (folder / "profile").string(),
                               "--virtual-time-budget=5000",
                               "--timeout=15000"};
  all.insert(all.end(), more.begin(), more.end());
  return Process(all, {{"LC_ALL", "C.UTF-8"}}, folder).wait();
}

}  // namespace pipeline::test
