#include "pipeline/base/run_lock.h"

#include "check_stand.h"
#include "support/pictures.h"
#include "support/sql.h"

#include <gmock/gmock.h>

#include <fstream>

// What `check` says of this machine: config, database, folders, posts, budget, schedule.
namespace pipeline::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckRun : public ::testing::Test {
 protected:
  void expect(const nlohmann::json& document, const std::string& check, const std::string& state,
              const testing::Matcher<const std::string&>& words) {
    EXPECT_EQ(state_of(document, check), state) << document.dump(1);
    EXPECT_THAT(words_of(document, check), words);
    EXPECT_EQ(state_of(document, "token"), "ok") << "the others go on";
    EXPECT_EQ(document["exit_code"], document.dump().find("\"failed\"") == std::string::npos ? 0 : 2);
  }
  void put_post(const std::string& name, const nlohmann::json& json, int pictures) {
    stand.write("posts/" + name + "/post.json", json.dump());
    for (int i = 1; i <= pictures; ++i)
      stand.write("posts/" + name + "/images/" + std::to_string(i) + ".jpg",
                  photo({.seed = static_cast<std::uint64_t>(i)}, 320, 240));
  }
  [[nodiscard]] nlohmann::json post_about(const std::string& sku) const {
    return {{"sku", sku}, {"title", "겨울 아침"}, {"body", "<p>따뜻해요.</p>"}};
  }

  CheckStand stand;
};

TEST_F(CheckRun, BeforeTheFirstNightNothingIsThereAndNothingIsMade) {
  const auto document = stand.look();
  EXPECT_EQ(document["exit_code"], 0) << document.dump(1);
  EXPECT_EQ(document["command"], "check");
  EXPECT_EQ(document["status"], "ok");
  EXPECT_EQ(document["verdict"], "all is well");
  EXPECT_THAT(words_of(document, "database"), HasSubstr("the first sync makes it"));
  EXPECT_THAT(words_of(document, "metrics"), HasSubstr("the first run makes it"));
  EXPECT_THAT(words_of(document, "last-night"), HasSubstr("the next one is the first"));
  EXPECT_EQ(state_of(document, "file-system"), "ok");
  EXPECT_EQ(state_of(document, "space"), "ok");
  EXPECT_EQ(state_of(document, "posts"), "none") << "no folder is named";
  EXPECT_THAT(stand.files(), IsEmpty());
  for (const auto& one : document["checks"]) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : one.items()) keys.push_back(key);
    EXPECT_THAT(keys, testing::UnorderedElementsAre("check", "state", "subject", "text", "advice"));
  }
}

TEST_F(CheckRun, AfterANightAllIsWell) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  put_post("P1", post_about(std::to_string(stand.store().channel_nos().front())), 3);
  const auto document = stand.look({"--posts", stand.path("posts")});
  EXPECT_EQ(document["exit_code"], 0);
  for (const auto& one : document["checks"]) EXPECT_EQ(one["state"], "ok") << one.dump(1);
  EXPECT_THAT(words_of(document, "database"), HasSubstr("ours, schema 5"));
  EXPECT_THAT(words_of(document, "integrity"), HasSubstr("no damage"));
  EXPECT_THAT(words_of(document, "owner"), HasSubstr("belongs to these credentials"));
  EXPECT_THAT(words_of(document, "posts"), HasSubstr("1 posts found: 1 sound"));
  EXPECT_THAT(words_of(document, "last-night"), HasSubstr("ended as OK"));
}

TEST_F(CheckRun, ALineEachForPeople) {
  const Outcome well = stand.run();
  EXPECT_EQ(well.exit_code, 0) << well.err;
  EXPECT_THAT(well.out, AllOf(HasSubstr("✓ token "), HasSubstr("\nall is well\n"), Not(HasSubstr("✗"))));
  stand.program("crontab", "exit 1");
  stand.store().add_fault({.kind = emulator::FaultKind::ip_not_allowed});
  const Outcome ill = stand.run();
  EXPECT_EQ(ill.exit_code, 2);
  EXPECT_THAT(ill.out, AllOf(HasSubstr("✗ token "), HasSubstr("→ add this machine's address"),
                             HasSubstr("! scheduler "), HasSubstr("a night would fail: 1 ✗ to mend")));
  const Outcome quiet = stand.run({"--quiet"});
  EXPECT_EQ(quiet.exit_code, 2);
  EXPECT_EQ(quiet.out, "");
  EXPECT_THAT(quiet.err, HasSubstr("GW.IP_NOT_ALLOWED"));
}

TEST_F(CheckRun, SpeaksKorean) {
  const Outcome outcome = stand.run({"--language", "ko"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("모두 이상 없습니다"), Not(HasSubstr("all is well"))));
}

TEST_F(CheckRun, EachOptionIsToldWithWhereItComesFrom) {
  const std::string file = stand.write("pipeline.toml",
                                       "log-format = \"text\"\n\n[sync]\nworkers = 4\nlimit = 3\n"
                                       "[package]\nmin-images = 1\n");
  stand.sync().environment["PIPELINE_SYNC_LIMIT"] = "5";
  const auto document = stand.look({"--config", file});
  EXPECT_EQ(finding(document, "config")["subject"], file);
  std::map<std::string, std::string> options;
  for (const auto& one : document["checks"])
    if (one["check"] == "option") options[one["subject"]] = one["text"];
  EXPECT_EQ(options["sync --workers"], "4 (" + file + ":4)");
  EXPECT_EQ(options["sync --limit"], "5 (PIPELINE_SYNC_LIMIT)");
  EXPECT_EQ(options["package --min-images"], "1 (" + file + ":7)");
  EXPECT_EQ(options["--db"], stand.sync().db().string() + " (command line)");
  EXPECT_EQ(options["package --out"], stand.path("packages") + " (command line)");
  EXPECT_EQ(options.count("--log-format"), 0U) << "it is what the program has by itself";
}

TEST_F(CheckRun, AWrongConfigIsRefusedByLine) {
  const Outcome outcome = stand.run({"--config", stand.write("pipeline.toml", "[sync]\nwokers = 4\n")});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("pipeline.toml:2: sync has no option wokers"));
}

TEST_F(CheckRun, ValuesOfTheConfigAreWhatIsChecked) {
  const std::string file = stand.write(
      "pipeline.toml", "prometheus = \"" + stand.path("none/x.prom") + "\"\nbudget = \"" + stand.path("budget.json") +
                           "\"\n[package]\nposts = \"" + stand.path("nowhere") + "\"\n");
  const auto document = stand.look({"--config", file});
  expect(document, "prometheus", "failed", HasSubstr("there is no folder"));
  expect(document, "budget", "failed", HasSubstr("budget.json"));
  expect(document, "posts", "failed", HasSubstr("nowhere"));
}

TEST_F(CheckRun, ABudgetThatIsOne) {
  const auto budget = std::string(PIPELINE_SOURCE_DIR) + "/bench/budget.json";
  expect(stand.look({"--budget", budget}), "budget", "ok", HasSubstr("valid, with "));
}

TEST_F(CheckRun, PlacesThatCannotBeWritten) {
  stand.write("packages", "a file");
  std::filesystem::create_directories(stand.path("posts"));
  const auto with_posts = stand.write("pipeline.toml", "[package]\nposts = \"" + stand.path("posts") + "\"\n");
  expect(stand.look({"--config", with_posts}), "out", "failed", HasSubstr("is no folder"));
  expect(stand.look(), "out", "ok", HasSubstr("a night builds no posts"));
  expect(stand.look({"--prometheus", stand.sync().db().string()}), "prometheus", "failed", HasSubstr("the database"));
  expect(stand.look({"--metrics-dir", stand.path("packages")}), "metrics", "failed", HasSubstr("is no folder"));
}

TEST_F(CheckRun, ThePageThatANightMakes) {
  const auto page_at = [&](const std::string& place) {
    return stand.write("pipeline.toml", "[night]\npage = \"" + stand.path(place) + "\"\n");
  };
  expect(stand.look({"--config", page_at("nowhere/page.html")}), "page", "failed", HasSubstr("there is no folder"));
  expect(stand.look({"--config", page_at("page.html")}), "page", "ok", HasSubstr("can be written"));
}

// --- the database ---

TEST_F(CheckRun, AFileThatIsNoDatabase) {
  stand.write("store.db", std::string(5000, 'x'));
  expect(stand.look(), "database", "failed", HasSubstr("choose another file with --db"));
}

TEST_F(CheckRun, ADatabaseOfAnotherProgram) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  stand.sync().execute("PRAGMA application_id = 1234");
  expect(stand.look(), "database", "failed", HasSubstr("of another program"));
}

TEST_F(CheckRun, ADatabaseOfANewerVersion) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  stand.sync().execute("PRAGMA user_version = 99");
  expect(stand.look(), "database", "failed", AllOf(HasSubstr("schema 99"), HasSubstr("update the program")));
}

TEST_F(CheckRun, ADatabaseOfAnOlderVersionIsBroughtUpLater) {
  stand.write("store.db", "");
  stand.sync().execute(read_file(fs::path(PIPELINE_SOURCE_DIR) / "tests/store/sqlite/released/schema_3.sql"));
  put_post("P1", post_about("1001"), 3);
  const auto document = stand.look({"--posts", stand.path("posts")});
  expect(document, "database", "warning", HasSubstr("the next run that writes brings it up to 5"));
  EXPECT_EQ(state_of(document, "integrity"), "ok");
  EXPECT_THAT(words_of(document, "posts"), HasSubstr("as far as can be told without a database"));
}

TEST_F(CheckRun, ADatabaseThatIsDamaged) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  {
    std::fstream file(stand.sync().db(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 3);
    file << std::string(4096 * 2, 'x');
  }
  expect(stand.look(), "integrity", "failed", AllOf(HasSubstr("damaged"), HasSubstr("restore a backup")));
}

TEST_F(CheckRun, TheLogOfAKilledRunIsReadAndLeft) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  const SqlConnection writer(stand.sync().db());  // keeps its log as long as it is open
  writer.run("UPDATE products SET brand = 'x'");
  ASSERT_GT(fs::file_size(stand.sync().db().string() + "-wal"), 0U);
  expect(stand.look(), "integrity", "ok", HasSubstr("no damage"));
}

TEST_F(CheckRun, AFolderThatIsMissingForTheDatabase) {
  expect(stand.look({"--db", stand.path("none/store.db")}), "database", "failed", HasSubstr("there is no folder"));
  expect(stand.look({"--db", "postgresql://user:pass@host/x"}), "database", "failed", HasSubstr("~/.pgpass"));
  EXPECT_THAT(stand.look({"--db", "postgresql://user:pass@host/x"}).dump(), Not(HasSubstr("pass@")));
}

TEST_F(CheckRun, OtherCredentialsThanThoseThatFilledIt) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  stand.sync().execute("UPDATE state SET value = zeroblob(32) WHERE key = 'store_digest/MY_STORE'");
  expect(stand.look(), "owner", "warning", HasSubstr("filled by application …cccc"));
}

TEST_F(CheckRun, ARunThatIsAtWorkIsTold) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  EXPECT_EQ(state_of(stand.look(), "lock"), "none");
  const RunLock lock(stand.sync().db(), "pipeline sync", SystemClock().wall());
  expect(stand.look(), "lock", "ok", HasSubstr("pipeline sync, since"));
}

// --- posts ---

TEST_F(CheckRun, PostsThatWouldBeRejected) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  const std::string sku = std::to_string(stand.store().channel_nos().front());
  put_post("A", post_about(sku), 3);
  put_post("B", post_about("no-such-product"), 3);
  const auto document = stand.look({"--posts", stand.path("posts")});
  expect(document, "posts", "ok", HasSubstr("2 posts found: 1 sound, 1 that would not be built"));
  expect(document, "post", "warning", AllOf(HasSubstr("no-such-product"), HasSubstr("pipeline post check")));
  EXPECT_EQ(finding(document, "post")["subject"], "B");
}

TEST_F(CheckRun, AFolderWithoutPosts) {
  fs::create_directory(stand.path("posts"));
  expect(stand.look({"--posts", stand.path("posts")}), "posts", "warning", HasSubstr("pipeline post new"));
}

// --- the schedule ---

TEST_F(CheckRun, ATimerOfSystemds) {
  stand.program(
      "systemctl",
      "echo LoadState=loaded; echo ActiveState=active; echo 'NextElapseUSecRealtime=Sat 2026-11-28 02:03 KST'");
  expect(stand.look(), "scheduler", "ok", HasSubstr("comes at Sat 2026-11-28 02:03 KST"));
  stand.program("systemctl", "echo LoadState=loaded; echo ActiveState=inactive; echo NextElapseUSecRealtime=");
  expect(stand.look(), "scheduler", "warning", HasSubstr("systemctl enable --now pipeline-night.timer"));
  stand.program("systemctl", "[ \"$1\" = --user ] || exit 1; echo LoadState=loaded; echo ActiveState=inactive");
  expect(stand.look(), "scheduler", "warning", HasSubstr("systemctl --user enable --now"));
}

// While the night is at work systemd knows no next time.
TEST_F(CheckRun, ATimerWhoseNightIsAtWork) {
  stand.program("systemctl",
                "echo LoadState=loaded; echo ActiveState=active; echo SubState=running; echo NextElapseUSecRealtime=");
  expect(stand.look(), "scheduler", "ok", HasSubstr("at work now"));
  stand.program("systemctl",
                "echo LoadState=loaded; echo ActiveState=active; echo SubState=elapsed; echo NextElapseUSecRealtime=");
  expect(stand.look(), "scheduler", "warning", HasSubstr("has no next time"));
}

TEST_F(CheckRun, ALineOfCrons) {
  const auto document = stand.look();
  expect(document, "scheduler", "ok", AllOf(HasSubstr("`30 2 * * *`"), HasSubstr("the next one comes at")));
  stand.program("systemctl", "echo LoadState=not-found; echo ActiveState=inactive");
  expect(stand.look(), "scheduler", "ok", HasSubstr("cron runs the night"));
}

TEST_F(CheckRun, NobodyStartsTheNight) {
  stand.program("crontab", "echo '0 3 * * * updatedb'");
  expect(stand.look(), "scheduler", "warning", HasSubstr("systemctl enable --now pipeline-night.timer"));
}

TEST_F(CheckRun, ASchedulerThatHangsIsNotWaitedFor) {
  stand.program("systemctl", "exec sleep 3600");
  expect(stand.look(), "scheduler", "ok", HasSubstr("cron runs the night"));
}

// --- who is told ---

TEST_F(CheckRun, AddressesThatAnswerAndThoseThatDoNot) {
  const std::string log = stand.path("told");
  stand.program("tell", "touch " + log);
  stand.sync().environment["PIPELINE_NOTIFY"] = stand.sync().base_url() + "/hook/key";
  const auto requests = stand.store().stats().requests;
  auto document = stand.look();
  expect(document, "notify", "ok", HasSubstr("its server answers"));
  EXPECT_THAT(document.dump(), Not(HasSubstr("/hook/key")));
  EXPECT_GT(stand.store().stats().requests, requests);
  stand.sync().environment["PIPELINE_NOTIFY"] = "http://127.0.0.1:1/hook/key";
  document = stand.look();
  expect(document, "notify", "warning", HasSubstr("does not answer"));
  EXPECT_THAT(document.dump(), Not(HasSubstr("/hook/key")));
  stand.sync().environment["PIPELINE_NOTIFY"] = "exec:" + stand.program_path("tell");
  expect(stand.look(), "notify", "ok", HasSubstr("a program that may be run"));
  EXPECT_FALSE(fs::exists(log));
  stand.sync().environment["PIPELINE_NOTIFY"] = "slak:https://hooks.example.com/x";
  expect(stand.look(), "notify", "failed", HasSubstr("did you mean slack"));
}

// --- a store of the config file ---

TEST_F(CheckRun, AStoreHasItsOwnCredentialsAndPlaces) {
  const std::string secret = stand.write("secret", stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET"]);
  fs::permissions(secret, fs::perms(0600));
  const std::string file =
      stand.write("pipeline.toml",
                  "[store.tea]\nclient-id = \"" + stand.sync().environment["NAVER_COMMERCE_CLIENT_ID"] +
                      "\"\nclient-secret-file = \"" + secret + "\"\nposts = \"" + stand.path("tea-posts") + "\"\n");
  stand.sync().environment["NAVER_COMMERCE_CLIENT_ID"] = "another";
  fs::create_directory(stand.path("tea-posts"));
  const auto document = stand.look({"--config", file, "--store", "tea"});
  expect(document, "posts", "warning", HasSubstr("no post is in it"));
  EXPECT_THAT(finding(document, "credentials")["subject"], "application …cccc");
  EXPECT_THAT(document.dump(), HasSubstr("(" + file + ":4)"));
}

TEST_F(CheckRun, AllStoresAreCheckedAndOneThatIsBrokenTouchesNoOther) {
  const std::string secret = stand.write("secret", stand.sync().environment["NAVER_COMMERCE_CLIENT_SECRET"]);
  fs::permissions(secret, fs::perms(0600));
  const std::string id = stand.sync().environment["NAVER_COMMERCE_CLIENT_ID"];
  const std::string file =
      stand.write("pipeline.toml", "[store.tea]\ndb = \"" + stand.path("tea.db") + "\"\nclient-id = \"" + id +
                                       "\"\nclient-secret-file = \"" + secret + "\"\n[store.cups]\ndb = \"" +
                                       stand.path("cups.db") + "\"\nclient-id = \"" + id +
                                       "\"\nclient-secret-file = \"" + stand.path("none") + "\"\n");
  const Outcome outcome =
      Process({pipeline_binary(), "check", "--config", file, "--all", "--json", "--base-url", stand.sync().base_url()},
              stand.sync().environment, stand.sync().folder().path())
          .wait();
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  const auto document = nlohmann::json::parse(outcome.out);
  ASSERT_EQ(document["stores"].size(), 2U);
  EXPECT_EQ(document["stores"][0]["exit_code"], 0);
  EXPECT_EQ(state_of(document["stores"][0]["summary"], "token"), "ok");
  EXPECT_EQ(document["stores"][1]["exit_code"], 2);
  EXPECT_EQ(state_of(document["stores"][1]["summary"], "credentials"), "failed");
}

TEST_F(CheckRun, ALastNightThatWentWrong) {
  ASSERT_EQ(stand.sync().sync().exit_code, 0);
  stand.sync().execute("UPDATE runs SET status = 'FAILED'");
  expect(stand.look(), "last-night", "warning", AllOf(HasSubstr("ended as FAILED"), HasSubstr("pipeline status")));
  stand.sync().execute("UPDATE runs SET status = 'RUNNING', ended_at = NULL");
  expect(stand.look(), "last-night", "warning", HasSubstr("was killed"));
  stand.sync().execute("UPDATE runs SET status = 'OK', started_at = started_at - 3 * 86400000");
  expect(stand.look(), "last-night", "warning", HasSubstr("none has run since"));
}

}  // namespace
}  // namespace pipeline::test
