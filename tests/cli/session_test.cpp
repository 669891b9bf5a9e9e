#include "session.h"

#include "pipeline/base/file.h"
#include "pipeline/base/trace_id.h"
#include "pipeline/store/runs.h"

#include "support/sql.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <new>
#include <stdexcept>

namespace pipeline::cli {
namespace {

using ::testing::HasSubstr;

// A run whose work is the test's.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    common_.db = dir_ / "store.db";
    common_.metrics_dir = dir_ / "metrics";
    common_.prometheus = dir_ / "run.prom";
    common_.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    common_.quiet = true;
  }

  void carry_out(
      const std::function<void()>& work, const std::function<std::string()>& text = [] { return std::string(); }) {
    Session session("sync", common_, output_, nullptr);
    session.begin(true);
    const store::Store store = session.open_store();
    store.runs->start(session.start_of(nlohmann::ordered_json::object()));
    const auto nothing = [] { return nlohmann::ordered_json::object(); };
    (void)session.carry_out({.work = work, .runs = *store.runs, .counts = nothing, .json = nothing, .text = text},
                            code_, stop_reason_);
    csv_ = session.csv();
  }
  [[nodiscard]] std::vector<std::vector<std::string>> runs() const {
    return test::run_sql(dir_ / "store.db", "SELECT status, exit_code FROM runs");
  }
  [[nodiscard]] std::string prometheus() const { return read_file(common_.prometheus); }

  test::TempDir dir_;
  CommonOptions common_;
  Output output_;
  ExitCode code_ = ExitCode::ok;
  std::string stop_reason_;
  std::filesystem::path csv_;
};

using Rows = std::vector<std::vector<std::string>>;

TEST_F(SessionTest, AGoodRunIsNoted) {
  carry_out([] {});
  EXPECT_EQ(code_, ExitCode::ok);
  EXPECT_EQ(runs(), (Rows{{"OK", "0"}}));
}

TEST_F(SessionTest, WhateverIsThrownEndsTheRunTheSameWay) {
  const std::pair<std::function<void()>, const char*> cases[] = {
      {[] { throw Error("the disk is gone"); }, "the disk is gone"},
      {[] { throw std::runtime_error("a field is missing"); }, "a field is missing"},
      {[] { throw std::bad_alloc(); }, "no memory left"},
      {[] { (void)std::filesystem::file_size("/proc/none/such"); }, "/proc/none/such"},
      {[] { throw 42; }, "not foreseen"}};
  for (const auto& [work, words] : cases) {
    code_ = ExitCode::ok;
    common_.trace_id = make_trace_id();  // the run's id is made of it
    carry_out(work);
    EXPECT_EQ(code_, ExitCode::failed);
    EXPECT_THAT(stop_reason_, HasSubstr(words));
    EXPECT_TRUE(std::filesystem::exists(csv_));
    EXPECT_THAT(prometheus(), HasSubstr("pipeline_last_run_exit_code{command=\"sync\"} 1"));
  }
  EXPECT_EQ(test::run_sql(dir_ / "store.db", "SELECT DISTINCT status, exit_code FROM runs"), (Rows{{"FAILED", "1"}}));
}

TEST_F(SessionTest, TheExitCodeOfAnErrorIsTheRuns) {
  carry_out([] { throw TryLaterError("held"); });
  EXPECT_EQ(code_, ExitCode::try_later);
  EXPECT_EQ(runs(), (Rows{{"TRY_LATER", "75"}}));
}

TEST_F(SessionTest, AResultThatCantBeShownMakesItAFailedRun) {
  common_.quiet = false;
  carry_out([] {}, []() -> std::string { throw std::length_error("too long"); });
  EXPECT_EQ(code_, ExitCode::failed);
  EXPECT_EQ(runs(), (Rows{{"FAILED", "1"}}));
  EXPECT_THAT(prometheus(), HasSubstr("pipeline_last_run_exit_code{command=\"sync\"} 1"));
}

}  // namespace
}  // namespace pipeline::cli
