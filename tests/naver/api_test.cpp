#include "pipeline/naver/api.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/naver/product_list.h"
#include "pipeline/naver/signature.h"

#include "response.h"
#include "support/fake_clock.h"
#include "support/virtual_transport.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

namespace pipeline::naver {
namespace {

using shop::Answer;
using shop::Ending;
using shop::ListQuery;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::error_body;
using test::response;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kGoodDetail = R"({"originProduct":{"name":"n","statusType":"SALE","salePrice":1}})";

std::string header_of(const http::Request& request, std::string_view name) {
  std::string found;
  for (const auto& header : request.headers)
    if (equal_ignoring_case(header.substr(0, header.find(':')), name))
      found += header.substr(header.find(": ") + 2) + "|";
  return found;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::multimap<std::string, std::string> form_of(std::string_view body) {
  std::multimap<std::string, std::string> fields;
  while (!body.empty()) {
    const auto field = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), field.size() + 1));
    fields.emplace(percent_decode(field.substr(0, field.find('='))), percent_decode(field.substr(field.find('=') + 1)));
  }
  return fields;
}

// A commerce API in virtual time, with a bucket nobody can drain. It gives tokens `token-1`, `token-2`, ... and refuses
// a call that does not carry the last one; `on_token` and `on_call` may answer in its place.
class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    options_.base_url = "https://api.example/external";
    options_.credentials = {"client", "$2a$04$abcdefghijklmnopqrstuv", ""};
  }

  Api& api() {
    if (!api_) api_ = std::make_unique<Api>(client_, clock_, metrics_, options_);
    return *api_;
  }

  // A server of one mind, asked before the usual one.
  using Override = std::function<std::optional<http::Response>(const http::Request&)>;
  Override on_token_ = [](const http::Request&) { return std::nullopt; };
  Override on_call_ = [](const http::Request&) { return std::nullopt; };
  void revoke_token() { token_.clear(); }

  void authenticate() {
    bool ready = false;
    api().authenticate([&] { ready = true; });
    run();
    ASSERT_TRUE(ready);
  }
  void fetch(const std::string& sku) {
    api().fetch_detail(sku, [this, sku](Answer answer) {
      EXPECT_TRUE(answers_.emplace(sku, std::move(answer)).second) << sku << " was answered twice";
    });
  }
  Answer fetched(const std::string& sku) {
    fetch(sku);
    run();
    return answers_.at(sku);
  }
  void run() {
    while (!api().idle()) api().step(SteadyTime::max());
  }

  [[nodiscard]] std::vector<http::Request> requests_to(std::string_view part) const {
    std::vector<http::Request> found;
    for (const auto& request : requests_)
      if (request.url.find(part) != std::string::npos) found.push_back(request);
    return found;
  }
  [[nodiscard]] std::vector<http::Request> token_requests() const { return requests_to("/v1/oauth2/token"); }
  [[nodiscard]] std::vector<std::string> tokens_of_details() const {
    std::vector<std::string> tokens;
    for (const auto& request : requests_to("/v2/products/")) tokens.push_back(header_of(request, "Authorization"));
    return tokens;
  }

  test::FakeClock clock_;
  ApiOptions options_;
  std::vector<http::Request> requests_;  // as they arrived
  std::map<std::string, Answer> answers_;
  std::string expires_in_ = "10800";
  std::function<Nanoseconds(const http::Request&)> latency_ = [](const http::Request&) { return milliseconds(60); };

 private:
  test::VirtualReply serve(const http::Request& request) {
    requests_.push_back(request);
    auto answer = request.url.find("/oauth2/") != std::string::npos ? give_token(request) : call(request);
    for (const auto& [name, value] : {std::pair("Replenish-Rate", "1000000"), std::pair("Burst-Capacity", "2000000"),
                                      std::pair("Remaining", "1000000")})
      answer.headers.add(std::string("GNCP-GW-RateLimit-") + name, value);
    return {std::move(answer), latency_(request)};
  }
  http::Response give_token(const http::Request& request) {
    if (auto answer = on_token_(request)) return *answer;
    token_ = fmt::format("token-{}", ++tokens_);
    return response(
        200, fmt::format(R"({{"access_token":"{}","expires_in":{},"token_type":"Bearer"}})", token_, expires_in_));
  }
  http::Response call(const http::Request& request) {
    if (auto answer = on_call_(request)) return *answer;
    if (token_.empty() || header_of(request, "Authorization") != "Bearer " + token_ + "|")
      return response(401, error_body("GW.AUTHN"), {{"GNCP-GW-Trace-ID", "trace-401"}});
    return response(200, kGoodDetail);
  }

  std::string token_;
  int tokens_ = 0;
  metrics::Metrics metrics_{clock_};
  test::VirtualTransport transport_{clock_, [this](const http::Request& request) { return serve(request); }};
  http::Client client_{transport_, clock_, metrics_, {}};
  std::unique_ptr<Api> api_;
};

// --- the token request ---

TEST_F(ApiTest, TheTokenRequestIsExactlyTheDocumentedForm) {
  const auto now = clock_.wall().time_since_epoch().count();
  authenticate();
  ASSERT_THAT(token_requests(), SizeIs(1));
  const auto request = token_requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.example/external/v1/oauth2/token");
  EXPECT_EQ(header_of(request, "Content-Type"), "application/x-www-form-urlencoded|");
  EXPECT_EQ(header_of(request, "Authorization"), "");
  const std::multimap<std::string, std::string> form{
      {"client_id", "client"},
      {"timestamp", std::to_string(now)},
      {"client_secret_sign", sign("client", "$2a$04$abcdefghijklmnopqrstuv", now)},
      {"grant_type", "client_credentials"},
      {"type", "SELF"}};
  EXPECT_EQ(form_of(request.body), form);
}

TEST_F(ApiTest, AnAccountMakesItASellersToken) {
  options_.credentials.client_id = "a&b=c d+한";
  options_.credentials.account_id = "seller@shop";
  authenticate();
  const auto form = form_of(token_requests().at(0).body);
  EXPECT_THAT(form, SizeIs(6));
  EXPECT_EQ(form.find("type")->second, "SELLER");
  EXPECT_EQ(form.find("account_id")->second, "seller@shop");
  EXPECT_EQ(form.find("client_id")->second, "a&b=c d+한");
}

TEST_F(ApiTest, OneTokenServesAllCalls) {
  authenticate();
  for (int sku = 1; sku <= 20; ++sku) fetch(std::to_string(sku));
  run();
  EXPECT_THAT(token_requests(), SizeIs(1));
  EXPECT_THAT(tokens_of_details(), AllOf(SizeIs(20), Each("Bearer token-1|")));
}

TEST_F(ApiTest, ClocksApartAreCorrectedByTheRefusalsDate) {
  on_token_ = [this](const http::Request& request) -> std::optional<http::Response> {
    const auto servers_time = clock_.wall() - seconds(42);
    if (form_of(request.body).find("timestamp")->second <= std::to_string(servers_time.time_since_epoch().count()))
      return std::nullopt;
    return response(400, error_body("BAD_REQUEST", "timestamp"), {{"Date", "Tue, 31 Mar 2026 23:32:38 GMT"}});
  };
  authenticate();
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_FALSE(api().stopped());
}

TEST_F(ApiTest, ClocksApartAreCorrectedOnlyOnce) {
  on_token_ = [](const http::Request&) {
    return response(400, error_body("BAD_REQUEST", "timestamp"), {{"Date", "Tue, 31 Mar 2026 20:00:00 GMT"}});
  };
  api().authenticate([] { FAIL() << "has no token"; });
  run();
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_EQ(api().ending(), Ending::setup);
  EXPECT_THAT(api().stop_reason(), AllOf(HasSubstr("no token"), HasSubstr("BAD_REQUEST"), HasSubstr("clock")));
}

TEST_F(ApiTest, ARefusalThatClocksDoNotExplainIsFinal) {
  on_token_ = [](const http::Request&) {
    return response(400, error_body("BAD_REQUEST", "client_id"), {{"Date", "Tue, 31 Mar 2026 23:33:20 GMT"}});
  };
  api().authenticate([] { FAIL() << "has no token"; });
  run();
  EXPECT_THAT(token_requests(), SizeIs(1));
  EXPECT_EQ(api().ending(), Ending::setup);
}

TEST_F(ApiTest, ATokenAnswerThatBreaksTheContractEndsTheRun) {
  for (const std::string body :
       {"", "{}", R"({"access_token":1,"expires_in":1})", R"({"access_token":"t","expires_in":"x"})"}) {
    SCOPED_TRACE(body);
    on_token_ = [&](const http::Request&) { return response(200, body); };
    test::VirtualTransport transport(clock_, [&](const http::Request& request) {
      return test::VirtualReply{*on_token_(request), milliseconds(60)};
    });
    metrics::Metrics metrics(clock_);
    http::Client client(transport, clock_, metrics, {});
    Api api(client, clock_, metrics, options_);
    api.authenticate([] { FAIL() << "has no token"; });
    while (!api.idle()) api.step(SteadyTime::max());
    EXPECT_TRUE(api.stopped());
    EXPECT_EQ(api.ending(), Ending::failed) << "no outage: it answers at once";
    EXPECT_THAT(api.stop_reason(), HasSubstr("contract"));
  }
}

TEST_F(ApiTest, AQuotaUsedUpByTheTokenMeansLaterNotWrongCredentials) {
  on_token_ = [](const http::Request&) {
    return response(429, error_body("GW.QUOTA_LIMIT"),
                    {{"GNCP-GW-Quota-Period", "HOURS"}, {"GNCP-GW-Quota-Limit", "1"}});
  };
  api().authenticate([] { FAIL() << "has no token"; });
  run();
  EXPECT_THAT(token_requests(), SizeIs(1));
  EXPECT_EQ(api().ending(), Ending::later);
  EXPECT_THAT(api().stop_reason(), testing::Not(HasSubstr("Check client id")));
}

// --- renewal ---

TEST_F(ApiTest, ARefusedTokenIsRenewedOnceAndTheCallRepeated) {
  authenticate();
  revoke_token();
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_THAT(tokens_of_details(), ElementsAre("Bearer token-1|", "Bearer token-2|"));
}

TEST_F(ApiTest, ASecondRefusalEndsTheRunAndNamesTheCauses) {
  authenticate();
  on_call_ = [](const http::Request&) {
    return response(401, error_body("GW.AUTHN"), {{"GNCP-GW-Trace-ID", "trace-401"}});
  };
  fetch("1");
  fetch("2");
  run();
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_EQ(api().ending(), Ending::setup);
  EXPECT_THAT(api().stop_reason(), AllOf(HasSubstr("expired"), HasSubstr("API group"), HasSubstr("180 days"),
                                         HasSubstr("header"), HasSubstr("GW.AUTHN"), HasSubstr("trace-401")));
  EXPECT_EQ(answers_.size(), 2U);
  EXPECT_NE(answers_.at("1").kind, Answer::Kind::ok);
  EXPECT_NE(answers_.at("2").kind, Answer::Kind::ok);
}

TEST_F(ApiTest, TenRefusalsAtOnceMakeOneRenewal) {
  authenticate();
  EXPECT_EQ(fetched("0").kind, Answer::Kind::ok);  // and the bucket is known: the next go together
  revoke_token();
  for (int sku = 1; sku <= 10; ++sku) fetch(std::to_string(sku));
  run();
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_THAT(tokens_of_details(), SizeIs(1 + 10 + 10));
  for (const auto& [sku, answer] : answers_) EXPECT_EQ(answer.kind, Answer::Kind::ok) << sku;
}

TEST_F(ApiTest, ALateRefusalOfTheOldTokenMakesNoRenewal) {
  authenticate();
  EXPECT_EQ(fetched("0").kind, Answer::Kind::ok);
  revoke_token();
  latency_ = [](const http::Request& request) { return milliseconds(request.url.ends_with("/2") ? 500 : 60); };
  fetch("1");
  fetch("2");
  run();
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_EQ(answers_.at("1").kind, Answer::Kind::ok);
  EXPECT_EQ(answers_.at("2").kind, Answer::Kind::ok);
}

TEST_F(ApiTest, TheTokenIsRenewedBeforeItEnds) {
  authenticate();
  clock_.advance(hours(2));
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(1)) << "an hour is left: the same token would come back";
  clock_.advance(minutes(55));
  EXPECT_EQ(fetched("2").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_EQ(fetched("3").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(2));
  EXPECT_THAT(tokens_of_details(), ElementsAre("Bearer token-1|", "Bearer token-1|", "Bearer token-2|"));
}

TEST_F(ApiTest, AShortTokenIsNotRenewedAllTheTime) {
  expires_in_ = "600";
  authenticate();
  clock_.advance(minutes(5));
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(1));
  clock_.advance(minutes(4) + seconds(30));
  EXPECT_EQ(fetched("2").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(2));
}

// --- calls ---

TEST_F(ApiTest, AListPageIsAskedForAsDocumented) {
  options_.base_url += "/";
  authenticate();
  on_call_ = [](const http::Request&) { return response(200, R"({"contents":[],"totalElements":0,"totalPages":0})"); };
  Answer page;
  const ListQuery query{.page_size = 100, .statuses = {"SALE"}, .modified_since = {}, .modified_until = {}};
  api().fetch_list_page(query, 3, [&](Answer answer) { page = std::move(answer); });
  run();
  EXPECT_EQ(page.kind, Answer::Kind::ok);
  const auto request = requests_.back();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.example/external/v1/products/search");
  EXPECT_EQ(request.body, list_request(query, 3));
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json|");
  EXPECT_EQ(header_of(request, "Authorization"), "Bearer token-1|");
}

TEST_F(ApiTest, ADetailIsAskedForAsDocumented) {
  authenticate();
  const auto answer = fetched("9001");
  EXPECT_EQ(answer.kind, Answer::Kind::ok);
  EXPECT_EQ(answer.detail->take_product("9001", {{}, "{}", false}).raw_json, kGoodDetail);
  const auto request = requests_.back();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://api.example/external/v2/products/channel-products/9001");
  EXPECT_EQ(request.body, "");
}

TEST_F(ApiTest, TroubleIsTriedAgain) {
  authenticate();
  int calls = 0;
  on_call_ = [&](const http::Request&) -> std::optional<http::Response> {
    if (++calls < 4) return response(503, error_body("GW.BLOCK.01"));
    return std::nullopt;
  };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
  EXPECT_EQ(calls, 4);
}

TEST_F(ApiTest, ABodyThatBreaksTheContractIsTriedAgainAndThenHandedOver) {
  authenticate();
  int calls = 0;
  on_call_ = [&](const http::Request&) {
    ++calls;
    return response(200, R"({"originProduct":{"name":5}})", {{"GNCP-GW-Trace-ID", "trace-200"}});
  };
  const auto answer = fetched("1");
  EXPECT_EQ(calls, 6);
  EXPECT_EQ(answer.kind, Answer::Kind::broken);
  EXPECT_EQ(answer.detail->take_product("1", {{}, "{}", false}).raw_json, R"({"originProduct":{"name":5}})");
  EXPECT_THAT(answer.error, AllOf(HasSubstr("name"), HasSubstr("[trace trace-200]")));
  EXPECT_EQ(answer.trace, "trace-200");
}

TEST_F(ApiTest, AProductThatIsGoneIsAResult) {
  authenticate();
  on_call_ = [](const http::Request&) {
    return response(404, error_body("NOT_FOUND"), {{"GNCP-GW-Trace-ID", "trace-404"}});
  };
  const auto answer = fetched("1");
  EXPECT_EQ(answer.kind, Answer::Kind::not_found);
  EXPECT_EQ(answer.trace, "trace-404");
  EXPECT_FALSE(api().stopped());
}

// What is not known to be gone must not be marked as removed.
TEST_F(ApiTest, A404OfSomethingElseDoesNotSayThatTheProductIsGone) {
  authenticate();
  on_call_ = [](const http::Request&) { return response(404, "<html>no route</html>"); };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::failed);
}

TEST_F(ApiTest, ABadRequestIsTheCallsOwnFailure) {
  authenticate();
  on_call_ = [](const http::Request&) { return response(400, error_body("BAD_REQUEST", "page")); };
  const auto answer = fetched("1");
  EXPECT_EQ(answer.kind, Answer::Kind::failed);
  EXPECT_THAT(answer.error, HasSubstr("HTTP 400 BAD_REQUEST: page"));
  EXPECT_FALSE(api().stopped());
}

TEST_F(ApiTest, UnauthorizedOfTheApiBehindTheGatewayIsRenewedToo) {
  authenticate();
  int calls = 0;
  on_call_ = [&](const http::Request&) -> std::optional<http::Response> {
    if (++calls == 1) return response(401, error_body("UNAUTHORIZED"));
    return std::nullopt;
  };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
  EXPECT_THAT(token_requests(), SizeIs(2));
}

// --- a product that is refused, or fails, by itself ---

bool is_for(const http::Request& request, const std::string& sku) {
  return request.url.ends_with("/" + sku);
}

TEST_F(ApiTest, ARefusedProductFailsAloneWhileOthersAreGiven) {
  authenticate();
  on_call_ = [](const http::Request& request) -> std::optional<http::Response> {
    if (is_for(request, "1")) return response(403, error_body("FORBIDDEN"), {{"GNCP-GW-Trace-ID", "trace-403"}});
    return std::nullopt;
  };
  fetch("1");
  fetch("2");
  run();
  EXPECT_FALSE(api().stopped());
  EXPECT_EQ(answers_.at("1").kind, Answer::Kind::failed);
  EXPECT_EQ(answers_.at("1").trace, "trace-403");
  EXPECT_THAT(answers_.at("1").error, AllOf(HasSubstr("FORBIDDEN"), HasSubstr("trace-403")));
  EXPECT_EQ(answers_.at("2").kind, Answer::Kind::ok);
}

TEST_F(ApiTest, ARefusedProductThatIsAloneIsJudgedByOneKnownFromBefore) {
  authenticate();
  on_call_ = [](const http::Request& request) -> std::optional<http::Response> {
    if (is_for(request, "1")) return response(403, error_body("FORBIDDEN"));
    return std::nullopt;
  };
  api().add_known_detail("7");
  EXPECT_EQ(fetched("1").kind, Answer::Kind::failed);
  EXPECT_FALSE(api().stopped());
}

TEST_F(ApiTest, NothingButRefusalsEndsTheRun) {
  authenticate();
  on_call_ = [](const http::Request&) { return response(403, error_body("FORBIDDEN")); };
  for (int sku = 1; sku <= 100; ++sku) fetch(std::to_string(sku));
  run();
  EXPECT_EQ(api().ending(), Ending::setup);
  EXPECT_THAT(api().stop_reason(), AllOf(HasSubstr("permission"), HasSubstr("FORBIDDEN")));
  EXPECT_LT(tokens_of_details().size(), 25U);
  EXPECT_EQ(answers_.at("1").kind, Answer::Kind::failed);
  EXPECT_EQ(answers_.at("100").kind, Answer::Kind::skipped);
}

TEST_F(ApiTest, ARefusedListEndsTheRun) {
  authenticate();
  on_call_ = [](const http::Request&) { return response(403, error_body("FORBIDDEN")); };
  api().fetch_list_page({}, 1, [](const Answer&) {});
  run();
  EXPECT_EQ(api().ending(), Ending::setup);
  EXPECT_THAT(requests_to("/v1/products/search"), SizeIs(1));
}

TEST_F(ApiTest, AProductThatFailsForEverIsGivenUp) {
  authenticate();
  on_call_ = [](const http::Request& request) -> std::optional<http::Response> {
    if (is_for(request, "1")) return response(500, error_body("INTERNAL_SERVER_ERROR"));
    return std::nullopt;
  };
  api().add_known_detail("7");
  EXPECT_EQ(fetched("1").kind, Answer::Kind::failed);
  EXPECT_FALSE(api().stopped());
  EXPECT_THAT(tokens_of_details(), SizeIs(7)) << "six for it, one for the product that is known";
}

// --- outages ---

TEST_F(ApiTest, AnOutageIsWaitedForAndThenEndsTheRunForLater) {
  const auto start = clock_.now();
  on_token_ = [&](const http::Request&) -> std::optional<http::Response> {
    if (clock_.now() - start < seconds(20)) return response(503, "<html>maintenance</html>");
    return std::nullopt;
  };
  authenticate();
  on_call_ = [](const http::Request&) { return response(503, error_body("GW.BLOCK.02")); };
  fetch("1");
  run();
  EXPECT_EQ(api().ending(), Ending::outage);
  EXPECT_THAT(api().stop_reason(), AllOf(HasSubstr("GW.BLOCK.02"), HasSubstr("--retry-for")));
  EXPECT_EQ(answers_.at("1").kind, Answer::Kind::failed);
}

TEST_F(ApiTest, ARenewalThatFailsIsNoOutageWhileTheTokenIsGood) {
  authenticate();
  clock_.advance(hours(2) + minutes(40));
  on_token_ = [](const http::Request&) { return response(503); };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
  run();
  EXPECT_FALSE(api().stopped());
  EXPECT_EQ(fetched("2").kind, Answer::Kind::ok);
}

// --- what ends the run ---

TEST_F(ApiTest, AnAddressThatIsNotAllowedAtFirstEndsTheRunAtOnce) {
  on_token_ = [](const http::Request&) { return response(403, error_body("GW.IP_NOT_ALLOWED")); };
  api().authenticate([] { FAIL() << "has no token"; });
  run();
  EXPECT_THAT(token_requests(), SizeIs(1));
  EXPECT_EQ(api().ending(), Ending::setup);
  EXPECT_THAT(api().stop_reason(), AllOf(HasSubstr("add this machine's address"), testing::Not(HasSubstr("clock"))));
}

TEST_F(ApiTest, AnAddressThatIsNotAllowedForAMomentIsWaitedFor) {
  authenticate();
  int refusals = 5;
  on_call_ = [&](const http::Request&) -> std::optional<http::Response> {
    if (refusals-- > 0) return response(403, error_body("GW.IP_NOT_ALLOWED"));
    return std::nullopt;
  };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::ok);
}

TEST_F(ApiTest, AnAddressThatStaysNotAllowedEndsTheRunAfterTwoMinutes) {
  authenticate();
  const auto start = clock_.now();
  on_call_ = [](const http::Request&) { return response(403, error_body("GW.IP_NOT_ALLOWED")); };
  fetch("1");
  fetch("2");
  run();
  EXPECT_EQ(api().ending(), Ending::setup);
  EXPECT_THAT(api().stop_reason(), AllOf(HasSubstr("GW.IP_NOT_ALLOWED"), HasSubstr("add this machine's address")));
  EXPECT_GE(clock_.now() - start, minutes(2));
  EXPECT_LT(clock_.now() - start, minutes(3));
  EXPECT_LT(tokens_of_details().size(), 20U);
}

TEST_F(ApiTest, TheRemedyFitsTheRefusal) {
  struct Case {
    int status;
    std::string code, names, silent_of;
  };
  for (const auto& [status, code, names, silent_of] :
       {Case{400, "BAD_REQUEST", "180 days", "--base-url"},
        Case{401, "UNAUTHORIZED", "client id and secret", "--base-url"}, Case{403, "FORBIDDEN", "API groups", "clock"},
        Case{404, "GW.NOT_FOUND", "--base-url", "clock"}, Case{404, "NOT_FOUND", "--base-url", "clock"},
        Case{404, "", "--base-url", "clock"}}) {
    SCOPED_TRACE(std::to_string(status) + code);
    test::VirtualTransport transport(clock_, [&, status = status, code = code](const http::Request&) {
      return test::VirtualReply{response(status, error_body(code)), milliseconds(60)};
    });
    metrics::Metrics metrics(clock_);
    http::Client client(transport, clock_, metrics, {});
    Api api(client, clock_, metrics, options_);
    api.authenticate([] { FAIL() << "has no token"; });
    while (!api.idle()) api.step(SteadyTime::max());
    EXPECT_EQ(api.ending(), Ending::setup);
    EXPECT_THAT(api.stop_reason(), AllOf(HasSubstr(names), testing::Not(HasSubstr(silent_of))));
  }
}

TEST_F(ApiTest, AnAnnouncedEndOfTheQuotaEndsTheRunBeforeTheNextCall) {
  authenticate();
  on_call_ = [](const http::Request&) {
    return response(200, kGoodDetail, {{"GNCP-GW-Quota-Remaining", "0"}, {"GNCP-GW-Quota-Period", "ROUND"}});
  };
  fetch("1");
  fetch("2");
  run();
  EXPECT_THAT(tokens_of_details(), SizeIs(1));
  EXPECT_EQ(answers_.at("1").kind, Answer::Kind::ok) << "what has arrived is kept";
  EXPECT_EQ(answers_.at("2").kind, Answer::Kind::skipped);
  EXPECT_EQ(api().ending(), Ending::later);
  EXPECT_THAT(api().stop_reason(), HasSubstr("quota"));
}

TEST_F(ApiTest, ARefusalForTheQuotaEndsTheRun) {
  authenticate();
  on_call_ = [](const http::Request&) { return response(429, error_body("GW.QUOTA_LIMIT")); };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::failed);
  EXPECT_THAT(tokens_of_details(), SizeIs(1));
  EXPECT_EQ(api().ending(), Ending::later);
}

TEST_F(ApiTest, StopSkipsWhatWaitsAndWhatComesLater) {
  authenticate();
  fetch("1");
  api().stop("enough");
  fetch("2");
  run();
  EXPECT_THAT(tokens_of_details(), IsEmpty());
  for (const auto* sku : {"1", "2"}) {
    EXPECT_EQ(answers_.at(sku).kind, Answer::Kind::skipped);
    EXPECT_EQ(answers_.at(sku).error, "enough");
  }
  EXPECT_EQ(api().ending(), Ending::asked);
}

// --- where secrets may go ---

TEST_F(ApiTest, ARedirectOnTheSameHostKeepsTheToken) {
  authenticate();
  on_call_ = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.url.ends_with("/moved/9001")) return std::nullopt;
    return response(308, "", {{"Location", "/external/v2/products/moved/9001"}});
  };
  EXPECT_EQ(fetched("9001").kind, Answer::Kind::ok);
  EXPECT_EQ(requests_.back().url, "https://api.example/external/v2/products/moved/9001");
  EXPECT_THAT(tokens_of_details(), ElementsAre("Bearer token-1|", "Bearer token-1|"));
}

TEST_F(ApiTest, NoRedirectTakesTheTokenElsewhere) {
  authenticate();
  on_call_ = [](const http::Request&) { return response(308, "", {{"Location", "https://evil.example/external/x"}}); };
  EXPECT_EQ(fetched("1").kind, Answer::Kind::failed);
  EXPECT_TRUE(api().stopped());
  for (const auto& request : requests_) EXPECT_THAT(request.url, StartsWith("https://api.example/"));
}

TEST_F(ApiTest, NoRedirectTakesTheSignatureElsewhere) {
  on_token_ = [](const http::Request&) {
    return response(308, "", {{"Location", "http://api.example/external/v1/oauth2/token"}});
  };
  api().authenticate([] { FAIL() << "has no token"; });
  run();
  EXPECT_TRUE(api().stopped());
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST(BaseUrl, IsHttpsOrLoopback) {
  for (const auto* good : {"https://api.commerce.naver.com/external", "https://api.example:8443/x",
                           "http://127.0.0.1:8080", "http://localhost:8080/external", "http://[::1]:8080"})
    EXPECT_NO_THROW(check_base_url(good)) << good;
  for (const auto* bad :
       {"http://api.example/external", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
        "http://127.0.0.1@evil.example/", "ftp://api.example", "api.example", ""})
    EXPECT_THROW(check_base_url(bad), UsageError) << bad;
}

TEST_F(ApiTest, RefusesABaseUrlInTheClear) {
  options_.base_url = "http://api.example/external";
  EXPECT_THROW(api(), UsageError);
}

}  // namespace
}  // namespace pipeline::naver
