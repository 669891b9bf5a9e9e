#pragma once

#include "command_text.h"

#include <string>
#include <vector>

// The manual pages, in the macros of man(7).
namespace pipeline::cli {

struct Page {
  std::string file;  // pipeline-queue-list.1
  std::string text;
};

// What stands at the foot of a page.
struct Edition {
  std::string version;
  std::string date;  // 2026-11-27
};

// pipeline.1, one for each command, and pipeline.toml.5, of the config file.
[[nodiscard]] std::vector<Page> manual_pages(const ProgramText& program, const Edition& edition);

}  // namespace pipeline::cli
