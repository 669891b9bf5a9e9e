#include "config_stand.h"
#include "support/pictures.h"
#include "support/sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NightRun : public testing::Test {
 protected:
  NightRun() {
    fs::create_directory(stand_.path("posts"));
    stand_.write_config(stand_.places() + package());
  }

  [[nodiscard]] std::string package() const {
    return "[package]\n" + stand_.line("posts", "posts") + stand_.line("out", "packages");
  }
  [[nodiscard]] std::string count_of(const std::string& table) const {
    return sql_value(stand_.path("store.db"), "SELECT count(*) FROM " + table);
  }
  [[nodiscard]] static nlohmann::json stage(const nlohmann::json& night, const std::string& name) {
    for (const auto& one : night["stages"])
      if (one["stage"] == name) return one;
    return nullptr;
  }

  ConfigStand stand_;
};

TEST_F(NightRun, DoesWhatIsToBeDoneEachNight) {
  const auto night = stand_.json({"night", "--page", stand_.path("page.html").string()});
  EXPECT_EQ(night["status"], "ok");
  EXPECT_EQ(stage(night, "sync")["status"], "ok");
  EXPECT_EQ(stage(night, "sync")["summary"]["new"], stand_.store.store().size());
  EXPECT_EQ(stage(night, "package")["status"], "ok");
  EXPECT_EQ(stage(night, "report html")["status"], "ok");
  EXPECT_TRUE(fs::exists(stand_.path("page.html")));
  EXPECT_EQ(night["todo"]["write"], 0);
  EXPECT_EQ(count_of("runs"), "2") << "the night itself is none";
  EXPECT_EQ(sql_value(stand_.path("store.db"), "SELECT count(DISTINCT trace_id) FROM runs"), "1") << "one trace";
}

TEST_F(NightRun, AsTextSaysHowItEndedAndWhatThereIsToDoLast) {
  const Outcome night = stand_.run({"night"});
  EXPECT_EQ(night.exit_code, 0);
  EXPECT_TRUE(night.out.ends_with("\nsync: all done; package: all done\nnothing to do\n")) << night.out;
}

TEST_F(NightRun, OneStageThatFailsDoesNotTakeTheOthersAlong) {
  ASSERT_EQ(stand_.run({"night"}).exit_code, 0);
  stand_.store.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "nonsense";
  const auto night = stand_.json({"night"});
  EXPECT_EQ(night["exit_code"], 2);
  EXPECT_EQ(stage(night, "sync")["exit_code"], 2);
  EXPECT_EQ(stage(night, "package")["exit_code"], 0);
  EXPECT_THAT(std::string(night["verdict"]), StartsWith("sync: failed: NAVER_COMMERCE_CLIENT_SECRET is no"));
}

TEST_F(NightRun, WhatCannotRunIsLeftOutAndSaid) {
  stand_.write_config(stand_.places());
  const auto night = stand_.json({"night"});
  EXPECT_EQ(night["exit_code"], 0);
  EXPECT_EQ(stage(night, "package")["status"], "skipped");
  EXPECT_THAT(std::string(stage(night, "package")["skipped"]), HasSubstr("no folder of posts is named"));
  EXPECT_TRUE(stage(night, "package")["exit_code"].is_null());
  const Outcome alone = stand_.run({"package", "--from-queue"});
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_THAT(alone.err, HasSubstr("--from-queue needs --posts DIR"));
}

TEST_F(NightRun, IsOneRunAtATime) {
  stand_.store.store().set_latency(std::chrono::seconds(2), Nanoseconds(0));
  Process first = stand_.start({"night"});
  while (first.err_so_far().find(" from http") == std::string::npos && first.running())
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto second = stand_.json({"night"});
  EXPECT_EQ(second["exit_code"], 75);
  EXPECT_THAT(std::string(second["stopped"]), HasSubstr("pipeline night"));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait().exit_code, 143);
}

TEST_F(NightRun, ASignalEndsItWithWhatHadArrivedAndNothingMoreIsBegun) {
  stand_.store.store().set_latency(std::chrono::seconds(2), Nanoseconds(0));
  Process night = stand_.start({"night", "--json"});
  while (night.err_so_far().find(" from http") == std::string::npos && night.running())
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  night.signal(SIGINT);
  const Outcome ended = night.wait();
  EXPECT_EQ(ended.exit_code, 130);
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(stage(json, "sync")["exit_code"], 130);
  EXPECT_THAT(std::string(stage(json, "package")["skipped"]), HasSubstr("interrupted"));
}

TEST_F(NightRun, TellsOnceForAllStages) {
  const fs::path tell = stand_.path("tell");
  std::ofstream(tell) << "#!/bin/sh\ncat >> " << stand_.path("told").string() << "\n";
  fs::permissions(tell, fs::perms::owner_all);
  stand_.write_config(stand_.places() + "notify = [\"exec:" + tell.string() +
                      "\"]\nnotify-always = true\nlanguage = \"ko\"\n" + package());
  EXPECT_EQ(stand_.run({"night"}).exit_code, 0);
  std::ifstream told(stand_.path("told"));
  const auto first = nlohmann::json::parse(told);  // a second one would not parse
  EXPECT_EQ(first["command"], "night");
  EXPECT_THAT(std::string(first["title"]), HasSubstr("sync: 모두 끝났습니다; package: 모두 끝났습니다"));
}

}  // namespace
}  // namespace pipeline::test
