#include "check_stand.h"

#include <gmock/gmock.h>

// What `check` says of credentials, clock and server: each fault costs its own line.
namespace pipeline::test {
namespace {

using emulator::FaultKind;
using emulator::Target;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class CheckShopRun : public ::testing::Test {
 protected:
  // One line is not well and says so, the database's goes on, and the code is 2 when it has failed.
  void expect(const nlohmann::json& document, const std::string& check, const std::string& state,
              const testing::Matcher<const std::string&>& words) {
    EXPECT_EQ(state_of(document, check), state) << document.dump(1);
    EXPECT_THAT(words_of(document, check), words);
    EXPECT_EQ(state_of(document, "database"), "ok");
    if (state == "failed") {
      EXPECT_EQ(document["exit_code"], 2);
    }
  }

  CheckStand stand;
};

TEST_F(CheckShopRun, TellsHowLongNightsTake) {
  const auto document = stand.look();
  EXPECT_EQ(document["exit_code"], 0) << document.dump(1);
  for (const char* check : {"credentials", "clock", "token", "list", "detail", "nights"})
    EXPECT_EQ(state_of(document, check), "ok") << check;
  EXPECT_THAT(words_of(document, "list"), HasSubstr("40 products"));
  EXPECT_THAT(words_of(document, "nights"),
              AllOf(HasSubstr("at 50 details a second"), HasSubstr("a first night takes")));
  EXPECT_EQ(stand.store().stats().requests_to(emulator::Endpoint::token), 1U);
  EXPECT_LE(stand.store().stats().requests, 3U);
}

TEST_F(CheckShopRun, TheDeadlineOfTheFirstNightIsSetAgainstItsLength) {
  stand.sync().environment["PIPELINE_SYNC_DEADLINE"] = "100ms";
  expect(stand.look(), "nights", "warning", HasSubstr("--deadline ends the first night after 100 ms"));
}

TEST_F(CheckShopRun, AnAddressThatIsNotRegistered) {
  stand.store().add_fault({.kind = FaultKind::ip_not_allowed});
  const auto document = stand.look();
  expect(document, "token", "failed", AllOf(HasSubstr("GW.IP_NOT_ALLOWED"), HasSubstr("add this machine's address")));
  EXPECT_THAT(words_of(document, "list"), HasSubstr("not tried: there is no token"));
  EXPECT_THAT(words_of(document, "detail"), HasSubstr("not tried"));
}

TEST_F(CheckShopRun, AWrongSecret) {
  stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET"] = "$2a$04$zzzzzzzzzzzzzzzzzzzzzz";
  expect(stand.look(), "token", "failed", AllOf(HasSubstr("HTTP 4"), HasSubstr("check client id and secret")));
}

TEST_F(CheckShopRun, ASecretThatIsNone) {
  stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET"] = "a$abcdefghijklmnopqrstuv";
  const auto document = stand.look();
  expect(document, "credentials", "failed", HasSubstr("eaten the $ signs"));
  expect(document, "token", "warning", HasSubstr("not tried: there are no credentials"));
  EXPECT_EQ(stand.store().stats().requests, 0U);
}

TEST_F(CheckShopRun, ASecretFileThatEverybodyReads) {
  const std::string file = stand.write("secret", stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET"]);
  stand.sync().environment.erase("NAVER_COMMERCE_CLIENT_SECRET");
  stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET_FILE"] = file;
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  const auto document = stand.look();
  EXPECT_EQ(document["exit_code"], 0) << "a warning";
  EXPECT_THAT(document.dump(), HasSubstr("chmod 600 " + file));
  EXPECT_EQ(state_of(document, "token"), "ok");
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  EXPECT_THAT(stand.look().dump(), Not(HasSubstr("chmod")));
}

TEST_F(CheckShopRun, TheSecretIsNeverShown) {
  stand.store().add_fault({.target = Target::token, .kind = FaultKind::bad_request});
  const Outcome outcome = stand.run({"--log-level", "trace"});
  EXPECT_EQ(outcome.exit_code, 2);
  const std::string secret = stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET"];
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(secret)));
}

TEST_F(CheckShopRun, AClockThatIsAMinuteBehind) {
  stand.store().set_clock_skew(std::chrono::seconds(60));
  expect(stand.look(), "clock", "warning", AllOf(HasSubstr("s behind the server's"), HasSubstr("timedatectl")));
}

TEST_F(CheckShopRun, AClockThatIsSecondsAheadIsWorthAWord) {
  stand.store().set_clock_skew(-std::chrono::seconds(10));
  const auto document = stand.look();
  expect(document, "clock", "warning", HasSubstr("s ahead of the server's"));
  EXPECT_EQ(state_of(document, "token"), "ok") << "the run would have corrected it";
}

TEST_F(CheckShopRun, AClockThatIsFartherApartThanASignatureLasts) {
  stand.store().set_clock_skew(std::chrono::minutes(10));
  expect(stand.look(), "clock", "failed", HasSubstr("600 s behind"));
}

TEST_F(CheckShopRun, AnApplicationWithoutRights) {
  stand.store().add_fault({.target = Target::list, .kind = FaultKind::status, .status = 403, .code = "FORBIDDEN"});
  const auto document = stand.look();
  expect(document, "list", "failed", AllOf(HasSubstr("403 FORBIDDEN"), HasSubstr("API groups")));
  EXPECT_EQ(state_of(document, "token"), "ok");
  EXPECT_EQ(state_of(document, "detail"), "warning");
}

TEST_F(CheckShopRun, DetailsThatAreAllRefused) {
  stand.store().add_fault({.target = Target::detail, .kind = FaultKind::status, .status = 403, .code = "FORBIDDEN"});
  expect(stand.look(), "detail", "failed", HasSubstr("API groups"));
}

TEST_F(CheckShopRun, OneDetailThatIsRefusedSaysNothingOfTheRights) {
  stand.store().add_fault(
      {.target = Target::detail, .kind = FaultKind::status, .status = 403, .code = "FORBIDDEN", .times = 1});
  const auto document = stand.look();
  expect(document, "detail", "warning", HasSubstr("others are given"));
  EXPECT_EQ(document["exit_code"], 0);
}

TEST_F(CheckShopRun, AServerInTrouble) {
  stand.store().add_fault({.target = Target::list, .kind = FaultKind::status, .status = 503});
  expect(stand.look(), "list", "failed", AllOf(StartsWith("HTTP 503"), HasSubstr("in some minutes")));
}

TEST_F(CheckShopRun, OneBadAnswerIsTriedAgain) {
  stand.store().add_fault({.target = Target::list, .kind = FaultKind::status, .status = 503, .times = 1});
  EXPECT_EQ(stand.look()["exit_code"], 0);
}

TEST_F(CheckShopRun, ConnectionsThatBreak) {
  stand.store().add_fault({.target = Target::token, .kind = FaultKind::reset});
  expect(stand.look(), "token", "failed", HasSubstr("check the network"));
}

TEST_F(CheckShopRun, NobodyListens) {
  stand.sync().environment["PIPELINE_SYNC_BASE_URL"] = "http://127.0.0.1:1";
  expect(stand.look(), "token", "failed", HasSubstr("check the network"));
}

TEST_F(CheckShopRun, AnotherServerThanTheApis) {
  stand.store().add_fault({.target = Target::token, .kind = FaultKind::invalid_json});
  expect(stand.look(), "token", "failed", HasSubstr("is not the Commerce API"));
}

TEST_F(CheckShopRun, PlainHttpToAnotherHost) {
  stand.sync().environment["PIPELINE_SYNC_BASE_URL"] = "http://192.0.2.1/external";
  expect(stand.look(), "token", "failed", HasSubstr("https only"));
}

// That it ends at all is what is shown: the server would answer in an hour.
TEST_F(CheckShopRun, AServerThatHangsCostsItsOwnLine) {
  stand.store().add_fault({.target = Target::token, .kind = FaultKind::slow, .extra_delay = std::chrono::hours(1)});
  const auto document = stand.look();
  expect(document, "token", "failed", HasSubstr("try again in some minutes"));
  EXPECT_EQ(state_of(document, "scheduler"), "ok");
}

TEST_F(CheckShopRun, AnAnswerThatStopsHalfWay) {
  stand.store().add_fault({.target = Target::detail, .kind = FaultKind::stall});
  const auto document = stand.look({"--timeout", "500ms"});
  expect(document, "detail", "failed", HasSubstr("check the network"));
  EXPECT_EQ(state_of(document, "list"), "ok");
}

TEST_F(CheckShopRun, AnEmptyStore) {
  for (const auto no : stand.store().channel_nos()) stand.store().remove(no);
  expect(stand.look(), "list", "warning", HasSubstr("the store has no products"));
}

TEST_F(CheckShopRun, AQuotaOfAnHour) {
  stand.store().set_quota(emulator::Quota{.period = emulator::QuotaPeriod::hours, .limit = 100});
  expect(stand.look(), "quota", "warning", HasSubstr("100 calls (period HOURS)"));
}

}  // namespace
}  // namespace pipeline::test
