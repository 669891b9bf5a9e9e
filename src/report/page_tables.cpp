#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"
#include "pipeline/report/work.h"

#include "page_limits.h"
#include "page_parts.h"
#include "page_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::report::page {
namespace {

std::string bar(double share) {
  return fmt::format("<span class=\"bar\"><i style=\"width:{:.1f}%\"></i></span>", std::clamp(share, 0.0, 1.0) * 100);
}

std::string slowest_table(const SlowStage& stage, const PageRequest& request) {
  const bool posts = std::ranges::any_of(stage.top, [](const Slow& one) { return !one.content_id.empty(); });
  std::vector<std::string> columns{html(text("sku")), html(text("name")), html(text("took")), html(text("share"))};
  if (posts) columns.insert(columns.begin(), html(text("post")));
  std::string out = open_table("slow", columns);
  for (const Slow& one : stage.top) {
    const auto name = request.name_of && !one.sku.empty() ? request.name_of(one.sku) : std::nullopt;
    const double share = stage.seconds > 0 ? one.seconds / stage.seconds : 0;
    out += "<tr>";
    if (posts) out += "<td>" + outside(one.content_id) + "</td>";
    out += fmt::format("<td>{}</td><td class=\"words\">{}</td><td>{}</td><td>{}{}</td></tr>\n", outside(one.sku),
                       outside(name.value_or("")), html(duration(one.seconds)), bar(one.seconds / stage.top[0].seconds),
                       percent(share));
  }
  return out + std::string(kEndTable);
}

Both error_words(const Tally& tally) {
  const auto status = metrics::value_of(tally.labels, "status");
  const auto at = [&](const Both& words) {
    const auto endpoint = metrics::value_of(tally.labels, "endpoint");
    return endpoint.empty() ? words : joined(words, " · ", same(endpoint));
  };
  if (tally.metric == "api_requests_total")
    return at(status == "fault" ? say(text("e_fault")) : say(text("e_api"), status));
  if (tally.metric == "api_429_total") return at(say(text("e_429")));
  if (tally.metric == "retry_total") return at(say(text("e_retry")));
  if (tally.metric == "rows_rejected_total") return say(text("e_rows"));
  if (tally.metric == "packages_total") return status == "rejected" ? say(text("e_rejected")) : say(text("e_failed"));
  if (tally.metric == "video_timeouts_total") return say(text("e_video"));
  if (tally.metric == "db_conflict_total") return say(text("e_conflict"));
  if (tally.metric == "metrics_samples_lost_total") return say(text("e_lost"));
  return same(tally.metric);
}

struct Mark {
  std::string_view sign, kind;
  const Text& words;
};

Mark mark_of(metrics::Verdict::Outcome outcome) {
  switch (outcome) {
    case metrics::Verdict::Outcome::kept:
      return {"✓", "kept", text("kept")};
    case metrics::Verdict::Outcome::over:
      return {"✗", "over", text("over")};
    case metrics::Verdict::Outcome::not_applicable:
      return {"–", "quiet", text("not_applicable")};
    case metrics::Verdict::Outcome::missing:
      break;
  }
  return {"?", "over", text("missing")};
}

// Of a rule or set: those that the program brings have names in both languages.
std::string name_of(const std::string& name) {
  const Both words = rule_title(name);
  return words.ko == words.en ? outside(name) : html(words);
}

std::string case_of(const metrics::Rule& rule) {
  std::string out;
  for (const metrics::Condition& one : rule.when)
    out += fmt::format("{}<code>{}</code> <span class=\"whole\">{}</span>", out.empty() ? "" : "<br>",
                       html_of(formula(one.measure)), html(limit_words(one.measure, one.limit)));
  return out.empty() ? html(text("always")) : out;
}

}  // namespace

std::string command_heading(const CommandHistory& command) {
  return fmt::format("<h3>{} <code>{}</code></h3>\n", html(command_title(command.command)), html_of(command.command));
}

std::string open_table(std::string_view kind, const std::vector<std::string>& columns, Scrolling scrolling) {
  std::string out = fmt::format("<div class=\"wide\"{}><table class=\"{}\"><thead><tr>",
                                scrolling == Scrolling::always ? " tabindex=\"0\"" : "", kind);
  for (const std::string& column : columns) out += "<th>" + column + "</th>";
  return out + "</tr></thead><tbody>\n";
}

std::string slowest_tables(const CommandHistory& command, const RunSamples& samples, const PageRequest& request) {
  if (samples.slow.empty()) return "";
  std::string out = "<div class=\"part\">" + command_heading(command);
  for (const SlowStage& stage : samples.slow)
    out += fmt::format(
        "<details{}><summary><b>{}</b> <code>{}</code> <span class=\"quiet\">{}</span></summary>\n{}"
        "</details>\n",
        &stage == &samples.slow.front() ? " open" : "", html(stage_title(stage.metric)), html_of(stage.metric),
        html(text("of_count"), format_count(stage.count)), slowest_table(stage, request));
  return out + "</div>\n";
}

std::string error_table(const CommandHistory& command) {
  const auto tallies = errors_of(command);
  if (tallies.empty()) return "";
  std::string out = "<div class=\"part\">" + command_heading(command);
  out +=
      open_table("errors", {html(text("kind")), html(text("in_last")), html(text("in_period")), html(text("in_runs"))});
  const auto most = static_cast<double>(tallies.front().period);
  for (const Tally& tally : tallies) {
    const std::string labels =
        tally.labels.empty() ? "" : fmt::format("{{{}}}", html_of(metrics::to_text(tally.labels)));
    out +=
        fmt::format("<tr><td class=\"words\">{} <code>{}{}</code></td><td>{}</td><td>{}{}</td><td>{} / {}</td></tr>\n",
                    html(error_words(tally)), html_of(tally.metric), labels, format_count(tally.last),
                    bar(static_cast<double>(tally.period) / most), format_count(tally.period), format_count(tally.runs),
                    format_count(command.runs()));
  }
  return out + std::string(kEndTable) + "</div>\n";
}

std::string budget_table(const CommandHistory& command, const std::vector<metrics::Verdict>& verdicts) {
  std::string out = "<div class=\"part\">" + command_heading(command);
  if (!got_through(command.last))
    return out + fmt::format("<p class=\"quiet\">{}</p></div>\n", html(text("failed_run")));
  if (verdicts.empty()) return out + fmt::format("<p class=\"quiet\">{}</p></div>\n", html(text("no_rules")));
  out += open_table("budget", {html(text("verdict")), html(text("rule")), html(text("measured")), html(text("limit")),
                               html(text("case")), html(text("set"))});
  for (const metrics::Verdict& verdict : verdicts) {
    const metrics::Rule& rule = verdict.rule;
    const Mark mark = mark_of(verdict.outcome);
    out += fmt::format(
        "<tr class=\"{}\"><td><b>{}</b> {}</td><td class=\"words\">{}<br><code>{}</code></td><td>{}</td><td>{}</td>"
        "<td class=\"words case\"><span class=\"narrow\">{} </span>{}</td><td><span class=\"narrow\">{} "
        "</span>{}</td></tr>\n",
        mark.kind, mark.sign, html(mark.words), name_of(rule.name), html_of(formula(rule.measure)),
        verdict.value ? html(measured_words(rule.measure, rule.limit, *verdict.value)) : "–",
        html(limit_words(rule.measure, rule.limit)), html(text("case")), case_of(rule), html(text("set")),
        name_of(rule.set));
  }
  return out + std::string(kEndTable) + "</div>\n";
}

std::string machine_table(const std::vector<std::pair<std::string, std::string>>& machine) {
  std::string out = "<dl>\n";
  for (const auto& [key, value] : machine) {
    const Text* known = find_text(kTexts, key);
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", known == nullptr ? html_of(key) : html(*known), html_of(value));
  }
  return out + "</dl>\n";
}

}  // namespace pipeline::report::page
