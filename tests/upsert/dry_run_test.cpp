#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(DryRun, OnNoDatabaseAllIsNewAndNothingIsLeftBehind) {
  const UpsertStand stand;
  const auto file = stand.file("new.jsonl", lines({row("1", 1000), row("2", 500)}));
  const auto before = stand.files();
  const auto summary = stand.summary({"--dry-run", file});
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["dry_run"], true);
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_TRUE(summary["metrics_csv"].is_null());
  EXPECT_EQ(summary["plan"], json::parse(R"([{"action":"new","sku":"1","name":"product 1",
                             "changes":[{"reason":"NEW","field":"product","old":null,"new":"product 1"}]},
                            {"action":"new","sku":"2","name":"product 2",
                             "changes":[{"reason":"NEW","field":"product","old":null,"new":"product 2"}]}])"));
  EXPECT_EQ(stand.files(), before);
}

class DryRunOnADatabase : public ::testing::Test {
 protected:
  void SetUp() override {
    (void)stand_.feed(lines({row("1", 1000), row("2", 500), row("3", 1), row("4", 1)}));
    stand_.execute("UPDATE products SET removed_at = 1 WHERE sku = '4'");
  }
  UpsertStand stand_;
  const std::string file_ =
      stand_.file("next.jsonl", lines({row("1", 900), row("2", 500), R"({"name":"none"})", row("5", 1), row("4", 1)}));
};

TEST_F(DryRunOnADatabase, SaysWhatWouldChangeAndTouchesNothing) {
  const auto before = stand_.files();
  const auto summary = stand_.summary({"--dry-run", file_});
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["inserted"], 1);
  EXPECT_EQ(summary["updated"], 2);
  EXPECT_EQ(summary["unchanged"], 1);
  EXPECT_EQ(summary["rejected"], 1);
  ASSERT_EQ(summary["plan"].size(), 3U);
  EXPECT_EQ(summary["plan"][0], json::parse(R"({"action":"changed","sku":"1","name":"product 1",
                            "changes":[{"reason":"PRICE","field":"sale_price","old":1000,"new":900}]})"));
  EXPECT_EQ(summary["plan"][1]["sku"], "4");
  EXPECT_EQ(summary["plan"][1]["changes"][0]["reason"], "NEW");
  EXPECT_EQ(summary["plan"][2]["action"], "new");
  EXPECT_EQ(stand_.files(), before);

  const auto real = stand_.summary({file_});
  for (const char* count : {"inserted", "updated", "unchanged", "rejected"}) EXPECT_EQ(real[count], summary[count]);
}

TEST_F(DryRunOnADatabase, TellsItInWordsToo) {
  const auto before = stand_.files();
  const Outcome outcome = stand_.text({"--dry-run", file_});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("changed 1 "), HasSubstr("PRICE    price 1,000 won → 900 won"),
                                 HasSubstr("new     5 "), Not(HasSubstr("changed 2 ")), Not(HasSubstr("new     2 ")),
                                 HasSubstr("1 inserted, 2 updated, 1 unchanged, 1 rejected")));
  EXPECT_EQ(stand_.files(), before);
}

TEST_F(DryRunOnADatabase, LeavesTheRejectFileOfARealRunAlone) {
  const auto rejects = stand_.file("rejects", "of a real run\n");
  const auto before = stand_.files();
  EXPECT_EQ(stand_.summary({"--dry-run", "--reject-file", rejects, file_})["rejected"], 1);
  EXPECT_EQ(stand_.files(), before);
}

TEST_F(DryRunOnADatabase, IsNotHeldUpByAWriter) {
  const SqlConnection other(stand_.db());
  other.run("BEGIN IMMEDIATE; UPDATE products SET sale_price = 7");
  const auto summary = stand_.summary({"--dry-run", "--lock-wait", "1ms", file_});
  EXPECT_EQ(summary["updated"], 2) << "what is not committed does not count";
  other.run("ROLLBACK");
}

}  // namespace
}  // namespace pipeline::test
