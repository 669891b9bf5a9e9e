#include "emulator/control.h"

#include "emulator/dates.h"
#include "emulator/route.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace pipeline::emulator {

namespace {

using nlohmann::json;

template <typename Enum>
using Name = std::pair<std::string_view, Enum>;

constexpr auto kTargets = std::to_array<Name<Target>>({{"any", Target::any},
                                                       {"token", Target::token},
                                                       {"list", Target::list},
                                                       {"detail", Target::detail},
                                                       {"channel_detail", Target::channel_detail},
                                                       {"origin_detail", Target::origin_detail}});
constexpr auto kPeriodNames = std::to_array<Name<QuotaPeriod>>(
    {{"SECONDS", QuotaPeriod::seconds}, {"ROUND", QuotaPeriod::round}, {"HOURS", QuotaPeriod::hours}});
constexpr auto kFaults = std::to_array<Name<FaultKind>>({{"status", FaultKind::status},
                                                         {"rate_limit", FaultKind::rate_limit},
                                                         {"quota", FaultKind::quota},
                                                         {"reset", FaultKind::reset},
                                                         {"stall", FaultKind::stall},
                                                         {"short_body", FaultKind::short_body},
                                                         {"invalid_json", FaultKind::invalid_json},
                                                         {"wrong_types", FaultKind::wrong_types},
                                                         {"unauthorized", FaultKind::unauthorized},
                                                         {"ip_not_allowed", FaultKind::ip_not_allowed},
                                                         {"not_found", FaultKind::not_found},
                                                         {"api_not_found", FaultKind::api_not_found},
                                                         {"redirect", FaultKind::redirect},
                                                         {"bad_request", FaultKind::bad_request},
                                                         {"slow", FaultKind::slow}});
constexpr auto kEdits = std::to_array<Name<Edit::Kind>>({{"set_price", Edit::Kind::set_price},
                                                         {"set_stock", Edit::Kind::set_stock},
                                                         {"set_name", Edit::Kind::set_name},
                                                         {"set_status", Edit::Kind::set_status},
                                                         {"set_display_status", Edit::Kind::set_display_status},
                                                         {"set_detail_text", Edit::Kind::set_detail_text},
                                                         {"set_option_stock", Edit::Kind::set_option_stock},
                                                         {"set_option_price", Edit::Kind::set_option_price},
                                                         {"add_option", Edit::Kind::add_option},
                                                         {"remove_option", Edit::Kind::remove_option}});
constexpr auto kShifts = std::to_array<Name<Shift::Kind>>(
    {{"add", Shift::Kind::add}, {"remove", Shift::Kind::remove}, {"re_sort", Shift::Kind::re_sort}});
constexpr auto kTraitNames = std::to_array<Name<Trait>>({{"missing_seller_code", Trait::missing_seller_code},
                                                         {"doubled_seller_code", Trait::doubled_seller_code},
                                                         {"two_channels", Trait::two_channels},
                                                         {"wide_numbers", Trait::wide_numbers},
                                                         {"emoji_name", Trait::emoji_name},
                                                         {"markup_name", Trait::markup_name},
                                                         {"no_options", Trait::no_options},
                                                         {"many_options", Trait::many_options},
                                                         {"price_zero", Trait::price_zero},
                                                         {"missing_fields", Trait::missing_fields},
                                                         {"unknown_fields", Trait::unknown_fields},
                                                         {"unmanaged_stock", Trait::unmanaged_stock},
                                                         {"volatile_field", Trait::volatile_field},
                                                         {"moving_keys", Trait::moving_keys}});
constexpr std::array<Endpoint, kEndpoints> kAllEndpoints{Endpoint::token, Endpoint::list, Endpoint::channel_detail,
                                                         Endpoint::origin_detail, Endpoint::other};

template <typename Enum, std::size_t N>
Enum named(const json& body, const char* key, const std::array<Name<Enum>, N>& names) {
  const auto text = body.at(key).get<std::string>();
  for (const auto& [name, value] : names) {
    if (name == text) return value;
  }
  throw std::invalid_argument(fmt::format("{} can't be {}", key, text));
}

Target target_of(const json& body) {
  return body.contains("target") ? named(body, "target", kTargets) : Target::any;
}

Nanoseconds milliseconds(const json& body, const char* key) {
  return Nanoseconds(static_cast<std::int64_t>(body.value(key, 0.0) * 1e6));
}

template <typename T>
std::optional<T> maybe(const json& body, const char* key) {
  return body.contains(key) ? std::optional(body.at(key).get<T>()) : std::nullopt;
}

Edit edit_of(const json& body) {
  return {.kind = named(body, "kind", kEdits),
          .channel_no = body.at("channel_no").get<std::int64_t>(),
          .value = body.value("value", std::int64_t{0}),
          .text = body.value("text", std::string()),
          .option = body.value("option", std::size_t{0}),
          .moves_modified_date = body.value("moves_modified_date", true),
          .shows_in_list = body.value("shows_in_list", true)};
}

FaultRule fault_of(const json& body) {
  FaultRule rule;
  rule.target = target_of(body);
  rule.product_no = maybe<std::int64_t>(body, "product_no");
  rule.page = maybe<int>(body, "page");
  rule.kind = named(body, "kind", kFaults);
  rule.status = body.value("status", rule.status);
  rule.code = body.value("code", std::string());
  rule.location = body.value("location", std::string());
  rule.body = maybe<std::string>(body, "body");
  rule.probability = body.value("probability", rule.probability);
  rule.skip = body.value("skip", rule.skip);
  rule.times = maybe<std::uint64_t>(body, "times");
  rule.retry_after = maybe<std::string>(body, "retry_after");
  rule.no_headers = body.value("no_headers", rule.no_headers);
  if (body.contains("quota_period")) rule.quota_period = named(body, "quota_period", kPeriodNames);
  rule.extra_delay = milliseconds(body, "extra_delay_ms");
  return rule;
}

json to_json(const Stats& stats) {
  json endpoints = json::object();
  for (const Endpoint endpoint : kAllEndpoints) {
    json counts = json::object();
    for (const auto& [status, count] : stats.by_status[static_cast<std::size_t>(endpoint)]) {
      counts[std::to_string(status)] = count;
    }
    endpoints[std::string(to_string(endpoint))] = std::move(counts);
  }
  const auto seconds = [](const std::optional<SteadyTime>& time) {
    return time ? json(to_seconds(time->time_since_epoch())) : json();
  };
  return {{"requests", stats.requests},
          {"by_endpoint", std::move(endpoints)},
          {"tokens_issued", stats.tokens_issued},
          {"list_pages", stats.list_pages},
          {"distinct_details", stats.distinct_details},
          {"duplicate_details", stats.duplicate_details},
          {"rate_limited", stats.rate_limited},
          {"max_concurrent", stats.max_concurrent},
          {"first_request", seconds(stats.first_request)},
          {"last_request", seconds(stats.last_request)}};
}

json to_json(const ProductView& view) {
  return {{"channel_no", view.channel_no},
          {"origin_no", view.origin_no},
          {"name", view.name},
          {"seller_code", view.seller_code ? json(*view.seller_code) : json()},
          {"status", view.status},
          {"display_status", view.display_status},
          {"price", view.price},
          {"stock", view.stock},
          {"options", view.options},
          {"reg_date", format_kst(view.reg_date)},
          {"modified_date", format_kst(view.modified_date)}};
}

json get_stats(Emulator& emulator, const json&) {
  return to_json(emulator.stats());
}

json reset_stats(Emulator& emulator, const json&) {
  emulator.reset_stats();
  return json::object();
}

json edit(Emulator& emulator, const json& body) {
  const Edit edit = edit_of(body);
  emulator.edit(edit);
  return to_json(emulator.find(edit.channel_no).value());
}

json add(Emulator& emulator, const json& body) {
  return {{"channel_nos", emulator.add_products(body.value("count", std::size_t{1}))}};
}

json take_off_sale(Emulator& emulator, const json& body) {
  emulator.take_off_sale(body.at("channel_no").get<std::int64_t>());
  return json::object();
}

json remove(Emulator& emulator, const json& body) {
  emulator.remove(body.at("channel_no").get<std::int64_t>());
  return json::object();
}

json shift(Emulator& emulator, const json& body) {
  emulator.shift_list({.kind = named(body, "kind", kShifts),
                       .after_page = body.value("after_page", 1),
                       .count = body.value("count", std::size_t{1})});
  return json::object();
}

json product(Emulator& emulator, const json& body) {
  const auto channel_no = body.at("channel_no").get<std::int64_t>();
  const auto view = emulator.find(channel_no);
  if (!view) throw std::invalid_argument(fmt::format("no channel product {}", channel_no));
  return to_json(*view);
}

json products(Emulator& emulator, const json& body) {
  const auto numbers =
      body.contains("trait") ? emulator.channel_nos_with(named(body, "trait", kTraitNames)) : emulator.channel_nos();
  return {{"channel_nos", numbers}};
}

json add_fault(Emulator& emulator, const json& body) {
  return {{"rule", emulator.add_fault(fault_of(body))}};
}

json get_faults(Emulator& emulator, const json&) {
  return {{"hits", emulator.fault_hits()}};
}

json clear_faults(Emulator& emulator, const json&) {
  emulator.clear_faults();
  return json::object();
}

json set_rate(Emulator& emulator, const json& body) {
  emulator.set_rate(target_of(body), {.rate = body.at("rate").get<double>(), .burst = body.value("burst", 0.0)});
  return json::object();
}

json set_quota(Emulator& emulator, const json& body) {
  std::optional<Quota> quota;
  if (body.contains("period")) {
    quota = Quota{.period = named(body, "period", kPeriodNames), .limit = body.at("limit").get<std::int64_t>()};
  }
  emulator.set_quota(quota);
  return json::object();
}

json set_latency(Emulator& emulator, const json& body) {
  emulator.set_latency(milliseconds(body, "latency_ms"), milliseconds(body, "jitter_ms"));
  return json::object();
}

json set_clock(Emulator& emulator, const json& body) {
  emulator.set_clock_skew(std::chrono::milliseconds(body.at("skew_ms").get<std::int64_t>()));
  return json::object();
}

json set_tokens(Emulator& emulator, const json& body) {
  enum class Action { revoke, refuse, accept };
  constexpr auto kActions =
      std::to_array<Name<Action>>({{"revoke", Action::revoke}, {"refuse", Action::refuse}, {"accept", Action::accept}});
  const Action action = named(body, "action", kActions);
  if (action == Action::revoke) {
    emulator.revoke_tokens();
  } else {
    emulator.refuse_all_tokens(action == Action::refuse);
  }
  return json::object();
}

struct Command {
  std::string_view method;
  std::string_view name;
  json (*run)(Emulator&, const json&);
};
constexpr auto kCommands = std::to_array<Command>({{"GET", "stats", get_stats},
                                                   {"POST", "stats/reset", reset_stats},
                                                   {"POST", "edit", edit},
                                                   {"POST", "add", add},
                                                   {"POST", "remove", remove},
                                                   {"POST", "off_sale", take_off_sale},
                                                   {"POST", "shift", shift},
                                                   {"POST", "product", product},
                                                   {"POST", "products", products},
                                                   {"POST", "fault", add_fault},
                                                   {"GET", "faults", get_faults},
                                                   {"POST", "faults/clear", clear_faults},
                                                   {"POST", "rate", set_rate},
                                                   {"POST", "quota", set_quota},
                                                   {"POST", "latency", set_latency},
                                                   {"POST", "clock", set_clock},
                                                   {"POST", "tokens", set_tokens}});

Reply reply_with(int status, const json& body) {
  Reply reply;
  reply.status = status;
  reply.headers = {{"Content-Type", "application/json;charset=UTF-8"}};
  reply.body = body.dump() + '\n';
  return reply;
}

}  // namespace

Reply handle_control(Emulator& emulator, const Call& call) {
  const std::string_view name = plain_path(call.path).substr(kControlPrefix.size());
  const auto* const command = std::ranges::find_if(
      kCommands, [&](const Command& each) { return each.method == call.method && each.name == name; });
  if (command == kCommands.end()) return reply_with(404, {{"error", "no such control call"}});
  try {
    return reply_with(200, command->run(emulator, call.body.empty() ? json::object() : json::parse(call.body)));
  } catch (const std::invalid_argument& error) {
    return reply_with(400, {{"error", error.what()}});
  } catch (const json::exception& error) {
    return reply_with(400, {{"error", error.what()}});
  }
}

}  // namespace pipeline::emulator
