#include "pipeline/naver/answers.h"

#include "response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::naver {
namespace {

using http::Verdict;
using shop::Ending;
using std::chrono::seconds;
using test::error_body;
using test::HeaderList;
using test::response;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kUrl = "https://api.example/external/v1/products/search";

// Sun, 22 Nov 2026 22:16:20 GMT
constexpr WallTime kNow{std::chrono::milliseconds(1'795'385'780'000)};

// An answer to a call for one product, in a run whose other calls were answered.
Judgement judge_detail(const http::Response& answer) {
  return judge(answer, {.url = kUrl, .now = kNow, .was_answered = true, .for_one_product = true});
}
// To the first call of a run, or one for the token or the list.
Judgement judge_url(const http::Response& answer) {
  return judge(answer, {.url = kUrl, .now = kNow, .was_answered = false, .for_one_product = false});
}

http::Response fault(std::string what, bool untrusted = false) {
  http::Response response;
  response.fault = std::move(what);
  response.untrusted = untrusted;
  return response;
}

// --- the error table, line by line ---

TEST(Judge, EachSuccessIsOne) {
  for (const int status : {200, 201, 204}) {
    const auto [verdict, ending] = judge_url(response(status));
    EXPECT_EQ(verdict.kind, Verdict::Kind::success) << status;
    EXPECT_THAT(verdict.reason, IsEmpty());
  }
}

TEST(Judge, ABadRequestFailsAndShowsItsInvalidInputs) {
  const auto [verdict, ending] =
      judge_url(response(400, R"({"code":"BAD_REQUEST","message":"wrong input","invalidInputs":[
      {"name":"size","type":"Max","message":"must be at most 500"},{"name":"page","type":"Min","message":"from 1"}]})"));
  EXPECT_EQ(verdict.kind, Verdict::Kind::fail);
  EXPECT_THAT(verdict.reason, AllOf(HasSubstr("HTTP 400 BAD_REQUEST: wrong input"),
                                    HasSubstr("size: must be at most 500"), HasSubstr("page: from 1")));
}

TEST(Judge, UnauthorizedIsTheCallersToMend) {
  const auto [verdict, ending] = judge_url(response(401, error_body("GW.AUTHN")));
  EXPECT_EQ(verdict.kind, Verdict::Kind::fail);
  EXPECT_THAT(verdict.reason, HasSubstr("HTTP 401 GW.AUTHN"));
}

TEST(Judge, ForbiddenStopsTheRunAndSaysHowToMendIt) {
  const auto address = judge_url(response(403, error_body("GW.IP_NOT_ALLOWED")));
  EXPECT_EQ(address.verdict.kind, Verdict::Kind::stop);
  EXPECT_EQ(address.ending, Ending::setup);
  EXPECT_THAT(address.verdict.reason, AllOf(HasSubstr("GW.IP_NOT_ALLOWED"), HasSubstr("add this machine's address")));

  const auto permission = judge_url(response(403, error_body("FORBIDDEN")));
  EXPECT_EQ(permission.verdict.kind, Verdict::Kind::stop);
  EXPECT_EQ(permission.ending, Ending::setup);
  EXPECT_THAT(permission.verdict.reason,
              AllOf(HasSubstr("permission"), HasSubstr("API groups"), HasSubstr("180 days")));
}

TEST(Judge, ForbiddenOfOneProductIsItsOwnUnlessAllAre) {
  for (const std::string_view code_text : {"FORBIDDEN", "", "SOME_NEW_CODE"}) {
    const auto [verdict, ending] = judge_detail(response(403, error_body(code_text)));
    EXPECT_EQ(verdict.kind, Verdict::Kind::refused) << code_text;
    EXPECT_EQ(ending, Ending::setup);
    EXPECT_THAT(verdict.reason, AllOf(HasSubstr("HTTP 403"), HasSubstr("deleted")));
    EXPECT_THAT(verdict.lasting, AllOf(HasSubstr("HTTP 403"), HasSubstr("permission"), HasSubstr("API groups")));
  }
}

TEST(Judge, AnAddressThatWasAnsweredWaitsForTheRefusalToPass) {
  const auto [verdict, ending] = judge_detail(response(403, error_body("GW.IP_NOT_ALLOWED")));
  EXPECT_EQ(verdict.kind, Verdict::Kind::retry);
  EXPECT_EQ(verdict.patience, std::chrono::minutes(2));
  EXPECT_EQ(ending, Ending::setup);
  EXPECT_THAT(verdict.lasting, HasSubstr("add this machine's address"));
}

TEST(Judge, AFaultIsTriedAgainButACertificateIsNotTrustedLater) {
  for (const std::string what : {"Couldn't connect to server", "Could not resolve host: x", "Timeout was reached"}) {
    const auto [verdict, ending] = judge_url(fault(what));
    EXPECT_EQ(verdict.kind, Verdict::Kind::retry);
    EXPECT_EQ(verdict.reason, what + " (is --base-url right?)") << "nothing was answered so far";
    EXPECT_EQ(ending, Ending::later);
    EXPECT_EQ(judge_detail(fault(what)).verdict.reason, what);
  }
  const auto first = judge_url(fault("self-signed certificate", true));
  EXPECT_EQ(first.verdict.kind, Verdict::Kind::stop);
  EXPECT_EQ(first.ending, Ending::setup);
  EXPECT_THAT(first.verdict.reason,
              AllOf(HasSubstr("self-signed"), HasSubstr("CURL_CA_BUNDLE"), HasSubstr(kUrl.data())));
  EXPECT_EQ(judge_detail(fault("self-signed certificate", true)).verdict.kind, Verdict::Kind::retry)
      << "one that was trusted before";
}

TEST(Judge, ABrokenContractIsTriedAgainForAShortWhile) {
  const auto [verdict, ending] = broken_contract("name is no text");
  EXPECT_EQ(verdict.kind, Verdict::Kind::retry);
  EXPECT_LT(*verdict.patience, std::chrono::minutes(1));
  EXPECT_EQ(ending, Ending::failed);
  EXPECT_THAT(verdict.reason, AllOf(HasSubstr("contract"), HasSubstr("name is no text")));
}

TEST(Judge, NoSuchApiStopsTheRunNoSuchProductDoesNot) {
  const auto api = judge_url(response(404, error_body("GW.NOT_FOUND")));
  EXPECT_EQ(api.verdict.kind, Verdict::Kind::stop);
  EXPECT_EQ(api.ending, Ending::setup);
  EXPECT_THAT(api.verdict.reason, AllOf(HasSubstr(std::string(kUrl)), HasSubstr("--base-url")));
  EXPECT_EQ(judge_detail(response(404, error_body("NOT_FOUND"))).verdict.kind, Verdict::Kind::fail);
  EXPECT_EQ(judge_url(response(404, "<html>")).verdict.kind, Verdict::Kind::stop)
      << "of token and list no product can lack";
}

struct Refusal {
  std::string_view name;
  std::string_view code;
  HeaderList headers;
  Verdict::Kind kind;
  std::optional<Nanoseconds> wait{};
};

TEST(Judge, TooManyRequestsWaitOrStop) {
  constexpr auto kWait = Verdict::Kind::throttled;
  constexpr auto kStop = Verdict::Kind::stop;
  constexpr std::string_view kDate = "Sun, 22 Nov 2026 22:16:20 GMT";
  const Refusal cases[] = {
      {"rate", "GW.RATE_LIMIT", {}, kWait},
      {"rate, seconds", "GW.RATE_LIMIT", {{"Retry-After", "3"}}, kWait, seconds(3)},
      {"rate, none", "GW.RATE_LIMIT", {{"Retry-After", "0"}}, kWait, seconds(0)},
      {"rate, date",
       "GW.RATE_LIMIT",
       {{"retry-after", "Sun, 22 Nov 2026 22:17:25 GMT"}, {"Date", kDate}},
       kWait,
       seconds(65)},
      {"rate, date as of old",
       "GW.RATE_LIMIT",
       {{"retry-after", "Sunday, 22-Nov-26 22:17:25 GMT"}, {"Date", kDate}},
       kWait,
       seconds(65)},
      {"rate, date in C's form",
       "GW.RATE_LIMIT",
       {{"retry-after", "Sun Nov 22 22:17:25 2026"}, {"Date", kDate}},
       kWait,
       seconds(65)},
      {"rate, past", "GW.RATE_LIMIT", {{"Retry-After", "Sun, 22 Nov 2026 22:16:19 GMT"}, {"Date", kDate}}, kWait},
      {"rate, date against our clock",
       "GW.RATE_LIMIT",
       {{"Retry-After", "Sun, 22 Nov 2026 22:16:50 GMT"}},
       kWait,
       seconds(30)},
      {"rate, eleven days", "GW.RATE_LIMIT", {{"Retry-After", "950400"}}, kWait, seconds(950'400)},
      {"rate, for ever",
       "GW.RATE_LIMIT",
       {{"Retry-After", "99999999999999999999999"}},
       kWait,
       seconds(std::int64_t{3660} * 86'400)},
      {"rate, nonsense", "GW.RATE_LIMIT", {{"Retry-After", "soon"}}, kWait},
      {"rate, negative", "GW.RATE_LIMIT", {{"Retry-After", "-5"}}, kWait},
      {"rate, endless", "GW.RATE_LIMIT", {{"Retry-After", "1e300"}}, kWait},
      {"rate, not a quota", "GW.RATE_LIMIT", {{"GNCP-GW-Quota-Period", "HOURS"}}, kWait},
      {"no code", "", {}, kWait},
      {"quota of a second", "GW.QUOTA_LIMIT", {{"GNCP-GW-Quota-Period", "SECONDS"}}, kWait, seconds(1)},
      {"the same, any case", "GW.QUOTA_LIMIT", {{"gncp-gw-quota-period", "seconds"}}, kWait, seconds(1)},
      {"the same, told",
       "GW.QUOTA_LIMIT",
       {{"GNCP-GW-Quota-Period", "SECONDS"}, {"Retry-After", "2"}},
       kWait,
       seconds(2)},
      {"quota of a round", "GW.QUOTA_LIMIT", {{"GNCP-GW-Quota-Period", "ROUND"}}, kStop},
      {"penalty", "GW.QUOTA_LIMIT", {{"GNCP-GW-Quota-Period", "HOURS"}, {"GNCP-GW-Quota-Limit", "1"}}, kStop},
      {"quota, none named", "GW.QUOTA_LIMIT", {}, kStop},
  };
  for (const auto& [name, code_text, headers, kind, wait] : cases) {
    const auto [verdict, ending] = judge_url(response(429, error_body(code_text), headers));
    EXPECT_EQ(verdict.kind, kind) << name;
    EXPECT_EQ(verdict.retry_after, wait) << name;
    if (kind == kStop) {
      EXPECT_EQ(ending, Ending::later) << name;
      EXPECT_THAT(verdict.reason, AllOf(HasSubstr("quota"), HasSubstr("try again"))) << name;
    }
  }
}

TEST(Judge, GatewayAndServiceTroubleIsTriedAgain) {
  for (const int status : {500, 502, 503, 504})
    for (const std::string_view gateway_code :
         {"GW.PROXY.01", "GW.PROXY.02", "GW.PROXY.03", "GW.PROXY.04", "GW.PROXY.05", "GW.INTERNAL_SERVER_ERROR",
          "GW.BLOCK.01", "GW.BLOCK.02", "GW.TIMEOUT.01", "GW.TIMEOUT.02", "GW.NOT_FOUND", "GW.QUOTA_LIMIT", ""}) {
      const auto [verdict, ending] = judge_url(response(status, error_body(gateway_code)));
      EXPECT_EQ(verdict.kind, Verdict::Kind::retry) << status << gateway_code;
      EXPECT_THAT(verdict.reason, HasSubstr(gateway_code));
    }
  EXPECT_EQ(judge_url(response(503, "<html>", {{"Retry-After", "7"}})).verdict.retry_after, seconds(7));
}

TEST(Judge, AnAnswerThatIsNoJsonIsJudgedByItsStatus) {
  EXPECT_EQ(judge_url(response(502, "<html>Bad Gateway</html>")).verdict.reason, "HTTP 502");
  EXPECT_EQ(judge_url(response(418, "[1]")).verdict.kind, Verdict::Kind::fail);
}

// Maintenance, a captive portal, a proxy's login: it passes, so it is waited for.
TEST(Judge, AWebPageWithASuccessIsAnOutage) {
  for (const std::string page : {"<!DOCTYPE html><html><head><title>점검 중</title></head></html>",
                                 " \r\n<html></html>", "\xEF\xBB\xBF<?xml version=\"1.0\"?><a/>"}) {
    const auto [verdict, ending] = judge_url(response(200, page));
    EXPECT_EQ(verdict.kind, Verdict::Kind::retry) << page;
    EXPECT_EQ(ending, Ending::later) << page;
    EXPECT_FALSE(verdict.patience.has_value()) << "as long as --retry-for says";
    EXPECT_THAT(verdict.reason, HasSubstr("web page")) << page;
  }
  EXPECT_EQ(judge_url(response(200, "<title>점검 중</title>")).verdict.reason,
            "HTTP 200 with a web page instead of an answer of the API: 점검 중");
  EXPECT_EQ(judge_url(response(200, "<title>\xC1\xA1\xB0\xCB</title>")).verdict.reason,
            "HTTP 200 with a web page instead of an answer of the API");
  EXPECT_EQ(judge_url(response(200, "{}")).verdict.kind, Verdict::Kind::success);
  EXPECT_EQ(judge_url(response(200, "")).verdict.kind, Verdict::Kind::success) << "the endpoint looks into it";
}

// --- redirects ---

struct Redirect {
  std::string_view from, location, to;  // `to` empty: not followed
};

TEST(Judge, FollowsARedirectToTheSameHostOverTlsOnly) {
  const Redirect cases[] = {
      {"https://api.example/v1/a", "https://api.example/v2/a?b=1", "https://api.example/v2/a?b=1"},
      {"https://api.example/v1/a", "https://API.Example/v2/a", "https://API.Example/v2/a"},
      {"https://api.example/v1/a", "/v2/a", "https://api.example/v2/a"},
      {"https://api.example/v1/a", "b", "https://api.example/v1/b"},
      {"https://api.example/v1/a", "https://api.example.evil/v1/a", ""},
      {"https://api.example/v1/a", "https://evil.example/v1/a", ""},
      {"https://api.example/v1/a", "//evil.example/v1/a", ""},
      {"https://api.example/v1/a", "https://api.example@evil.example/v1/a", ""},
      {"https://api.example/v1/a", "http://api.example/v1/a", ""},
      {"https://api.example/v1/a", "ftp://api.example/v1/a", ""},
      {"https://api.example/v1/a", "https://", ""},
      {"http://127.0.0.1:8080/v1/a", "http://127.0.0.1:8080/v2/a", "http://127.0.0.1:8080/v2/a"},
      {"http://127.0.0.1:8080/v1/a", "http://127.0.0.1:9090/v2/a", ""},
      {"http://127.0.0.1:8080/v1/a", "https://127.0.0.1:8080/v2/a", "https://127.0.0.1:8080/v2/a"},
      {"http://api.example/v1/a", "http://api.example/v2/a", ""},
  };
  for (const auto& [from, location, to] : cases) {
    const auto [verdict, ending] = judge(response(308, "", {{"location", location}}), {from, kNow, true, false});
    EXPECT_EQ(verdict.kind, to.empty() ? Verdict::Kind::stop : Verdict::Kind::redirect) << from << " " << location;
    EXPECT_EQ(verdict.location, to) << from << " " << location;
  }
}

TEST(Judge, ARedirectOfOneProductToElsewhereIsThatProductsFailure) {
  const auto [verdict, ending] = judge(response(302, "", {{"location", "https://evil.example/login"}}),
                                       {"https://api.example/v1/a", kNow, true, true});
  EXPECT_EQ(verdict.kind, Verdict::Kind::refused);
  EXPECT_THAT(verdict.reason, HasSubstr("not followed"));
}

TEST(Judge, ARedirectWithoutALocationStopsTheRun) {
  const auto [verdict, ending] = judge_url(response(308));
  EXPECT_EQ(verdict.kind, Verdict::Kind::stop);
  EXPECT_THAT(verdict.reason, HasSubstr("Location"));
}

// --- headers ---

TEST(RateSignal, IsReadFromHeadersInAnyCase) {
  const auto signal = rate_signal(response(200, "",
                                           {{"gncp-gw-ratelimit-replenish-rate", "2"},
                                            {"GNCP-GW-RATELIMIT-BURST-CAPACITY", "4"},
                                            {"GNCP-GW-RateLimit-Remaining", "0"}}));
  EXPECT_EQ(signal.replenish_rate, 2);
  EXPECT_EQ(signal.burst_capacity, 4);
  EXPECT_EQ(signal.remaining, 0);
}

TEST(RateSignal, WhatIsNotThereOrNoNumberIsNotKnown) {
  const auto signal = rate_signal(response(200, "", {{"GNCP-GW-RateLimit-Replenish-Rate", "fast"}}));
  EXPECT_EQ(signal.replenish_rate, std::nullopt);
  EXPECT_EQ(signal.burst_capacity, std::nullopt);
  EXPECT_EQ(signal.remaining, std::nullopt);
}

TEST(QuotaUsedUp, IsToldByTheRemainderAndThePeriod) {
  const std::pair<HeaderList, bool> cases[] = {
      {{}, false},
      {{{"GNCP-GW-Quota-Remaining", "1"}, {"GNCP-GW-Quota-Period", "ROUND"}}, false},
      {{{"GNCP-GW-Quota-Remaining", "0"}, {"GNCP-GW-Quota-Period", "ROUND"}}, true},
      {{{"gncp-gw-quota-remaining", "0"}, {"gncp-gw-quota-period", "HOURS"}}, true},
      {{{"GNCP-GW-Quota-Remaining", "-1"}}, true},
      {{{"GNCP-GW-Quota-Remaining", "0"}, {"GNCP-GW-Quota-Period", "SECONDS"}}, false},
  };
  int place = 0;
  for (const auto& [headers, used_up] : cases)
    EXPECT_EQ(quota_used_up(response(200, "", headers)), used_up) << "case " << place++;
}

TEST(Trace, IsTheGatewaysHeader) {
  EXPECT_EQ(trace_of(response(500, "", {{"gncp-gw-trace-id", "abc"}})), "abc");
  EXPECT_EQ(trace_of(response(500)), "");
}

TEST(Trace, OfAGatewaysErrorMayStandInTheBodyAlone) {
  EXPECT_EQ(trace_of(response(504, error_body("GW.TIMEOUT.02"))), "t");
  EXPECT_EQ(trace_of(response(504, error_body("GW.TIMEOUT.02"), {{"GNCP-GW-Trace-ID", "abc"}})), "abc");
  EXPECT_EQ(trace_of(response(200, error_body("x"))), "") << "a good body is not searched";
}

TEST(ErrorBody, ReadsWhatIsThere) {
  const auto error =
      parse_error_body(R"({"code":"A","invalidInputs":[{"name":"n","type":"t","message":"m"},{"name":1},7]})");
  EXPECT_EQ(error.code, "A");
  EXPECT_EQ(error.message, "");
  ASSERT_EQ(error.invalid_inputs.size(), 2U);
  EXPECT_EQ(error.invalid_inputs[0].name, "n");
  EXPECT_EQ(error.invalid_inputs[0].type, "t");
  EXPECT_EQ(error.invalid_inputs[0].message, "m");
  EXPECT_EQ(error.invalid_inputs[1].name, "");
}

TEST(ErrorBody, IsEmptyWhenItIsNone) {
  for (const std::string_view body :
       {"", "{", "[]", "null", "<html>", R"({"code":1,"message":null,"invalidInputs":{}})", "\xFF"}) {
    const auto error = parse_error_body(body);
    EXPECT_EQ(error.code + error.message, "") << body;
    EXPECT_THAT(error.invalid_inputs, IsEmpty());
  }
}

}  // namespace
}  // namespace pipeline::naver
