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

#include "browser.h"
#include "language.h"
#include "morning.h"
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

// What the database knows: what there is to do, and the products and runs that the measurements name. The page is worth
// having without it: what fails is logged once, and is then missing.
class Known {
 public:
  Known(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {
    guarded([&] {
      if (database.is_there())
        store_ = database.open(clock, {.mode = store::Opening::Mode::read});
      else
        log::info("report html: there is no database {}: the page has measurements alone, and SKUs without names",
                  database.name());
    });
  }

  std::optional<report::Morning> morning(const MorningRequest& request) {
    std::optional<report::Morning> morning;
    guarded([&] {
      if (store_) morning = make_morning(database_, *store_, clock_, request);
    });
    return morning;
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
      log::warn("report html: the page lacks product names, how runs ended and what there is to do: {}", e.what());
    }
  }

  const store::Database& database_;
  const Clock& clock_;
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

// The page speaks both; this is what it opens with.
std::string page_language(const CommonOptions& common) {
  return language_of(common.language) == "ko" ? "ko" : "en";
}

std::string result_text(const ReportHtmlCommand& command, const report::Page& page) {
  return fmt::format(
      "{}: {} run{}, {} bytes{}\n", command.out.string(), format_count(page.runs), page.runs == 1 ? "" : "s",
      format_count(page.html.size()),
      page.damaged_lines == 0 ? "" : fmt::format(", {} damaged lines left out", format_count(page.damaged_lines)));
}

}  // namespace

HelpText ReportHtmlCommand::help() const {
  return {.notes =
              "The page opens with what there is to do today, as `pipeline status` tells it; the measurements "
              "follow, folded.\nIt speaks Korean and English; --language is what it opens with.\n",
          .examples =
              "pipeline report html --out page.html --open\n"
              "pipeline report html --out page.html --db store.db --metrics-dir metrics --budget budget.json\n"};
}

void ReportHtmlCommand::add_options(CLI::App& app) {
  add_value(app, "--out", "FILE", out, "The page")->required();
  add_number(app, "--weeks", weeks, 1, 520, "The last N weeks");
  app.add_flag("--open", opens, "Show it in the desktop's browser, where there is one")->configurable(false);
}

ExitCode ReportHtmlCommand::run(Session& session) {
  check_file_place("--out", out);
  check_apart("--out", out, session.database());
  Known known(session.database(), session.clock());
  const Language korean("ko");
  const auto morning = known.morning({.make_thumbnail = session.pictures().make_thumbnail,
                                      .page_before = report::when_made(out),
                                      .korean = [&](std::string_view english) { return korean.text(english); }});
  const report::PageRequest request{.metrics_dir = common.metrics_dir,
                                    .now = session.clock().wall(),
                                    .weeks = weeks,
                                    .language = page_language(common),
                                    .budget = session.budget().rules(),
                                    .morning = morning ? &*morning : nullptr,
                                    .machine = machine_of(common.metrics_dir),
                                    .name_of = [&](std::string_view sku) { return known.name_of(sku); },
                                    .exit_code_of = [&](std::string_view run_id) { return known.exit_code_of(run_id); },
                                    .warn = [](const std::string& what) { log::warn("report html: {}", what); }};
  const report::Page page = report::make_page(request);
  AtomicFile file(out);
  file.write(page.html);
  file.commit();
  if (opens)
    if (const auto reason = open_in_browser(out); !reason.empty()) log::info("report html: --open: {}", reason);
  auto json = session.head(ExitCode::ok);
  json.update(
      {{"out", out.string()}, {"runs", page.runs}, {"bytes", page.html.size()}, {"damaged_lines", page.damaged_lines}});
  json["todo"] = morning ? nlohmann::ordered_json(morning->todo()) : nlohmann::ordered_json(nullptr);
  if (common.json)
    session.output().write(document(json));
  else if (!common.quiet)
    session.output().say(result_text(*this, page));
  return ExitCode::ok;
}

}  // namespace pipeline::cli
