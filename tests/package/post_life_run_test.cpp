#include "package_stand.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string_view>

namespace fs = std::filesystem;

// From a changed product to a post that says so: what a hand has to do after each step.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PostLifeRun : public testing::Test {
 protected:
  void price(std::int64_t won) const {
    stand_.upsert(fmt::format(R"({{"sku":"1001","name":"보냉 텀블러 1호","sale_price":{}}})", won));
  }
  static void write_file(const fs::path& file, std::string_view text) { std::ofstream(file) << text; }
  void say(const PostFiles& post, const std::string& body) const { post.put("body.md", body); }
  nlohmann::json night() const { return stand_.summary({"--from-queue", "--posts", stand_.posts().string()}); }
  Outcome pipeline(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pipeline_binary());
    arguments.insert(arguments.end(), {"--db", stand_.db().string()});
    return stand_.tool(arguments);
  }
  nlohmann::json status() const { return nlohmann::json::parse(pipeline({"status", "--json"}).out); }
  // `write A`, in the order of the list.
  std::vector<std::string> todo() const {
    std::vector<std::string> all;
    const auto found = status();
    for (const char* kind : {"write", "upload", "take_down", "mend", "look"})
      for (const auto& one : found["todo"][kind])
        all.push_back(fmt::format("{} {}", kind, one.value("content_id", one.value("kind", ""))));
    return all;
  }
  PostFiles made(const std::string& content_id, int scene, const std::string& body,
                 const std::string& sku = "1001") const {
    PostFiles post = stand_.post(content_id, {scene, scene + 1}, sku);
    post.json["body"] = "body.md";
    post.write();
    say(post, body);
    return post;
  }
  std::string content(const std::string& content_id) const {
    return read_file(stand_.unpack(stand_.naver(content_id)) / "content.html");
  }

  PackageStand stand_;
};

TEST_F(PostLifeRun, AFolderThatWasNamedFromHereIsFoundFromElsewhere) {
  (void)made("A", 1, "글\n");
  const auto from = [&](const fs::path& folder, std::vector<std::string> arguments) {
    std::vector<std::string> all{"/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.string(), pipeline_binary()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--db", stand_.db().string()});
    return stand_.tool(all);
  };
  const std::string whole = (stand_.posts() / "A").string();
  const Outcome built =
      from(stand_.folder().path(), {"package", "./posts/", "--out", "packages", "--metrics-dir", "metrics"});
  ASSERT_EQ(built.exit_code, 0) << built.err;
  EXPECT_EQ(stand_.value("SELECT folder FROM posts"), whole);
  EXPECT_THAT(todo(), ElementsAre("upload A"));
  fs::rename(stand_.posts() / "A", stand_.posts() / "B");
  EXPECT_THAT(todo(), ElementsAre("upload A", "look A")) << "asked from another folder";
  EXPECT_THAT(from("/", {"status"}).out, HasSubstr("its folder " + whole + " is gone"));
  EXPECT_THAT(from(stand_.folder().path(), {"status"}).out, HasSubstr("its folder posts/A is gone"));

  // As it was noted once.
  stand_.execute("UPDATE posts SET folder = 'posts/A'");
  EXPECT_THAT(from(stand_.folder().path(), {"status"}).out, HasSubstr("its folder posts/A is gone"));
  fs::rename(stand_.posts() / "B", stand_.posts() / "A");
  EXPECT_THAT(from(stand_.folder().path(), {"status"}).out, Not(HasSubstr("is gone")));
  ASSERT_EQ(
      from(stand_.folder().path(), {"package", "posts", "--out", "packages", "--metrics-dir", "metrics"}).exit_code, 0);
  EXPECT_EQ(stand_.value("SELECT folder FROM posts"), whole) << "the next run names it anew";
}

TEST_F(PostLifeRun, FromAChangedPriceToAPostThatSaysSo) {
  price(20'002);
  const PostFiles post = made("A", 1, "가격은 20,002원입니다.\n");
  EXPECT_THAT(statuses(night()), ElementsAre("A built")) << "a new post is built by the nightly line";
  EXPECT_THAT(todo(), ElementsAre("upload A"));
  EXPECT_EQ(pipeline({"post", "published", "A"}).exit_code, 0);
  EXPECT_THAT(todo(), IsEmpty());
  EXPECT_EQ(pipeline({"status", "--check", "--quiet"}).exit_code, 0);

  price(55'500);
  const auto summary = night();
  EXPECT_THAT(statuses(summary), ElementsAre("A built"));
  const auto stale = post_in(summary, "A")["stale"];
  ASSERT_EQ(stale.size(), 1U) << summary;
  EXPECT_EQ(stale[0]["place"], "body.md:1");
  EXPECT_EQ(stale[0]["old"], "20,002원");
  EXPECT_EQ(stale[0]["new"], "55,500원");
  EXPECT_EQ(stale[0]["sentence"], "가격은 20,002원입니다.");
  EXPECT_THAT(todo(), ElementsAre("write A"));
  EXPECT_EQ(pipeline({"status", "--check", "--quiet"}).exit_code, 3);
  EXPECT_THAT(pipeline({"status"}).out,
              AllOf(HasSubstr("Write (1)"), HasSubstr("body.md:1: 20,002원 is 55,500원 now")));
  EXPECT_EQ(pipeline({"status", "--brief"}).out, "write 1\n");
  EXPECT_THAT(statuses(night()), IsEmpty());
  EXPECT_THAT(todo(), ElementsAre("write A")) << "it stays until the words are gone";

  say(post, "가격은 55,500원입니다.\n");
  EXPECT_THAT(statuses(night()), ElementsAre("A built")) << "an edited post is built by the nightly line";
  EXPECT_THAT(todo(), ElementsAre("upload A"));
  EXPECT_EQ(status()["todo"]["upload"][0]["kind"], "built_anew");
}

TEST_F(PostLifeRun, ALiveValueFollowsTheCatalogueByItself) {
  price(12'900);
  PostFiles post = made("A", 1, "지금 {{판매가}}에 팝니다.\n");
  post.json["title"] = "값 {{판매가}}";
  post.write();
  (void)made("B", 3, "다른 글\n");
  (void)night();
  const std::string before = content("A");
  EXPECT_THAT(before, HasSubstr("지금 12,900원에 팝니다."));
  EXPECT_EQ(pipeline({"post", "published", "A", "B"}).exit_code, 0);
  const auto other = content("B");

  price(9'900);
  (void)night();
  std::string after = content("A");
  const std::string now = "9,900원";
  int found = 0;
  for (auto at = after.find(now); at != after.npos; at = after.find(now, at + now.size()), ++found)
    after.replace(at, now.size(), "12,900원");
  EXPECT_EQ(found, 3);
  EXPECT_EQ(after, before) << "no other byte differs";
  EXPECT_EQ(content("B"), other);
  EXPECT_THAT(todo(), ElementsAre("upload A")) << "B says the same as before";
  EXPECT_EQ(stand_.value("SELECT title FROM posts WHERE content_id = 'A'"), "값 9,900원");
}

TEST_F(PostLifeRun, AnUnknownLiveValueRejectsThePost) {
  const PostFiles post = made("A", 1, "하나\n\n{{판매까}}\n");
  EXPECT_THAT(reasons_of(night(), "A"), ElementsAre(AllOf(HasSubstr("body.md:3"), HasSubstr("{{판매가}}"))));
  EXPECT_THAT(todo(), ElementsAre("mend A"));
  EXPECT_EQ(night()["exit_code"], 3) << "every night, as long as it is so";
  say(post, "하나\n\n{{판매가}}\n");
  EXPECT_EQ(night()["exit_code"], 0);
  EXPECT_THAT(todo(), ElementsAre("upload A"));
}

TEST_F(PostLifeRun, APostThatCanNoLongerBeReadIsToBeMended) {
  const PostFiles post = made("A", 1, "글\n");
  (void)night();
  EXPECT_EQ(pipeline({"post", "published", "A"}).exit_code, 0);
  const fs::path folder = stand_.posts() / "다른 이름";
  fs::rename(stand_.posts() / "A", folder);
  (void)night();
  const std::string whole = read_file(folder / "post.json");
  write_file(folder / "post.json", "{ 반쯤");
  EXPECT_EQ(night()["exit_code"], 3);
  EXPECT_THAT(todo(), ElementsAre("mend A"));
  EXPECT_THAT(status()["todo"]["mend"][0]["reasons"].dump(), HasSubstr("post.json"));
  EXPECT_EQ(stand_.value("SELECT products FROM posts"), "[\"MY_STORE:1001\"]") << "what it sells is known all the same";
  write_file(folder / "post.json", whole);
  EXPECT_EQ(night()["exit_code"], 0);
  EXPECT_THAT(todo(), IsEmpty()) << "it is what is published";
}

TEST_F(PostLifeRun, APostThatCouldNeverBeReadIsToBeMendedUntilItCan) {
  const PostFiles post = made("B", 1, "글\n");
  const fs::path folder = stand_.posts() / "새 글";
  fs::rename(stand_.posts() / "B", folder);
  const std::string whole = read_file(folder / "post.json");
  write_file(folder / "post.json", "{ 반쯤");
  EXPECT_EQ(night()["exit_code"], 3);
  ASSERT_EQ(todo().size(), 1U);
  EXPECT_THAT(todo()[0], HasSubstr("mend "));
  write_file(folder / "post.json", whole);
  EXPECT_EQ(night()["exit_code"], 0);
  EXPECT_THAT(todo(), ElementsAre("upload B")) << "under its own name, and no other";
}

TEST_F(PostLifeRun, OfTwoPostsWithOneNameTheSecondIsToBeMended) {
  (void)made("A", 1, "글\n");
  PostFiles second = made("B", 3, "다른 글\n");
  second.json["content_id"] = "A";
  second.write();
  EXPECT_EQ(night()["exit_code"], 3);
  EXPECT_THAT(todo(), ElementsAre("upload A", "mend B"));
  EXPECT_THAT(status()["todo"]["mend"][0]["reasons"].dump(), HasSubstr("give each post its own"));
  second.json["content_id"] = "C";
  second.write();
  EXPECT_EQ(night()["exit_code"], 0);
  EXPECT_THAT(todo(), ElementsAre("upload A", "upload C"));
}

TEST_F(PostLifeRun, WhatIsToldOfThePostsIsInTheOperatorsLanguage) {
  (void)made("A", 1, "글\n");
  const fs::path told = stand_.folder().path() / "told";
  const fs::path program = stand_.folder().path() / "tell";
  write_file(program, "#!/bin/sh\nexec cat > " + told.string() + "\n");
  fs::permissions(program, fs::perms::owner_all);
  EXPECT_EQ(pipeline({"package", stand_.posts().string(), "--out", (stand_.folder().path() / "out").string(),
                      "--notify", "exec:" + program.string(), "--language", "ko"})
                .exit_code,
            0);
  const auto message = nlohmann::json::parse(read_file(told));
  EXPECT_EQ(message["text"], "할 일: 올릴 글 1\n· A: 만들었고 아직 올리지 않았습니다");
}

TEST_F(PostLifeRun, ASentenceThatIsMeantIsKept) {
  price(20'002);
  (void)made("A", 1, "작년에는 20,002원이었습니다.\n");
  (void)night();
  (void)pipeline({"post", "published", "A"});
  price(30'000);
  (void)night();
  EXPECT_THAT(todo(), ElementsAre("write A"));
  EXPECT_THAT(pipeline({"post", "keep", "A", "없는 문장"}).err, HasSubstr("body.md:1: 작년에는"));
  EXPECT_EQ(pipeline({"post", "keep", "A", "작년에는 20,002원"}).exit_code, 0);
  EXPECT_THAT(todo(), IsEmpty()) << "its package is what is published";
  (void)night();
  EXPECT_THAT(todo(), IsEmpty());
}

TEST_F(PostLifeRun, APublishedPostOfWhatIsGoneIsToBeTakenDown) {
  (void)made("A", 1, "글\n");
  (void)night();
  stand_.execute("UPDATE products SET stock_quantity = 0 WHERE sku = '1001'");
  EXPECT_THAT(todo(), ElementsAre("upload A")) << "nobody reads it yet";
  EXPECT_EQ(pipeline({"post", "published", "A"}).exit_code, 0);
  EXPECT_THAT(todo(), ElementsAre("take_down A"));
  EXPECT_THAT(pipeline({"status"}).out, HasSubstr("is not to be had: sold out"));
  EXPECT_THAT(pipeline({"status", "--language", "ko"}).out, HasSubstr("지금 살 수 없는 상품입니다: 품절"));
  stand_.execute("UPDATE products SET removed_at = 1775000000000 WHERE sku = '1001'");
  (void)night();
  EXPECT_THAT(todo(), ElementsAre("take_down A")) << "that it can't be built any more is no other matter";
  EXPECT_EQ(status()["todo"]["take_down"][0]["state"], "REMOVED");
}

// Each step of the issue's story, and no thing to do that is told twice.
TEST_F(PostLifeRun, ARemovedProductIsOneThingToDoUntilItsPostIsForgotten) {
  (void)made("A", 1, "글\n");
  (void)made("B", 3, "글\n", "1002");
  (void)night();
  (void)pipeline({"post", "published", "A", "B"});
  price(7'000);
  stand_.execute("UPDATE products SET removed_at = 1775000000000 WHERE sku = '1001'");
  EXPECT_EQ(night()["queue"]["failed"], 1);
  EXPECT_THAT(todo(), ElementsAre("take_down A"));
  EXPECT_EQ(pipeline({"status", "--brief"}).out, "take_down 1\n");
  EXPECT_EQ(pipeline({"status", "--brief", "--language", "ko"}).out, "내릴 글 1\n");

  made("A", 1, "{{없음}}\n");
  (void)night();
  EXPECT_THAT(todo(), ElementsAre("take_down A", "mend A")) << "something else is wrong with it as well";
  fs::remove_all(stand_.posts() / "A");
  EXPECT_EQ(night()["queue"]["without_post"], 1) << "nothing is left of its entry";
  EXPECT_THAT(todo(), ElementsAre("take_down A", "look A")) << "nobody can mend what is not there";
  ASSERT_EQ(pipeline({"post", "forget", "A", "--out", stand_.out().string(), "--yes"}).exit_code, 0);
  (void)night();
  EXPECT_THAT(todo(), IsEmpty());
}

TEST_F(PostLifeRun, AnEntryThatFailedBesideThePostsIsToBeLookedAt) {
  (void)made("A", 1, "{{없음}}\n");
  price(7'000);
  stand_.upsert(R"({"sku":"1002","name":"컵","sale_price":100})");
  stand_.execute("UPDATE refresh_queue SET status = 'FAILED', claimed_by = 'blog' WHERE sku = '1002'");
  (void)night();
  EXPECT_THAT(todo(), ElementsAre("mend A", "look entries_failed"));
  EXPECT_EQ(status()["todo"]["look"][0]["count"], 1) << "the other waits for the post";
  EXPECT_EQ(status()["queue"]["failed"], 2);
  made("A", 1, "글\n");
  (void)night();
  EXPECT_THAT(todo(), ElementsAre("upload A", "look entries_failed")) << "what another worker gave up stays";
}

TEST_F(PostLifeRun, APriceIsOneChangeWhateverFollowsFromIt) {
  stand_.upsert(R"({"sku":"1001","name":"컵","sale_price":1000,"discounted_price":900})");
  stand_.upsert(R"({"sku":"1002","name":"컵","sale_price":1000,"discounted_price":900})");
  stand_.execute("DELETE FROM refresh_queue");
  stand_.upsert(R"({"sku":"1001","name":"컵","sale_price":2000,"discounted_price":1800})");
  stand_.upsert(R"({"sku":"1002","name":"컵","sale_price":1000,"discounted_price":800})");
  const auto changes = status()["changes"];
  EXPECT_EQ(changes["price_up"], 1) << changes;
  EXPECT_EQ(changes["price_down"], 1) << changes;
  ASSERT_EQ(changes["examples"].size(), 2U);
  EXPECT_THAT(pipeline({"status"}).out, AllOf(HasSubstr("컵 (1001): price 1,000 won → 2,000 won"),
                                              HasSubstr("discounted price 900 won → 800 won")));
  EXPECT_THAT(pipeline({"status", "--language", "ko"}).out,
              AllOf(HasSubstr("판매가 1,000원 → 2,000원"), HasSubstr("할인가 900원 → 800원")));
}

TEST_F(PostLifeRun, ANewNameAndAFactAreToldAsWell) {
  price(1'000);
  PostFiles post = made("A", 1, "보냉 텀블러 1호는 좋아요.\n");
  post.json["facts"] = {{"판매가", 99'000}};
  post.write();
  (void)night();
  EXPECT_THAT(todo(), ElementsAre("write A"));
  EXPECT_EQ(status()["todo"]["write"][0]["stale"][0]["place"], "$.facts.판매가");
  stand_.upsert(R"({"sku":"1001","name":"새 텀블러","sale_price":99000})");
  (void)night();
  const auto stale = status()["todo"]["write"][0]["stale"];
  ASSERT_EQ(stale.size(), 1U) << stale;
  EXPECT_EQ(stale[0]["old"], "보냉 텀블러 1호");
  EXPECT_EQ(stale[0]["new"], "새 텀블러");
}

TEST_F(PostLifeRun, AnEmptyFolderIsFineUntilPostsWereThere) {
  fs::create_directories(stand_.posts());
  EXPECT_EQ(night()["exit_code"], 0);
  (void)made("A", 1, "글\n");
  (void)night();
  fs::remove_all(stand_.posts() / "A");
  const Outcome outcome = stand_.run({"--from-queue", "--posts", stand_.posts().string()});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("1 "), HasSubstr("post forget")));
}

TEST_F(PostLifeRun, TheListTellsOfAllPosts) {
  (void)made("A", 1, "글\n");
  (void)made("B", 3, "{{없음}}\n");
  (void)night();
  const auto list = nlohmann::json::parse(pipeline({"post", "list", "--json"}).out)["posts"];
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["needs"], "upload");
  EXPECT_EQ(list[1]["needs"], "mend");
  EXPECT_THAT(list[1]["reasons"], Not(IsEmpty()));
  EXPECT_THAT(pipeline({"post", "list"}).out, AllOf(HasSubstr("POST"), HasSubstr("REJECTED")));
  EXPECT_THAT(pipeline({"post", "published", "B"}).err, HasSubstr("has no package"));
  EXPECT_THAT(pipeline({"post", "published", "a1"}).err, HasSubstr("no post a1 is known"));
}

TEST_F(PostLifeRun, AKilledNightIsToBeLookedAt) {
  (void)made("A", 1, "글\n");
  (void)night();
  (void)pipeline({"post", "published", "A"});
  stand_.execute("UPDATE runs SET status = 'KILLED' WHERE command = 'package'");
  const auto found = status();
  ASSERT_EQ(found["todo"]["look"].size(), 1U) << found;
  EXPECT_EQ(found["todo"]["look"][0]["kind"], "night_failed");
  EXPECT_EQ(found["todo"]["look"][0]["command"], "package");
  EXPECT_EQ(found["nights"].size(), 2U);  // upsert, package
}

}  // namespace
}  // namespace pipeline::test
