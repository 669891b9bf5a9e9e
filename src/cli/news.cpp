#include "news.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/status/status.h"

#include "summary.h"
#include "todo_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace pipeline::cli {
namespace {

constexpr std::size_t kFirst = 5;      // things to do that a message names
constexpr std::size_t kColumns = 200;  // of each

std::vector<News::Line> first_lines(const status::Status& status) {
  std::vector<News::Line> lines;
  for (const TodoKind& kind : todo_kinds())
    for (const status::Todo& todo : status.*kind.list) {
      if (lines.size() == kFirst) return lines;
      const std::string subject = subject_of(todo);
      lines.push_back({subject.empty() ? std::string(kind.title) : subject, why_of(todo)});
    }
  return lines;
}

// A night is as bad as the worst of what it ran.
bool went_badly(const std::string& command, const std::vector<status::Night>& last) {
  return std::ranges::any_of(last, [&](const status::Night& night) {
    const bool counts =
        night.command == command || (command == "night" && (night.command == "sync" || night.command == "package"));
    return counts && night.status != "OK" && night.status != "RUNNING";
  });
}

}  // namespace

News::News(const CommonOptions& common, const std::string& command, store::Database& database, const Clock& clock)
    : common_(&common), command_(command), database_(&database), clock_(&clock) {
  for (const std::string& where : common.notify) addresses_.push_back(parse_notify_address(where));
  if (!addresses_.empty()) before_ = standing();
}

std::optional<News::Standing> News::standing() const {
  try {
    if (!database_->is_there()) return std::nullopt;
    store::Store store = database_->open(*clock_, {.mode = store::Opening::Mode::read});
    const status::Status status = status::read_status(*database_, store, *clock_);
    Standing standing{.todo = status.todo(), .brief = brief_text(status), .first = first_lines(status), .json = {}};
    standing.was_bad = went_badly(command_, status.nights);
    for (const TodoKind& kind : todo_kinds()) standing.json[std::string(kind.name)] = (status.*kind.list).size();
    return standing;
  } catch (const Error&) {  // the run itself says what is wrong with the database
    return std::nullopt;
  }
}

void News::tell(ExitCode code, const std::string& verdict, const Language& language) const noexcept {
  try {
    if (addresses_.empty()) return;
    const auto after = standing();
    const bool has_more = after && after->todo > (before_ ? before_->todo : 0);
    const bool is_good_again = code == ExitCode::ok && before_ && before_->was_bad;
    if (common_->notify_always || code != ExitCode::ok || has_more || is_good_again)
      notify(notification(code, verdict, language, after), addresses_, *clock_);
  } catch (const std::exception& e) {
    log::warn("the run's end could not be told: {}", e.what());
  }
}

// First what happened, then what there is to do.
Notification News::notification(ExitCode code, const std::string& verdict, const Language& language,
                                const std::optional<Standing>& after) const {
  const std::string name = common_->store.empty() ? "pipeline" : common_->store;
  Notification said{.title = fmt::format("{}: {}", name, language.text(verdict)),
                    .text = {},
                    .json = {{"command", command_},
                             {"store", or_null(common_->store)},
                             {"status", status_word(code)},
                             {"exit_code", static_cast<int>(code)},
                             {"trace_id", common_->trace_id},
                             {"at", format_utc(clock_->wall())}}};
  if (after) {
    said.text = language.text(after->todo == 0 ? after->brief : fmt::format("To do: {}", after->brief));
    for (const auto& [subject, why] : after->first)
      said.text += "\n· " + shorten(fmt::format("{}: {}", language.text(subject), language.text(why)), kColumns);
    if (after->todo > after->first.size())
      said.text += "\n" + language.text(fmt::format("and {} more: `pipeline status` shows all",
                                                    after->todo - after->first.size()));
    said.json["todo"] = after->json;
  }
  said.json["title"] = said.title;
  said.json["text"] = said.text;
  return said;
}

}  // namespace pipeline::cli
