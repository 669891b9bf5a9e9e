#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"

#include "page_morning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pipeline::report::page {
namespace {

constexpr std::size_t kBadNightsShown = 8;

// What stands for a state: a class for its colour, a drawing of its own for those who do not tell colours, a word.
struct Sign {
  NightState state;
  std::string_view name;
  const Text& words;
  std::string_view drawing;  // within 16 by 16
};

constexpr std::array kSigns{
    Sign{NightState::ran, "ran", text("night_ran"), R"(<path d="M3 8.5 6.5 12 13 4.5"/>)"},
    Sign{NightState::ran_again, "ran-again", text("night_ran_again"),
         R"(<path d="M1.5 9 4.5 12 9 5.5M7.5 11l1.5 1 5-7"/>)"},
    Sign{NightState::partly, "partly", text("night_partly"),
         R"(<circle cx="8" cy="8" r="5.5"/><path class="solid" d="M8 2.5a5.5 5.5 0 0 0 0 11z"/>)"},
    Sign{NightState::failed, "failed", text("night_failed"), R"(<path d="m4 4 8 8m0-8-8 8"/>)"},
    Sign{NightState::stopped, "stopped", text("night_stopped"),
         R"(<rect class="solid" x="3" y="3" width="10" height="10" rx="1"/>)"},
    Sign{NightState::put_off, "put-off", text("night_put_off"),
         R"(<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.5l2.5 1.5"/>)"},
    Sign{NightState::unfinished, "unfinished", text("night_unfinished"),
         R"(<path d="M3 8h.1M8 8h.1M13 8h.1" stroke-width="3"/>)"},
    Sign{NightState::missing, "missing", text("night_missing"),
         R"(<rect x="3" y="3" width="10" height="10" rx="1" stroke-dasharray="2.5 2"/>)"},
};

const Sign* sign_of(NightState state) {
  const auto* const found = std::ranges::find(kSigns, state, &Sign::state);
  return found == kSigns.end() ? nullptr : found;
}

Both state_words(NightState state) {
  const Sign* const sign = sign_of(state);
  return say(sign == nullptr ? text("night_none") : sign->words);
}

std::string drawing(const Sign& sign) {
  return fmt::format("<svg class=\"sign\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><use href=\"#n-{}\"/></svg>",
                     sign.name);
}

bool went_wrong(NightState state) {
  return state != NightState::none && state != NightState::ran && state != NightState::put_off;
}

// `03:00 실패, 08:10 끝남`
Both runs_words(const Night& night) {
  Both words;
  for (const auto& [time, state] : night.runs) {
    const Both one = joined(same(clock_time(time)), " ", state_words(state));
    words = words.en.empty() ? one : joined(words, ", ", one);
  }
  if (words.en.empty()) return state_words(night.state);
  if (night.more_runs > 0) words = joined(words, ", ", say(text("more_nights"), night.more_runs));
  return words;
}

// Of a night with one run its word stands there already.
Both times_words(const Night& night) {
  if (night.runs.empty()) return {};
  return night.runs.size() + night.more_runs == 1 ? same(clock_time(night.runs.front().first)) : runs_words(night);
}

// The first of the calendar and of a month is told with its month.
std::string day_number(std::chrono::sys_days day, bool first) {
  const std::chrono::year_month_day date(day);
  const unsigned number = static_cast<unsigned>(date.day());
  return first || number == 1 ? fmt::format("{}.{}", static_cast<unsigned>(date.month()), number)
                              : std::to_string(number);
}

std::string cell(const Night& night, bool first) {
  const Sign* const sign = sign_of(night.state);
  const std::string date = format_utc(night.day).substr(0, 10);
  if (sign == nullptr)
    return fmt::format("<td class=\"none\"><time datetime=\"{}\">{}</time>{}</td>", date, day_number(night.day, first),
                       unseen(html(text("night_none"))));
  return fmt::format("<td class=\"n-{}\" data-state=\"{}\"><time datetime=\"{}\">{}</time>{}{}</td>", sign->name,
                     sign->name, date, day_number(night.day, first), drawing(*sign), unseen(html(runs_words(night))));
}

std::string calendar(const CommandNights& command) {
  std::string out =
      fmt::format("<table class=\"nights\" data-command=\"{0}\"><caption>{1} <code>{0}</code></caption>\n<thead><tr>",
                  html_of(command.command), html(command_title(command.command)));
  for (const char* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
    out += fmt::format("<th scope=\"col\">{}</th>", html(*find_text(kTexts, day)));
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < command.nights.size(); ++i) {
    if (i % 7 == 0) out += "<tr>";
    out += cell(command.nights[i], i == 0);
    if (i % 7 == 6) out += "</tr>\n";
  }
  if (const auto rest = command.nights.size() % 7; rest > 0)
    out += fmt::format("<td colspan=\"{}\"></td></tr>\n", 7 - rest);
  return out + "</tbody></table>\n";
}

std::string legend() {
  std::string out = fmt::format("<ul class=\"legend\" aria-label=\"{} / {}\">\n", text("legend").ko, text("legend").en);
  for (const Sign& sign : kSigns) out += "<li>" + night_words(sign.state) + "</li>\n";
  return out + "</ul>\n";
}

std::string bad_nights(const std::vector<CommandNights>& commands) {
  struct Bad {
    std::chrono::sys_days day;
    std::string words;
  };
  std::vector<Bad> all;
  for (const CommandNights& command : commands)
    for (const Night& night : command.nights)
      if (went_wrong(night.state))
        all.push_back(
            {night.day, fmt::format("<li><span class=\"day\">{}</span> {} {}<span class=\"quiet\"> {}</span></li>\n",
                                    html(short_date(night.day)), html(command_title(command.command)),
                                    night_words(night.state), html(times_words(night)))});
  if (all.empty()) return "";
  std::ranges::stable_sort(all, std::greater<>(), &Bad::day);
  std::vector<std::string> items;
  for (Bad& one : all) items.push_back(std::move(one.words));
  return fmt::format("<h3>{} <span class=\"number\">{}</span></h3>\n{}", html(text("bad_nights")), all.size(),
                     folded("bad-nights", items, kBadNightsShown));
}

}  // namespace

std::string night_signs() {
  std::string out = "<svg class=\"signs\" width=\"0\" height=\"0\" aria-hidden=\"true\">";
  for (const Sign& sign : kSigns)
    out += fmt::format("<symbol id=\"n-{}\" viewBox=\"0 0 16 16\">{}</symbol>", sign.name, sign.drawing);
  return out + "</svg>\n";
}

std::string night_words(NightState state) {
  const Sign* const sign = sign_of(state);
  if (sign == nullptr) return html(text("night_none"));
  return fmt::format("<span class=\"state n-{}\">{}{}</span>", sign->name, drawing(*sign), html(sign->words));
}

std::string nights_part(const std::vector<CommandNights>& commands) {
  if (commands.empty()) return fmt::format("<p>{}</p>\n", html(text("nights_none")));
  std::string out = fmt::format("<p class=\"lead\">{}</p>\n<div class=\"calendars\">\n", html(text("nights_lead")));
  for (const CommandNights& command : commands) out += calendar(command);
  return out + "</div>\n" + legend() + bad_nights(commands);
}

}  // namespace pipeline::report::page
