#include "post_fields.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/url.h"

#include "content_id.h"
#include "json_view.h"
#include "post_limits.h"
#include "text_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pipeline::package {
namespace {

// Puts what is sound behind those that came before, each once.
void add_once(const JsonView& view, std::string text, std::vector<std::string>& texts) {
  if (std::ranges::find(texts, text) != texts.end())
    view.fault("is given twice");
  else
    texts.push_back(std::move(text));
}

void read_content_id(const JsonView& view, Post& post) {
  const auto id = view.string();
  if (id && !is_content_id(*id))
    view.fault(
        "must be 1 to 64 of the letters A to Z and a to z, the digits, '-', '_' and '.', and not begin with '-' or '.' "
        "(it names the packages)");
  else if (id)
    post.content_id = *id;
}

void read_skus(const JsonView& root, Post& post) {
  const JsonView one = root.field("sku");
  const JsonView many = root.field("skus");
  if (one.is_there() && many.is_there()) return many.fault("stands beside sku; give one of the two");
  if (!many.is_there()) {
    if (!one.is_required()) return;
    if (const auto sku = one.line()) post.skus.emplace_back(trim_blanks(*sku));
    return;
  }
  if (!many.is_array()) return;
  if (many.value().empty()) many.fault("is empty; a post needs a product");
  if (const auto count = many.value().size(); count > kMostSkus)
    return many.fault(fmt::format("has {} products; at most {} are taken", count, kMostSkus));
  for (const JsonView& item : many.items())
    if (const auto sku = item.line()) add_once(item, std::string(trim_blanks(*sku)), post.skus);
}

void read_body(const JsonView& view, Post& post) {
  if (!view.is_required()) return;
  if (auto body = view.text()) post.body = std::move(*body);
}

void read_tags(const JsonView& view, Post& post) {
  if (!view.is_array()) return;
  if (const auto count = view.value().size(); count > kMostTags)
    return view.fault(fmt::format("has {} tags; at most {} are taken", count, kMostTags));
  for (const JsonView& item : view.items()) {
    auto tag = item.line();
    if (!tag) continue;
    tag->erase(0, tag->find_first_not_of('#'));
    if (is_blank(*tag))
      item.fault("is empty");
    else
      add_once(item, std::move(*tag), post.tags);
  }
}

void read_disclosure(const JsonView& view, Post& post) {
  if (!view.is_object_of({"required", "text"})) return;
  const JsonView text = view.field("text");
  post.disclosure.required = view.field("required").boolean().value_or(false);
  // An empty text that nothing demands is a form not filled in.
  if (!post.disclosure.required && text.is_there() && text.value() == "") return;
  if (post.disclosure.required && !text.is_there()) text.fault("is missing, and the disclosure is required");
  post.disclosure.text = text.text().value_or("");
}

bool is_web_address(const std::string& url) {
  const bool has_odd_characters = std::ranges::any_of(
      url, [](unsigned char c) { return c <= 0x20 || c == 0x7F || c == '"' || c == '<' || c == '>' || c == '\\'; });
  return !has_odd_characters && parse_url(url).has_value();
}

void read_cta(const JsonView& view, Post& post) {
  if (!view.is_object_of({"text", "url"})) return;
  const JsonView url_view = view.field("url");
  auto text = view.field("text").is_required() ? view.field("text").line() : std::nullopt;
  auto url = url_view.is_required() ? url_view.line() : std::nullopt;
  if (url && !is_web_address(*url)) {
    url_view.fault("must be a whole http:// or https:// address without spaces");
    return;
  }
  if (text && url) post.cta = {std::move(*text), std::move(*url)};
}

void read_faq(const JsonView& view, Post& post) {
  if (!view.is_array()) return;
  for (const JsonView& item : view.items()) {
    if (!item.is_object_of({"question", "answer"})) continue;
    const JsonView question_view = item.field("question");
    const JsonView answer_view = item.field("answer");
    auto question = question_view.is_required() ? question_view.line() : std::nullopt;
    auto answer = answer_view.is_required() ? answer_view.text() : std::nullopt;
    if (question && answer) post.faq.push_back({std::move(*question), std::move(*answer)});
  }
}

// A text, a number, true or false.
bool is_plain_fact(const JsonView& view) {
  const Json& value = view.value();
  if (value.is_string()) return view.text().has_value();
  if (value.is_number() || value.is_boolean()) return true;
  view.fault("must be a text, a number, true or false, or a list of these");
  return false;
}

bool is_fact(const JsonView& view) {
  if (!view.value().is_array()) return is_plain_fact(view);
  if (view.value().empty()) view.fault("is an empty list");
  bool sound = !view.value().empty();
  for (const JsonView& item : view.items()) sound = is_plain_fact(item) && sound;
  return sound;
}

void read_facts(const JsonView& view, Post& post) {
  if (!view.is_object()) return;
  for (const auto& [name, fact] : view.fields()) {
    if (const auto objection = line_objection(name); !objection.empty())
      fact.fault("has a name that " + objection);
    else if (is_fact(fact))
      post.facts.push_back({name, fact.value().dump(), fact.place()});
  }
}

void read_images(const JsonView& view, std::vector<NamedImage>& images) {
  if (!view.is_array()) return;
  for (const JsonView& item : view.items()) {
    if (!item.is_object_of({"file", "alt"})) continue;
    const JsonView file_view = item.field("file");
    const JsonView alt_view = item.field("alt");
    const auto file = file_view.is_required() ? file_view.line() : std::nullopt;
    const bool has_alt = alt_view.is_there() && alt_view.value() != "";
    const auto alt = has_alt ? alt_view.line() : std::nullopt;
    if (file) images.push_back({*file, file_view.place(), alt.value_or(""), alt ? alt_view.place() : ""});
  }
}

}  // namespace

void read_names(const JsonView& root, Post& post) {
  read_content_id(root.field("content_id"), post);
  read_skus(root, post);
}

void read_fields(const Json& json, Post& post, std::vector<NamedImage>& images, std::vector<Fault>& faults) {
  const JsonView root(json, faults);
  if (!root.is_object_of(
          {"content_id", "sku", "skus", "title", "body", "tags", "disclosure", "cta", "faq", "facts", "images"}))
    return;
  read_names(root, post);
  const JsonView title = root.field("title");
  if (auto text = title.string()) take_title(std::move(*text), title.place(), post, faults);
  read_body(root.field("body"), post);
  read_tags(root.field("tags"), post);
  read_disclosure(root.field("disclosure"), post);
  read_cta(root.field("cta"), post);
  read_faq(root.field("faq"), post);
  read_facts(root.field("facts"), post);
  read_images(root.field("images"), images);
}

void take_title(std::string title, const std::string& place, Post& post, std::vector<Fault>& faults) {
  if (auto objection = line_objection(title); !objection.empty()) {
    faults.push_back({place, std::move(objection)});
  } else {
    if (const auto length = count_characters(title); length > kLongestTitle)
      faults.push_back({place, fmt::format("has {} characters; at most {} are taken", length, kLongestTitle)});
    post.title = std::move(title);
  }
}

void take_tags(const std::vector<std::string>& tags, const std::string& place, Post& post, std::vector<Fault>& faults) {
  if (tags.size() > kMostTags) {
    faults.push_back({place, fmt::format("has {} tags; at most {} are taken", tags.size(), kMostTags)});
    return;
  }
  for (const std::string& written : tags) {
    std::string tag = written.substr(std::min(written.find_first_not_of('#'), written.size()));
    if (auto objection = line_objection(tag); !objection.empty())
      faults.push_back({place, fmt::format("has a tag that {}", objection)});
    else if (std::ranges::find(post.tags, tag) == post.tags.end())
      post.tags.push_back(std::move(tag));
  }
}

}  // namespace pipeline::package
