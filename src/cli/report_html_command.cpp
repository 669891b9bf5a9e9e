#include "report_html_command.h"

#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/base/machine.h"
#include "pipeline/base/text.h"
#include "pipeline/base/version.h"
#include "pipeline/cli/library_versions.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/report/page.h"
#include "pipeline/store/database.h"

#include "option_kit.h"
#include "places.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;

// What the database knows of the products and runs the measurements name. The page is worth having without it: what
// fails is logged once, and names and outcomes are then missing.
class Names {
 public:
  Names(store::Database& database, const Clock& clock) {
    guarded([&] {
      if (database.is_there())
        store_ = database.open(clock, {.mode = store::Opening::Mode::read});
      else
        log::info("report html: there is no database {}: products are shown by their SKUs alone", database.name());
    });
  }

  std::optional<std::string> name_of(std::string_view sku) {
    std::optional<std::string> name;
    guarded([&] {
      if (!store_) return;
      const auto found = store_->catalogue->find(sku);
      if (found.size() == 1) name = found.front().product.name;
    });
    return name;
  }

  std::optional<int> exit_code_of(std::string_view run_id) {
    std::optional<int> code;
    guarded([&] {
      if (store_) code = store_->runs->exit_code(run_id);
    });
    return code;
  }

 private:
  template <typename Work>
  void guarded(Work&& work) {
    if (failed_) return;
    try {
      work();
    } catch (const Error& e) {
      failed_ = true;
      log::warn("report html: the page lacks product names and how runs ended: {}", e.what());
    }
  }

  std::optional<store::Store> store_;
  bool failed_ = false;
};

std::vector<std::pair<std::string, std::string>> machine_of(const fs::path& folder) {
  const Machine machine = describe_machine(folder);
  return {{"processor", machine.processor}, {"cores", std::to_string(machine.cores)},
          {"memory", machine.memory},       {"file_system", machine.file_system},
          {"kernel", machine.kernel},       {"program", fmt::format("pipeline {}", program_version())},
          {"libraries", library_versions()}};
}

std::string result_text(const ReportHtmlCommand& command, const report::Page& page) {
  return fmt::format(
      "{}: {} run{}, {} bytes{}\n", command.out.string(), format_count(page.runs), page.runs == 1 ? "" : "s",
      format_count(page.html.size()),
      page.damaged_lines == 0 ? "" : fmt::format(", {} damaged lines left out", format_count(page.damaged_lines)));
}

}  // namespace

HelpText ReportHtmlCommand::help() const {
  return {.examples =
              "pipeline report html --out page.html\n"
              "pipeline report html --out page.html --db store.db --metrics-dir metrics --budget budget.json\n"};
}

void ReportHtmlCommand::add_options(CLI::App& app) {
  add_value(app, "--out", "FILE", out, "The page")->required();
  add_number(app, "--weeks", weeks, 1, 520, "The last N weeks");
  add_value(app, "--language", "ko|en", language, "ko or en: what it opens with; the reader can change it")
      ->check(one_of({"ko", "en"}));
}

ExitCode ReportHtmlCommand::run(Session& session) {
  check_file_place("--out", out);
  check_apart("--out", out, session.database());
  Names names(session.database(), session.clock());
  const report::PageRequest request{.metrics_dir = common.metrics_dir,
                                    .now = session.clock().wall(),
                                    .weeks = weeks,
                                    .language = language,
                                    .budget = session.budget().rules(),
                                    .machine = machine_of(common.metrics_dir),
                                    .name_of = [&](std::string_view sku) { return names.name_of(sku); },
                                    .exit_code_of = [&](std::string_view run_id) { return names.exit_code_of(run_id); },
                                    .warn = [](const std::string& what) { log::warn("report html: {}", what); }};
  const report::Page page = report::make_page(request);
  AtomicFile file(out);
  file.write(page.html);
  file.commit();
  auto json = session.head(ExitCode::ok);
  json.update(
      {{"out", out.string()}, {"runs", page.runs}, {"bytes", page.html.size()}, {"damaged_lines", page.damaged_lines}});
  if (common.json)
    session.output().write(document(json));
  else if (!common.quiet)
    session.output().say(result_text(*this, page));
  return ExitCode::ok;
}

}  // namespace pipeline::cli
