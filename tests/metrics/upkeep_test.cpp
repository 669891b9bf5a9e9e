#include "pipeline/metrics/upkeep.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/metrics/run_files.h"

#include "support/temp_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace pipeline::metrics {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kOldHeader =
    "started_at,run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max\r\n";
const std::string kHistoryHeader =
    "started_at,run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code\r\n";

class MetricsUpkeep : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ / name, std::ios::binary) << text;
  }
  static std::string row(const std::string& id, const std::string& label = "a=b", const std::string& end = ",0") {
    return fmt::format("2026-11-22T22:16:20.064Z,{},trace,sync,counter,retry_total,{},1,,3,,,,,,{}\r\n", id, label,
                       end);
  }
  static IsMeant is(const std::string& id) {
    return [id](std::string_view run) { return run == id; };
  }
  [[nodiscard]] std::vector<std::string> found() const {
    std::vector<std::string> names;
    for (const RunFile& file : run_files_in(dir_.path())) names.push_back(file.path.filename().string());
    return names;
  }

  test::TempDir dir_;
  const fs::path history_ = dir_ / "history.csv";
};

TEST_F(MetricsUpkeep, FilesOfRunsAreFoundByTheirNamesInTime) {
  put("sync-20261122T221620-4bf92f35.csv", "12345");
  put("sync-20261122T221620-4bf92f35-samples.csv", "");
  put("upsert-20251122T221620-4bf92f35.csv", "");
  put("package-20261123T000000-00000000-samples.csv.tmp-0123456789abcdef", "");  // of a kill
  for (const char* other : {"history.csv", "sync.csv", "sync-20261122T221620-4bf92f35.csv.bak", "notes.txt",
                            "sync-20261322T221620-4bf92f35.csv", "sync-20261122T221620-4BF92F35.csv",
                            "x sync-20261122T221620-4bf92f35.csv"})
    put(other, "");
  fs::create_directory(dir_ / "sync-20261122T221621-4bf92f35.csv");
  EXPECT_THAT(found(), ElementsAre("upsert-20251122T221620-4bf92f35.csv", "sync-20261122T221620-4bf92f35-samples.csv",
                                   "sync-20261122T221620-4bf92f35.csv",
                                   "package-20261123T000000-00000000-samples.csv.tmp-0123456789abcdef"));
  const RunFile file = run_files_in(dir_.path()).at(2);
  EXPECT_EQ(file.command, "sync");
  EXPECT_EQ(file.run_id, "20261122T221620-4bf92f35");
  EXPECT_EQ(file.bytes, 5U);
  EXPECT_THAT(run_files_in(dir_ / "none"), IsEmpty());
}

TEST_F(MetricsUpkeep, AllButTheRowsOfTheRunsStaysToTheByte) {
  const std::string before = kOldHeader + row("one", "a=b", "") + row("two", "a=b", "");
  const std::string torn = "2026-11-22T22:16:20.064Z,two,\"torn\r\n";
  const std::string behind =
      kHistoryHeader + row("three") + "\r\n" + row("two", "\"x=1\r\n2\"") + torn + kHistoryHeader + row("four");
  put("history.csv", before + behind);
  const std::uint64_t bytes = row("two", "a=b", "").size() + row("two", "\"x=1\r\n2\"").size();
  EXPECT_EQ(bytes_in_history(history_, is("two")), bytes);
  EXPECT_EQ(read_file(history_), before + behind) << "asking changes nothing";
  EXPECT_EQ(remove_from_history(history_, is("two")), bytes);
  EXPECT_EQ(read_file(history_), kOldHeader + row("one", "a=b", "") + kHistoryHeader + row("three") + "\r\n" + torn +
                                     kHistoryHeader + row("four"));
  EXPECT_EQ(remove_from_history(history_, is("two")), 0U);
}

TEST_F(MetricsUpkeep, AFileWithoutAnEndAndOneOfASpreadsheetStayTheirs) {
  std::string last = row("three");
  last.resize(last.size() - 10);
  put("history.csv", kHistoryHeader + row("two") + last);
  (void)remove_from_history(history_, is("two"));
  EXPECT_EQ(read_file(history_), kHistoryHeader + last);
  const std::string sheet = "\xEF\xBB\xBFsep=;\nrun_id;command;p50\ntwo;sync;1,5\nthree;sync;1,5\n";
  put("history.csv", sheet);
  (void)remove_from_history(history_, is("two"));
  EXPECT_EQ(read_file(history_), "\xEF\xBB\xBFsep=;\nrun_id;command;p50\nthree;sync;1,5\n");
}

TEST_F(MetricsUpkeep, RightsAndOtherFilesStay) {
  put("history.csv", kHistoryHeader + row("two") + row("three"));
  fs::permissions(history_, fs::perms(0640));
  (void)remove_from_history(history_, is("two"));
  EXPECT_EQ(fs::status(history_).permissions(), fs::perms(0640));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_.path()), fs::directory_iterator()), 1);
}

// A run that ends while the file is replaced waits at the lock of a file that has no name any more.
TEST_F(MetricsUpkeep, ARunThatEndsMeanwhileLosesNothing) {
  put("history.csv", kHistoryHeader + row("two") + row("three"));
  const Fd held(::open(history_.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  const RunInfo info{.run_id = "late", .trace_id = "t", .command = "sync", .started_at = {}, .exit_code = 0};
  const std::vector<Row> rows{{.kind = Kind::counter, .metric = "retry_total", .labels = {}, .unit = "1", .sum = 1}};
  std::vector<std::thread> late;
  for (int i = 0; i < 3; ++i) late.emplace_back([&] { append_history(dir_.path(), info, rows); });
  std::thread other([&] { (void)remove_from_history(history_, is("two")); });
  ::flock(held.get(), LOCK_UN);
  for (std::thread& thread : late) thread.join();
  other.join();
  const std::string text = read_file(history_);
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(",late,", at)) != text.npos; ++at) ++found;
  EXPECT_EQ(found, 3U) << text;
  EXPECT_EQ(text.find(",two,"), text.npos);
}

TEST_F(MetricsUpkeep, WhatIsNoHistoryIsNamed) {
  put("history.csv", "PK\x03\x04");
  EXPECT_THROW((void)remove_from_history(history_, is("two")), Error);
  EXPECT_EQ(read_file(history_), "PK\x03\x04");
}

}  // namespace
}  // namespace pipeline::metrics
