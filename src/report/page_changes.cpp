#include "pipeline/base/html_text.h"
#include "pipeline/base/text.h"

#include "page_diff.h"
#include "page_morning.h"

#include <fmt/format.h>

namespace pipeline::report::page {
namespace {

constexpr std::size_t kChangesShown = 6;  // of a kind, before the fold

enum class Form { values, words, name };

std::string arrow(Direction direction) {
  if (direction == Direction::none) return "";
  const bool up = direction == Direction::up;
  return fmt::format(" <span class=\"arrow {}\"><span aria-hidden=\"true\">{}</span>{}</span>", up ? "up" : "down",
                     up ? "▲" : "▼", unseen(html(up ? text("up") : text("down"))));
}

std::string value(const Words& words) {
  return words.ko.empty() ? html(text("value_gone")) : html(words);
}

std::string shift_of(const Changed& one, Form form) {
  if (form == Form::words) {
    const MarkedTexts marked = mark_changes(one.before.ko, one.after.ko);
    return fmt::format("<p class=\"wording\"><bdi>{}</bdi> → <bdi>{}</bdi></p>", marked.before, marked.after);
  }
  return fmt::format("<p class=\"shift\"><span class=\"quiet\">{}</span> <del>{}</del> → <ins>{}</ins>{}</p>",
                     html(one.field), value(one.before), value(one.after), arrow(one.direction));
}

std::string item_of(const Changed& one, Form form) {
  const std::string name = one.name.empty() ? "" : outside(one.name) + " ";
  std::string out =
      fmt::format("<li><p class=\"name\">{}<span class=\"quiet\">{}</span></p>", name, outside(one.product));
  if (form != Form::name) out += shift_of(one, form);
  return out + "</li>\n";
}

std::string kind_of(const Text& title, const ChangedList& list, Form form) {
  if (list.count == 0) return "";
  std::vector<std::string> items;
  for (const Changed& one : list.latest) items.push_back(item_of(one, form));
  std::string out = fmt::format("<section class=\"kind\"><h3>{} <span class=\"number\">{}</span></h3>\n{}", html(title),
                                format_count(list.count), folded("news", items, kChangesShown));
  const auto more = list.count - static_cast<std::int64_t>(list.latest.size());
  if (more > 0)
    out += fmt::format("<p class=\"quiet\">{} <code>pipeline queue list</code></p>\n",
                       html(text("left_out"), format_count(more)));
  return out + "</section>\n";
}

}  // namespace

std::string changes_part(const Changes& changes) {
  std::string out =
      fmt::format("<p class=\"lead\">{}</p>\n",
                  html(changes.since_page ? text("changes_page") : text("changes_day"), moment(changes.since)));
  std::string kinds = kind_of(text("changes_price"), changes.price, Form::values) +
                      kind_of(text("changes_stock"), changes.stock, Form::values) +
                      kind_of(text("changes_state"), changes.state, Form::values) +
                      kind_of(text("changes_removed"), changes.removed, Form::name) +
                      kind_of(text("changes_fresh"), changes.fresh, Form::name) +
                      kind_of(text("changes_words"), changes.words, Form::words);
  if (!kinds.empty()) out += "<div class=\"kinds\">\n" + kinds + "</div>\n";
  if (changes.others > 0)
    out += fmt::format("<p class=\"quiet\">{}</p>\n", html(text("changes_others"), format_count(changes.others)));
  if (kinds.empty() && changes.others == 0) out += fmt::format("<p>{}</p>\n", html(text("changes_none")));
  return out;
}

}  // namespace pipeline::report::page
