#include "pipeline/base/file.h"

#include "upsert_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A limit on the size of files stands in for a full disk: it needs no right to mount one. Blocks of 512 bytes.
constexpr const char* kTwoMegabytes = "trap '' XFSZ; ulimit -f 4096; exec \"$@\"";

std::string many_rows(const std::string& member) {
  std::string rows;
  for (int i = 0; i < 4000; ++i)
    rows += fmt::format(R"({{"sku":"{:04}","{}":{},"text":"{}"}})", i, member, i, std::string(900, 'x')) + "\n";
  return rows;
}

TEST(DiskRun, AFullDiskIsNamedKeepsWhatWasCommittedAndTheNextRunCompletesIt) {
  UpsertStand stand;
  (void)stand.feed(row("known", 1) + "\n");
  const auto file = stand.file("many.jsonl", many_rows("sale_price"));
  const Outcome outcome = stand.shell(kTwoMegabytes, {"--batch-size", "100", file});
  EXPECT_EQ(outcome.exit_code, 1);
  const auto summary = summary_of(outcome);
  EXPECT_EQ(summary["status"], "failed");
  for (const std::string& told : {outcome.err, summary["stopped"].get<std::string>()})
    EXPECT_THAT(told, AllOf(HasSubstr(stand.db().string()), HasSubstr("batches committed before are kept"),
                            HasSubstr("make room")));

  EXPECT_EQ(stand.value("PRAGMA integrity_check"), "ok");
  const int kept = summary["inserted"];
  EXPECT_GT(kept, 0);
  EXPECT_LT(kept, 4000);
  EXPECT_EQ(kept % 100, 0);
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), std::to_string(kept + 1));
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue"), std::to_string(kept + 1));

  const auto again = stand.summary({file});
  EXPECT_EQ(again["exit_code"], 0);
  EXPECT_EQ(again["unchanged"], kept);
  UpsertStand undisturbed;
  (void)undisturbed.feed(row("known", 1) + "\n");
  (void)undisturbed.summary({file});
  EXPECT_TRUE(stand.query(kProducts) == undisturbed.query(kProducts));
  EXPECT_TRUE(stand.pending() == undisturbed.pending());
}

TEST(DiskRun, ARejectFileThatCannotBeWrittenEndsTheRunAndLeavesTheOldOne) {
  UpsertStand stand;
  (void)stand.feed(row("known", 1) + "\n");
  const auto rejects = stand.file("rejects", "of an earlier run\n");
  const auto file = stand.file("bad.jsonl", row("good", 1) + "\n" + many_rows("price"));
  const Outcome outcome =
      stand.shell(kTwoMegabytes, {"--reject-file", rejects, "--batch-size", "100", "--log-level", "error", file});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write " + rejects + ": File too large"));
  EXPECT_EQ(read_file(rejects), "of an earlier run\n");
  for (const auto& entry : fs::directory_iterator(stand.folder().path()))
    EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos) << entry.path();
  EXPECT_EQ(stand.value("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(stand.value("SELECT count(*) FROM products"), "2");
}

TEST(DiskRun, ARejectFileInAFolderThatIsNotThereStopsTheRunBeforeItBegan) {
  UpsertStand stand;
  (void)stand.feed(row("1", 1) + "\n");
  const auto summary = stand.feed(row("1", 2) + "\n", {"--reject-file", (stand.folder() / "no/rejects").string()});
  EXPECT_EQ(summary["exit_code"], 2);
  EXPECT_THAT(summary["stopped"].get<std::string>(), HasSubstr("no/rejects"));
  EXPECT_EQ(stand.value("SELECT sale_price FROM products"), "1");
}

}  // namespace
}  // namespace pipeline::test
