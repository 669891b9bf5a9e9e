#include "support/sync_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace fs = std::filesystem;

// What a run tells by --notify, to servers that do as they like.
namespace pipeline::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A server that keeps what it is told, and answers as it is set.
class Listener {
 public:
  Listener() {
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      {
        const std::lock_guard lock(mutex_);
        told_.push_back({request.path, request.body});
      }
      if (pause.count() > 0) std::this_thread::sleep_for(pause);
      response.status = status;
      if (status == 302) response.set_header("Location", "/elsewhere");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~Listener() {
    server_.stop();
    thread_.join();
  }

  struct Told {
    std::string path;
    std::string body;
  };
  [[nodiscard]] std::vector<Told> told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  [[nodiscard]] std::string url(const std::string& path = "/key") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

  std::atomic<int> status = 200;
  std::chrono::milliseconds pause{0};

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::vector<Told> told_;
};

class NotifyRun : public testing::Test {
 protected:
  NotifyRun() { refused_.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "nonsense"; }

  [[nodiscard]] static Outcome run(SyncStand& stand, const std::string& where, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--notify", where});
    return stand.sync(more);
  }
  [[nodiscard]] fs::path program(const std::string& text) const {
    const fs::path file = good_.folder() / "tell";
    std::ofstream(file) << "#!/bin/sh\n" << text << "\n";
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }

  Listener listener_;
  SyncStand good_;
  SyncStand refused_;  // its runs end with 2
};

TEST_F(NotifyRun, AGoodNightIsNotTold) {
  EXPECT_EQ(run(good_, listener_.url()).exit_code, 0);
  EXPECT_THAT(listener_.told(), IsEmpty());
  EXPECT_EQ(run(good_, listener_.url(), {"--notify-always"}).exit_code, 0);
  EXPECT_THAT(listener_.told(), SizeIs(1));
}

TEST_F(NotifyRun, ARunThatDidNotEndWellIsToldOnce) {
  EXPECT_EQ(run(refused_, listener_.url()).exit_code, 2);
  const auto told = listener_.told();
  ASSERT_THAT(told, SizeIs(1));
  const json body = json::parse(told[0].body);
  EXPECT_EQ(body["command"], "sync");
  EXPECT_EQ(body["status"], "usage");
  EXPECT_EQ(body["exit_code"], 2);
  EXPECT_THAT(body["title"], HasSubstr("NAVER_COMMERCE_CLIENT_SECRET is no client secret"));
}

TEST_F(NotifyRun, TheNightAfterABadOneIsToldWhenItIsGood) {
  good_.store().add_fault({.target = emulator::Target::detail,
                           .product_no = good_.store().channel_nos().front(),
                           .kind = emulator::FaultKind::status,
                           .status = 403});
  EXPECT_EQ(run(good_, listener_.url()).exit_code, 3);
  EXPECT_THAT(listener_.told(), SizeIs(1));
  good_.store().clear_faults();
  EXPECT_EQ(run(good_, listener_.url()).exit_code, 0);
  ASSERT_THAT(listener_.told(), SizeIs(2));
  EXPECT_EQ(json::parse(listener_.told()[1].body)["status"], "ok");
  EXPECT_EQ(run(good_, listener_.url()).exit_code, 0);
  EXPECT_THAT(listener_.told(), SizeIs(2));
}

TEST_F(NotifyRun, EachServiceGetsItsForm) {
  const auto body_of = [&](const std::string& form, const std::string& path) {
    EXPECT_EQ(run(refused_, form + ":" + listener_.url(path)).exit_code, 2);
    return json::parse(listener_.told().back().body);
  };
  EXPECT_THAT(body_of("slack", "/services/T/B/x")["text"], HasSubstr("sync: failed"));
  EXPECT_THAT(body_of("discord", "/api/webhooks/1/x")["content"], HasSubstr("sync: failed"));
  const json telegram = body_of("telegram", "/bot1:x/sendMessage?chat_id=42");
  EXPECT_EQ(telegram["chat_id"], "42");
  EXPECT_EQ(listener_.told().back().path, "/bot1:x/sendMessage");
  const json ntfy = body_of("ntfy", "/topic");
  EXPECT_EQ(ntfy["topic"], "topic");
  EXPECT_EQ(listener_.told().back().path, "/");
  EXPECT_THAT(ntfy["title"], HasSubstr("sync: failed"));
}

TEST_F(NotifyRun, ItSpeaksTheOperatorsLanguage) {
  EXPECT_EQ(run(refused_, "slack:" + listener_.url(), {"--language", "ko"}).exit_code, 2);
  EXPECT_THAT(std::string(json::parse(listener_.told().at(0).body)["text"]), HasSubstr("sync: 실패했습니다: "));
}

TEST_F(NotifyRun, WhatGoesWrongWithItChangesNothingAndTellsNoKey) {
  listener_.status = 302;
  const Outcome moved = run(good_, listener_.url("/secret-key"), {"--notify-always"});
  EXPECT_EQ(moved.exit_code, 0);
  EXPECT_THAT(moved.err, AllOf(HasSubstr("was not delivered: the server answered 302"), Not(HasSubstr("secret-key"))));
  EXPECT_THAT(listener_.told(), SizeIs(1)) << "it is not followed";

  const Outcome refused = run(good_, "http://127.0.0.1:1/secret-key", {"--notify-always"});
  EXPECT_EQ(refused.exit_code, 0);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("was not delivered"), Not(HasSubstr("secret-key"))));
}

TEST_F(NotifyRun, AServerInTroubleIsAskedThreeTimes) {
  listener_.status = 500;
  EXPECT_EQ(run(good_, listener_.url(), {"--notify-always"}).exit_code, 0);
  EXPECT_THAT(listener_.told(), SizeIs(3));
}

TEST_F(NotifyRun, ASlowServerIsAskedOnce) {
  listener_.pause = std::chrono::seconds(12);
  const Outcome slow = run(good_, listener_.url(), {"--notify-always"});
  EXPECT_EQ(slow.exit_code, 0);
  EXPECT_THAT(slow.err, HasSubstr("was not delivered"));
  EXPECT_THAT(listener_.told(), SizeIs(1)) << "it may have arrived";
}

TEST_F(NotifyRun, AProgramGetsItOnItsStandardInputWithoutTheKeys) {
  const fs::path tell = program("cat > \"${0%/*}/told\"; env > \"${0%/*}/environment\"; echo heard");
  const Outcome run = NotifyRun::run(refused_, "exec:" + tell.string());
  EXPECT_EQ(run.exit_code, 2);
  const fs::path folder = good_.folder().path();
  std::ifstream told(folder / "told");
  EXPECT_EQ(json::parse(told)["exit_code"], 2);
  std::stringstream environment;
  environment << std::ifstream(folder / "environment").rdbuf();
  EXPECT_THAT(environment.str(), AllOf(HasSubstr("PATH="), Not(HasSubstr("NAVER_COMMERCE"))));
  EXPECT_FALSE(json::parse(run.out).contains("heard")) << "standard output is the run's own";
}

TEST_F(NotifyRun, AProgramThatFailsOrHangsChangesNothing) {
  EXPECT_EQ(run(good_, "exec:" + program("exit 7").string(), {"--notify-always"}).exit_code, 0);
  const Outcome hangs = run(good_, "exec:" + program("exec sleep 60").string(), {"--notify-always"});
  EXPECT_EQ(hangs.exit_code, 0);
  EXPECT_THAT(hangs.err, HasSubstr("did not end in ten seconds"));
}

TEST_F(NotifyRun, AWrongAddressIsRefusedBeforeTheRun) {
  for (const std::string where : {"slak:https://x", "hooks.slack.com/x", "slack:http://example.com/key",
                                  "exec:/no/such/program", "file:/no/such/file"}) {
    const Outcome wrong = run(good_, where);
    EXPECT_EQ(wrong.exit_code, 2) << where;
    EXPECT_THAT(wrong.err, AllOf(HasSubstr("--notify"), Not(HasSubstr("/key")))) << where;
  }
  EXPECT_FALSE(fs::exists(good_.db()));
}

TEST_F(NotifyRun, AnAddressMayStandInAFile) {
  std::ofstream(good_.folder() / "address") << "slack:" << listener_.url() << "\n";
  EXPECT_EQ(run(good_, "file:" + (good_.folder() / "address").string(), {"--notify-always"}).exit_code, 0);
  EXPECT_THAT(listener_.told(), SizeIs(1));
}

}  // namespace
}  // namespace pipeline::test
