#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <thread>

// Each line of the error table of the API, through the real executable: what it does, what it says, how it ends.
namespace pipeline::test {
namespace {

using emulator::Endpoint;
using emulator::FaultKind;
using emulator::FaultRule;
using emulator::Target;
using nlohmann::json;

class Answers : public ::testing::Test {
 protected:
  static emulator::Options options() {
    emulator::Options options;
    options.products = 40;
    return options;
  }

  struct Result {
    Outcome outcome;
    json summary;
    [[nodiscard]] bool says(const std::string& text) const { return outcome.err.find(text) != std::string::npos; }
  };
  Result run(FaultRule rule, std::vector<std::string> arguments = {}) {
    stand.store().add_fault(std::move(rule));
    Outcome outcome = stand.sync(arguments);
    auto summary = json::parse(outcome.out, nullptr, false);
    return {std::move(outcome), std::move(summary)};
  }
  [[nodiscard]] std::string products() const { return stand.value("SELECT count(*) FROM products"); }
  [[nodiscard]] std::string everything() { return std::to_string(stand.store().size()); }
  [[nodiscard]] std::uint64_t details() { return stand.store().stats().requests_to(Endpoint::channel_detail); }

  SyncStand stand{options()};
};

TEST_F(Answers, BadRequestIsNotRepeatedAndShowsTheInvalidInputs) {
  const auto [outcome, summary] = run({.target = Target::list, .kind = FaultKind::bad_request});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::list), 1U);
  EXPECT_NE(summary["failures"][0]["error"].get<std::string>().find("BAD_REQUEST"), std::string::npos);
  EXPECT_NE(summary["failures"][0]["error"].get<std::string>().find(" ("), std::string::npos)
      << "no invalid input named";
  EXPECT_FALSE(summary["failures"][0]["trace"].get<std::string>().empty());
}

TEST_F(Answers, UnauthorizedInMidRunRenewsOnceAndGoesOn) {
  const auto [outcome, summary] =
      run({.target = Target::channel_detail, .kind = FaultKind::unauthorized, .skip = 10, .times = 1});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(products(), everything());
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::token), 2U);
}

TEST_F(Answers, ARevokedTokenIsReplacedOnceForAllCallsInFlight) {
  stand.store().set_latency(std::chrono::milliseconds(30), {});
  Process sync = stand.start();
  while (stand.store().stats().distinct_details < 10) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  stand.store().revoke_tokens();
  EXPECT_EQ(sync.wait().exit_code, 0);
  EXPECT_EQ(products(), everything());
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::token), 2U);
  EXPECT_GT(stand.store().stats().requests_to(Endpoint::channel_detail, 401), 1U);
}

TEST_F(Answers, UnauthorizedOfTheApiBehindTheGatewayIsRenewedToo) {
  const auto [outcome, summary] = run({.target = Target::channel_detail,
                                       .kind = FaultKind::unauthorized,
                                       .code = "UNAUTHORIZED",
                                       .skip = 10,
                                       .times = 1});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::token), 2U);
}

TEST_F(Answers, ASecondUnauthorizedIsFinalAndNamesItsCauses) {
  const auto result = run({.target = Target::channel_detail, .kind = FaultKind::unauthorized, .skip = 10});
  EXPECT_EQ(result.outcome.exit_code, 2);
  for (const char* cause : {"expired", "API group", "180 days", "Authorization header"})
    EXPECT_TRUE(result.says(cause)) << cause;
  EXPECT_EQ(products(), "10") << "what had arrived is kept";
}

TEST_F(Answers, ForbiddenIpAtFirstStopsAtOnceAndSaysHowToMendIt) {
  const auto result = run({.target = Target::token, .kind = FaultKind::ip_not_allowed});
  EXPECT_EQ(result.outcome.exit_code, 2);
  EXPECT_TRUE(result.says("GW.IP_NOT_ALLOWED"));
  EXPECT_TRUE(result.says("registered for the application"));
  EXPECT_FALSE(result.says("clock")) << "the wrong advice";
  EXPECT_EQ(stand.store().stats().requests, 1U);
}

TEST_F(Answers, ForbiddenIpAfterAnswersIsWaitedFor) {
  for (const auto target : {Target::list, Target::channel_detail}) {
    SyncStand fresh(options());
    fresh.store().add_fault(
        {.target = target, .kind = FaultKind::ip_not_allowed, .skip = target == Target::list ? 0U : 10U, .times = 2});
    EXPECT_EQ(fresh.sync().exit_code, 0);
    EXPECT_EQ(fresh.value("SELECT count(*) FROM products"), everything());
  }
}

TEST_F(Answers, ForbiddenIpThatStaysStopsTheRun) {
  const auto result =
      run({.target = Target::channel_detail, .kind = FaultKind::ip_not_allowed, .skip = 10}, {"--retry-for", "2s"});
  EXPECT_EQ(result.outcome.exit_code, 2);
  EXPECT_TRUE(result.says("registered for the application"));
  EXPECT_LT(details(), 60U);
  EXPECT_EQ(products(), "10");
}

TEST_F(Answers, ForbiddenListNamesTheMissingPermission) {
  const auto result = run({.target = Target::list, .kind = FaultKind::status, .status = 403});
  EXPECT_EQ(result.outcome.exit_code, 2);
  EXPECT_TRUE(result.says("permission"));
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::list), 1U);
}

TEST_F(Answers, UnknownApiStopsTheRun) {
  const auto result = run({.target = Target::channel_detail, .kind = FaultKind::api_not_found}, {"--workers", "1"});
  EXPECT_EQ(result.outcome.exit_code, 2);
  EXPECT_TRUE(result.says("--base-url"));
  EXPECT_EQ(details(), 1U);
}

TEST_F(Answers, UnknownProductIsThatProductsResult) {
  const auto result = run({.target = Target::channel_detail, .kind = FaultKind::not_found, .times = 1});
  EXPECT_EQ(result.outcome.exit_code, 0);
  EXPECT_EQ(result.summary["gone"], 1);
  EXPECT_EQ(details(), stand.store().size()) << "a product that is gone is not asked for again";
}

TEST_F(Answers, RateLimitIsWaitedOutAndRepeated) {
  const auto result = run({.target = Target::channel_detail, .kind = FaultKind::rate_limit, .skip = 5, .times = 2});
  EXPECT_EQ(result.outcome.exit_code, 0);
  EXPECT_EQ(products(), everything());
  EXPECT_EQ(result.summary["api_429"], 2);
  EXPECT_EQ(result.summary["retries"], 2);
}

TEST_F(Answers, RetryAfterIsObeyed) {
  const auto result =
      run({.target = Target::channel_detail, .kind = FaultKind::rate_limit, .skip = 5, .times = 1, .retry_after = "2"},
          {"--workers", "1"});
  EXPECT_EQ(result.outcome.exit_code, 0);
  EXPECT_GE(result.summary["seconds"].get<double>(), 2.0) << "a lower bound that the server's word sets";
}

TEST_F(Answers, QuotaBySecondClears) {
  const auto result = run({.target = Target::channel_detail,
                           .kind = FaultKind::quota,
                           .skip = 5,
                           .times = 1,
                           .quota_period = emulator::QuotaPeriod::seconds});
  EXPECT_EQ(result.outcome.exit_code, 0);
  EXPECT_EQ(products(), everything());
}

TEST_F(Answers, AnyOtherQuotaStopsAndKeepsWhatIsDone) {
  for (const auto period : {std::optional(emulator::QuotaPeriod::hours), std::optional(emulator::QuotaPeriod::round),
                            std::optional<emulator::QuotaPeriod>()}) {
    SyncStand fresh(options());
    fresh.store().add_fault(
        {.target = Target::channel_detail, .kind = FaultKind::quota, .skip = 10, .quota_period = period});
    const auto outcome = fresh.sync({"--workers", "1"});
    EXPECT_EQ(outcome.exit_code, 75);
    EXPECT_EQ(json::parse(outcome.out)["status"], "try_later");
    EXPECT_NE(outcome.err.find("quota"), std::string::npos);
    EXPECT_EQ(fresh.value("SELECT count(*) FROM products"), "10");
    EXPECT_EQ(fresh.store().stats().requests_to(Endpoint::channel_detail), 11U);
  }
}

TEST_F(Answers, GatewayTroubleIsRepeated) {
  const std::vector<std::pair<int, std::string>> troubles{{500, "GW.INTERNAL_SERVER_ERROR"},
                                                          {500, "GW.PROXY.01"},
                                                          {500, "GW.PROXY.05"},
                                                          {502, ""},
                                                          {503, "GW.BLOCK.01"},
                                                          {503, "GW.BLOCK.02"},
                                                          {504, "GW.TIMEOUT.01"},
                                                          {504, "GW.TIMEOUT.02"}};
  for (const auto& [status, code] : troubles)
    stand.store().add_fault(
        {.target = Target::channel_detail, .kind = FaultKind::status, .status = status, .code = code, .times = 1});
  const auto summary = stand.summary();
  EXPECT_EQ(summary["status"], "ok");
  EXPECT_EQ(products(), everything());
  EXPECT_EQ(summary["retries"], troubles.size());
}

TEST_F(Answers, AProductThatAlwaysFailsIsNamedAndTheRestGoesOn) {
  const auto no = stand.store().channel_nos()[7];
  const auto result =
      run({.target = Target::channel_detail, .product_no = no, .kind = FaultKind::status, .status = 503},
          {"--max-retries", "1"});
  EXPECT_EQ(result.outcome.exit_code, 3);
  ASSERT_EQ(result.summary["failures"].size(), 1U);
  EXPECT_EQ(result.summary["failures"][0]["sku"], std::to_string(no));
  EXPECT_EQ(result.summary["failures"][0]["stage"], "detail");
  EXPECT_FALSE(result.summary["failures"][0]["trace"].get<std::string>().empty());
  EXPECT_EQ(products(), std::to_string(stand.store().size() - 1));

  stand.store().clear_faults();
  stand.store().reset_stats();
  EXPECT_EQ(stand.sync().exit_code, 0) << "the next run goes on where this one was";
  EXPECT_EQ(details(), 1U);
  EXPECT_EQ(products(), everything());
}

TEST_F(Answers, RedirectToTheSameHostIsFollowedElsewhereNever) {
  auto result = run({.target = Target::channel_detail, .kind = FaultKind::redirect, .times = 1});
  EXPECT_EQ(result.outcome.exit_code, 0);
  EXPECT_EQ(products(), everything());

  SyncStand other(options());  // another port is another origin
  stand.store().edit(
      {.kind = emulator::Edit::Kind::set_price, .channel_no = stand.store().channel_nos().front(), .value = 1});
  result = run({.target = Target::channel_detail,
                .kind = FaultKind::redirect,
                .location = other.base_url() + "/v2/products/channel-products/1"});
  EXPECT_EQ(result.outcome.exit_code, 2) << "--base-url is wrong, when all details lead elsewhere";
  EXPECT_TRUE(result.says("not followed"));
  EXPECT_EQ(other.store().stats().requests, 0U) << "the token went elsewhere";
}

TEST_F(Answers, FaultsOfTransportAndContractAreRepeated) {
  for (const auto kind : {FaultKind::reset, FaultKind::short_body, FaultKind::invalid_json, FaultKind::wrong_types})
    for (const auto target : {Target::channel_detail, Target::list})
      stand.store().add_fault({.target = target, .kind = kind, .times = 1});
  const auto summary = stand.summary();
  EXPECT_EQ(summary["status"], "ok") << summary.dump(2);
  EXPECT_GE(summary["retries"], 6) << "libcurl itself sends again what met a reset on a connection it had kept";
  EXPECT_EQ(stand.store().fault_hits(), std::vector<std::uint64_t>(8, 1));
  EXPECT_EQ(products(), everything());
}

TEST_F(Answers, AStalledAnswerTimesOutAndIsRepeated) {
  const auto result =
      run({.target = Target::channel_detail, .kind = FaultKind::stall, .times = 1}, {"--timeout", "300ms"});
  EXPECT_EQ(result.outcome.exit_code, 0) << result.outcome.err;
  EXPECT_EQ(products(), everything());
}

TEST_F(Answers, OneProductThatLeadsElsewhereCostsItself) {
  const auto moved = stand.store().channel_nos()[3];
  const auto result = run({.target = Target::channel_detail,
                           .product_no = moved,
                           .kind = FaultKind::redirect,
                           .location = "https://login.invalid/"});
  EXPECT_EQ(result.outcome.exit_code, 3);
  EXPECT_EQ(result.summary["failures"][0]["sku"], std::to_string(moved));
  EXPECT_EQ(products(), std::to_string(stand.store().size() - 1));
}

// A list of one page has no other that could tell whether the server is at fault.
TEST_F(Answers, ARowThatCannotBeReadCostsItself) {
  const auto broken = stand.store().channel_nos()[3];
  stand.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = broken, .value = -100});
  for (int night = 1; night <= 2; ++night) {
    stand.store().reset_stats();
    const auto outcome = stand.sync();
    const auto summary = json::parse(outcome.out);
    EXPECT_EQ(outcome.exit_code, 3);
    ASSERT_EQ(summary["failures"].size(), 1U) << summary;
    EXPECT_EQ(summary["failures"][0]["sku"], std::to_string(broken));
    EXPECT_EQ(summary["failures"][0]["error"], "salePrice is -100, below zero");
    EXPECT_EQ(products(), std::to_string(stand.store().size() - 1));
    EXPECT_EQ(stand.store().stats().requests_to(emulator::Endpoint::list), 1U) << "it would say the same again";
  }
}

TEST_F(Answers, AProductThatCannotBeParsedIsStoredAsItCameAndNamed) {
  const auto broken = stand.store().channel_nos()[3];
  const auto wrong = stand.store().channel_nos()[4];
  stand.store().add_fault({.target = Target::channel_detail, .product_no = broken, .kind = FaultKind::invalid_json});
  stand.store().add_fault({.target = Target::channel_detail, .product_no = wrong, .kind = FaultKind::wrong_types});
  const auto outcome = stand.sync({"--max-retries", "1"});
  const auto summary = json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 3);
  ASSERT_EQ(summary["failures"].size(), 2U);
  EXPECT_EQ(summary["failures"][0]["stage"], "parse");
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE parse_status = 'PARSE_FAIL' AND length(raw_json) > 0 AND "
                        "length(parse_error) > 0 AND list_hash IS NULL"),
            "2");
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), std::to_string(stand.store().size() - 2));

  stand.store().clear_faults();
  EXPECT_EQ(stand.summary()["detail_fetched"], 2);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE parse_status = 'OK'"), everything());
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue WHERE reason = 'NEW'"), everything());
}

TEST_F(Answers, AClockThatIsWrongIsCorrectedOnce) {
  for (const auto skew : {std::chrono::minutes(-10), std::chrono::minutes(20)}) {
    SyncStand fresh(options());
    fresh.store().set_clock_skew(skew);
    const auto outcome = fresh.sync();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("clock"), std::string::npos);
    EXPECT_EQ(fresh.store().stats().requests_to(Endpoint::token), 2U);
  }
}

TEST_F(Answers, WrongCredentialsEndWithAWordOnThem) {
  stand.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "$2a$04$zzzzzzzzzzzzzzzzzzzzzu";
  const auto outcome = stand.sync();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("Check client id and secret"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find("zzzz"), std::string::npos) << "the secret was logged";
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::token), 1U);
}

TEST_F(Answers, SellerTokenCarriesTheAccount) {
  stand.environment["NAVER_COMMERCE_ACCOUNT_ID"] = "ncp_1abcde_01";
  EXPECT_EQ(stand.sync().exit_code, 0);
  EXPECT_EQ(products(), everything());
}

TEST_F(Answers, ATokenThatEndsIsRenewedBeforeItDoes) {
  auto short_lived = options();
  short_lived.products = 500;
  short_lived.token_life = std::chrono::seconds(5);
  short_lived.token_renewal = std::chrono::seconds(2);
  short_lived.channel_detail_rate = {.rate = 60, .burst = 120};
  SyncStand fresh(short_lived);
  const auto outcome = fresh.sync();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto stats = fresh.store().stats();
  EXPECT_GE(stats.tokens_issued, 2U);
  EXPECT_EQ(stats.requests_to(Endpoint::channel_detail, 401), 0U);
}

}  // namespace
}  // namespace pipeline::test
