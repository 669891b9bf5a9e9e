#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/metrics/run_files.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

// Our files after somebody opened them in a spreadsheet and saved them: read right, or refused with what happened.
namespace pipeline::metrics {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kId = "20261122T221620-4bf92f35";
const std::string kSpreadsheetHeader =
    "started_at,run_id,trace_id,command,kind,metric,labels,unit,count,sum,min,mean,p50,p95,p99,max,exit_code";
const std::string kStart = "2026-11-22T22:16:20.064Z," + kId + ",t,sync,";
const std::string kTimer = kStart + "timer,x_seconds,endpoint=list;status=200,seconds,3,0.6,0.1,0.2,0.2,0.3,0.3,0.3,0";
const std::string kCounter = kStart + "counter,y_total,,1,,12,,,,,,,0";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

class Spreadsheet : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return dir_ / "history.csv"; }
  void write(const std::string& text) const { std::ofstream(file(), std::ios::binary) << text; }
  std::vector<metrics::Run> read() {
    std::vector<metrics::Run> runs;
    for_each_run(
        file(), [&](metrics::Run&& run) { runs.push_back(std::move(run)); },
        [&](const std::string& fault) { faults_.push_back(fault); });
    return runs;
  }
  void expect_whole(const std::string& text, const std::string& how) {
    SCOPED_TRACE(how);
    write(text);
    faults_.clear();
    const auto runs = read();
    EXPECT_THAT(faults_, IsEmpty());
    ASSERT_THAT(runs, SizeIs(1));
    EXPECT_EQ(runs[0].info.run_id, kId);
    EXPECT_EQ(runs[0].info.exit_code, 0);
    EXPECT_EQ(to_seconds(runs[0].info.started_at - parse_utc("2026-11-22T22:16:20Z").value()), 0.064);
    ASSERT_THAT(runs[0].rows, SizeIs(2));
    EXPECT_EQ(to_text(runs[0].rows[0].labels), "endpoint=list;status=200");
    EXPECT_EQ(runs[0].rows[0].count, 3);
    EXPECT_EQ(runs[0].rows[0].sum, 0.6);
    EXPECT_EQ(runs[0].rows[0].max, 0.3);
    EXPECT_EQ(runs[0].rows[1].sum, 12);
  }
  std::string refusal(const std::string& text) {
    write(text);
    try {
      (void)read();
      return "no refusal";
    } catch (const Error& e) {
      return e.what();
    }
  }

  test::TempDir dir_;
  std::vector<std::string> faults_;
};

TEST_F(Spreadsheet, WhatItAddsAndLeavesOutChangesNothing) {
  const std::string lines = kSpreadsheetHeader + "\r\n" + kTimer + "\r\n" + kCounter + "\r\n";
  const std::string semicolons = replaced(replaced(replaced(lines, "endpoint=list;status=200", "L"), ",", ";"), "L",
                                          "\"endpoint=list;status=200\"");
  expect_whole(lines, "as it was");
  expect_whole("\xEF\xBB\xBF" + lines, "byte order mark");
  expect_whole(replaced(lines, "\r\n", "\n"), "LF");
  expect_whole(lines + std::string(16, ',') + "\r\n,,\r\n\r\n", "empty rows");
  expect_whole(replaced(lines, "\r\n", ",\r\n"), "an empty column");
  expect_whole(replaced(lines, "\r\n", ",,,\r\n") + std::string(19, ',') + "\r\n", "empty columns and rows");
  expect_whole(replaced(lines, "started_at,", "\"started_at\","), "quotes");
  expect_whole("sep=,\r\n" + lines, "a word for Excel");
  expect_whole(semicolons, "semicolons");
  expect_whole("sep=;\r\n" + semicolons, "semicolons and a word for Excel");
  expect_whole("\xEF\xBB\xBF" + replaced(semicolons, ";0.", ";0,"), "semicolons and decimal commas");
  expect_whole(replaced(lines, ",", "\t"), "tabs");
  expect_whole(replaced(replaced(lines, "\r\n", ";\r\n"), "status=200,seconds,3,0.6,0.1,0.2,0.2,0.3,0.3,0.3,0;",
                        "status=200,seconds,3,0.6,0.1,0.2,0.2,0.3,0.3,0.3,0"),
               "not split at the commas");
  expect_whole(replaced(lines, "\r\n", ";;\r\n") + ";;\r\n;\r\n", "not split, and empty rows");
}

TEST_F(Spreadsheet, CellsThatItDropsAtTheEndOfALineAreEmpty) {
  const std::string old = replaced(kSpreadsheetHeader, ",exit_code", "");
  write(old + "\n" + kStart + "counter,y_total,,1,,12\n" + kStart + "timer,never_seconds,,seconds,0,0\n");
  const auto runs = read();
  EXPECT_THAT(faults_, IsEmpty());
  ASSERT_THAT(runs, SizeIs(1));
  ASSERT_THAT(runs[0].rows, SizeIs(2));
  EXPECT_EQ(runs[0].rows[0].sum, 12);
  EXPECT_EQ(runs[0].info.exit_code, std::nullopt);
}

TEST_F(Spreadsheet, NumbersOfItsFormAreTheSame) {
  write(kSpreadsheetHeader + "\n" + kStart +
        "timer,x_seconds,,seconds,1E+06,1.2E-05,1.2E-05,0.000012,1.2e-5,1,1,2E+01,3\n");
  const auto runs = read();
  EXPECT_THAT(faults_, IsEmpty());
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].rows[0].count, 1'000'000);
  EXPECT_EQ(runs[0].rows[0].min, 0.000012);
  EXPECT_EQ(runs[0].rows[0].p50, 0.000012);
  EXPECT_EQ(runs[0].rows[0].max, 20);
  EXPECT_EQ(runs[0].info.exit_code, 3);
}

TEST_F(Spreadsheet, ATimerWithoutItsFiguresIsAFaultAndNotZero) {
  write(kSpreadsheetHeader + "\n" + kStart + "timer,x_seconds,,seconds,3,0.6\n" + kCounter + "\n");
  EXPECT_THAT(read(), SizeIs(1));
  EXPECT_THAT(faults_, ElementsAre(AllOf(HasSubstr(":2: 10 cells instead of 17"), HasSubstr("min is no number"))));
}

TEST_F(Spreadsheet, AFigureThatItMadeADateIsNamed) {
  write(kSpreadsheetHeader + "\n" + replaced(kTimer, "0.6", "06. Jan") + "\n" + replaced(kTimer, "0.6", "\"1,234.5\"") +
        "\n");
  EXPECT_THAT(read(), IsEmpty());
  EXPECT_THAT(faults_, ElementsAre(AllOf(HasSubstr("sum is no number: 06. Jan"), HasSubstr("backup")),
                                   HasSubstr("sum is no number: 1,234.5")));
}

TEST_F(Spreadsheet, ATimeThatItChangedIsToldByTheRunId) {
  for (const char* const time : {"2026-11-22 22:16", "2026-11-23 07:16:20 AM", "2026-11-22T22:16:20", ""}) {
    write(kSpreadsheetHeader + "\n" + replaced(kTimer, "2026-11-22T22:16:20.064Z", time) + "\n");
    const auto runs = read();
    ASSERT_THAT(runs, SizeIs(1)) << time;
    EXPECT_EQ(format_utc(runs[0].info.started_at), "2026-11-22T22:16:20.000Z") << time;
  }
  EXPECT_THAT(faults_, IsEmpty());
  write(kSpreadsheetHeader + "\n2026-11-22 22:16,by hand" + kTimer.substr(kStart.size() - 8) + "\n");
  EXPECT_THAT(read(), IsEmpty());
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("started_at is no UTC time: 2026-11-22 22:16")));
}

TEST_F(Spreadsheet, WhatIsNoCsvAnyMoreIsRefusedWithWhatToDo) {
  using namespace std::string_literals;
  EXPECT_THAT(refusal("PK\x03\x04 and so on\n"), AllOf(HasSubstr("it is a workbook"), HasSubstr("`CSV UTF-8`")));
  EXPECT_THAT(refusal("\xFF\xFEs\0t\0a\0\r\0\n\0"s), AllOf(HasSubstr("UTF-16"), HasSubstr("`CSV UTF-8`")));
  EXPECT_THAT(refusal(kSpreadsheetHeader + "\r" + kTimer + "\r"),
              AllOf(HasSubstr("end with CR alone"), HasSubstr("`CSV UTF-8`")));
  EXPECT_THAT(refusal("\"" + kSpreadsheetHeader + "\"\r\n"), HasSubstr("its header is a single cell"));
  EXPECT_THAT(refusal(replaced(kSpreadsheetHeader, "p95", "95%") + "\n"), HasSubstr("it has no column p95"));
}

TEST_F(Spreadsheet, RunsThatItSortedApartAreRefused) {
  const std::string other = replaced(kCounter, kId, "20261123T221620-00000000");
  EXPECT_THAT(refusal(kSpreadsheetHeader + "\n" + kTimer + "\n" + other + "\n" + kCounter + "\n"),
              AllOf(HasSubstr("history.csv:4: "), HasSubstr(kId + " stands in two places"),
                    HasSubstr("sort it by started_at and run_id")));
}

TEST_F(Spreadsheet, TheNextRunGoesOnBelowAHeaderOfItsOwn) {
  const RunInfo next{.run_id = "20261123T221620-00000000",
                     .trace_id = "t",
                     .command = "sync",
                     .started_at = parse_utc("2026-11-23T22:16:20Z").value(),
                     .exit_code = 3};
  const std::string lines = kSpreadsheetHeader + "\r\n" + kTimer + "\r\n" + kCounter + "\r\n";
  const std::string old = kSpreadsheetHeader.substr(0, kSpreadsheetHeader.rfind(',')) + "\r\n" +
                          kTimer.substr(0, kTimer.rfind(',')) + "\r\n" + kCounter.substr(0, kCounter.rfind(',')) +
                          "\r\n";
  const std::pair<const char*, std::string> files[] = {
      {"semicolons", replaced(replaced(replaced(lines, ";", "+"), ",", ";"), ".", ",")},
      {"byte order mark", "\xEF\xBB\xBF" + lines},
      {"a column of notes in front",
       "note," + replaced(replaced(lines, "\r\n2026", "\r\nslow,2026"), "\r\n\r\n", "\r\n")},
      {"an older version's", old}};
  for (const auto& [how, text] : files) {
    SCOPED_TRACE(how);
    write(text);
    Row row{.kind = Kind::counter, .metric = "z_total", .labels = {}, .unit = "1", .sum = 7};
    append_history(dir_.path(), next, {row});
    append_history(dir_.path(), {.run_id = "3", .trace_id = "t", .command = "sync", .started_at = next.started_at},
                   {row, row});
    const auto runs = read();
    EXPECT_THAT(faults_, IsEmpty());
    ASSERT_THAT(runs, SizeIs(3));
    EXPECT_EQ(runs[0].rows[0].max, 0.3);
    EXPECT_EQ(runs[1].info.run_id, next.run_id);
    EXPECT_EQ(runs[1].info.exit_code, 3);
    EXPECT_EQ(runs[1].rows[0].sum, 7);
    EXPECT_EQ(runs[2].info.exit_code, std::nullopt);
    EXPECT_THAT(runs[2].rows, SizeIs(2));
  }
}

TEST_F(Spreadsheet, ARunsReportIsReadAsWell) {
  const auto without_time = [](const std::string& line) { return line.substr(line.find(',') + 1); };
  write("\xEF\xBB\xBF" + without_time(kSpreadsheetHeader) + ",\r\n" + without_time(kTimer) + ",\r\n,,\r\n");
  const metrics::Run run = read_run_csv(file());
  ASSERT_THAT(run.rows, SizeIs(1));
  EXPECT_EQ(run.rows[0].p95, 0.3);
}

TEST_F(Spreadsheet, SamplesAreReadOrNamed) {
  write(
      "\xEF\xBB\xBFtrace_id;content_id;sku;metric;started_at;seconds\r\n"
      "t;;10300000001;x;2026-11-22T22:16:20.064Z;1,2E-05\r\n"
      "t;;1,03E+10;x;2026-11-22T22:16:20.064Z;1\r\n"
      "t;;3;x;2026-11-22 22:16;1\r\n;;;;;\r\n");
  std::vector<double> seconds;
  for_each_sample(
      file(), [&](const Sample& sample) { seconds.push_back(sample.seconds); },
      [&](const std::string& fault) { faults_.push_back(fault); });
  EXPECT_THAT(seconds, ElementsAre(0.000012));
  EXPECT_THAT(faults_, ElementsAre(HasSubstr(":3: digits of 1,03E+10 are gone"),
                                   HasSubstr(":4: started_at is no UTC time: 2026-11-22 22:16")));
}

}  // namespace
}  // namespace pipeline::metrics
