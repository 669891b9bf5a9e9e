#include "emulator/store_fixture.h"

#include <set>

namespace pipeline::emulator {
namespace {

// What the gateway does to every call: headers, limits, faults, counts.
class GatewayTest : public StoreTest {
 protected:
  Reply first_detail() { return detail(emulator_->channel_nos().front()); }
};

TEST_F(GatewayTest, EveryAnswerIsTracedDatedAndJson) {
  open();
  std::set<std::string> traces;
  for (const Reply& reply : {ask_token(""), search(), get("/v3/other"), ask_token(form(now_ms()))}) {
    const std::string trace(reply.header("gncp-gw-trace-id"));
    EXPECT_EQ(trace.size(), 32U);
    EXPECT_TRUE(traces.insert(trace).second);
    EXPECT_EQ(reply.header("Date"), "Tue, 31 Mar 2026 23:33:21 GMT");
    EXPECT_EQ(reply.header("Content-Type"), "application/json;charset=UTF-8");
    if (reply.status == 200) continue;
    const json body = json::parse(reply.body);
    const bool is_gateways = code(reply).starts_with("GW.");
    EXPECT_EQ(body.value("traceId", ""), is_gateways ? trace : "") << "one of the API behind it has only the header";
    EXPECT_EQ(body.at("timestamp"), "2026-04-01T08:33:21.000+09:00");
    EXPECT_FALSE(body.at("message").get<std::string>().empty());
  }
}

TEST_F(GatewayTest, UnknownPathsAndMethods) {
  open();
  sign_in();
  for (const char* path : {"/", "/v2/products", "/v1/products/search", "/v2/products/channel-products/",
                           "/v2/products/channel-products/12x", "/externalv2/products"}) {
    const Reply reply = get(path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(code(reply), "GW.NOT_FOUND") << path;
  }
  EXPECT_EQ(get("/external/v2/products/channel-products/1?x=y").status, 404);
  EXPECT_EQ(code(get("/external/v2/products/channel-products/1?x=y")), "NOT_FOUND");
}

TEST_F(GatewayTest, EachApiHasABucketOfItsOwn) {
  Options options = small();
  options.list_rate = {.rate = 2};
  options.channel_detail_rate = {.rate = 1};
  open(options);
  sign_in();
  for (int left = 3; left >= 0; --left) {
    const Reply reply = search();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("GNCP-GW-RateLimit-Replenish-Rate"), "2");
    EXPECT_EQ(reply.header("GNCP-GW-RateLimit-Burst-Capacity"), "4");
    EXPECT_EQ(reply.header("GNCP-GW-RateLimit-Remaining"), std::to_string(left));
  }
  const Reply over = search();
  EXPECT_EQ(over.status, 429);
  EXPECT_EQ(code(over), "GW.RATE_LIMIT");
  EXPECT_EQ(over.header("GNCP-GW-RateLimit-Remaining"), "0");
  EXPECT_EQ(over.header("Retry-After"), "");
  EXPECT_EQ(first_detail().status, 200);
  EXPECT_EQ(first_detail().status, 200);
  EXPECT_EQ(first_detail().status, 429);
  clock_.advance(500ms);
  EXPECT_EQ(search().status, 200);
  EXPECT_EQ(search().status, 429);
  EXPECT_EQ(emulator_->stats().rate_limited, 3U);
}

TEST_F(GatewayTest, TheRateChangesInMidRun) {
  open();
  sign_in();
  EXPECT_EQ(search().header("GNCP-GW-RateLimit-Remaining"), "2000000");
  emulator_->set_rate(Target::list, {.rate = 1});
  EXPECT_EQ(search().header("GNCP-GW-RateLimit-Remaining"), "1");
  EXPECT_EQ(search().status, 200);
  EXPECT_EQ(search().status, 429);
  EXPECT_EQ(first_detail().status, 200);
}

TEST_F(GatewayTest, HeaderNamesComeInAnyCaseOrNotAtAll) {
  const auto names = [&](Options options) {
    open(std::move(options));
    std::set<std::string> found;
    for (const auto& [name, value] : search().headers) found.insert(name);
    return found;
  };
  Options options = small();
  options.header_case = HeaderCase::lower;
  EXPECT_TRUE(names(options).contains("gncp-gw-ratelimit-remaining"));
  options.header_case = HeaderCase::upper;
  EXPECT_TRUE(names(options).contains("GNCP-GW-TRACE-ID"));
  options.rate_headers = false;
  EXPECT_FALSE(names(options).contains("GNCP-GW-RATELIMIT-REMAINING"));
}

TEST_F(GatewayTest, AQuotaCoversAllApis) {
  Options options = small();
  options.quota = Quota{.period = QuotaPeriod::seconds, .limit = 3};
  open(options);
  sign_in();
  EXPECT_EQ(search().header("GNCP-GW-Quota-Remaining"), "1");
  EXPECT_EQ(first_detail().header("GNCP-GW-Quota-Period"), "SECONDS");
  const Reply over = first_detail();
  EXPECT_EQ(over.status, 429);
  EXPECT_EQ(code(over), "GW.QUOTA_LIMIT");
  clock_.advance(1s);
  EXPECT_EQ(first_detail().status, 200);
}

TEST_F(GatewayTest, LatencyIsToldNotSlept) {
  Options options = small();
  options.latency = 60ms;
  options.jitter = 20ms;
  open(options);
  std::set<Nanoseconds> delays;
  for (int i = 0; i < 200; ++i) delays.insert(search().delay);
  EXPECT_GE(*delays.begin(), 40ms);
  EXPECT_LT(*delays.begin(), 45ms);
  EXPECT_LE(*delays.rbegin(), 80ms);
  EXPECT_GT(*delays.rbegin(), 75ms);
  emulator_->set_latency(5ms, 0ms);
  EXPECT_EQ(search().delay, 5ms);
}

TEST_F(GatewayTest, AFaultMayComeWithoutTheGatewaysHeaders) {
  open();
  FaultRule rule;
  rule.status = 504;
  rule.no_headers = true;
  emulator_->add_fault(rule);
  const Reply reply = search();
  for (const auto& [name, value] : reply.headers) EXPECT_FALSE(name.starts_with("GNCP")) << name;
  EXPECT_EQ(json::parse(reply.body).at("traceId").get<std::string>().size(), 32U);
}

TEST_F(GatewayTest, FaultsOfEveryKindThatAnswers) {
  struct Case {
    FaultRule rule;
    int status;
    std::string code;
  };
  const auto of = [](FaultKind kind, int status = 500) {
    FaultRule rule;
    rule.kind = kind;
    rule.status = status;
    return rule;
  };
  const Case cases[]{{of(FaultKind::status, 500), 500, "GW.INTERNAL_SERVER_ERROR"},
                     {of(FaultKind::status, 502), 502, "GW.INTERNAL_SERVER_ERROR"},
                     {of(FaultKind::status, 503), 503, "GW.BLOCK.01"},
                     {of(FaultKind::status, 504), 504, "GW.TIMEOUT.01"},
                     {of(FaultKind::rate_limit), 429, "GW.RATE_LIMIT"},
                     {of(FaultKind::quota), 429, "GW.QUOTA_LIMIT"},
                     {of(FaultKind::unauthorized), 401, "GW.AUTHN"},
                     {of(FaultKind::ip_not_allowed), 403, "GW.IP_NOT_ALLOWED"},
                     {of(FaultKind::not_found), 404, "NOT_FOUND"},
                     {of(FaultKind::api_not_found), 404, "GW.NOT_FOUND"},
                     {of(FaultKind::bad_request), 400, "BAD_REQUEST"}};
  open();
  sign_in();
  for (const Case& each : cases) {
    emulator_->clear_faults();
    emulator_->add_fault(each.rule);
    const Reply reply = search();
    EXPECT_EQ(reply.status, each.status);
    EXPECT_EQ(code(reply), each.code);
  }
  EXPECT_EQ(invalid_input(search()), "page");
}

TEST_F(GatewayTest, DetailsOfFaults) {
  open();
  sign_in();
  FaultRule rule;
  rule.kind = FaultKind::status;
  rule.status = 502;
  rule.body = "<html>502 Bad Gateway</html>";
  rule.retry_after = "3";
  rule.times = 1;
  emulator_->add_fault(rule);
  const Reply page = search();
  EXPECT_EQ(page.body, "<html>502 Bad Gateway</html>");
  EXPECT_EQ(page.header("Content-Type"), "text/html");
  EXPECT_EQ(page.header("Retry-After"), "3");

  rule = {};
  rule.kind = FaultKind::redirect;
  rule.times = 1;
  emulator_->add_fault(rule);
  const Reply moved = search();
  EXPECT_EQ(moved.status, 308);
  EXPECT_EQ(moved.header("Location"), "/external/v1/products/search");

  rule = {};
  rule.kind = FaultKind::quota;
  rule.quota_period = QuotaPeriod::round;
  rule.times = 1;
  emulator_->add_fault(rule);
  EXPECT_EQ(search().header("GNCP-GW-Quota-Period"), "ROUND");
  EXPECT_EQ(search().status, 200);
}

TEST_F(GatewayTest, FaultsInTheBody) {
  open();
  sign_in();
  const auto with = [&](FaultKind kind) {
    emulator_->clear_faults();
    FaultRule rule;
    rule.kind = kind;
    emulator_->add_fault(rule);
    return first_detail();
  };
  const Reply invalid = with(FaultKind::invalid_json);
  EXPECT_EQ(invalid.status, 200);
  EXPECT_FALSE(json::accept(invalid.body));
  const Reply wrong = with(FaultKind::wrong_types);
  EXPECT_EQ(wrong.status, 200);
  EXPECT_TRUE(json::parse(wrong.body).at("originProduct").at("salePrice").is_string());
  EXPECT_EQ(with(FaultKind::stall).cut, Reply::Cut::stall);
  EXPECT_EQ(with(FaultKind::short_body).cut, Reply::Cut::short_body);
  EXPECT_EQ(with(FaultKind::reset).cut, Reply::Cut::reset);
  EXPECT_EQ(emulator_->stats().distinct_details, 0U) << "none of these was served whole";
  EXPECT_EQ(emulator_->stats().requests_to(Endpoint::channel_detail, 0), 1U);
}

TEST_F(GatewayTest, RulesChooseCalls) {
  open();
  sign_in();
  const auto numbers = emulator_->channel_nos();
  FaultRule product;
  product.target = Target::detail;
  product.product_no = numbers.at(1);
  product.status = 500;
  const std::size_t first = emulator_->add_fault(product);
  FaultRule page;
  page.target = Target::list;
  page.page = 2;
  page.status = 503;
  page.skip = 1;
  page.times = 2;
  const std::size_t second = emulator_->add_fault(page);

  EXPECT_EQ(detail(numbers[0]).status, 200);
  EXPECT_EQ(detail(numbers[1]).status, 500);
  EXPECT_EQ(search({{"page", 1}}).status, 200);
  EXPECT_EQ(search({{"page", 2}}).status, 200) << "skipped";
  EXPECT_EQ(search({{"page", 2}}).status, 503);
  EXPECT_EQ(search({{"page", 2}}).status, 503);
  EXPECT_EQ(search({{"page", 2}}).status, 200) << "used up";
  EXPECT_EQ(emulator_->fault_hits(first), 1U);
  EXPECT_EQ(emulator_->fault_hits(second), 2U);
  EXPECT_EQ(emulator_->fault_hits(), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(GatewayTest, TheFirstRuleThatHitsDecidesButSlowOnesAdd) {
  open();
  sign_in();
  FaultRule slow;
  slow.kind = FaultKind::slow;
  slow.extra_delay = 100ms;
  emulator_->add_fault(slow);
  FaultRule error;
  error.status = 504;
  error.extra_delay = 1s;
  error.times = 1;
  emulator_->add_fault(error);
  FaultRule never;
  never.status = 500;
  never.times = 0;
  emulator_->add_fault(never);
  const Reply reply = search();
  EXPECT_EQ(reply.status, 504);
  EXPECT_EQ(reply.delay, 1100ms);
  EXPECT_EQ(search().delay, 100ms);
}

TEST_F(GatewayTest, ProbabilityIsDrawnFromTheSeed) {
  const auto hits = [&] {
    open();
    sign_in();
    FaultRule rule;
    rule.probability = 0.25;
    const std::size_t number = emulator_->add_fault(rule);
    for (int i = 0; i < 400; ++i) search({{"size", 1}});
    return emulator_->fault_hits(number);
  };
  const std::uint64_t first = hits();
  EXPECT_GT(first, 70U);
  EXPECT_LT(first, 130U);
  EXPECT_EQ(hits(), first);
}

TEST_F(GatewayTest, ItCountsWhatItServed) {
  Options options = small();
  options.latency = 10ms;
  open(options);
  sign_in();
  const auto numbers = emulator_->channel_nos();
  clock_.advance(1s);
  search();
  detail(numbers[0]);
  detail(numbers[0]);
  clock_.advance(1s);
  detail(numbers[1]);
  detail(1);
  const Stats stats = emulator_->stats();
  EXPECT_EQ(stats.requests, 6U);
  EXPECT_EQ(stats.requests_to(Endpoint::token), 1U);
  EXPECT_EQ(stats.requests_to(Endpoint::channel_detail), 4U);
  EXPECT_EQ(stats.requests_to(Endpoint::channel_detail, 404), 1U);
  EXPECT_EQ(stats.list_pages, 1U);
  EXPECT_EQ(stats.distinct_details, 2U);
  EXPECT_EQ(stats.duplicate_details, 1U);
  EXPECT_EQ(stats.max_concurrent, 3U);
  EXPECT_EQ(*stats.last_request - *stats.first_request, 2s);
  EXPECT_EQ(emulator_->details_served().at(numbers[0]), 2U);
  emulator_->reset_stats();
  EXPECT_EQ(emulator_->stats().requests, 0U);
}

TEST_F(GatewayTest, ControlCallsDoWhatTheFunctionsDo) {
  open();
  sign_in();
  const auto post = [&](const std::string& name, const json& body) {
    const Reply reply = emulator_->handle({.method = "POST", .path = "/__control__/" + name, .body = body.dump()});
    EXPECT_EQ(reply.status, 200) << name << ' ' << reply.body;
    return json::parse(reply.body);
  };
  const std::int64_t number = post("products", {{"trait", "price_zero"}}).at("channel_nos").at(0);
  EXPECT_EQ(post("edit", {{"kind", "set_price"}, {"channel_no", number}, {"value", 900}}).at("price"), 900);
  EXPECT_EQ(post("product", {{"channel_no", number}}).at("price"), 900);
  EXPECT_EQ(post("add", {{"count", 2}}).at("channel_nos").size(), 2U);
  post("remove", {{"channel_no", number}});
  EXPECT_EQ(detail(number).status, 404);
  post("shift", {{"kind", "add"}, {"after_page", 1}});
  post("fault", {{"target", "list"}, {"kind", "status"}, {"status", 503}, {"times", 1}, {"extra_delay_ms", 5}});
  EXPECT_EQ(search().status, 503);
  const Reply faults = emulator_->handle({.method = "GET", .path = "/__control__/faults"});
  EXPECT_EQ(json::parse(faults.body).at("hits"), json::array({1}));
  post("faults/clear", {});
  post("rate", {{"target", "list"}, {"rate", 1}});
  EXPECT_EQ(search().header("GNCP-GW-RateLimit-Burst-Capacity"), "2");
  post("quota", {{"period", "ROUND"}, {"limit", 1}});
  EXPECT_EQ(first_detail().status, 200);
  EXPECT_EQ(first_detail().status, 429);
  post("quota", json::object());
  post("latency", {{"latency_ms", 2.5}});
  EXPECT_EQ(first_detail().delay, 2500us);
  post("clock", {{"skew_ms", 60'000}});
  EXPECT_EQ(first_detail().header("Date"), "Tue, 31 Mar 2026 23:34:21 GMT");
  post("tokens", {{"action", "revoke"}});
  EXPECT_EQ(first_detail().status, 401);
  const Reply stats = emulator_->handle({.method = "GET", .path = "/__control__/stats"});
  EXPECT_EQ(json::parse(stats.body).at("by_endpoint").at("list").at("503"), 1);
  post("stats/reset", {});
  EXPECT_EQ(emulator_->stats().requests, 0U);
}

TEST_F(GatewayTest, WrongControlCallsSayWhy) {
  open();
  const auto post = [&](const std::string& name, const std::string& body) {
    return emulator_->handle({.method = "POST", .path = "/__control__/" + name, .body = body}).status;
  };
  EXPECT_EQ(post("nothing", "{}"), 404);
  EXPECT_EQ(post("fault", "{"), 400);
  EXPECT_EQ(post("fault", R"({"kind":"earthquake"})"), 400);
  EXPECT_EQ(post("edit", R"({"kind":"set_price","channel_no":1})"), 400);
  EXPECT_EQ(emulator_->stats().requests, 0U);
}

}  // namespace
}  // namespace pipeline::emulator
