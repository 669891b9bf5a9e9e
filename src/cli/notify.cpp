#include "notify.h"

#include "pipeline/base/failure.h"
#include "pipeline/base/log.h"
#include "pipeline/http/curl_transport.h"

#include "child_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using Form = NotifyAddress::Form;

constexpr Nanoseconds kNotifyPatience = std::chrono::seconds(10);
constexpr int kNotifyTries = 3;
constexpr auto kPause = std::chrono::milliseconds(500);
constexpr auto kProgramPoll = std::chrono::milliseconds(20);
constexpr std::size_t kDiscordLongest = 2000;   // characters of a message; docs of its webhooks
constexpr std::size_t kTelegramLongest = 4096;  // docs of sendMessage

// At most so many characters, cut at one.
std::string at_most(std::string text, std::size_t characters) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && ++count > characters) return text.substr(0, i);
  }
  return text;
}

std::string dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

// `chat_id` of …/sendMessage?chat_id=42
std::string query_value(const std::string& url, std::string_view name) {
  const std::string key = fmt::format("{}=", name);
  const auto query = url.find('?');
  const auto at = query == std::string::npos ? query : url.find(key, query);
  if (at == std::string::npos) return {};
  const auto begin = at + key.size();
  return url.substr(begin, std::min(url.find('&', begin), url.size()) - begin);
}

http::Request request_of(const Notification& notification, const NotifyAddress& address) {
  http::Request request{.method = "POST",
                        .url = address.target,
                        .headers = {"Content-Type: application/json; charset=utf-8"},
                        .body = {},
                        .timeout = kNotifyPatience};
  const std::string both = notification.title + "\n" + notification.text;
  switch (address.form) {
    case Form::slack:
      request.body = dump({{"text", both}});
      break;
    case Form::discord:
      request.body = dump({{"content", at_most(both, kDiscordLongest)}});
      break;
    case Form::telegram: {
      ordered_json body = {{"text", at_most(both, kTelegramLongest)}};
      if (const auto chat = query_value(address.target, "chat_id"); !chat.empty()) {
        body["chat_id"] = chat;
        request.url.resize(request.url.find('?'));
      }
      request.body = dump(body);
      break;
    }
    case Form::ntfy: {  // published to the server, since a header can't hold Korean
      const auto topic = address.target.rfind('/');
      request.url = address.target.substr(0, topic + 1);
      request.body = dump(
          {{"topic", address.target.substr(topic + 1)}, {"title", notification.title}, {"message", notification.text}});
      break;
    }
    case Form::json:
    case Form::program:
      request.body = dump(notification.json);
      break;
  }
  return request;
}

// What went wrong; empty: it has arrived.
struct Attempt {
  std::string trouble;
  bool may_repeat = false;
};

Attempt judge(const http::Response& response) {
  if (!response.fault.empty()) return {response.fault, response.unsent};
  if (response.status >= 200 && response.status < 300) return {};
  const std::string answer = fmt::format("the server answered {}", response.status);
  if (response.status >= 300 && response.status < 400) return {answer + ", that it is elsewhere: name the new address"};
  const bool passes = response.status == 429 || response.status >= 500;
  return {answer, passes};
}

Attempt post(const http::Request& request, const Clock& clock, SteadyTime until) {
  http::CurlTransport transport(clock, {.max_connections = 1, .max_body = std::size_t{1} << 20});
  http::Request now = request;
  now.timeout = std::max<Nanoseconds>(until - clock.now(), std::chrono::milliseconds(1));
  transport.start(1, std::move(now));
  std::vector<http::Completion> ended;
  while (ended.empty() && clock.now() < until + std::chrono::seconds(1)) transport.poll(until, ended);
  return ended.empty() ? Attempt{"no answer came in time"} : judge(ended.front().response);
}

std::string run_program(const std::string& program, const std::string& text, const Clock& clock, SteadyTime until) {
  ChildProcess process(program, {}, {.input = text, .without_keys = true});
  std::optional<int> code;
  while (!(code = process.poll()) && clock.now() < until) std::this_thread::sleep_for(kProgramPoll);
  if (!code) return "it did not end in ten seconds, and was ended";
  return *code == 0 ? "" : fmt::format("it ended with {}", *code);
}

// What went wrong; empty: nothing.
std::string deliver(const Notification& notification, const NotifyAddress& address, const Clock& clock) {
  const SteadyTime until = clock.now() + kNotifyPatience;
  if (address.form == Form::program) return run_program(address.target, dump(notification.json) + "\n", clock, until);
  const http::Request request = request_of(notification, address);
  for (int number = 1;; ++number) {
    const Attempt attempt = post(request, clock, until);
    const bool again = attempt.may_repeat && number < kNotifyTries && clock.now() + kPause < until;
    if (attempt.trouble.empty() || !again) return attempt.trouble;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

void notify(const Notification& notification, const std::vector<NotifyAddress>& addresses, const Clock& clock) {
  for (const NotifyAddress& address : addresses) {
    std::string trouble;
    try {
      trouble = deliver(notification, address, clock);
    } catch (...) {
      trouble = failure_of(std::current_exception()).message;
    }
    if (!trouble.empty()) log::warn("the notification to {} was not delivered: {}", address.shown(), trouble);
  }
}

}  // namespace pipeline::cli
