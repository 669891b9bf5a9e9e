#include "pipeline/http/client.h"

#include "http/client_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::http {
namespace {

using test::ClientTest;
using testing::ElementsAre;
using testing::HasSubstr;

using Kind = Result::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(ClientTest, DeliversWhatTheServerSaid) {
  serve([](const std::string& url) { return answer(url == "gone" ? 404 : 200, "body of " + url); });
  client().submit(endpoint(), call("a"));
  client().submit(endpoint(), call("gone"));
  run();
  EXPECT_EQ(results_["a"].kind, Kind::success);
  EXPECT_EQ(results_["a"].response.body, "body of a");
  EXPECT_EQ(results_["a"].response.took, milliseconds(60));
  EXPECT_EQ(results_["a"].attempts, 1);
  EXPECT_EQ(results_["gone"].kind, Kind::failed);
  EXPECT_EQ(results_["gone"].response.status, 404);
  EXPECT_EQ(results_["gone"].reason, "HTTP 404");
}

TEST_F(ClientTest, SendsInOrderOfSubmissionAndFirstOnesFirst) {
  options_.max_in_flight = 1;
  for (const char* sku : {"1", "2", "3"}) client().submit(endpoint(), call(sku));
  client().submit_first(endpoint(), call("0"));
  run();
  EXPECT_THAT(attempts_, ElementsAre("0#1", "1#1", "2#1", "3#1"));
}

TEST_F(ClientTest, AtMostSoManyAreInFlightOverAllEndpoints) {
  options_.max_in_flight = 7;
  for (int i = 0; i < 100; ++i) {
    client().submit(endpoint("list"), call("l" + std::to_string(i)));
    client().submit(endpoint("detail"), call("d" + std::to_string(i)));
  }
  run();
  EXPECT_EQ(results_.size(), 200U);
  EXPECT_EQ(transport_.most_in_flight(), 7U);
  // Neither waited for the other: they took turns.
  EXPECT_GT(std::count_if(order_.begin(), order_.begin() + 100, [](const auto& sku) { return sku[0] == 'd'; }), 40);
}

TEST_F(ClientTest, RetriesTroubleABoundedNumberOfTimes) {
  options_.max_retries = 3;
  int left = 3;
  serve([&](const std::string& url) { return answer(url == "good" || (url == "mends" && left-- == 0) ? 200 : 503); });
  know_a_good_one();
  client().submit(endpoint(), call("mends"));
  client().submit(endpoint(), call("stays"));
  run();
  EXPECT_EQ(results_["mends"].kind, Kind::success);
  EXPECT_EQ(results_["mends"].attempts, 4);
  EXPECT_EQ(results_["stays"].kind, Kind::failed);
  EXPECT_EQ(results_["stays"].attempts, 4);
  EXPECT_EQ(results_["stays"].reason, "HTTP 503");
  EXPECT_EQ(counter("retry_total", "endpoint=detail"), 6);
  EXPECT_EQ(counter("api_requests_total", "endpoint=detail;status=503"), 7);
}

TEST_F(ClientTest, ATransportFaultIsRetriedUnderItsOwnName) {
  options_.max_retries = 1;
  serve([](const std::string& url) { return url == "good" ? answer(200) : fault("connection reset"); });
  know_a_good_one();
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_EQ(results_["a"].kind, Kind::failed);
  EXPECT_EQ(results_["a"].reason, "connection reset");
  EXPECT_EQ(counter("api_requests_total", "endpoint=detail;status=fault"), 2);
}

TEST_F(ClientTest, WaitsAsLongAsTheServerAsks) {
  int left = 1;
  serve([&](const std::string&) {
    Response response = answer(left-- > 0 ? 503 : 200);
    response.headers.add("retry-after", "40");
    return response;
  });
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_EQ(results_["a"].kind, Kind::success);
  EXPECT_GE(sent_at_.at(1), 40);
  EXPECT_LT(sent_at_.at(1), 40.1);
}

TEST_F(ClientTest, RetriesGoBeforeFreshCalls) {
  options_.max_in_flight = 1;
  options_.backoff = {.base = milliseconds(1), .cap = milliseconds(1)};
  bool failed = false;
  serve([&](const std::string& url) { return answer(url == "1" && !std::exchange(failed, true) ? 503 : 200); });
  for (const char* sku : {"1", "2", "3"}) client().submit(endpoint(), call(sku));
  run();
  EXPECT_THAT(attempts_, ElementsAre("1#1", "2#1", "1#2", "3#1"));
}

TEST_F(ClientTest, ARefusalForTheRateIsRepeatedAtTheHeadOfItsLine) {
  options_.max_in_flight = 1;
  bool refused = false;
  serve([&](const std::string& url) { return answer(url == "2" && !std::exchange(refused, true) ? 429 : 200); });
  for (const char* sku : {"1", "2", "3"}) client().submit(endpoint(), call(sku));
  run();
  EXPECT_THAT(attempts_, ElementsAre("1#1", "2#1", "2#2", "3#1"));
  EXPECT_EQ(counter("api_429_total", "endpoint=detail"), 1);
  EXPECT_EQ(counter("retry_total", "endpoint=detail"), 1);
  EXPECT_EQ(results_["2"].kind, Kind::success);
}

TEST_F(ClientTest, RefusalsForTheRateAreBoundedTooWhereOthersAreAnswered) {
  options_.max_retries = 4;
  serve([](const std::string& url) { return answer(url == "a" ? 429 : 200); });
  know_a_good_one();
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_EQ(results_["a"].kind, Kind::failed);
  EXPECT_EQ(results_["a"].attempts, 6) << "the last when another was answered";
  EXPECT_FALSE(client().stopped());
}

TEST_F(ClientTest, RedirectsAreFollowedThreeTimes) {
  int left = 3;
  serve([&](const std::string& url) { return answer(url == "loop" || left-- > 0 ? 308 : 200, "->there"); });
  options_.max_in_flight = 1;
  client().submit(endpoint(), call("moved"));
  run();
  EXPECT_THAT(attempts_, ElementsAre("moved#1", "moved#2->there", "moved#3->there", "moved#4->there"));
  EXPECT_EQ(results_["moved"].kind, Kind::success);

  client().submit(endpoint(), call("loop"));
  run();
  EXPECT_EQ(results_["loop"].kind, Kind::failed);
  EXPECT_EQ(results_["loop"].attempts, 4);
  EXPECT_THAT(results_["loop"].reason, HasSubstr("redirected"));
  EXPECT_EQ(counter("retry_total", "endpoint=detail"), 0);
}

TEST_F(ClientTest, NothingIsSentAfterTheDeadline) {
  options_.max_in_flight = 1;
  options_.deadline = clock_.now() + milliseconds(150);
  for (const char* sku : {"1", "2", "3", "4", "5"}) client().submit(endpoint(), call(sku));
  run();
  EXPECT_THAT(attempts_, ElementsAre("1#1", "2#1", "3#1"));
  EXPECT_EQ(results_["3"].kind, Kind::success);  // was in flight
  EXPECT_EQ(results_["4"].kind, Kind::skipped);
  EXPECT_EQ(results_["4"].reason, "deadline");
  client().submit(endpoint(), call("late"));
  run();
  EXPECT_EQ(results_["late"].kind, Kind::skipped);
  EXPECT_FALSE(client().stopped());
}

TEST_F(ClientTest, ARetryThatFallsAfterTheDeadlineIsNotWaitedFor) {
  options_.deadline = clock_.now() + seconds(30);
  serve([](const std::string&) {
    Response response = answer(503);
    response.headers.add("Retry-After", "60");
    return response;
  });
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_LT(elapsed(), 1);
  EXPECT_EQ(results_["a"].kind, Kind::failed);
  EXPECT_EQ(results_["a"].response.status, 503);
  EXPECT_EQ(client().stop_cause(), StopCause::wait_long);
  EXPECT_THAT(client().stop_reason(), HasSubstr("after --deadline"));
}

TEST_F(ClientTest, AfterTheDeadlineAStepWaitsAsItIsTold) {
  options_.deadline = clock_.now() + seconds(1);
  client().submit(endpoint(), call("a"));
  run();
  clock_.advance(seconds(2));
  const SteadyTime until = clock_.now() + milliseconds(200);
  client().step(until);
  EXPECT_EQ(clock_.now(), until) << "it would spin while its owner waits for something else";
}

TEST_F(ClientTest, StopEndsEveryCall) {
  options_.max_in_flight = 2;
  serve([](const std::string& url) { return answer(url == "retried" ? 503 : 200); });
  client().submit(endpoint(), call("probe"));
  run();
  client().submit(endpoint(), call("retried"));
  client().step(SteadyTime::max());
  for (const char* sku : {"1", "2", "3"}) client().submit(endpoint(), call(sku));
  client().step(clock_.now());  // sends two
  client().stop("interrupted");
  client().stop("again");
  EXPECT_TRUE(client().stopped());
  EXPECT_EQ(client().stop_reason(), "interrupted");
  EXPECT_TRUE(client().idle());
  EXPECT_EQ(transport_.in_flight(), 0U);
  for (const char* sku : {"retried", "1", "2", "3"}) {
    EXPECT_EQ(results_[sku].kind, Kind::skipped) << sku;
    EXPECT_EQ(results_[sku].reason, "interrupted");
  }
  client().submit(endpoint(), call("late"));
  EXPECT_EQ(results_["late"].kind, Kind::skipped);
  client().step(SteadyTime::max());  // returns
}

TEST_F(ClientTest, AStopVerdictFailsItsCallAndEndsTheRest) {
  serve([](const std::string& url) { return answer(url == "3" ? 399 : 200); });
  for (int i = 0; i < 30; ++i) client().submit(endpoint(), call(std::to_string(i)));
  run();
  EXPECT_EQ(results_.size(), 30U);
  EXPECT_EQ(results_["3"].kind, Kind::failed);
  EXPECT_EQ(results_["29"].kind, Kind::skipped);
  EXPECT_EQ(results_["29"].reason, "HTTP 399");
  EXPECT_EQ(client().stop_reason(), "HTTP 399");
}

TEST_F(ClientTest, DoneMaySubmitFurtherCalls) {
  int left = 50;
  std::function<Call(std::string)> chain = [&](std::string sku) {
    Call next = call(sku);
    next.done = [&, sku](Result result) {
      keep(sku, std::move(result));
      if (left-- > 0) client().submit(endpoint(), chain(sku + "'"));
    };
    return next;
  };
  client().submit(endpoint(), chain("a"));
  run();
  EXPECT_EQ(results_.size(), 51U);
}

TEST_F(ClientTest, DoneMayStopTheClient) {
  options_.max_in_flight = 10;
  client().submit(endpoint(), call("probe"));
  run();
  for (int i = 0; i < 20; ++i) {
    Call one = call(std::to_string(i));
    one.done = [this, i](Result result) {
      keep(std::to_string(i), std::move(result));
      client().stop("enough");
      if (i < 5) client().submit(endpoint(), call("after" + std::to_string(i)));
    };
    client().submit(endpoint(), std::move(one));
  }
  run();
  EXPECT_EQ(results_["0"].kind, Kind::success);
  EXPECT_EQ(results_["1"].kind, Kind::skipped);  // had arrived with it
  EXPECT_EQ(results_["19"].kind, Kind::skipped);
  EXPECT_EQ(results_["after4"].kind, Kind::skipped);
  EXPECT_EQ(results_.size(), 26U);
}

TEST_F(ClientTest, APausedEndpointWaitsAndOthersGoOn) {
  client().submit(endpoint("detail"), call("d"));
  client().submit(endpoint("list"), call("l"));
  client().pause(endpoint("detail"));
  client().step(SteadyTime::max());
  EXPECT_THAT(order_, ElementsAre("l"));
  EXPECT_EQ(client().waiting(), 1U);
  client().resume(endpoint("detail"));
  run();
  EXPECT_THAT(order_, ElementsAre("l", "d"));
}

TEST_F(ClientTest, EachAttemptIsTimedWithItsSku) {
  int left = 1;
  serve([&](const std::string&) { return answer(left-- > 0 ? 503 : 200); });
  client().submit(endpoint(), call("sku-7"));
  run();
  std::vector<std::string> timed;
  metrics_.for_each_sample([&](const metrics::Sample& sample) {
    if (sample.metric == "detail_fetch_seconds") timed.emplace_back(sample.sku);
  });
  EXPECT_THAT(timed, ElementsAre("sku-7", "sku-7"));
}

TEST_F(ClientTest, AnErrorFromMakeLeavesTheCallInItsPlace) {
  Call broken = call("a");
  bool throws = true;
  broken.make = [&, make = broken.make](const Attempt& attempt) {
    if (throws) throw std::runtime_error("no token");
    return make(attempt);
  };
  client().submit(endpoint(), std::move(broken));
  EXPECT_THROW(client().step(SteadyTime::max()), std::runtime_error);
  EXPECT_EQ(client().waiting(), 1U);
  throws = false;
  run();
  EXPECT_EQ(results_["a"].kind, Kind::success);
}

TEST_F(ClientTest, WakeEndsAStep) {
  transport_.wake();
  client().submit(endpoint(), call("a"));
  client().step(SteadyTime::max());
  EXPECT_EQ(client().in_flight(), 1U);
  EXPECT_TRUE(order_.empty());
  client().stop("interrupted");
}

}  // namespace
}  // namespace pipeline::http
