#pragma once

#include "command.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace pipeline::cli {

// The forms a report comes in.
struct ReportForms {
  std::function<std::string()> table;
  std::function<std::string()> csv;
  std::function<std::string()> markdown;
  std::function<std::string()> json;
};

void add_report_format(CLI::App& app, Format& format);

// On standard output; the table not with --quiet.
void show_report(Session& session, Format format, const ReportForms& forms);

}  // namespace pipeline::cli
