#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"

#include "page_limits.h"
#include "page_parts.h"
#include "page_words.h"
#include "svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pipeline::report::page {
namespace {

// The chart in its own units, which on most screens are nearly pixels.
constexpr double kWidth = 360, kHeight = 170;
constexpr double kLeft = 50, kRight = 352, kTop = 14, kBottom = 144;
constexpr double kFarLimit = 4;  // a limit so many times above all values would press them flat: it is told instead
constexpr double kLabelGap = 13;

// Text in a chart, in both languages where they differ.
std::string svg_text(double x, double y, std::string_view attributes, const Both& words) {
  const auto one = [&](std::string_view language, const std::string& text) {
    return fmt::format(R"(<text x="{}" y="{}"{}{}>{}</text>)", coordinate(x), coordinate(y), attributes, language,
                       html_of(text));
  };
  if (words.ko == words.en) return one("", words.en);
  return one(R"( lang="ko")", words.ko) + one(R"( lang="en")", words.en);
}

// Points of time and value in the chart's units.
class Plot {
 public:
  Plot(const TimeSeries& stage, const std::vector<metrics::Rule>& limits)
      : first_(stage.points.front().at), last_(stage.points.back().at) {
    double least = stage.points.front().middle;
    double most = 0;
    for (const Point& point : stage.points) {
      least = std::min(least, point.middle);
      most = std::max(most, point.p99);
    }
    most = std::max(most, 1e-6);
    least = std::clamp(least, 1e-6, most);
    double top = most;
    for (const metrics::Rule& rule : limits)
      if (rule.limit.value <= kFarLimit * most) top = std::max(top, rule.limit.value);
    scale = value_scale(least, top * 1.04);
  }

  [[nodiscard]] double x(WallTime at) const {
    if (last_ == first_) return (kLeft + kRight) / 2;
    const auto share = static_cast<double>((at - first_).count()) / static_cast<double>((last_ - first_).count());
    return kLeft + 4 + share * (kRight - kLeft - 8);
  }
  [[nodiscard]] double y(double value) const { return kBottom - scale.at(value) * (kBottom - kTop); }
  [[nodiscard]] std::vector<TimeTick> ticks() const { return time_ticks(first_, last_, 5); }
  [[nodiscard]] bool holds(const metrics::Rule& rule) const {
    return rule.limit.value <= scale.high && rule.limit.value >= scale.low;
  }

  Scale scale;

 private:
  WallTime first_, last_;
};

std::string axes(const Plot& plot) {
  std::string out = R"(<g class="axis">)";
  for (const double tick : plot.scale.ticks) {
    const double y = plot.y(tick);
    out += fmt::format(R"(<path d="M{} {}H{}"/>)", coordinate(kLeft), coordinate(y), coordinate(kRight));
    out += svg_text(kLeft - 6, y + 3.5, R"( text-anchor="end")", round_duration(tick));
  }
  for (const TimeTick& tick : plot.ticks()) {
    const double x = plot.x(tick.at);
    out += fmt::format(R"(<path class="tick" d="M{} {}v4"/>)", coordinate(x), coordinate(kBottom));
    const char* anchor = x < kLeft + 16 ? "start" : x > kRight - 16 ? "end" : "middle";
    out += svg_text(x, kBottom + 17, fmt::format(R"( text-anchor="{}")", anchor), same(tick.label));
  }
  return out + "</g>";
}

// The room between two lines. A single run has some width, too.
std::string band(const Plot& plot, const TimeSeries& stage, const char* name, double Point::*low, double Point::*high) {
  Path path;
  const double around = stage.points.size() == 1 ? 6 : 0;
  const auto& points = stage.points;
  path.move(plot.x(points.front().at) - around, plot.y(points.front().*high));
  for (const Point& point : points) path.line(plot.x(point.at) + around, plot.y(point.*high));
  for (auto point = points.rbegin(); point != points.rend(); ++point)
    path.line(plot.x(point->at) + around, plot.y((*point).*low));
  path.line(plot.x(points.front().at) - around, plot.y(points.front().*low));
  path.close();
  return fmt::format(R"(<path class="{}" d="{}"/>)", name, path.text());
}

std::string middle_line(const Plot& plot, const TimeSeries& stage) {
  Path path;
  std::string dots;
  const bool few = stage.points.size() <= 40;
  for (const Point& point : stage.points) {
    const double x = plot.x(point.at), y = plot.y(point.middle);
    &point == &stage.points.front() ? path.move(x, y) : path.line(x, y);
    if (few || &point == &stage.points.back())
      dots += fmt::format(R"(<circle cx="{}" cy="{}" r="2.5"/>)", coordinate(x), coordinate(y));
  }
  return fmt::format(R"(<path class="p50" d="{}"/><g class="dots">{}</g>)", path.text(), dots);
}

// As long as there is room for beside a line.
Both short_title(const metrics::Rule& rule) {
  constexpr std::size_t kColumns = 34;
  const Both title = rule_title(rule.name);
  return {shorten(title.ko, kColumns), shorten(title.en, kColumns)};
}

std::string limit_lines(const Plot& plot, const std::vector<metrics::Rule>& limits) {
  std::string out;
  std::vector<double> labels;  // where some stand
  for (const metrics::Rule& rule : limits) {
    if (!plot.holds(rule)) continue;
    const double y = plot.y(rule.limit.value);
    out += fmt::format(R"(<path class="limit" d="M{} {}H{}"/>)", coordinate(kLeft), coordinate(y), coordinate(kRight));
    double at = y - 4 < kTop ? y + 11 : y - 4;
    for (std::size_t tries = 0; tries < labels.size() + 1; ++tries)
      if (std::ranges::any_of(labels, [&](double other) { return std::abs(other - at) < kLabelGap - 1; }))
        at += kLabelGap;
    labels.push_back(at);
    const Both words = joined(short_title(rule), " ", limit_words(rule.measure, rule.limit));
    out += svg_text(kRight - 2, at, R"( class="limit" text-anchor="end")", words);
  }
  return out;
}

std::string table(const CommandHistory& command, const TimeSeries& stage) {
  const bool grouped = command.unit != Unit::run;
  std::vector<std::string> columns{html(text("time"))};
  if (grouped) columns.push_back(html(text("runs")));
  columns.insert(columns.end(), {html(text("count")), "p50", "p95", "p99", html(text("highest"))});
  std::string out =
      "<details><summary>" + html(text("as_table")) + "</summary>" + open_table("runs", columns, Scrolling::always);
  for (auto point = stage.points.rbegin(); point != stage.points.rend(); ++point) {
    out += "<tr><td>" + (grouped ? moment(point->at).substr(0, 10) : moment(point->at)) + "</td>";
    if (grouped) out += "<td>" + format_count(point->runs) + "</td>";
    out += "<td>" + format_count(point->count) + "</td>";
    for (const double value : {point->middle, point->p95, point->p99, point->max})
      out += "<td>" + html(duration(value)) + "</td>";
    out += "</tr>\n";
  }
  return out + std::string(kEndTable) + "</details>";
}

std::string caption(const CommandHistory& command, const TimeSeries& stage, const Plot& plot, const std::string& id) {
  const Point& last = stage.points.back();
  const bool plain = stage.single && command.unit == Unit::run;
  const std::string labels = stage.labels.empty() ? "" : fmt::format("{{{}}}", html_of(metrics::to_text(stage.labels)));
  return fmt::format(
      "<figcaption><h4 id=\"{0}t\">{1} <code>{2}{3}</code></h4>"
      "<p class=\"say\" id=\"{0}s\"><span class=\"now\">{4}{5}</span><span class=\"readout\" "
      "aria-live=\"polite\"></span>"
      "</p></figcaption>",
      id, html(stage_title(stage.metric)), html_of(stage.metric), labels,
      plain ? html(text("latest_single"), duration(last.middle))
            : html(text("latest"), duration(last.middle), duration(last.p95), duration(last.p99)),
      plot.scale.logarithmic ? " · " + html(text("log_scale")) : "");
}

}  // namespace

std::string stage_chart(const CommandHistory& command, const TimeSeries& stage, const metrics::Budget* budget,
                        const std::string& id) {
  const auto limits = limits_of(budget, command.command, stage);
  const Plot plot(stage, limits);
  std::string places;
  for (const Point& point : stage.points) places += (places.empty() ? "" : ",") + coordinate(plot.x(point.at));
  std::string out = fmt::format("<figure class=\"chart\">{}", caption(command, stage, plot, id));
  out += fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" tabindex=\"0\" aria-labelledby=\"{}t\" aria-describedby=\"{}s\" "
      "data-x=\"{}\"><title>{}</title><desc lang=\"ko\">{}</desc><desc lang=\"en\">{}</desc>",
      kWidth, kHeight, id, id, places, html_of(stage.metric), html_of(text("chart_desc").ko),
      html_of(text("chart_desc").en));
  out += axes(plot);
  if (!stage.single || command.unit != Unit::run)
    out += band(plot, stage, "p99", &Point::p95, &Point::p99) + band(plot, stage, "p95", &Point::middle, &Point::p95);
  out += middle_line(plot, stage) + limit_lines(plot, limits);
  out += fmt::format("<path class=\"cursor\" d=\"M0 {}V{}\"/></svg>\n", kTop, kBottom);
  for (const metrics::Rule& rule : limits)
    if (!plot.holds(rule))
      out += fmt::format(
          "<p class=\"off\">{}</p>",
          html(text("off_chart"), joined(rule_title(rule.name), " ", limit_words(rule.measure, rule.limit))));
  return out + table(command, stage) + "</figure>\n";
}

std::string sparkline(const TimeSeries& stage) {
  constexpr double kWide = 160, kHigh = 32;
  const auto& points = stage.points;
  if (points.size() < 2) return "";
  double most = 1e-9;
  for (const Point& point : points) most = std::max(most, point.middle);
  Path path;
  double x = 0, y = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    x = 3 + (kWide - 6) * static_cast<double>(i) / static_cast<double>(points.size() - 1);
    y = kHigh - 3 - (kHigh - 6) * points[i].middle / most;
    i == 0 ? path.move(x, y) : path.line(x, y);
  }
  return fmt::format(
      "<svg class=\"spark\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\"><path d=\"{}\"/><circle cx=\"{}\" cy=\"{}\" "
      "r=\"2.5\"/></svg>",
      kWide, kHigh, path.text(), coordinate(x), coordinate(y));
}

}  // namespace pipeline::report::page
