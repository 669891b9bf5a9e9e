#include "emulator/dates.h"
#include "emulator/emulator_impl.h"
#include "emulator/gzip.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>

namespace pipeline::emulator {

namespace {

std::size_t place(Endpoint endpoint) {
  return static_cast<std::size_t>(endpoint);
}

std::string wrong_types(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::token:
      return R"({"access_token":12345,"expires_in":"soon","token_type":["Bearer"]})";
    case Endpoint::list:
      return R"({"contents":[{"originProductNo":"일","channelProducts":{"channelProductNo":"없음"}}],)"
             R"("page":"one","size":null,"totalElements":"many","totalPages":[1],"first":"yes","last":0})";
    default:
      return R"({"originProduct":{"name":12345,"salePrice":"비쌈","stockQuantity":{},"statusType":[],)"
             R"("detailContent":{"html":1},"detailAttribute":"none","images":7},"smartstoreChannelProduct":false})";
  }
}

// What a fault does to a good answer on its way out.
Answer distort(Answer answer, FaultKind kind, Endpoint endpoint) {
  if (answer.status != 200) return answer;
  if (kind == FaultKind::wrong_types) return {.status = 200, .body = wrong_types(endpoint)};
  if (kind == FaultKind::invalid_json) {
    const std::string_view text = answer.text();
    return {.status = 200, .body = std::string(text.substr(0, text.size() / 2)) + "<!--"};
  }
  return answer;
}

Reply::Cut cut_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::reset:
      return Reply::Cut::reset;
    case FaultKind::stall:
      return Reply::Cut::stall;
    case FaultKind::short_body:
      return Reply::Cut::short_body;
    default:
      return Reply::Cut::none;
  }
}

}  // namespace

Reply Emulator::Impl::handle(const Call& call) {
  const Route route = find_route(call.method, call.path);
  const Query query = route.endpoint == Endpoint::list ? parse_list_query(call.body) : Query{};
  Ticket ticket = admit(call, route, query);
  Answer answer = decide(ticket, call, query);
  if (ticket.fault) answer = distort(std::move(answer), ticket.fault->kind, route.endpoint);
  return finish(std::move(ticket), std::move(answer));
}

std::string Emulator::Impl::gateway_name(std::string_view name) const {
  std::string out(name);
  if (options_.header_case == HeaderCase::as_documented) return out;
  const bool upper = options_.header_case == HeaderCase::upper;
  std::ranges::transform(out, out.begin(), [upper](unsigned char c) {
    return static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
  });
  return out;
}

Nanoseconds Emulator::Impl::draw_latency() {
  const double offset = (2 * random_.uniform() - 1) * static_cast<double>(jitter_.count());
  return std::max(Nanoseconds(0), latency_ + Nanoseconds(std::llround(offset)));
}

HeaderList Emulator::Impl::limit_headers(Endpoint endpoint, bool storm) const {
  if (!options_.rate_headers || endpoint == Endpoint::other) return {};
  const TokenBucket& bucket = buckets_[place(endpoint)];
  return {{gateway_name("GNCP-GW-RateLimit-Replenish-Rate"), std::to_string(bucket.replenish_rate())},
          {gateway_name("GNCP-GW-RateLimit-Burst-Capacity"), std::to_string(bucket.burst_capacity())},
          {gateway_name("GNCP-GW-RateLimit-Remaining"), std::to_string(storm ? 0 : bucket.remaining())}};
}

HeaderList Emulator::Impl::quota_headers(const Quota& quota, std::int64_t remaining) const {
  return {{gateway_name("GNCP-GW-Quota-Period"), std::string(to_string(quota.period))},
          {gateway_name("GNCP-GW-Quota-Limit"), std::to_string(quota.limit)},
          {gateway_name("GNCP-GW-Quota-Remaining"), std::to_string(remaining)}};
}

Emulator::Impl::Ticket Emulator::Impl::admit(const Call& call, const Route& route, const Query& query) {
  Ticket ticket;
  ticket.route = route;
  ticket.takes_gzip = options_.gzip && find_header(call.headers, "Accept-Encoding").find("gzip") != std::string::npos;
  const Endpoint endpoint = route.endpoint;
  std::optional<int> page;
  if (const auto* list = std::get_if<ListQuery>(&query); list != nullptr && endpoint == Endpoint::list) {
    page = static_cast<int>(list->page);
  }

  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.now();
  ticket.number = ++calls_;
  ticket.trace_id = fmt::format("{:016x}{:016x}", Random::mix(options_.seed), Random::mix(calls_));
  ticket.time = server_time();
  ticket.delay = draw_latency();
  ticket.over_rate = endpoint != Endpoint::other && !buckets_[place(endpoint)].take(now);
  ticket.over_quota = !ticket.over_rate && quota_ && !quota_->take(now);
  if (!ticket.over_rate && !ticket.over_quota) {
    const auto verdict = faults_.judge({endpoint, route.product_no, page});
    ticket.delay += verdict.extra_delay;
    if (verdict.rule != nullptr) ticket.fault = *verdict.rule;
    if (ticket.fault) ticket.redirect = fmt::format("/external{}", plain_path(call.path));
  }
  ticket.limits = limit_headers(endpoint, ticket.fault && ticket.fault->kind == FaultKind::rate_limit);
  if (quota_) ticket.quota = quota_headers(quota_->quota(), quota_->remaining());
  stats_.arrived(now, ticket.delay);
  return ticket;
}

Answer Emulator::Impl::decide(Ticket& ticket, const Call& call, const Query& query) {
  if (ticket.over_rate) return refuse(ticket, 429, "GW.RATE_LIMIT");
  if (ticket.over_quota) return refuse(ticket, 429, "GW.QUOTA_LIMIT");
  if (auto refusal = refuse_by_fault(ticket)) return *std::move(refusal);
  const Endpoint endpoint = ticket.route.endpoint;
  if (endpoint == Endpoint::other) return refuse(ticket, 404, "GW.NOT_FOUND");
  if (endpoint == Endpoint::token) return answer_token(ticket, call);
  if (!is_authorized(call)) return refuse(ticket, 401, "GW.AUTHN");
  return endpoint == Endpoint::list ? answer_list(ticket, query) : answer_detail(ticket);
}

Answer Emulator::Impl::refuse(const Ticket& ticket, int status, std::string_view code,
                              const InvalidInputs& inputs) const {
  return {.status = status, .body = error_body(code, usual_message(code), ticket.trace_id, ticket.time, inputs)};
}

std::optional<Answer> Emulator::Impl::refuse_by_fault(Ticket& ticket) const {
  if (!ticket.fault) return std::nullopt;
  const FaultRule& fault = *ticket.fault;
  const auto refuse_with = [&](int status, std::string_view usual, const InvalidInputs& inputs = {}) {
    Answer answer = refuse(ticket, status, fault.code.empty() ? usual : fault.code, inputs);
    if (fault.body) answer.body = *fault.body;
    return answer;
  };
  switch (fault.kind) {
    case FaultKind::status:
      return refuse_with(fault.status, usual_code(fault.status));
    case FaultKind::rate_limit:
      return refuse_with(429, "GW.RATE_LIMIT");
    case FaultKind::quota:
      ticket.quota.clear();
      if (fault.quota_period) ticket.quota = quota_headers({*fault.quota_period, 1}, 0);
      return refuse_with(429, "GW.QUOTA_LIMIT");
    case FaultKind::reset:
      return Answer{.status = 0};
    case FaultKind::unauthorized:
      return refuse_with(401, "GW.AUTHN");
    case FaultKind::ip_not_allowed:
      return refuse_with(403, "GW.IP_NOT_ALLOWED");
    case FaultKind::not_found:
      return refuse_with(404, "NOT_FOUND");
    case FaultKind::api_not_found:
      return refuse_with(404, "GW.NOT_FOUND");
    case FaultKind::redirect:
      return Answer{.status = 308};
    case FaultKind::bad_request:
      return refuse_with(400, "BAD_REQUEST", {{"page", "NotValid", "허용되지 않은 값입니다."}});
    case FaultKind::stall:
    case FaultKind::short_body:
    case FaultKind::invalid_json:
    case FaultKind::wrong_types:
    case FaultKind::slow:
      break;  // the answer is made first
  }
  return std::nullopt;
}

Reply Emulator::Impl::finish(Ticket ticket, Answer answer) {
  constexpr std::size_t kWorthGzip = 1024;
  Reply reply;
  reply.status = answer.status;
  reply.delay = ticket.delay;
  reply.body = answer.shared ? *answer.shared : std::move(answer.body);
  const bool is_page = reply.body.starts_with('<');  // the HTML of some proxy
  if (ticket.takes_gzip && !answer.is_gzip && reply.body.size() >= kWorthGzip) {
    reply.body = gzip(reply.body);
    answer.is_gzip = true;
  }
  reply.headers = {{gateway_name("GNCP-GW-Trace-ID"), ticket.trace_id},
                   {"Date", format_http_date(ticket.time)},
                   {"Content-Type", is_page ? "text/html" : "application/json;charset=UTF-8"}};
  if (ticket.fault && ticket.fault->no_headers) {
    reply.headers.erase(reply.headers.begin());
    ticket.limits.clear();
    ticket.quota.clear();
  }
  std::ranges::move(ticket.limits, std::back_inserter(reply.headers));
  std::ranges::move(ticket.quota, std::back_inserter(reply.headers));
  if (answer.is_gzip) reply.headers.emplace_back("Content-Encoding", "gzip");
  const Route& route = ticket.route;
  if (ticket.fault) {
    const FaultRule& fault = *ticket.fault;
    reply.cut = cut_of(fault.kind);
    if (fault.retry_after) reply.headers.emplace_back("Retry-After", *fault.retry_after);
    if (fault.kind == FaultKind::redirect) {
      reply.headers.emplace_back("Location", fault.location.empty() ? ticket.redirect : fault.location);
    }
  }
  const std::scoped_lock lock(mutex_);
  stats_.answered(route.endpoint, reply.status);
  if (reply.status == 200 && !ticket.fault) {
    if (route.endpoint == Endpoint::list) stats_.page_served();
    if (route.endpoint == Endpoint::channel_detail) stats_.detail_served(*route.product_no);
  }
  return reply;
}

}  // namespace pipeline::emulator
