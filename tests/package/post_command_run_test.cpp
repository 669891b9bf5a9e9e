#include "package_stand.h"
#include "support/pictures.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace fs = std::filesystem;

// `pipeline post`: beginning a post, checking it, letting it go.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PostCommandRun : public testing::Test {
 protected:
  Outcome post(std::vector<std::string> arguments, bool with_database = true) {
    arguments.insert(arguments.begin(), {pipeline_binary(), "post"});
    if (with_database) arguments.insert(arguments.end(), {"--db", stand_.db().string()});
    return stand_.tool(arguments);
  }
  nlohmann::json json_of(std::vector<std::string> arguments, bool with_database = true) {
    arguments.emplace_back("--json");
    return summary_of(post(std::move(arguments), with_database));
  }

  PackageStand stand_;
};

// --- new ---

TEST_F(PostCommandRun, ANewPostBuildsButForItsPictures) {
  const fs::path folder = stand_.posts() / "POST7";
  const Outcome made = post({"new", folder.string(), "--sku", "S1"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("post.json"), HasSubstr("README.txt"), HasSubstr("post check")));
  EXPECT_THAT(reasons_of(stand_.build(), "POST7"),
              Each(AnyOf(HasSubstr("images/0"), HasSubstr("pictures of its own"))));
  const PostFiles files(folder);
  files.put("images/01.jpg", small_photo(1)).put("images/02.jpg", small_photo(2));
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("POST7 built")) << summary;
  EXPECT_THAT(notes_of(summary, "POST7"), IsEmpty());
  const std::string content = read_file(stand_.unpack(stand_.naver("POST7")) / "content.html");
  EXPECT_THAT(content,
              AllOf(HasSubstr("<h1>보냉 텀블러 1호</h1>"), HasSubstr("판매자가 직접"), Not(HasSubstr("첫인상"))));
  const std::string readme = read_file(folder / "README.txt");
  const auto schema = nlohmann::json::parse(post({"schema"}, false).out);
  for (const auto& [name, rules] : schema.at("properties").items())
    EXPECT_THAT(readme, HasSubstr("\n  " + name + "\n"));
}

TEST_F(PostCommandRun, ANewPostHasPlacesForThePicturesThatAreThere) {
  const PostFiles files(stand_.posts() / "POST8");
  files.put("images/앞 (1).jpg", small_photo(1)).put("images/뒤.jpg", small_photo(2)).put("body.md", "내 글\n");
  ASSERT_EQ(post({"new", files.folder().string(), "--sku", "1001"}).exit_code, 0);
  EXPECT_EQ(read_file(files / "body.md"), "내 글\n") << "nothing is written over";
  fs::remove(files / "body.md");
  fs::remove(files / "post.json");
  ASSERT_EQ(post({"new", files.folder().string(), "--sku", "1001"}).exit_code, 0);
  EXPECT_THAT(read_file(files / "body.md"),
              AllOf(HasSubstr("![](<images/뒤.jpg>)"), HasSubstr("![](<images/앞 (1).jpg>)")));
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("POST8 built"));
}

TEST_F(PostCommandRun, ANewPostNamesItsProductSoThatNoOtherIsMeant) {
  stand_.upsert(R"({"sku":"D1","source":"MY_STORE","name":"컵 *특가* <b>5</b>","sale_price":1})"
                "\n"
                R"({"sku":"D1","source":"COUPANG","name":"접시"})"
                "\n");
  const PostFiles files(stand_.posts() / "D");
  files.put("images/1.jpg", small_photo(1)).put("images/2.jpg", small_photo(2));
  ASSERT_EQ(post({"new", files.folder().string(), "--sku", "MY_STORE:D1"}).exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(read_file(files / "post.json"))["sku"], "MY_STORE:D1");
  const auto summary = stand_.build();
  EXPECT_THAT(statuses(summary), ElementsAre("D built")) << summary;
  EXPECT_THAT(read_file(stand_.unpack(stand_.naver("D")) / "content.html"),
              HasSubstr("컵 *특가* &lt;b&gt;5&lt;/b&gt; 이야기입니다"))
      << "a name is no Markdown";
}

TEST_F(PostCommandRun, ANewPostIsRefusedWithoutItsProductOrOverAnother) {
  const std::string folder = (stand_.posts() / "A").string();
  Outcome outcome = post({"new", folder, "--sku", "nothing"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no product has the SKU or seller code nothing"));
  EXPECT_FALSE(fs::exists(folder));
  outcome = post({"new", folder, "--sku", "1001", "--db", "nowhere.db"}, false);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no database nowhere.db"));
  ASSERT_EQ(post({"new", folder, "--sku", "1001"}).exit_code, 0);
  outcome = post({"new", folder, "--sku", "1001"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is a post already"));
}

// --- check ---

TEST_F(PostCommandRun, ACheckSaysWhatPackageWouldAndBuildsNothing) {
  auto bad = stand_.post("BAD", {1}, "9999");
  bad.json["body"] = "<p>**글**</p><img src=\"images/x.jpg\">";
  bad.write();
  (void)stand_.post("GOOD", {2, 3});
  const auto checked = json_of({"check", stand_.posts().string()});
  EXPECT_EQ(checked["exit_code"], 3);
  EXPECT_THAT(statuses(checked), ElementsAre("BAD rejected", "GOOD sound"));
  EXPECT_FALSE(fs::exists(stand_.out()));
  EXPECT_EQ(stand_.value("SELECT count(*) FROM packages") + stand_.value("SELECT count(*) FROM images"), "00");
  const auto built = stand_.build();
  EXPECT_EQ(reasons_of(checked, "BAD"), reasons_of(built, "BAD"));
  EXPECT_EQ(notes_of(checked, "BAD"), notes_of(built, "BAD"));
  EXPECT_THAT(reasons_of(built, "BAD"), Contains(HasSubstr("9999")));
  EXPECT_THAT(statuses(json_of({"check", stand_.posts().string()})), Contains("GOOD sound"))
      << "unchanged is looked at, too";
}

TEST_F(PostCommandRun, ACheckNeedsNoDatabaseForWhatNeedsNone) {
  auto post_files = stand_.post("P", {1, 2}, "unknown");
  const auto checked = json_of({"check", (stand_.posts() / "P").string()});
  EXPECT_THAT(reasons_of(checked, "P"), ElementsAre(HasSubstr("unknown")));
  const Outcome alone = post({"check", (stand_.posts() / "P").string()}, false);
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.out, AllOf(HasSubstr("P sound: 2 pictures"), HasSubstr("without a database")));
  EXPECT_EQ(post({"check", (stand_.posts() / "P").string(), "--db", "nowhere.db"}, false).exit_code, 2);
  post_files.json.erase("title");
  post_files.write();
  EXPECT_THAT(post({"check", (stand_.posts() / "P").string()}, false).out, HasSubstr("$.title: is missing"));
}

// --- forget ---

TEST_F(PostCommandRun, APostIsForgottenWhenThatIsMeant) {
  (void)stand_.post("OLD", {1, 2});
  (void)stand_.build();
  const auto arguments = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"forget", "OLD", "--out", stand_.out().string()});
    return more;
  };
  Outcome outcome = post(arguments({}));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("pack: 2"), HasSubstr("naver_OLD.zip"), HasSubstr("unique_OLD.zip")));
  EXPECT_THAT(outcome.err, HasSubstr("--yes"));
  EXPECT_EQ(post(arguments({"--dry-run"})).exit_code, 0);
  EXPECT_EQ(post(arguments({"--dry-run", "--yes"})).exit_code, 0);
  EXPECT_EQ(stand_.value("SELECT count(*) FROM images"), "2");
  EXPECT_TRUE(fs::exists(stand_.naver("OLD")));

  const Outcome elsewhere = post({"forget", "OLD", "--dry-run", "--out", (stand_.folder() / "none").string()});
  EXPECT_THAT(elsewhere.out, HasSubstr("no package of it is in " + (stand_.folder() / "none").string()));

  const auto shown = post(arguments({"--dry-run"})).out;
  outcome = post(arguments({"--yes"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out.substr(0, outcome.out.rfind('\n', outcome.out.size() - 2)),
            shown.substr(0, shown.rfind('\n', shown.size() - 2)))
      << "their size is that before they went";
  EXPECT_EQ(stand_.value("SELECT count(*) FROM images"), "0");
  EXPECT_EQ(stand_.value("SELECT count(*) FROM packages"), "0");
  EXPECT_THAT(names_in(stand_.out()), IsEmpty());
  fs::rename(stand_.posts() / "OLD", stand_.folder() / "elsewhere");
  (void)stand_.post("NEW", {1, 2});
  EXPECT_THAT(statuses(stand_.build()), ElementsAre("NEW built")) << "its pictures are free";
  outcome = post({"forget", "NWE", "--yes"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("nothing is known of a post NWE: did you mean NEW?"));
}

TEST_F(PostCommandRun, ADuplicateOfAPostThatIsGoneSaysHowToForgetIt) {
  const auto old = stand_.post("OLD", {1, 2, 3});
  (void)stand_.build();
  fs::remove_all(old.folder());
  (void)stand_.post("NEW", {1, 4, 5, 6});
  EXPECT_THAT(notes_of(stand_.build(), "NEW"), Contains(HasSubstr("pipeline post forget OLD")));
}

}  // namespace
}  // namespace pipeline::test
