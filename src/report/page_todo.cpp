#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"
#include "pipeline/base/url.h"

#include "data_uri.h"
#include "page_morning.h"
#include "page_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pipeline::report::page {
namespace {

struct Kind {
  std::string_view name;  // as in `status --json`
  TaskList Morning::*list;
  std::string_view command = {};  // that settles it, as it is typed
};
// In the order in which they are to be done.
constexpr std::array kKinds{Kind{"write", &Morning::write, "pipeline post keep CONTENT_ID '…'"},
                            Kind{"upload", &Morning::upload, "pipeline post published CONTENT_ID"},
                            Kind{"take_down", &Morning::take_down}, Kind{"mend", &Morning::mend},
                            Kind{"look", &Morning::look}};
constexpr std::size_t kTodosShown = 8;    // of a kind, before the fold
constexpr std::size_t kDetailsShown = 5;  // of a task

const Text& title_of(const Kind& kind) {
  return *find_text(kTexts, kind.name);
}

std::string lead_of(const Kind& kind) {
  const Text& words = *find_text(kTexts, std::string(kind.name) + "_lead");
  const std::string command = kind.command.empty() ? "" : fmt::format(" <code>{}</code>", html_of(kind.command));
  return fmt::format("<p class=\"lead\">{}{}</p>\n", html(words), command);
}

std::string since(WallTime time, WallTime now) {
  const auto day = day_of(time);
  const auto passed = (day_of(now) - day).count();
  const Both words = passed <= 0   ? say(text("since_today"))
                     : passed == 1 ? say(text("since_yesterday"))
                                   : say(text("since_days"), short_date(day), passed);
  return fmt::format("<time datetime=\"{}\">{}</time>", format_utc(time), html(words));
}

// The value in the sentence, as it is or without the commas of its number; it may stand there in yet another way.
std::string marked_sentence(const std::string& sentence, const std::string& value) {
  std::string plain = value;
  std::erase(plain, ',');
  for (const std::string& written : {value, plain}) {
    const auto at = written.empty() ? sentence.npos : sentence.find(written);
    if (at == sentence.npos) continue;
    return fmt::format("{}<mark>{}</mark>{}", html_of(sentence.substr(0, at)), html_of(written),
                       html_of(sentence.substr(at + written.size())));
  }
  return html_of(sentence);
}

std::string outdated_item(const Outdated& one) {
  const bool gone = one.after.ko.empty();
  return fmt::format(
      "<li><p class=\"sentence\"><bdi>{}</bdi></p><p class=\"shift\">{} <del>{}</del> → <ins>{}</ins></p>"
      "<p class=\"quiet\">{} <code>{}</code></p></li>\n",
      marked_sentence(one.sentence, one.before.ko), html(one.field), html(one.before),
      html(gone ? say(text("value_gone")) : one.after), outside(one.product), html_of(one.place));
}

std::string details_of(const Task& task) {
  std::vector<std::string> items;
  for (const Outdated& one : task.outdated) items.push_back(outdated_item(one));
  for (const Words& one : task.details) items.push_back("<li>" + html(one) + "</li>\n");
  return folded("details", items, kDetailsShown);
}

std::string link_of(const Task& task) {
  if (!parse_url(task.link)) return "";  // http or https alone: others may do what nobody expects
  return fmt::format(" <a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", html_of(task.link),
                     html(text("see_product")));
}

std::string picture_of(const Task& task) {
  if (task.picture.empty()) return "<span class=\"picture\"></span>";
  return fmt::format("<img class=\"picture\" src=\"{}\" width=\"{}\" height=\"{}\" alt=\"\">", jpeg_uri(task.picture),
                     task.picture_width, task.picture_height);
}

std::string item_of(const Kind& kind, const Task& task, WallTime now) {
  std::string out = fmt::format("<li class=\"task\" data-kind=\"{}\" data-id=\"{}\" data-reason=\"{}\">\n", kind.name,
                                html_of(task.id), html_of(task.reason));
  if (kind.name != "look") out += picture_of(task);
  const std::string& name = task.title.empty() ? task.product : task.title;
  const bool named = !name.empty() || kind.name != "look";  // what is no post may have nothing but its reason
  out += named ? fmt::format("<div>\n<h4>{}</h4>\n<p>{}</p>\n", outside(name.empty() ? task.id : name), html(task.why))
               : fmt::format("<div>\n<h4>{}</h4>\n", html(task.why));
  out += details_of(task);
  if (!task.command.empty()) out += fmt::format("<p><code>{}</code></p>\n", html_of(task.command));
  out += "<p class=\"quiet\">";
  if (!name.empty() && !task.id.empty()) out += fmt::format("<span class=\"id\">{}</span> ", outside(task.id));
  if (!task.folder.empty()) out += fmt::format("<code>{}</code> ", html_of(task.folder));
  if (task.since) out += since(*task.since, now);
  return out + link_of(task) + "</p>\n</div>\n</li>\n";
}

std::string section_of(const Kind& kind, const TaskList& list, WallTime now) {
  std::string out = fmt::format(
      "<section class=\"kind\" id=\"todo-{0}\" aria-labelledby=\"todo-{0}-h\">\n<h3 "
      "id=\"todo-{0}-h\">{1} <span class=\"number\">{2}</span></h3>\n{3}",
      kind.name, html(title_of(kind)), format_count(list.size()), lead_of(kind));
  std::vector<std::string> items;
  for (const Task& task : list.tasks) items.push_back(item_of(kind, task, now));
  out += folded("tasks", items, kTodosShown);
  if (list.more > 0)
    out += fmt::format("<p class=\"quiet\">{} <code>pipeline status --json</code></p>\n",
                       html(text("left_out"), format_count(list.more)));
  return out + "</section>\n";
}

std::string counts_of(const Morning& morning) {
  std::string out;
  for (const Kind& kind : kKinds)
    if (const auto n = (morning.*kind.list).size(); n > 0)
      out += fmt::format("<li><a href=\"#todo-{}\"><b>{}</b> {}</a></li>\n", kind.name, format_count(n),
                         html(title_of(kind)));
  return out.empty() ? out : "<ul class=\"counts\">\n" + out + "</ul>\n";
}

std::string last_night(const std::vector<CommandNights>& commands) {
  std::string out;
  for (const CommandNights& command : commands) {
    const Night& night = command.nights.back();
    if (night.state == NightState::none) continue;
    const std::string time = night.runs.empty() ? "" : " " + clock_time(night.runs.back().first);
    out += fmt::format("<li>{} {}<span class=\"quiet\">{}</span></li>\n", html(command_title(command.command)),
                       night_words(night.state), time);
  }
  return out.empty() ? out
                     : fmt::format("<div class=\"last-night\"><span class=\"quiet\">{}</span>\n<ul>\n{}</ul></div>\n",
                                   html(text("last_night")), out);
}

}  // namespace

Both todo_words(const Morning& morning) {
  const std::size_t todo = morning.todo();
  if (todo == 0) return say(text("todo_none"));
  return todo == 1 ? say(text("todo_one"), todo) : say(text("todo_many"), format_count(todo));
}

std::string morning_head(const PageRequest& request) {
  const Morning& morning = *request.morning;
  const std::string store = morning.store.empty() ? "" : fmt::format(" · <code>{}</code>", html_of(morning.store));
  return fmt::format("<header class=\"morning\">\n{}<p class=\"period\">{} {}{}</p>\n<h1>{}</h1>\n{}{}</header>\n",
                     switches(), html(long_day(day_of(request.now))), clock_time(request.now), store,
                     html(todo_words(morning)), counts_of(morning), last_night(morning.nights));
}

std::string morning_foot(WallTime now) {
  const std::string utc = format_utc(now).substr(0, 16).replace(10, 1, " ");
  return fmt::format("<footer class=\"quiet\"><p>{}</p><p>{}</p></footer>\n", html(text("made"), moment(now), utc),
                     html(text("kst")));
}

std::string todo_part(const Morning& morning, WallTime now) {
  std::string out;
  for (const Kind& kind : kKinds)
    if (const TaskList& list = morning.*kind.list; list.size() > 0) out += section_of(kind, list, now);
  return out.empty() ? fmt::format("<p class=\"good\">✓ {}</p>\n", html(text("todo_rest"))) : out;
}

std::string unseen(const std::string& html) {
  return "<span class=\"unseen\">" + html + "</span>";
}

std::string folded(std::string_view list, const std::vector<std::string>& items, std::size_t shown) {
  if (items.empty()) return "";
  const bool folds = items.size() > shown + 1;  // a fold around one takes as much room as that one
  std::string out = fmt::format("<ul class=\"{}\">\n", list);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (folds && i == shown)
      out += fmt::format("</ul>\n<details class=\"more\"><summary>{}</summary>\n<ul class=\"{}\">\n",
                         html(text("show_more"), format_count(items.size() - shown)), list);
    out += items[i];
  }
  return out + (folds ? "</ul>\n</details>\n" : "</ul>\n");
}

}  // namespace pipeline::report::page
