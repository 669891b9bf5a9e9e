#include "morning.h"

#include "pipeline/base/text.h"
#include "pipeline/status/calendar.h"
#include "pipeline/status/news.h"
#include "pipeline/status/runs.h"
#include "pipeline/status/status.h"

#include "post_thumbnails.h"
#include "todo_text.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

namespace pipeline::cli {
namespace {

using report::Direction;
using status::Todo;
using Why = Todo::Why;

constexpr std::size_t kMostTasks = 200;    // of a kind
constexpr std::size_t kMostDetails = 50;   // of a task
constexpr std::size_t kLongestText = 600;  // columns of a sentence or reason
constexpr int kWeeks = 5;                  // of the calendar
constexpr std::chrono::days kLongestAbsence{14};

// The number a shop knows the product by.
std::string number_of(const std::string& product) {
  return product.substr(std::min(product.find(':') + 1, product.size()));
}

report::Words both(std::string_view english, const Korean& korean) {
  const std::string text = shorten(english, kLongestText);
  return {korean(text), text};
}

// What people call the product; its number where it has no name.
std::string name_of(const std::string& product, store::Catalogue& catalogue) {
  const auto found = catalogue.find(product);
  const bool named = found.size() == 1 && found.front().product.name && !found.front().product.name->empty();
  return named ? *found.front().product.name : number_of(product);
}

report::Outdated outdated_of(const store::StaleWords& stale, store::Catalogue& catalogue) {
  return {.place = stale.place,
          .sentence = shorten(stale.sentence, kLongestText),
          .field = field_words(stale.field),
          .product = name_of(stale.product, catalogue),
          .before = {stale.before, stale.before},
          .after = {stale.after, stale.after}};
}

std::string id_of(const Todo& todo) {
  if (!todo.content_id.empty()) return todo.content_id;
  return todo.product.empty() ? todo.command : todo.product;
}

// Of what is no post, what it is about.
std::string title_of(const Todo& todo) {
  if (!todo.title.empty() || !todo.content_id.empty()) return todo.title;
  return todo.product_name;
}

std::string command_of(const Todo& todo) {
  if (todo.why == Why::entries_failed) return "pipeline queue list --status FAILED";
  return {};
}

// What tasks are made with.
struct Making {
  const Korean& korean;
  store::Catalogue& catalogue;
  PostThumbnails thumbnails;
};

report::Task task_of(const Todo& todo, Making& making) {
  report::Task task{.id = id_of(todo),
                    .reason = std::string(to_string(todo.why)),
                    .title = title_of(todo),
                    .folder = todo.folder,
                    .link = todo.link,
                    .product = number_of(todo.product),
                    .why = why_words(todo),
                    .command = command_of(todo),
                    .since = todo.since};
  for (const store::StaleWords& stale : todo.stale)
    if (task.outdated.size() < kMostDetails) task.outdated.push_back(outdated_of(stale, making.catalogue));
  for (const std::string& detail : todo.details)
    if (task.details.size() < kMostDetails) task.details.push_back(both(detail, making.korean));
  if (const auto picture = making.thumbnails.of(todo.folder)) {
    task.picture = picture->jpeg;
    task.picture_width = picture->width;
    task.picture_height = picture->height;
  }
  return task;
}

report::TaskList tasks_of(const std::vector<Todo>& todos, Making& making) {
  report::TaskList list;
  for (const Todo& todo : todos) {
    if (list.tasks.size() == kMostTasks) break;
    list.tasks.push_back(task_of(todo, making));
  }
  list.more = todos.size() - list.tasks.size();
  return list;
}

Direction direction_of(const catalogue::Change& change) {
  const auto number = [](const std::string& json) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), value);
    return error == std::errc() && end == json.data() + json.size() ? std::optional(value) : std::nullopt;
  };
  const auto before = number(change.before);
  const auto after = number(change.after);
  if (!before || !after || *before == *after) return Direction::none;
  return *after > *before ? Direction::up : Direction::down;
}

report::Changed changed_of(const status::ProductNews& news) {
  const catalogue::Change& change = news.change;
  report::Changed changed{.product = number_of(news.product),
                          .name = news.name,
                          .field = field_words(change.field),
                          .before = value_words(change.field, change.before),
                          .after = value_words(change.field, change.after),
                          .direction = direction_of(change)};
  for (std::string* text : {&changed.before.ko, &changed.before.en, &changed.after.ko, &changed.after.en})
    *text = shorten(*text, kLongestText);
  return changed;
}

report::ChangedList list_of(const status::NewsList& news) {
  report::ChangedList list{.count = news.count, .latest = {}};
  for (const status::ProductNews& one : news.latest) list.latest.push_back(changed_of(one));
  return list;
}

// Since the page before; a page that is made again the same morning says what it said, and after a long time only what
// is worth reading.
report::Changes changes_of(store::Store& store, WallTime now, const std::optional<WallTime>& page_before) {
  const WallTime yesterday = now - std::chrono::days(1);
  const WallTime since = std::max(std::min(page_before.value_or(yesterday), yesterday), now - kLongestAbsence);
  const status::News news = status::read_news(store, since);
  return {.since = since,
          .since_page = page_before == since,
          .price = list_of(news.price),
          .stock = list_of(news.stock),
          .state = list_of(news.state),
          .fresh = list_of(news.fresh),
          .removed = list_of(news.removed),
          .words = list_of(news.words),
          .others = news.others};
}

report::NightState state_of(status::NightState state) {
  return static_cast<report::NightState>(state);  // the same states in the same order
}
static_assert(static_cast<int>(status::NightState::missing) == static_cast<int>(report::NightState::missing));

report::CommandNights nights_of(const status::CommandCalendar& calendar) {
  report::CommandNights nights{calendar.command, {}};
  for (const status::CalendarNight& night : calendar.nights) {
    nights.nights.push_back(
        {.day = night.day, .state = state_of(night.state), .runs = {}, .more_runs = night.more_runs});
    for (const status::CalendarRun& run : night.runs)
      nights.nights.back().runs.emplace_back(run.started_at, state_of(run.state));
  }
  return nights;
}

report::Backlog backlog_of(store::Store& store, const status::Calendar& calendar, const status::Status& status,
                           WallTime now) {
  const status::Waiting waiting = status::read_waiting(*store.queue, now);
  report::Backlog backlog{.today = waiting.today,
                          .this_week = waiting.this_week,
                          .longer = waiting.longer,
                          .failed = status.queue.failed,
                          .oldest = waiting.oldest,
                          .queued = {}};
  for (const status::QueuedInNight& night : calendar.queued) backlog.queued.emplace_back(night.day, night.entries);
  return backlog;
}

}  // namespace

report::Morning make_morning(const store::Database& database, store::Store& store, const Clock& clock,
                             const MorningRequest& request) {
  const WallTime now = clock.wall();
  const status::Status status = status::read_status(database, store, clock);
  const status::Calendar calendar = status::make_calendar(
      status::read_runs(database, store, clock, status::calendar_begin(now, kWeeks)), now, kWeeks);
  Making making{request.korean, *store.catalogue, PostThumbnails(clock, request.make_thumbnail)};
  const auto tasks = [&](const std::vector<Todo>& todos) { return tasks_of(todos, making); };
  report::Morning morning{.store = std::filesystem::path(store.name).filename().string(),
                          .write = tasks(status.write),
                          .upload = tasks(status.upload),
                          .take_down = tasks(status.take_down),
                          .mend = tasks(status.mend),
                          .look = tasks(status.look),
                          .changes = changes_of(store, now, request.page_before),
                          .nights = {},
                          .backlog = backlog_of(store, calendar, status, now),
                          .products = status.products};
  for (const status::CommandCalendar& command : calendar.commands) morning.nights.push_back(nights_of(command));
  return morning;
}

}  // namespace pipeline::cli
