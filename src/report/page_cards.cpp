#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/quantile.h"
#include "pipeline/report/work.h"

#include "page_parts.h"
#include "page_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pipeline::report::page {
namespace {

constexpr std::size_t kFewRuns = 3;  // of fewer a median says little
constexpr double kHardlyAny = 0.05;  // of change: no two nights are equal

struct Said {
  std::string_view kind;  // good, bad, quiet: the colour; the words say the same
  Both words;
};

Said outcome_of(const CommandHistory& command) {
  const auto code = command.last.info.exit_code;
  if (!code) return {"quiet", say(text("exit_unknown"))};
  switch (*code) {
    case 0:
      return {"good", say(text("exit_0"))};
    case 1:
      return {"bad", say(text("exit_1"))};
    case 2:
      return {"bad", say(text("exit_2"))};
    case 3:
      return {"bad", say(text("exit_3"))};
    case 4:
      return {"bad", say(text("exit_4"))};
    case 75:
      return {"quiet", say(text("exit_75"))};
    case 130:
    case 143:
      return {"bad", say(text("exit_stopped"))};
    default:
      return {"bad", say(text("exit_other"), *code)};
  }
}

Said change_of(const CommandHistory& command, double seconds) {
  if (!got_through(command.last)) return {"quiet", say(text("failed_before"))};
  auto [before, like] = before_last(command);
  if (before == 0 || seconds <= 0) return {"quiet", say(text("no_before"))};
  const auto work = work_of(command.last);
  if (!work) return {"quiet", say(text("no_work"))};
  const auto runs = like.size();
  if (runs < kFewRuns) return {"quiet", say(text("few_before"), before, runs)};
  std::ranges::sort(like);
  const double median = metrics::nearest_rank(like, 0.5);
  const double change = seconds / *work / median - 1;
  if (std::abs(change) < kHardlyAny) return {"quiet", say(text("as_usual"), runs, duration(median))};
  return change > 0 ? Said{"bad", say(text("slower"), runs, duration(median), percent(change))}
                    : Said{"good", say(text("faster"), runs, duration(median), percent(-change))};
}

Said verdict_of(const CommandHistory& command, const std::vector<metrics::Verdict>& verdicts) {
  if (!got_through(command.last)) return {"quiet", say(text("failed_budget"))};
  using Outcome = metrics::Verdict::Outcome;
  const auto number_of = [&](Outcome outcome) {
    return std::ranges::count(verdicts, outcome, &metrics::Verdict::outcome);
  };
  const auto kept = number_of(Outcome::kept), over = number_of(Outcome::over), missing = number_of(Outcome::missing);
  if (over > 0) return {"bad", say(text("budget_over"), kept + over + missing, over)};
  if (missing > 0) return {"bad", say(text("budget_missing"), missing)};
  return kept > 0 ? Said{"good", say(text("budget_kept"), kept)} : Said{"quiet", say(text("budget_none"))};
}

std::string line(const Said& said) {
  const std::string_view sign = said.kind == "good" ? "✓ " : said.kind == "bad" ? "! " : "";
  return fmt::format("<p class=\"{}\">{}{}</p>\n", said.kind, sign, html(said.words));
}

std::string period_of(const History& history) {
  const Both first = long_date(history.first), last = long_date(history.last);
  const auto runs = format_count(history.runs);
  return first.en == last.en ? html(text("one_day"), last, runs) : html(text("period"), first, last, runs);
}

std::string damage(const History& history) {
  if (history.faults == 0) return "";
  std::string out = fmt::format("<div class=\"damage\"><p class=\"bad\">! {}</p><ul>",
                                html(text("damaged"), format_count(history.faults)));
  for (const std::string& what : history.told) out += "<li><code>" + html_of(what) + "</code></li>";
  if (const auto more = history.faults - history.told.size(); more > 0)
    out += "<li>" + html(text("damaged_more"), format_count(more)) + "</li>";
  return out + "</ul></div>\n";
}

}  // namespace

std::string switches() {
  const auto button = [](std::string_view kind, std::string_view value, const std::string& words) {
    return fmt::format("<button type=\"button\" data-{}=\"{}\">{}</button>", kind, value, words);
  };
  const auto group = [](std::string_view id, const Text& name, const std::string& buttons) {
    return fmt::format("<span role=\"group\" aria-labelledby=\"{0}\"><span id=\"{0}\">{1}</span>{2}</span>", id,
                       html(name), buttons);
  };
  return "<div class=\"switches\" hidden>" +
         group("sw-language", text("language"),
               button("language", "ko", "<span lang=\"ko-KR\">한국어</span>") +
                   button("language", "en", "<span lang=\"en-GB\">English</span>")) +
         group("sw-theme", text("theme"),
               button("theme", "auto", html(text("theme_auto"))) + button("theme", "light", html(text("theme_light"))) +
                   button("theme", "dark", html(text("theme_dark")))) +
         "</div>\n";
}

std::string measured_head(const History& history) {
  return fmt::format("<p class=\"lead\">{}</p>\n{}", period_of(history), damage(history));
}

std::string page_head(const PageRequest& request, const History& history) {
  const std::string utc = format_utc(request.now).substr(0, 16).replace(10, 1, " ");
  std::string out =
      fmt::format("<header>\n{}<h1>{}</h1>\n<p class=\"period\">{}</p>\n<p class=\"quiet\">{}<br>{}</p>\n{}",
                  switches(), html(text("title")), period_of(history), html(text("made"), moment(request.now), utc),
                  html(text("kst")), damage(history));
  return out + "</header>\n";
}

std::string command_card(const CommandHistory& command, const PageRequest& request,
                         const std::vector<metrics::Verdict>& verdicts) {
  const double seconds = passed(command.last).seconds;
  std::string out = fmt::format(
      "<article class=\"card\">\n{}<p class=\"when\">{} <time "
      "datetime=\"{}\">{}</time></p>\n"
      "<p class=\"long\">{}</p>\n",
      command_heading(command), html(text("run_ended")), format_utc(command.last.info.started_at),
      moment(command.last.info.started_at), html(duration(seconds)));
  if (!command.stages.empty() && command.stages.front().metric == metrics::total_metric(command.command))
    out += sparkline(command.stages.front());
  out += line(outcome_of(command)) + line(change_of(command, seconds));
  if (request.budget != nullptr) out += line(verdict_of(command, verdicts));
  return out + fmt::format("<p class=\"quiet\">{}</p>\n</article>\n",
                           command.failed() == 0 ? html(text("runs_of"), format_count(command.runs()))
                                                 : html(text("runs_failed"), format_count(command.runs()),
                                                        format_count(command.failed())));
}

}  // namespace pipeline::report::page
