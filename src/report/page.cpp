#include "pipeline/report/page.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/html_text.h"
#include "pipeline/metrics/quantile.h"

#include "page_assets.h"
#include "page_history.h"
#include "page_parts.h"
#include "page_samples.h"
#include "page_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace pipeline::report {
namespace {

using namespace page;  // NOLINT(google-build-using-namespace): all of it is this page's

// Nothing is loaded from anywhere, whatever stands in a name.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'";

// A command with what was gathered beside its history.
struct Part {
  CommandHistory history;
  RunSamples samples;
  std::vector<metrics::Verdict> verdicts;
};

// The middle one, nearest rank: a run of the group, not a value between two.
double middle_run(std::vector<double> values) {
  std::ranges::sort(values);
  return metrics::nearest_rank(values, 0.5);
}

History gather(const PageRequest& request) {
  const auto file = request.metrics_dir / "history.csv";
  if (!is_there(file))
    throw UsageError(
        fmt::format("there is no {}: name the folder of the measurements with --metrics-dir, or let a sync, "
                    "upsert or package run first",
                    file.string()));
  std::size_t told = 0;
  History history = read_history(file, {.from = request.now - std::chrono::weeks(request.weeks),
                                        .middle = middle_run,
                                        .exit_code_of = request.exit_code_of,
                                        .fault = [&](const std::string& what) {
                                          if (++told <= kToldFaults && request.warn) request.warn(what);
                                        }});
  if (history.runs == 0)
    throw UsageError(
        fmt::format("{} has no run of the last {} weeks: take more with --weeks", file.string(), request.weeks));
  return in_order_of_a_night(std::move(history));
}

std::vector<Part> parts_of(History& history, const PageRequest& request) {
  std::vector<Part> parts;
  for (CommandHistory& one : history.commands) {
    // A run names its files by itself; a name from outside must not lead elsewhere.
    const auto& info = one.last.info;
    const auto name = std::filesystem::path(fmt::format("{}-{}.csv", info.command, info.run_id)).filename();
    const auto samples = metrics::samples_csv_of(request.metrics_dir / name);
    Part part{std::move(one), {}, {}};
    part.samples = gather_samples(samples, metrics::total_metric(part.history.command), request.warn);
    if (request.budget != nullptr)
      part.verdicts = metrics::judge(*request.budget, part.history.command, part.history.last.rows);
    parts.push_back(std::move(part));
  }
  return parts;
}

struct Section {
  std::string id;
  const Text& title;
  std::string content;
};

const Text& unit_words(Unit unit) {
  switch (unit) {
    case Unit::run:
      return text("by_run");
    case Unit::day:
      return text("by_day");
    case Unit::week:
      return text("by_week");
    case Unit::four_weeks:
    case Unit::iso_week:
      break;
  }
  return text("by_month");
}

std::string lead(const Text& words) {
  return "<p class=\"lead\">" + html(words) + "</p>\n";
}

std::string glance(const std::vector<Part>& parts, const PageRequest& request) {
  std::string out = "<div class=\"cards\">\n";
  for (const Part& part : parts) out += command_card(part.history, request, part.verdicts);
  return out + "</div>\n";
}

std::string budget(const std::vector<Part>& parts) {
  std::string out = lead(text("budget_lead"));
  for (const Part& part : parts) out += budget_table(part.history, part.verdicts);
  return out;
}

std::string charts(const std::vector<Part>& parts, const PageRequest& request) {
  std::string out = lead(text("history_lead")) + "<p class=\"lead keys\">" + html(text("keys")) + "</p>\n";
  int number = 0;
  for (const auto& [history, samples, verdicts] : parts) {
    out += command_heading(history) +
           fmt::format("<p class=\"quiet\">{}</p>\n<div class=\"charts\">\n", html(unit_words(history.unit)));
    for (const TimeSeries& stage : history.stages)
      out += stage_chart(history, stage, request.budget, fmt::format("c{}", ++number));
    out += "</div>\n";
  }
  return out;
}

std::string timelines(const std::vector<Part>& parts) {
  std::string out = lead(text("timeline_lead"));
  int number = 0;
  for (const Part& part : parts) out += timeline(part.history, part.samples, fmt::format("t{}", ++number));
  return out;
}

std::string slowest(const std::vector<Part>& parts, const PageRequest& request) {
  std::string tables;
  for (const Part& part : parts) tables += slowest_tables(part.history, part.samples, request);
  return tables.empty() ? lead(text("no_slowest")) : lead(text("slowest_lead")) + tables;
}

std::string errors(const std::vector<Part>& parts) {
  std::string tables;
  for (const Part& part : parts) tables += error_table(part.history);
  return tables.empty() ? "<p>" + html(text("no_errors")) + "</p>\n" : lead(text("errors_lead")) + tables;
}

std::string write_page(const PageRequest& request, const History& history, const std::vector<Section>& sections) {
  const auto& title = text("title");
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" "
      "content=\"{}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title data-ko=\"{}\" data-en=\"{}\">{}</title>\n<style>\n",
      request.language, kPolicy, html_of(title.ko), html_of(title.en),
      html_of(request.language == "ko" ? title.ko : title.en));
  out += kStyle;
  out += fmt::format(
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">{}</a>\n{}<nav aria-labelledby=\"nav\">"
      "<span id=\"nav\" class=\"hidden\">{}</span>\n<ul>\n",
      html(text("skip")), page_head(request, history), html(text("contents")));
  for (const Section& section : sections)
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, html(section.title));
  out += "</ul>\n</nav>\n<main id=\"main\" tabindex=\"-1\">\n";
  for (const Section& section : sections)
    out += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n{2}</section>\n",
                       section.id, html(section.title), section.content);
  out += "</main>\n<script>\n";
  out += kScript;
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace

Page make_page(const PageRequest& request) {
  History history = gather(request);
  const auto parts = parts_of(history, request);
  std::vector<Section> sections{{"glance", text("glance"), glance(parts, request)}};
  if (request.budget != nullptr) sections.push_back({"budget", text("budget"), budget(parts)});
  sections.push_back({"history", text("history"), charts(parts, request)});
  sections.push_back({"timeline", text("timeline"), timelines(parts)});
  sections.push_back({"slowest", text("slowest"), slowest(parts, request)});
  sections.push_back({"errors", text("errors"), errors(parts)});
  sections.push_back({"machine", text("machine"), lead(text("machine_lead")) + machine_table(request.machine)});
  Page page{write_page(request, history, sections), history.runs, history.faults};
  for (const Part& part : parts) page.damaged_lines += part.samples.damaged;
  return page;
}

}  // namespace pipeline::report
