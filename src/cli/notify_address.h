#pragma once

#include <string>
#include <string_view>

namespace pipeline::cli {

// Where a notification goes, as --notify says it.
struct NotifyAddress {
  // What is sent: our own JSON by POST, what one of the known services takes, or our JSON to a program's standard
  // input.
  enum class Form { json, slack, discord, telegram, ntfy, program };
  Form form = Form::json;
  std::string target;  // a URL, or a program's path

  // For people and logs. A URL's path and query are often the key to a channel, so they are not in it.
  [[nodiscard]] std::string shown() const;
};

// `https://…`, `slack:https://…` (discord, telegram, ntfy), `exec:PROGRAM`, or `file:PATH`, whose first line is one of
// those. Throws UsageError that says what is wrong, without what is secret of it.
[[nodiscard]] NotifyAddress parse_notify_address(const std::string& text);

}  // namespace pipeline::cli
