#include "notify_address.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/url.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

using Form = NotifyAddress::Form;

constexpr std::array<std::pair<std::string_view, Form>, 5> kForms{{{"slack", Form::slack},
                                                                   {"discord", Form::discord},
                                                                   {"telegram", Form::telegram},
                                                                   {"ntfy", Form::ntfy},
                                                                   {"exec", Form::program}}};

std::string line_of(const std::string& file) {
  try {
    const std::string text = read_file(file);
    return std::string(trim(std::string_view(text).substr(0, text.find('\n'))));
  } catch (const Error& e) {
    throw UsageError(fmt::format("--notify: {}", e.what()));
  }
}

NotifyAddress checked_program(std::string program) {
  if (::access(program.c_str(), X_OK) != 0)
    throw UsageError(
        fmt::format("--notify exec:{0}: there is no program {0} that may be run: give its whole path", program));
  return {Form::program, std::move(program)};
}

NotifyAddress checked_url(Form form, std::string text) {
  const auto url = parse_url(text);
  if (!url)
    throw UsageError(
        "--notify: an address is none of https://…, slack:https://…, discord:https://…, telegram:https://…, "
        "ntfy:https://…, exec:PROGRAM, file:PATH");
  const bool has_key = form == Form::slack || form == Form::discord || form == Form::telegram;
  if (has_key && url->scheme != "https" && !is_loopback(*url))
    throw UsageError(fmt::format(
        "--notify: the address at {} is a key, and would travel in the clear: begin it with https", url->host));
  return {form, std::move(text)};
}

}  // namespace

std::string NotifyAddress::shown() const {
  if (form == Form::program) return "exec:" + target;
  const auto url = parse_url(target);
  const auto* const known = std::ranges::find(kForms, form, &std::pair<std::string_view, Form>::second);
  return fmt::format("{}{}://{}/…", known == kForms.end() ? "" : fmt::format("{}:", known->first), url->scheme,
                     url->host);
}

NotifyAddress parse_notify_address(const std::string& text) {
  constexpr std::string_view kFile = "file:";
  if (text.starts_with(kFile)) return parse_notify_address(line_of(text.substr(kFile.size())));
  for (const auto& [word, form] : kForms) {
    if (!text.starts_with(std::string(word) + ":")) continue;
    std::string target = text.substr(word.size() + 1);
    return form == Form::program ? checked_program(std::move(target)) : checked_url(form, std::move(target));
  }
  const std::string word = text.substr(0, text.find(':'));
  std::vector<std::string> words{"https"};
  for (const auto& [known, form] : kForms) words.emplace_back(known);
  if (word.size() < text.size() && word != "http" && word != "https")
    throw UsageError(fmt::format("--notify: there is no form {}{}", word, did_you_mean(word, words)));
  return checked_url(Form::json, text);
}

}  // namespace pipeline::cli
