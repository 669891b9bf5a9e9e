#include "pipeline/base/file.h"

#include "queue_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class QueueListCommand : public ::testing::Test {
 protected:
  QueueStand stand;
};

TEST_F(QueueListCommand, ShowsAllButWhatIsDone) {
  stand.fill(4);
  EXPECT_THAT(stand.claim("A", 2), ElementsAre(1, 2));
  EXPECT_EQ(stand.run({"done", "1"}).exit_code, 0);
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json"}).out), ElementsAre(2, 3, 4));
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--format=json", "--status", "DONE,CLAIMED"}).out),
              ElementsAre(1, 2));
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json", "--worker", "A"}).out), ElementsAre(2));
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json", "--sku", "4"}).out), ElementsAre(4));
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json", "--limit", "1", "--reason", "PRICE,NEW"}).out),
              ElementsAre(2));
}

TEST_F(QueueListCommand, TheTableIsAlignedWhateverTheScript) {
  stand.fill(2);
  (void)run_sql(stand.db(), "UPDATE refresh_queue SET sku = '상품-둘', reason = 'STOCK' WHERE id = 2");
  EXPECT_THAT(stand.claim("일꾼"), ElementsAre(1));
  EXPECT_THAT(stand.run({"list"}).out,
              testing::MatchesRegex("ID  STATUS   SKU      REASON  TRY  AGE +WORKER  NOTE\n"
                                    " 1  CLAIMED  1        PRICE     1  [0-9]+ [sm] +일꾼    lease ends in [0-9]+ m\n"
                                    " 2  PENDING  상품-둘  STOCK     0  [0-9]+ [sm]\n"));
}

// Products 1 of two sources and 2 of one, each with its entry.
TEST_F(QueueListCommand, ANumberOfTwoSourcesIsToldWithItsSource) {
  const auto feed = stand.folder() / "feed.jsonl";
  AtomicFile file(feed);
  file.write(R"({"sku":"1","sale_price":5}
{"sku":"1","source":"OTHER"}
{"sku":"2","source":"OTHER"}
)");
  file.commit();
  ASSERT_EQ(
      stand.shell("${queue%% *} upsert --quiet " + feed.string() + " --db " + stand.db().string()).wait().exit_code, 0);
  const auto table = stand.run({"list"}).out;
  EXPECT_THAT(table, AllOf(HasSubstr(" MY_STORE:1 "), HasSubstr(" OTHER:1 "), HasSubstr(" 2 ")));
  const auto json = nlohmann::json::parse(stand.run({"list", "--json"}).out);
  EXPECT_EQ(json.at(1).at("sku"), "1");
  EXPECT_EQ(json.at(1).at("source"), "OTHER");
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json", "--sku", "2"}).out), ElementsAre(3));
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json", "--sku", "OTHER:2"}).out), ElementsAre(3));
  EXPECT_THAT(QueueStand::ids_of(stand.run({"list", "--json", "--sku", "OTHER:1"}).out), ElementsAre(2));
  const Outcome shared = stand.run({"list", "--sku", "1"});
  EXPECT_EQ(shared.exit_code, 2);
  EXPECT_THAT(shared.err, HasSubstr("2 sources have the SKU 1: name one with its source (MY_STORE:1, OTHER:1)"));
}

TEST_F(QueueListCommand, CsvQuotesWhatItMust) {
  stand.fill(1);
  EXPECT_THAT(stand.claim("A"), ElementsAre(1));
  EXPECT_EQ(stand.run({"fail", "1", "--reason", "no \"picture\",\nnone"}).exit_code, 0);
  const auto csv = stand.run({"list", "--format", "csv"}).out;
  EXPECT_THAT(csv, testing::StartsWith("id,sku,reason,status,attempts,"));
  EXPECT_THAT(csv, HasSubstr("\r\n1,1,PRICE,PENDING,1,"));
  EXPECT_THAT(csv, HasSubstr(",\"no \"\"picture\"\",\nnone\","));
  EXPECT_THAT(csv, testing::EndsWith(",\"[{\"\"field\"\":\"\"sale_price\"\",\"\"old\"\":1000,\"\"new\"\":1,"
                                     "\"\"reason\"\":\"\"PRICE\"\"}]\",MY_STORE\r\n"));
}

TEST_F(QueueListCommand, AHundredThousandEntriesTakeNoMoreMemoryThanOne) {
  stand.environment["ASAN_OPTIONS"] = "quarantine_size_mb=1";  // it would count what was given back
  const auto list = [&](const std::string& format, const std::string& more) {
    return stand.shell(
        fmt::format("exec $queue list --format {}{} > '{}'", format, more, (stand.folder() / format).string()));
  };
  stand.fill(100'000);
  // Measured after that: a child is said to have taken what its parent had when it was started, if that was more.
  const Outcome one = list("json", " --limit 1").wait();
  for (const std::string format : {"table", "csv", "json"}) {
    const Outcome all = list(format, "").wait();
    EXPECT_EQ(all.exit_code, 0) << all.err;
    // SQLite's page cache may fill, up to its 16 MB; the entries themselves would take several times as much.
    EXPECT_LT(all.peak_kilobytes, one.peak_kilobytes + 18'000) << format;
    const auto lines = stand.shell(fmt::format("wc -l < '{}'", (stand.folder() / format).string())).wait().out;
    EXPECT_GE(std::stoi(lines), 100'000) << format;
  }
}

TEST_F(QueueListCommand, LeavesTheFolderAsItWas) {
  stand.fill(1);
  EXPECT_EQ(stand.run({"list"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(stand.db().string() + "-wal"));
}

// The reader has what it wanted, whatever the caller did with SIGPIPE.
TEST_F(QueueListCommand, AReaderThatGoesAwayIsNoFailure) {
  stand.fill(10'000);
  const std::string script = "{ $queue list --json; echo $? >&2; } | head -1";
  for (const std::string& line : {script, "trap '' PIPE\n" + script}) {
    const Outcome outcome = stand.shell(line).wait();
    EXPECT_EQ(outcome.err, "0\n");
    EXPECT_THAT(outcome.out, testing::StartsWith("[{\"id\":"));
  }
}

TEST_F(QueueListCommand, AFullDiskIsNoSilence) {
  stand.fill(1);
  const Outcome outcome = stand.shell("$queue list > /dev/full").wait();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write standard output: No space left on device"));
}

}  // namespace
}  // namespace pipeline::test
