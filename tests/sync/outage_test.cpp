#include "support/sync_stand.h"

#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

// A product that fails by itself costs itself; a server that is down is waited for.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using emulator::Endpoint;
using emulator::FaultKind;
using emulator::FaultRule;
using emulator::Target;
using nlohmann::json;

emulator::Options store_of_outage(std::size_t products) {
  emulator::Options options;
  options.products = products;
  return options;
}

struct Result {
  Outcome outcome;
  json summary;
  [[nodiscard]] bool says(const std::string& text) const { return outcome.err.find(text) != std::string::npos; }
};
Result run(const SyncStand& stand, const std::vector<std::string>& arguments = {}) {
  Outcome outcome = stand.sync(arguments);
  auto summary = json::parse(outcome.out, nullptr, false);
  return {std::move(outcome), std::move(summary)};
}

std::set<std::string> failed_skus(const json& summary) {
  std::set<std::string> skus;
  for (const auto& failure : summary["failures"]) skus.insert(failure["sku"].get<std::string>());
  return skus;
}

void fail_product(SyncStand& stand, std::int64_t no, int status) {
  stand.store().add_fault(
      {.target = Target::channel_detail, .product_no = no, .kind = FaultKind::status, .status = status});
}

std::string products(const SyncStand& stand) {
  return stand.value("SELECT count(*) FROM products");
}

// --- products that fail by themselves ---

TEST(LoneFailure, ARefusedProductCostsItselfThreeNightsInARow) {
  for (const std::size_t place : {0U, 60U, 199U}) {  // the newest is listed first
    SyncStand stand(store_of_outage(200));
    const auto no = stand.store().channel_nos().at(place);
    fail_product(stand, no, 403);
    for (int night = 1; night <= 3; ++night) {
      SCOPED_TRACE(testing::Message() << "night " << night << ", place " << place);
      const auto [outcome, summary] = run(stand);
      EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
      EXPECT_EQ(failed_skus(summary), std::set{std::to_string(no)});
      EXPECT_EQ(summary["removals"], "checked");
      EXPECT_EQ(summary["stopped"], nullptr);
      EXPECT_FALSE(summary["failures"][0]["trace"].get<std::string>().empty());
    }
    EXPECT_EQ(products(stand), std::to_string(stand.store().size() - 1));
  }
}

TEST(LoneFailure, ManyRefusedProductsAmongOthersAreEachNamed) {
  SyncStand stand(store_of_outage(100));
  const auto all = stand.store().channel_nos();
  for (std::size_t i = 0; i < all.size(); i += 2) fail_product(stand, all[i], 403);
  const auto [outcome, summary] = run(stand);
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_EQ(summary["failures"].size(), (all.size() + 1) / 2);
  EXPECT_EQ(products(stand), std::to_string(all.size() / 2));
}

TEST(LoneFailure, NothingButRefusalsStopsTheRunAfterAFewCallsAndRemovesNothing) {
  SyncStand stand(store_of_outage(300));
  ASSERT_EQ(stand.sync().exit_code, 0);
  stand.store().reset_stats();
  stand.store().add_fault({.target = Target::channel_detail, .kind = FaultKind::status, .status = 403});
  const auto [outcome, summary] = run(stand, {"--full"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("permission"), std::string::npos) << outcome.err;
  EXPECT_LT(stand.store().stats().requests_to(Endpoint::channel_detail), 40U);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE removed_at IS NOT NULL"), "0");
}

TEST(LoneFailure, TheFirstNightThatMeetsNothingButRefusalsIsStopped) {
  for (const std::size_t size : {1U, 3U, 300U}) {
    SyncStand stand(store_of_outage(size));
    stand.store().add_fault({.target = Target::channel_detail, .kind = FaultKind::status, .status = 403});
    const auto [outcome, summary] = run(stand);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_LT(stand.store().stats().requests_to(Endpoint::channel_detail), 40U);
  }
}

class FailingForEver : public ::testing::TestWithParam<std::size_t> {};

TEST_P(FailingForEver, NineOfManyAreNamedAndAllElseIsDone) {
  auto options = store_of_outage(150);
  SyncStand stand(options);
  const auto all = stand.store().channel_nos();
  const auto removed = all[70];
  for (std::size_t i = 0; i < 9; ++i) fail_product(stand, all.at(GetParam() + i), 500);
  const auto first = run(stand);
  EXPECT_EQ(first.outcome.exit_code, 3) << first.outcome.err;
  EXPECT_EQ(first.summary["failures"].size(), 9U);
  EXPECT_EQ(products(stand), std::to_string(all.size() - 9));
  EXPECT_LE(stand.store().stats().requests, 2 + all.size() + 60);

  // The second night wants these nine alone, and has a removal and checks to do.
  stand.store().remove(removed);
  stand.execute("UPDATE detail_checks SET verified_at = verified_at - 86400000 * 3");
  stand.execute("UPDATE state SET value = value - 86400000 * 3 WHERE key LIKE 'detail_share%'");
  stand.store().reset_stats();
  const auto second = run(stand);
  EXPECT_EQ(second.outcome.exit_code, 3) << second.outcome.err;
  EXPECT_EQ(second.summary["failures"].size(), 9U);
  EXPECT_EQ(second.summary["removed"], 1);
  EXPECT_GT(second.summary["checked"], 0);
  const auto needed = 2 + 9 + second.summary["checked"].get<std::uint64_t>();
  EXPECT_LE(stand.store().stats().requests, needed + 60);
}

INSTANTIATE_TEST_SUITE_P(Places, FailingForEver, ::testing::Values(0U, 141U));

TEST(LoneFailure, WithOneWorkerTheRestIsReachedToo) {
  SyncStand stand(store_of_outage(5));
  const auto all = stand.store().channel_nos();
  for (const auto no : {all.at(4), all.at(3)}) fail_product(stand, no, 500);  // the newest are listed first
  const auto [outcome, summary] = run(stand, {"--workers", "1", "--max-retries", "1"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_EQ(products(stand), std::to_string(all.size() - 2));
}

TEST(LoneFailure, ATraceInTheBodyAloneIsTold) {
  SyncStand stand(store_of_outage(20));
  const auto no = stand.store().channel_nos().front();
  stand.store().add_fault({.target = Target::channel_detail,
                           .product_no = no,
                           .kind = FaultKind::status,
                           .status = 504,
                           .code = "GW.TIMEOUT.02",
                           .no_headers = true});
  const auto [outcome, summary] = run(stand, {"--max-retries", "1"});
  EXPECT_EQ(outcome.exit_code, 3);
  ASSERT_EQ(summary["failures"].size(), 1U);
  const auto trace = summary["failures"][0]["trace"].get<std::string>();
  EXPECT_EQ(trace.size(), 32U);
  EXPECT_NE(summary["failures"][0]["error"].get<std::string>().find(trace), std::string::npos);
}

// --- a server that is down for a while ---

struct Down {
  std::string name;
  Target target;
  std::uint64_t skip;
  FaultKind kind;
};
class Outages : public ::testing::TestWithParam<Down> {};

// The rules are lifted by a thread, as an outage ends: by itself.
TEST_P(Outages, IsWaitedForAndTheRunCompletes) {
  const auto& [name, target, skip, kind] = GetParam();
  SyncStand stand(store_of_outage(60));
  const auto rule = stand.store().add_fault({.target = target, .kind = kind, .status = 503, .skip = skip});
  Process sync = stand.start({"--page-size", "20", "--timeout", "300ms"});
  // Longer than a call's retries last, by the number of tries: a lone call makes a sixth one after seven seconds.
  while (stand.store().fault_hits(rule) < 4) std::this_thread::sleep_for(5ms);
  stand.store().clear_faults();
  const auto outcome = sync.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["failures"].size(), 0U);
  EXPECT_EQ(products(stand), std::to_string(stand.store().size()));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Outages,
                         ::testing::Values(Down{"token", Target::token, 0, FaultKind::status},
                                           Down{"token_reset", Target::token, 0, FaultKind::reset},
                                           Down{"first_page", Target::list, 0, FaultKind::status},
                                           Down{"later_page", Target::list, 1, FaultKind::status},
                                           Down{"first_detail", Target::channel_detail, 0, FaultKind::status},
                                           Down{"details", Target::channel_detail, 20, FaultKind::status},
                                           Down{"details_stall", Target::channel_detail, 20, FaultKind::stall},
                                           Down{"everything", Target::any, 15, FaultKind::reset}),
                         [](const auto& down) { return down.param.name; });

TEST(Outage, IsToldOnceInTheLogWithReasonNextTryAndEnd) {
  SyncStand stand(store_of_outage(5));
  stand.store().add_fault({.target = Target::token, .kind = FaultKind::status, .status = 503, .times = 3});
  const auto outcome = stand.sync();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto first = outcome.err.find("Waiting for the server: next try at ");
  ASSERT_NE(first, std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find("Waiting for the server", first + 1), std::string::npos) << "more than once";
  EXPECT_NE(outcome.err.find("HTTP 503 GW.BLOCK.01"), std::string::npos);
  EXPECT_NE(outcome.err.find("answers again after"), std::string::npos);
}

TEST(Outage, ThatOutlastsRetryForEndsTheRunForLaterAndKeepsEverything) {
  SyncStand stand(store_of_outage(60));
  stand.store().add_fault({.target = Target::channel_detail, .kind = FaultKind::status, .status = 503, .skip = 20});
  const auto [outcome, summary] = run(stand, {"--retry-for", "2s"});
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  EXPECT_EQ(summary["status"], "try_later");
  EXPECT_NE(summary["stopped"].get<std::string>().find("HTTP 503"), std::string::npos);
  EXPECT_EQ(products(stand), "20");
  EXPECT_EQ(stand.value("SELECT status FROM runs"), "TRY_LATER");
  EXPECT_LT(stand.store().stats().requests_to(Endpoint::channel_detail), 60U) << "the server was not left in peace";
  EXPECT_EQ(summary["unreached"].get<std::size_t>() + summary["failures"].size() + 20, stand.store().size());

  stand.store().clear_faults();
  stand.store().reset_stats();
  EXPECT_EQ(stand.sync().exit_code, 0);
  EXPECT_EQ(stand.store().stats().requests_to(Endpoint::channel_detail), stand.store().size() - 20);
}

TEST(Outage, OfTheTokenOutlastsRetryForToo) {
  SyncStand stand(store_of_outage(5));
  stand.store().add_fault({.target = Target::token, .kind = FaultKind::reset});
  const auto [outcome, summary] = run(stand, {"--retry-for", "1s"});
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  EXPECT_EQ(summary["listed"], 0);
}

TEST(Outage, AHostThatRefusesConnectionsIsNamedAtOnce) {
  SyncStand stand(store_of_outage(5));
  for (const auto& url : {"http://127.0.0.1:1", "http://localhost:1/external"}) {
    const auto [outcome, summary] = run(stand, {"--base-url", url, "--retry-for", "1s"});
    EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
    EXPECT_NE(outcome.err.find("Waiting for the server"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("connect"), std::string::npos) << outcome.err;
  }
}

TEST(Outage, NeverLastsBeyondTheDeadline) {
  SyncStand stand(store_of_outage(5));
  for (const auto target : {Target::token, Target::channel_detail}) {
    stand.store().clear_faults();
    stand.store().add_fault({.target = target, .kind = FaultKind::status, .status = 503});
    const auto [outcome, summary] = run(stand, {"--deadline", "3s"});
    EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
    EXPECT_NE(summary["stopped"].get<std::string>().find("--deadline"), std::string::npos) << summary;
  }
}

TEST(Outage, WithoutRetryForIsAFailedRun) {
  SyncStand stand(store_of_outage(40));
  stand.store().add_fault({.target = Target::channel_detail, .kind = FaultKind::status, .status = 500});
  const auto [outcome, summary] = run(stand, {"--retry-for", "0"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(summary["status"], "failed");
  EXPECT_LT(stand.store().stats().requests_to(Endpoint::channel_detail), 30U);
}

class Waiting : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Waiting, EndsAtOnceWithASignal) {
  const auto [signal, code] = GetParam();
  SyncStand stand(store_of_outage(60));
  const auto rule =
      stand.store().add_fault({.target = Target::channel_detail, .kind = FaultKind::status, .status = 503, .skip = 20});
  Process sync = stand.start({"--workers", "1"});  // which has its answer before it asks again
  while (stand.store().fault_hits(rule) < 2) std::this_thread::sleep_for(5ms);
  sync.signal(signal);
  const auto outcome = sync.wait();
  EXPECT_EQ(outcome.exit_code, code);
  EXPECT_EQ(products(stand), "20");
}

INSTANTIATE_TEST_SUITE_P(Signals, Waiting, ::testing::Values(std::pair(SIGINT, 130), std::pair(SIGTERM, 143)));

// --- refused for the rate, whatever the pace ---

TEST(Storm, OfRefusalsIsWaitedOut) {
  for (const auto target : {Target::token, Target::list, Target::channel_detail}) {
    SyncStand stand(store_of_outage(20));
    stand.store().add_fault({.target = target, .kind = FaultKind::rate_limit, .times = 8});
    const auto [outcome, summary] = run(stand, {"--workers", "1"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(products(stand), std::to_string(stand.store().size()));
  }
}

TEST(Storm, ThatLastsPutsTheRunOff) {
  for (const auto target : {Target::token, Target::list, Target::channel_detail}) {
    SyncStand stand(store_of_outage(5));
    stand.store().add_fault({.target = target, .kind = FaultKind::rate_limit});
    const auto [outcome, summary] = run(stand, {"--retry-for", "2s"});
    EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
    EXPECT_NE(summary["stopped"].get<std::string>().find("HTTP 429"), std::string::npos) << summary["stopped"];
  }
}

TEST(Maintenance, APageWithASuccessIsWaitedOut) {
  for (const auto target : {Target::token, Target::list, Target::channel_detail}) {
    SyncStand stand(store_of_outage(5));
    stand.store().add_fault({.target = target,
                             .kind = FaultKind::status,
                             .status = 200,
                             .body = "<html><title>점검 중</title></html>",
                             .times = 4});
    const auto [outcome, summary] = run(stand);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(stand.value("SELECT count(*) FROM products WHERE parse_status = 'OK'"),
              std::to_string(stand.store().size()));
  }
}

// --- Retry-After ---

TEST(RetryAfter, LongerThanRetryForEndsTheRunAtOnceAndSaysUntilWhen) {
  for (const int status : {429, 503})
    for (const std::string wait :
         {"7200", "Fri, 01 Jan 2100 00:00:00 GMT", "Friday, 01-Jan-60 00:00:00 GMT", "Fri Jan  1 00:00:00 2100"}) {
      SyncStand stand(store_of_outage(20));
      stand.store().add_fault({.target = Target::channel_detail,
                               .kind = FaultKind::status,
                               .status = status,
                               .skip = 5,
                               .retry_after = wait});
      const auto [outcome, summary] = run(stand, {"--workers", "1"});
      EXPECT_EQ(outcome.exit_code, 75) << wait << outcome.err;
      const auto stopped = summary["stopped"].get<std::string>();
      EXPECT_NE(stopped.find("asks to wait until 2"), std::string::npos) << stopped;
      EXPECT_NE(stopped.find(" KST"), std::string::npos);
      if (wait.find("2100") != std::string::npos) {
        EXPECT_NE(stopped.find("2100-01-01 09:00:"), std::string::npos) << stopped;
      }
      EXPECT_EQ(products(stand), "5");
      EXPECT_EQ(stand.store().stats().requests_to(Endpoint::channel_detail), 6U);
    }
}

TEST(RetryAfter, BeyondTheDeadlineEndsTheRunAtOnce) {
  for (const auto target : {Target::token, Target::list, Target::channel_detail})
    for (const int status : {429, 503}) {
      SyncStand stand(store_of_outage(5));
      stand.store().add_fault({.target = target, .kind = FaultKind::status, .status = status, .retry_after = "600"});
      const auto [outcome, summary] = run(stand, {"--deadline", "60s"});
      EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
      EXPECT_NE(summary["stopped"].get<std::string>().find("which is after --deadline: run again then"),
                std::string::npos)
          << summary["stopped"];
      EXPECT_LT(summary["seconds"].get<double>(), 30) << "it did not wait for the deadline";
    }
}

TEST(RetryAfter, OfTroubleIsObeyed) {
  SyncStand stand(store_of_outage(10));
  stand.store().add_fault(
      {.target = Target::channel_detail, .kind = FaultKind::status, .status = 503, .times = 1, .retry_after = "2"});
  const auto [outcome, summary] = run(stand);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_GE(summary["seconds"].get<double>(), 2.0) << "a lower bound that the server's word sets";
}

// --- what is shown ---

TEST(Ending, ALoginThatFailedShowsNoTableOfStages) {
  SyncStand stand(store_of_outage(5));
  stand.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "$2a$04$zzzzzzzzzzzzzzzzzzzzzu";
  Process sync({pipeline_binary(), "sync", "--base-url", stand.base_url(), "--db", stand.db().string(), "--metrics-dir",
                stand.metrics().string()},
               stand.environment, stand.folder().path());
  const auto outcome = sync.wait();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.out.find("sync failed after "), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("token_fetch"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace pipeline::test
