#include "pipeline/base/text.h"

#include "page_morning.h"
#include "page_parts.h"
#include "svg.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::report::page {
namespace {

constexpr double kBacklogWidth = 560;
constexpr double kBacklogHeight = 90;

std::string ages(const Backlog& backlog) {
  const auto all = static_cast<double>(backlog.today + backlog.this_week + backlog.longer);
  std::string out = open_table("ages", {html(text("backlog_age")), html(text("backlog_entries"))});
  const auto row = [&](const Text& words, std::int64_t entries) {
    out += fmt::format("<tr><td>{}</td><td><span class=\"bar\"><i style=\"width:{:.1f}%\"></i></span>{}</td></tr>\n",
                       html(words), all > 0 ? 100 * static_cast<double>(entries) / all : 0, format_count(entries));
  };
  row(text("backlog_today"), backlog.today);
  row(text("backlog_week"), backlog.this_week);
  row(text("backlog_longer"), backlog.longer);
  return out + std::string(kEndTable);
}

// A bar a night, and the same as a table.
std::string queued(const Backlog& backlog) {
  const auto& nights = backlog.queued;
  const auto most =
      nights.empty() ? 0 : std::ranges::max(nights, {}, &std::pair<std::chrono::sys_days, std::int64_t>::second).second;
  if (most == 0) return "";
  const double step = kBacklogWidth / static_cast<double>(nights.size());
  std::string bars;
  std::string rows;
  for (std::size_t i = 0; i < nights.size(); ++i) {
    const double height = kBacklogHeight * static_cast<double>(nights[i].second) / static_cast<double>(most);
    if (nights[i].second > 0)
      bars += fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", coordinate(static_cast<double>(i) * step + 1),
          coordinate(kBacklogHeight - std::max(height, 1.0)), coordinate(step - 2), coordinate(std::max(height, 1.0)));
    rows = fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", html(short_date(nights[i].first)),
                       format_count(nights[i].second)) +
           rows;
  }
  return fmt::format(
      "<figure class=\"queued\"><figcaption><h3 id=\"queued-h\">{}</h3><p class=\"quiet\" id=\"queued-most\">{} – {}, "
      "{}</p>"
      "</figcaption>\n<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"queued-h "
      "queued-most\">"
      "{}</svg>\n<details><summary>{}</summary>{}{}{}</details></figure>\n",
      html(text("backlog_queued")), html(short_date(nights.front().first)), html(short_date(nights.back().first)),
      html(text("backlog_most"), format_count(most)), kBacklogWidth, kBacklogHeight, bars, html(text("as_table")),
      open_table("queue-nights", {html(text("night")), html(text("backlog_entries"))}), rows, kEndTable);
}

}  // namespace

std::string backlog_part(const Backlog& backlog) {
  const std::int64_t waiting = backlog.today + backlog.this_week + backlog.longer;
  std::string out = fmt::format("<p class=\"lead\">{}</p>\n<p>", html(text("backlog_lead")));
  out += waiting == 0 ? html(text("backlog_none")) : html(text("backlog_waits"), format_count(waiting));
  if (backlog.oldest) out += " " + html(text("backlog_oldest"), moment(*backlog.oldest));
  out += "</p>\n";
  if (backlog.failed > 0)
    out += fmt::format("<p class=\"bad\">! {}</p>\n", html(text("backlog_failed"), format_count(backlog.failed)));
  out += "<div class=\"backlog\">\n";
  if (waiting > 0) out += "<div>" + ages(backlog) + "</div>\n";
  return out + queued(backlog) + "</div>\n";
}

}  // namespace pipeline::report::page
