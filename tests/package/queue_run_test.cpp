#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <tuple>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class QueueRun : public testing::Test {
 protected:
  // A new price, which brings the product into the queue.
  void change(const std::string& sku) {
    stand_.upsert(fmt::format(R"({{"sku":"{0}","name":"상품 {0}","sale_price":{1},"sellerManagementCode":"S{2}"}})",
                              sku, ++price_, sku.back()));
  }
  [[nodiscard]] std::vector<std::string> arguments() const {
    return {"--from-queue", "--posts", stand_.posts().string()};
  }
  nlohmann::json work() { return stand_.summary(arguments()); }
  // `1001 DONE`, in the order of the SKU.
  std::vector<std::string> entries() {
    std::vector<std::string> all;
    for (const auto& row : stand_.query("SELECT sku, status FROM refresh_queue ORDER BY sku, id"))
      all.push_back(row[0] + " " + row[1]);
    return all;
  }
  std::string error_of(const std::string& sku) {
    return stand_.value(fmt::format("SELECT error FROM refresh_queue WHERE sku = '{}'", sku));
  }
  static nlohmann::json counts(int claimed, int done, int without_post, int failed, int returned = 0, int refused = 0) {
    return {{"claimed", claimed}, {"done", done},         {"without_post", without_post},
            {"failed", failed},   {"returned", returned}, {"refused", refused}};
  }

  PackageStand stand_;
  int price_ = 50'000;
};

TEST_F(QueueRun, EveryEntryGetsWhatBecameOfItsPosts) {
  (void)stand_.post("A", {1, 2}, "1001");
  (void)stand_.post("C", {3, 4}, "S3");  // by its seller code
  auto two = stand_.post("D", {5, 6});
  two.json.erase("sku");
  two.json["skus"] = {"1004", "1005"};
  two.write();
  (void)stand_.post("E", {7}, "1006");
  (void)stand_.post("E2", {8, 9}, "1006");
  stand_.post("F", {}).put("post.json", R"({"content_id": "F", "sku": "1007", "title": )");
  (void)stand_.post("Z", {10, 11}, "1009");  // of a product that did not change: a new post
  for (const char* sku : {"1001", "1002", "1003", "1004", "1005", "1006", "1007"}) change(sku);

  const Outcome outcome = stand_.run(arguments());
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  const auto summary = summary_of(outcome);
  EXPECT_THAT(statuses(summary),
              ElementsAre("A built", "C built", "D built", "E rejected", "E2 built", "F rejected", "Z built"));
  EXPECT_EQ(summary["queue"], counts(7, 5, 1, 2));
  EXPECT_THAT(entries(), ElementsAre("1001 DONE", "1002 DONE", "1003 DONE", "1004 DONE", "1005 DONE", "1006 FAILED",
                                     "1007 FAILED"));
  EXPECT_THAT(error_of("1006"), AllOf(HasSubstr("post E rejected"), HasSubstr("1 picture of its own")));
  EXPECT_THAT(error_of("1007"), AllOf(HasSubstr("post F rejected"), HasSubstr("post.json")));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM refresh_queue WHERE claimed_by = 'package " +
                         summary["run_id"].get<std::string>() + "'"),
            "7");
}

TEST_F(QueueRun, AMendedPostIsBuiltAndTakesItsEntryUpAgain) {
  const auto post = stand_.post("E", {7}, "1006");
  change("1006");
  EXPECT_EQ(work()["queue"], counts(1, 0, 0, 1));
  EXPECT_EQ(work()["exit_code"], 3) << "as long as it is rejected";
  EXPECT_THAT(entries(), ElementsAre("1006 FAILED"));
  post.put("images/2.jpg", small_photo(8));
  const auto summary = work();
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["queue"], counts(1, 1, 0, 0));
  EXPECT_THAT(entries(), ElementsAre("1006 DONE"));
}

TEST_F(QueueRun, WithNothingQueuedWhatIsNewIsBuilt) {
  (void)stand_.post("A", {1, 2}, "1001");
  EXPECT_THAT(statuses(work()), ElementsAre("A built"));
  const auto summary = work();
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["queue"], counts(0, 0, 0, 0));
  EXPECT_THAT(summary["packages"], IsEmpty()) << "what is unchanged is not told";

  change("1001");
  EXPECT_EQ(work()["queue"], counts(1, 1, 0, 0));
  EXPECT_EQ(work()["queue"], counts(0, 0, 0, 0)) << "and it is queued once";
}

TEST_F(QueueRun, OnlyThePostsOfWhatChangedAreBuilt) {
  (void)stand_.post("A", {1, 2}, "1001");
  (void)stand_.post("B", {3, 4}, "1002");
  (void)stand_.build();
  change("1002");
  EXPECT_THAT(statuses(work()), ElementsAre("B built"));
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("A unchanged", "B unchanged"));
}

TEST_F(QueueRun, AmongManyPostsEachKindOfChangeIsSeen) {
  constexpr int kPosts = 12;
  std::vector<PostFiles> posts;
  for (int i = 0; i < kPosts; ++i)
    posts.push_back(stand_.post(fmt::format("P{:02}", i), {2 * i + 1, 2 * i + 2}, fmt::format("{}", 1001 + i % 9))
                        .put("b.md", "글"));
  for (PostFiles* const post : {&posts[3], &posts[7], &posts[11]}) {
    post->json["body"] = "b.md";
    post->write();
  }
  posts[11].put("b.md", "값은 {{판매가}}입니다.\n");
  (void)work();
  EXPECT_THAT(work()["packages"], IsEmpty());

  posts[3].put("b.md", "긁");
  posts[5].put("images/1.jpg", small_photo(99));
  change("1003");  // of P02 and P11
  fs::remove(posts[8] / "images/2.jpg");
  fs::copy_file(posts[8] / "images/1.jpg", posts[8] / "images/2.jpg");
  const Outcome outcome = stand_.run(arguments());
  EXPECT_THAT(statuses(summary_of(outcome)),
              ElementsAre("P02 built", "P11 built", "P03 built", "P05 built", "P08 rejected"));
  EXPECT_THAT(read_file(stand_.unpack(stand_.naver("P11")) / "content.html"), HasSubstr("값은 50,001원입니다."));
}

TEST_F(QueueRun, APostThatIsUpToDateSettlesItsEntry) {
  (void)stand_.post("A", {1, 2}, "1001");
  change("1001");
  (void)stand_.build();
  const auto summary = work();
  EXPECT_THAT(statuses(summary), ElementsAre("A unchanged"));
  EXPECT_EQ(summary["queue"], counts(1, 1, 0, 0));
}

TEST_F(QueueRun, AProductThatWasRemovedFailsWithItsPost) {
  (void)stand_.post("A", {1, 2}, "1001");
  change("1001");
  stand_.execute("UPDATE products SET removed_at = 1775000000000 WHERE sku = '1001'");
  EXPECT_EQ(work()["queue"], counts(1, 0, 0, 1));
  EXPECT_THAT(error_of("1001"), HasSubstr("was removed from the store"));
}

TEST_F(QueueRun, APostThatHasTheNameOfAnotherDoesNotTakeItsPackages) {
  (void)stand_.post("A", {1, 2}, "1001");
  (void)stand_.build();
  const auto zips = digests(stand_.out());
  auto copy = stand_.post("B", {3, 4}, "1002");
  copy.json["content_id"] = "A";
  copy.write();
  change("1002");
  EXPECT_EQ(work()["queue"], counts(1, 0, 0, 1));
  EXPECT_THAT(error_of("1002"), HasSubstr("$.content_id"));
  EXPECT_EQ(digests(stand_.out()), zips);
}

TEST_F(QueueRun, AnInterruptionPutsBackWhatItDidNotBuild) {
  constexpr int kPosts = 20;
  std::string rows;
  for (int i = 0; i < kPosts; ++i) {
    rows += fmt::format(R"({{"sku":"Q{:02}","name":"상품","sale_price":{}}})", i, i + 1) + "\n";
    (void)stand_.post(fmt::format("P{:02}", i), {3 * i, 3 * i + 1, 3 * i + 2}, fmt::format("Q{:02}", i));
  }
  stand_.upsert(rows);
  auto options = arguments();
  options.insert(options.end(), {"--jobs", "1"});
  Process run = stand_.start(options);
  while (run.running() && !fs::exists(stand_.unique("P02"))) std::this_thread::sleep_for(1ms);
  run.signal(SIGINT);
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  const auto summary = summary_of(outcome);
  const int built = summary["built"];
  EXPECT_GE(built, 2);
  ASSERT_LT(built, kPosts) << "it was over before the signal came";
  EXPECT_EQ(summary["queue"], counts(kPosts, built, 0, 0, kPosts - built));
  EXPECT_EQ(stand_.query("SELECT status, count(*) FROM refresh_queue GROUP BY status ORDER BY status"),
            (SqlRows{{"DONE", std::to_string(built)}, {"PENDING", std::to_string(kPosts - built)}}));

  const auto rest = work();
  EXPECT_EQ(rest["queue"], counts(kPosts - built, kPosts - built, 0, 0));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM refresh_queue WHERE status <> 'DONE'"), "0");
}

// Somebody else took the entry while its post was built: it is his to mark.
TEST_F(QueueRun, AnEntryThatTheRunLostIsNoSuccess) {
  (void)stand_.post("A", {1, 2}, "1001");
  (void)stand_.post("B", {3, 4}, "1002");
  change("1001");
  change("1002");
  stand_.execute(
      "CREATE TRIGGER steal AFTER INSERT ON packages WHEN NEW.content_id = 'A' BEGIN "
      "UPDATE refresh_queue SET claimed_by = 'somebody' WHERE sku = '1001'; END");
  const Outcome outcome = stand_.run(arguments());
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  const auto summary = summary_of(outcome);
  EXPECT_THAT(statuses(summary), ElementsAre("A built", "B built"));
  EXPECT_EQ(summary["queue"], counts(2, 1, 0, 0, 0, 1));
  EXPECT_THAT(entries(), ElementsAre("1001 CLAIMED", "1002 DONE"));
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("somebody"), HasSubstr("is left to who has it")));
}

// The database refuses one record, which ends the run: what was built until then is told and marked, the rest is put
// back.
TEST_F(QueueRun, ARunThatFailsKeepsWhatItBuiltAndGivesBackTheRest) {
  for (const auto& [post, scene, sku] : {std::tuple("A", 1, "1001"), std::tuple("B", 4, "1002")}) {
    (void)stand_.post(post, {scene, scene + 1}, sku);
    change(sku);
  }
  stand_.execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON packages WHEN NEW.content_id = 'B' BEGIN "
      "SELECT RAISE(ABORT, 'no room for B'); END");
  auto options = arguments();
  options.insert(options.end(), {"--jobs", "1"});
  const Outcome outcome = stand_.run(options);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const auto summary = summary_of(outcome);
  EXPECT_THAT(summary["stopped"], HasSubstr("no room for B"));
  EXPECT_THAT(statuses(summary), ElementsAre("A built"));
  EXPECT_EQ(summary["queue"], counts(2, 1, 0, 0, 1));
  EXPECT_THAT(entries(), ElementsAre("1001 DONE", "1002 PENDING"));
  EXPECT_EQ(stand_.query("SELECT status, exit_code FROM runs WHERE command = 'package'"), (SqlRows{{"FAILED", "1"}}));

  stand_.execute("DROP TRIGGER refuse");
  EXPECT_EQ(work()["queue"], counts(1, 1, 0, 0));
}

}  // namespace
}  // namespace pipeline::test
