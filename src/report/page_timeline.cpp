#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"

#include "page_parts.h"
#include "page_words.h"
#include "svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pipeline::report::page {
namespace {

constexpr double kLaneHeight = 26;

double peak_of(const Lane& lane) {
  return std::max(1e-9, std::ranges::max(lane.at_once));
}

std::string level(double value) {
  if (value == 0) return "0";
  if (value < 0.1) return fmt::format("{:.2f}", std::max(value, 0.01));
  return value < 9.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

// The lane as steps. What is there at all is a pixel high at least: a parse takes microseconds of a slot.
std::string area(const Lane& lane) {
  const double peak = peak_of(lane);
  Path path;
  double before = 0;
  path.move(0, kLaneHeight);
  for (std::size_t i = 0; i < lane.at_once.size(); ++i) {
    const double value = lane.at_once[i];
    const double high = value <= 0 ? 0 : std::max(2.0, std::round(value / peak * kLaneHeight));
    if (high == before) continue;
    path.line(static_cast<double>(i), kLaneHeight - before);
    path.line(static_cast<double>(i), kLaneHeight - high);
    before = high;
  }
  path.line(static_cast<double>(lane.at_once.size()), kLaneHeight - before);
  path.line(static_cast<double>(lane.at_once.size()), kLaneHeight);
  path.close();
  return path.text();
}

// The levels for the readout, equal neighbours as one: `0x12,3.5,4x2`.
std::string levels(const Lane& lane) {
  std::string out, before;
  std::size_t n = 0;
  const auto flush = [&] {
    if (n > 0) out += fmt::format("{}{}{}", out.empty() ? "" : ",", before, n > 1 ? fmt::format("x{}", n) : "");
  };
  for (const double value : lane.at_once) {
    const std::string now = level(value);
    if (now != before) flush(), n = 0;
    before = now;
    ++n;
  }
  flush();
  return out;
}

std::string lane_row(const Lane& lane) {
  return fmt::format(
      "<div class=\"lane\" data-v=\"{}\"><span class=\"name\"><b>{}</b> <code>{}</code></span>"
      "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"{}\"/></svg>"
      "<span class=\"peak\">{}</span></div>\n",
      levels(lane), html(stage_title(lane.metric)), html_of(lane.metric), lane.at_once.size(), kLaneHeight, area(lane),
      html(text("peak"), level(peak_of(lane))));
}

std::string axis(const RunSamples& samples) {
  std::string out = "<div class=\"lane axis\" aria-hidden=\"true\"><span class=\"name\"></span><div class=\"ticks\">";
  for (const double tick : even_values(samples.seconds, 5))
    if (tick <= samples.seconds * 0.88)  // its words have to fit in on a phone
      out += fmt::format("<span style=\"left:{:.1f}%\">{}</span>", tick / samples.seconds * 100,
                         html(round_duration(tick)));
  return out + "</div><span class=\"peak\"></span></div>\n";
}

std::string table(const RunSamples& samples) {
  std::string out = "<details><summary>" + html(text("as_table")) + "</summary>";
  out += open_table("stages", {html(text("stage")), html(text("count")), html(text("first_start")),
                               html(text("last_end")), html(text("total_time")), html(text("peak_head"))});
  for (const Lane& lane : samples.lanes)
    out += fmt::format("<tr><td>{} <code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                       html(stage_title(lane.metric)), html_of(lane.metric), format_count(lane.count),
                       html(round_duration(lane.first)), html(duration(lane.last)), html(duration(lane.seconds)),
                       level(peak_of(lane)));
  return out + std::string(kEndTable) + "</details>";
}

}  // namespace

std::string timeline(const CommandHistory& command, const RunSamples& samples, const std::string& id) {
  const std::string head = fmt::format("<h3 id=\"{}t\">{} <code>{}</code></h3>", id,
                                       html(command_title(command.command)), html_of(command.command));
  if (samples.state == RunSamples::State::absent)
    return fmt::format("<div class=\"part\">{}<p class=\"quiet\">{}</p></div>\n", head, html(text("no_samples")));
  if (samples.state == RunSamples::State::unreadable)
    return fmt::format("<div class=\"part\">{}<p class=\"quiet\">{}</p></div>\n", head,
                       html(text("bad_samples"), samples.trouble));
  std::string out = fmt::format(
      "<figure class=\"timeline\"><figcaption>{0}<p class=\"say\" id=\"{1}s\"><span class=\"now\">{2}</span><span "
      "class=\"readout\" aria-live=\"polite\"></span></p></figcaption>\n<div class=\"lanes\" role=\"img\" "
      "tabindex=\"0\" "
      "aria-labelledby=\"{1}t\" aria-describedby=\"{1}s\" data-slot=\"{3:.9g}\">\n",
      head, id,
      html(text("timeline_of"), to_second(samples.begin), duration(samples.seconds), round_duration(samples.slot)),
      samples.slot);
  for (const Lane& lane : samples.lanes) out += lane_row(lane);
  out += axis(samples) + "<div class=\"cursor\"></div></div>\n" + table(samples);
  if (samples.damaged > 0) out += fmt::format("<p class=\"quiet\">{}</p>", html(text("damaged"), samples.damaged));
  return out + "</figure>\n";
}

}  // namespace pipeline::report::page
