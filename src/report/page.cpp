#include "pipeline/report/page.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/quantile.h"

#include "page_assets.h"
#include "page_history.h"
#include "page_morning.h"
#include "page_parts.h"
#include "page_samples.h"
#include "page_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

namespace pipeline::report {
namespace {

using namespace page;  // NOLINT(google-build-using-namespace): all of it is this page's

// Nothing is loaded from anywhere, whatever stands in a name.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'";

// Where a page says when it was made, so that the next one knows what its reader has seen.
constexpr std::string_view kMade = "<meta name=\"pipeline-made\" content=\"";

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

// Absent: there is nothing, but there is a morning to tell of.
std::optional<History> gather(const PageRequest& request) {
  const auto file = request.metrics_dir / "history.csv";
  if (!is_there(file)) {
    if (request.morning != nullptr) return std::nullopt;
    throw UsageError(
        fmt::format("there is no {}: name the folder of the measurements with --metrics-dir, or let a sync, "
                    "upsert or package run first",
                    file.string()));
  }
  std::size_t told = 0;
  History history = read_history(file, {.from = request.now - std::chrono::weeks(request.weeks),
                                        .middle = middle_run,
                                        .exit_code_of = request.exit_code_of,
                                        .fault = [&](const std::string& what) {
                                          if (++told <= kToldFaults && request.warn) request.warn(what);
                                        }});
  if (history.runs == 0) {
    if (request.morning != nullptr) return std::nullopt;
    throw UsageError(
        fmt::format("{} has no run of the last {} weeks: take more with --weeks", file.string(), request.weeks));
  }
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

using Sections = std::vector<Section>;

Sections morning_of(const PageRequest& request) {
  const Morning& morning = *request.morning;
  return {{"todo", text("todo"), todo_part(morning, request.now)},
          {"changes", text("changes"), changes_part(morning.changes)},
          {"nights", text("nights"), nights_part(morning.nights)},
          {"backlog", text("backlog"), backlog_part(morning.backlog)}};
}

Sections measured(const PageRequest& request, const std::vector<Part>& parts) {
  Sections sections{{"glance", text("glance"), glance(parts, request)}};
  if (request.budget != nullptr) sections.push_back({"budget", text("budget"), budget(parts)});
  sections.push_back({"history", text("history"), charts(parts, request)});
  sections.push_back({"timeline", text("timeline"), timelines(parts)});
  sections.push_back({"slowest", text("slowest"), slowest(parts, request)});
  sections.push_back({"errors", text("errors"), errors(parts)});
  sections.push_back({"machine", text("machine"), lead(text("machine_lead")) + machine_table(request.machine)});
  return sections;
}

std::string all_of(const Sections& sections) {
  std::string out;
  for (const Section& section : sections)
    out += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n{2}</section>\n",
                       section.id, html(section.title), section.content);
  return out;
}

std::string links_to(const Sections& sections) {
  std::string out;
  for (const Section& section : sections)
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, html(section.title));
  return out;
}

// The measurements behind a fold.
std::string folded_measurements(const Sections& sections, const std::string& head) {
  return fmt::format(
      "<details id=\"performance\" class=\"measured\"><summary><b>{}</b></summary>\n{}<ul class=\"parts\">\n{}</ul>\n{}"
      "</details>\n",
      html(text("performance")), head, links_to(sections), all_of(sections));
}

// What stands in a page's head and body.
struct Outline {
  Both title;
  std::string head;  // of the body
  std::string links;
  std::string main;
  std::string foot{};
};

Outline outline_of(const PageRequest& request, const std::optional<History>& history, const Sections& sections) {
  if (request.morning == nullptr)
    return {say(text("title")), page_head(request, *history), links_to(sections), all_of(sections)};
  const Sections morning = morning_of(request);
  Outline outline{say(text("morning_title")), night_signs() + morning_head(request), links_to(morning), all_of(morning),
                  morning_foot(request.now)};
  if (!history) {
    outline.main += fmt::format("<p class=\"quiet measured\">{}</p>\n", html(text("performance_none")));
    return outline;
  }
  outline.links += fmt::format("<li><a href=\"#performance\">{}</a></li>\n", html(text("performance")));
  outline.main += folded_measurements(sections, measured_head(*history));
  return outline;
}

std::string write_page(const PageRequest& request, const Outline& outline) {
  const Both& title = outline.title;
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" "
      "content=\"{}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n",
      request.language, kPolicy);
  if (request.morning != nullptr) out += fmt::format("{}{}\">\n", kMade, format_utc(request.now));
  out += fmt::format("<title data-ko=\"{}\" data-en=\"{}\">{}</title>\n<style>\n", html_of(title.ko), html_of(title.en),
                     html_of(request.language == "ko" ? title.ko : title.en));
  out += kStyle;
  out += fmt::format(
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">{}</a>\n{}<nav aria-labelledby=\"nav\">"
      "<span id=\"nav\" class=\"hidden\">{}</span>\n<ul>\n{}</ul>\n</nav>\n<main id=\"main\" tabindex=\"-1\">\n{}"
      "</main>\n{}<script>\n",
      html(text("skip")), outline.head, html(text("contents")), outline.links, outline.main, outline.foot);
  out += kScript;
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace

Page make_page(const PageRequest& request) {
  std::optional<History> history = gather(request);
  std::vector<Part> parts;
  if (history) parts = parts_of(*history, request);
  Page page{write_page(request, outline_of(request, history, history ? measured(request, parts) : Sections{})),
            history ? history->runs : 0, history ? history->faults : 0};
  for (const Part& part : parts) page.damaged_lines += part.samples.damaged;
  return page;
}

std::optional<WallTime> when_made(const std::filesystem::path& page) {
  constexpr std::size_t kHead = 4096;
  std::string head(kHead, '\0');
  std::ifstream in(page, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  const auto at = head.find(kMade);
  if (at == head.npos) return std::nullopt;
  const auto from = at + kMade.size();
  return parse_utc(std::string_view(head).substr(from, head.find('"', from) - from));
}

}  // namespace pipeline::report
