#include "pipeline/http/client.h"

#include "http/client_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// A call that fails is told from a server that is down.
namespace pipeline::http {
namespace {

using test::ClientTest;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Kind = Result::Kind;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class ClientOutageTest : public ClientTest {
 protected:
  void submit(int from, int to) {
    for (int i = from; i < to; ++i) client().submit(endpoint(), call(std::to_string(i)));
  }
  [[nodiscard]] std::size_t ended(Kind kind) const {
    return static_cast<std::size_t>(
        std::count_if(results_.begin(), results_.end(), [&](const auto& r) { return r.second.kind == kind; }));
  }
  // The server is down from one moment to another, in seconds since the start.
  void serve_but_between(double from, double to, Response down) {
    serve([this, from, to, down](const std::string&) {
      return elapsed() >= from && elapsed() < to ? down : answer(200);
    });
  }
  // All that was sent, probes too.
  [[nodiscard]] double requests() const {
    double sum = 0;
    for (const metrics::Row& row : metrics_.rows())
      if (row.metric == "api_requests_total") sum += row.sum;
    return sum;
  }
};

// --- calls that fail for ever ---

TEST_F(ClientOutageTest, CallsThatFailForEverAreGivenUpAndTheRestIsDone) {
  for (const int first : {0, 100, 191}) {
    SCOPED_TRACE(first);
    results_.clear();
    serve([first](const std::string& url) {
      if (url == "good") return answer(200);
      const int sku = std::stoi(url);
      return answer(sku >= first && sku < first + 9 ? 500 : 200);
    });
    client_.reset();
    endpoints_.clear();
    know_a_good_one();
    submit(0, 200);
    run();
    EXPECT_FALSE(client().stopped());
    EXPECT_EQ(ended(Kind::success), 191U);
    EXPECT_EQ(ended(Kind::failed), 9U);
  }
}

TEST_F(ClientOutageTest, AHundredThatFailInARowDoNotStopTheRest) {
  serve([](const std::string& url) { return answer(url != "good" && std::stoi(url) < 100 ? 503 : 200); });
  know_a_good_one();
  submit(0, 200);
  run();
  EXPECT_FALSE(client().stopped());
  EXPECT_EQ(ended(Kind::success), 100U);
  EXPECT_EQ(ended(Kind::failed), 100U);
}

TEST_F(ClientOutageTest, NineAloneCostTheirRetriesAndAFewProbes) {
  serve([](const std::string& url) { return answer(url == "good" ? 200 : 503); });
  know_a_good_one();
  submit(0, 9);
  run();
  EXPECT_FALSE(client().stopped());
  EXPECT_EQ(ended(Kind::failed), 9U);
  for (const auto& [sku, result] : results_) EXPECT_EQ(result.attempts, 6) << sku;
  EXPECT_LE(requests(), 9 + 60);
}

TEST_F(ClientOutageTest, AtLeastOneRepeatDecides) {
  options_.max_retries = 0;
  serve([](const std::string& url) { return answer(url == "5" ? 503 : 200); });
  know_a_good_one();
  submit(0, 20);
  run();
  EXPECT_EQ(results_["5"].kind, Kind::failed);
  EXPECT_EQ(results_["5"].attempts, 2);
  EXPECT_EQ(ended(Kind::success), 19U);
}

// --- a server that is down for a while ---

TEST_F(ClientOutageTest, AnOutageCostsNoCallWhateverTheRetries) {
  for (const int retries : {0, 1, 5})
    for (const bool known : {false, true})
      for (const auto& down : {answer(503), answer(500), fault("connection reset")}) {
        SCOPED_TRACE(testing::Message() << retries << " retries, known " << known);
        options_.max_retries = retries;
        known_good_ = nullptr;
        if (known) know_a_good_one();
        results_.clear();
        client_.reset();
        endpoints_.clear();
        const double now = elapsed();
        serve_but_between(now + 0.5, now + 20.5, down);
        latency_ = milliseconds(100);
        submit(0, 200);
        run();
        EXPECT_FALSE(client().stopped()) << client().stop_reason();
        EXPECT_EQ(ended(Kind::success), 200U);
      }
}

TEST_F(ClientOutageTest, TheOnlyCallIsWaitedFor) {
  serve_but_between(0, 20, fault("connection refused"));
  client().submit(endpoint("token"), call("a"));
  run();
  EXPECT_EQ(results_["a"].kind, Kind::success);
  EXPECT_GE(elapsed(), 20);
  EXPECT_LT(elapsed(), 40);
  EXPECT_LE(attempts_.size(), 8U);
}

TEST_F(ClientOutageTest, ItIsToldWhileItLasts) {
  serve_but_between(0, 20, answer(503));
  client().submit(endpoint("token"), call("a"));
  EXPECT_FALSE(client().outage());
  client().step(SteadyTime::max());
  client().step(clock_.now());
  const auto outage = client().outage();
  ASSERT_TRUE(outage);
  EXPECT_EQ(outage->endpoint, "token");
  EXPECT_EQ(outage->reason, "HTTP 503");
  EXPECT_EQ(outage->next_try, clock_.now() + seconds(1));
  run();
  EXPECT_FALSE(client().outage());
  EXPECT_GE(counter("outage_wait_seconds", "endpoint=token"), 19);
}

TEST_F(ClientOutageTest, OneApiThatIsDownDoesNotHoldTheOthers) {
  serve([this](const std::string& url) { return answer(url[0] == 'd' && elapsed() < 60 ? 503 : 200); });
  for (int i = 0; i < 30; ++i) {
    client().submit(endpoint("detail"), call("d" + std::to_string(i)));
    client().submit(endpoint("list"), call("l" + std::to_string(i)));
  }
  while (results_.size() < 30) client().step(SteadyTime::max());
  EXPECT_LT(elapsed(), 10);
  run();
  EXPECT_EQ(ended(Kind::success), 60U);
}

// --- one that stays down ---

TEST_F(ClientOutageTest, PatienceEndsAndSaysWhatItMet) {
  options_.patience = minutes(10);
  serve([](const std::string&) { return fault("connection refused"); });
  submit(0, 100);
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::outage);
  EXPECT_EQ(client().stop_reason(), "detail: no call succeeded for 10 m 00 s (--retry-for); last: connection refused");
  EXPECT_EQ(results_.size(), 100U);
  EXPECT_LT(attempts_.size(), 50U);
  EXPECT_EQ(results_["0"].kind, Kind::failed);
  EXPECT_EQ(results_["0"].reason, "connection refused");
  EXPECT_EQ(results_["99"].kind, Kind::skipped);
  EXPECT_NEAR(elapsed(), 600, 1);
}

TEST_F(ClientOutageTest, AGoodCallThatFailsTooIsAnOutage) {
  options_.patience = minutes(10);
  serve([](const std::string&) { return answer(503); });
  know_a_good_one();
  submit(0, 3);
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::outage);
  EXPECT_EQ(ended(Kind::failed), 3U);
}

TEST_F(ClientOutageTest, TroubleMayHaveAPatienceAndAMessageOfItsOwn) {
  serve([](const std::string&) { return answer(598); });
  submit(0, 3);
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::outage);
  EXPECT_THAT(client().stop_reason(), HasSubstr("add the address"));
  EXPECT_NEAR(elapsed(), 120, 1);
  EXPECT_EQ(results_["0"].reason, "HTTP 598");
}

TEST_F(ClientOutageTest, TheDeadlineIsNotWaitedFor) {
  options_.deadline = clock_.now() + seconds(20);
  serve([](const std::string&) { return answer(503); });
  submit(0, 100);
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::outage);
  EXPECT_THAT(client().stop_reason(), AllOf(HasSubstr("--deadline"), HasSubstr("HTTP 503")));
  EXPECT_LT(elapsed(), 20);
}

TEST_F(ClientOutageTest, StopEndsTheWaitAtOnce) {
  serve([](const std::string&) { return answer(503); });
  client().submit(endpoint(), call("a"));
  for (int i = 0; i < 5; ++i) client().step(clock_.now() + milliseconds(200));
  client().stop("interrupted");
  EXPECT_TRUE(client().idle());
  EXPECT_EQ(results_["a"].kind, Kind::skipped);
  EXPECT_EQ(client().stop_cause(), StopCause::asked);
}

TEST_F(ClientOutageTest, ASpareCallFailsAloneAndHoldsNobody) {
  serve([](const std::string&) { return answer(503); });
  Call spare = call("renewal");
  spare.spare = true;
  client().submit_first(endpoint("token"), std::move(spare));
  run();
  EXPECT_FALSE(client().stopped());
  EXPECT_EQ(results_["renewal"].kind, Kind::failed);
  EXPECT_EQ(results_["renewal"].attempts, 6);
}

// --- refusals ---

TEST_F(ClientOutageTest, ARefusalIsTheCallsOwnWhileOthersAreAnswered) {
  for (const std::string refused : {"0", "7", "199"}) {
    SCOPED_TRACE(refused);
    results_.clear();
    client_.reset();
    endpoints_.clear();
    serve([refused](const std::string& url) { return answer(url == refused ? 403 : 200); });
    know_a_good_one();
    submit(0, 200);
    run();
    EXPECT_FALSE(client().stopped());
    EXPECT_EQ(ended(Kind::success), 199U);
    EXPECT_EQ(results_[refused].kind, Kind::failed);
    EXPECT_EQ(results_[refused].attempts, 1);
  }
}

TEST_F(ClientOutageTest, ManyRefusalsAmongAnswersAreNoEnd) {
  serve([](const std::string& url) { return answer(url != "good" && std::stoi(url) % 10 < 7 ? 403 : 200); });
  know_a_good_one();
  submit(0, 1000);
  run();
  EXPECT_FALSE(client().stopped());
  EXPECT_EQ(ended(Kind::success), 300U);
  EXPECT_EQ(ended(Kind::failed), 700U);
}

TEST_F(ClientOutageTest, NothingButRefusalsIsTheEndAfterAFewCalls) {
  for (const bool known : {false, true}) {
    results_.clear();
    client_.reset();
    endpoints_.clear();
    const double before = requests();
    if (known) know_a_good_one();
    serve([](const std::string&) { return answer(403); });
    submit(0, 1000);
    run();
    EXPECT_EQ(client().stop_cause(), StopCause::verdict);
    EXPECT_EQ(client().stop_reason(), "no permission");
    EXPECT_LT(requests() - before, 30);
    EXPECT_EQ(results_["0"].kind, Kind::failed);
    EXPECT_EQ(results_["999"].kind, Kind::skipped);
  }
}

TEST_F(ClientOutageTest, ALoneRefusalIsJudgedByAGoodCall) {
  serve([](const std::string& url) { return answer(url == "good" ? 200 : 403); });
  know_a_good_one();
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_FALSE(client().stopped());
  EXPECT_EQ(results_["a"].kind, Kind::failed);
  EXPECT_EQ(results_["a"].reason, "HTTP 403");
}

TEST_F(ClientOutageTest, ALoneRefusalIsTheEndWhenNothingElseIsKnown) {
  serve([](const std::string&) { return answer(403); });
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::verdict);
  EXPECT_EQ(results_["a"].kind, Kind::failed);
}

TEST_F(ClientOutageTest, RefusalsAndTroubleTogetherAreEachTheirOwn) {
  serve([](const std::string& url) { return answer(url == "good" ? 200 : std::stoi(url) % 2 == 0 ? 403 : 503); });
  know_a_good_one();
  submit(0, 12);
  run();
  EXPECT_FALSE(client().stopped());
  EXPECT_EQ(ended(Kind::failed), 12U);
}

// --- refused for the rate ---

TEST_F(ClientOutageTest, AStormOfRefusalsIsWaitedForLikeAnOutage) {
  serve_but_between(0, 100, answer(429));
  submit(0, 20);
  run();
  EXPECT_EQ(ended(Kind::success), 20U);
  EXPECT_NEAR(elapsed(), 115, 15) << "the pauses grow to half a minute";
  EXPECT_LT(requests(), 200);
}

TEST_F(ClientOutageTest, OneThatDoesNotEndStopsTheClient) {
  serve([](const std::string&) { return answer(429); });
  submit(0, 20);
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::outage);
  EXPECT_THAT(client().stop_reason(), HasSubstr("429"));
  EXPECT_NEAR(elapsed(), 30 * 60, 31);
}

// --- Retry-After ---

Response asks_to_wait(int status, const std::string& wait) {
  Response response;
  response.status = status;
  response.headers.add("Retry-After", wait);
  return response;
}

TEST_F(ClientOutageTest, AWaitThatIsAskedForIsObeyedWithinPatience) {
  for (const int status : {429, 503}) {
    const double now = elapsed();
    bool asked = false;
    serve([&](const std::string&) { return std::exchange(asked, true) ? answer(200) : asks_to_wait(status, "120"); });
    client().submit(endpoint(), call(std::to_string(status)));
    run();
    EXPECT_EQ(results_[std::to_string(status)].kind, Kind::success);
    EXPECT_NEAR(elapsed() - now, 120, 1);
  }
}

TEST_F(ClientOutageTest, ALongerWaitEndsTheRunAtOnceAndSaysUntilWhen) {
  for (const int status : {429, 503}) {
    results_.clear();
    client_.reset();
    endpoints_.clear();
    serve([&](const std::string&) { return asks_to_wait(status, "1801"); });
    const double now = elapsed();
    const std::string until = "2026-04-01 09:03:";
    submit(0, 10);
    run();
    EXPECT_EQ(client().stop_cause(), StopCause::wait_long);
    EXPECT_THAT(client().stop_reason(), AllOf(StartsWith("detail: the server asks to wait until " + until),
                                              HasSubstr(" KST"), HasSubstr("HTTP " + std::to_string(status))));
    EXPECT_LT(elapsed() - now, 1);
  }
}

TEST_F(ClientOutageTest, AWaitBeyondTheDeadlineEndsTheRunAtOnce) {
  options_.deadline = clock_.now() + seconds(60);
  for (const int status : {429, 503}) {
    results_.clear();
    client_.reset();
    endpoints_.clear();
    serve([&](const std::string&) { return asks_to_wait(status, "90"); });
    const double now = elapsed();
    submit(0, 3);
    run();
    EXPECT_EQ(client().stop_cause(), StopCause::wait_long);
    EXPECT_THAT(client().stop_reason(), HasSubstr("after --deadline"));
    EXPECT_LT(elapsed() - now, 1);
  }
}

TEST_F(ClientOutageTest, WaitsThatAreAskedForAgainAndAgainAddUp) {
  serve([](const std::string&) { return asks_to_wait(503, "1000"); });
  client().submit(endpoint(), call("a"));
  run();
  EXPECT_EQ(client().stop_cause(), StopCause::wait_long);
  EXPECT_NEAR(elapsed(), 1000, 1) << "the second does not fit into half an hour";
}

}  // namespace
}  // namespace pipeline::http
