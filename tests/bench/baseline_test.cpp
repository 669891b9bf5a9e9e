#include "baseline.h"

#include "pipeline/base/error.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class BaselineFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) const {
    const auto path = folder_ / "sync.csv";
    std::ofstream(path) << text;
    return path;
  }
  // What the reader says of it.
  std::string fault_of(const std::string& text) const {
    try {
      (void)read_baseline(write(text));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  test::TempDir folder_;
};

constexpr const char* kHeader = "case,what,unit,better,median,least,most\n";

TEST_F(BaselineFile, IsReadAsItWasWritten) {
  const Baseline written{{{"first", "ours to bare", "", Better::lower, 3.25, 3.1, 3.5},
                          {"rate", "rows", "rows/s", Better::higher, 1200, 1100, 1250}}};
  const Baseline read = read_baseline(write("# processor: any\n# runs: 5\n" + to_csv(written)));
  ASSERT_EQ(read.rows.size(), 2U);
  const BaselineRow* rate = read.find("rate", "rows");
  ASSERT_NE(rate, nullptr);
  EXPECT_EQ(rate->better, Better::higher);
  EXPECT_EQ(rate->unit, "rows/s");
  EXPECT_DOUBLE_EQ(rate->median, 1200);
  EXPECT_DOUBLE_EQ(rate->least, 1100);
  EXPECT_DOUBLE_EQ(rate->most, 1250);
  EXPECT_EQ(read.find("rate", "ours to bare"), nullptr);
}

TEST_F(BaselineFile, FaultsNameTheLineAndWhatToDo) {
  EXPECT_THAT(fault_of("# processor: any\ncase,what\n"), AllOf(HasSubstr("sync.csv:2"), HasSubstr("case,what,unit")));
  EXPECT_THAT(fault_of(std::string(kHeader) + "a,b,,lower,1,1\n"), AllOf(HasSubstr(":2"), HasSubstr("6 cells")));
  EXPECT_THAT(fault_of(std::string(kHeader) + "a,b,,less,1,1,1\n"), HasSubstr("less"));
  EXPECT_THAT(fault_of(std::string(kHeader) + "a,b,,lower,nan,1,1\n"), HasSubstr("not a number above zero: nan"));
  EXPECT_THAT(fault_of(std::string(kHeader) + "a,b,,lower,0,1,1\n"), HasSubstr("not a number above zero: 0"));
  EXPECT_THAT(fault_of(std::string(kHeader) + "a,b,,lower,1x,1,1\n"), HasSubstr("1x"));
  EXPECT_THAT(fault_of(std::string(kHeader) + "a,b,,lower,1,1,1\na,b,,lower,1,1,1\n"),
              AllOf(HasSubstr(":3"), HasSubstr("twice")));
  EXPECT_THAT(fault_of(kHeader), HasSubstr("--record"));
}

TEST_F(BaselineFile, AMissingFileSaysHowOneIsMade) {
  try {
    (void)read_baseline(folder_ / "none.csv");
    FAIL() << "a file that is not there was read";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("none.csv"), HasSubstr("--record")));
  }
}

Guarded figure(std::vector<double> values) {
  return {"first", "ours to bare", "", Better::lower, std::move(values)};
}

TEST(BaselineOfRuns, IsTheMedianOfTheRunsMedians) {
  const std::vector<std::vector<Guarded>> runs{{figure({1, 2, 9})}, {figure({3, 3, 3})}, {figure({0.5, 5, 50})}};
  const Baseline baseline = baseline_of(runs);
  ASSERT_EQ(baseline.rows.size(), 1U);
  EXPECT_DOUBLE_EQ(baseline.rows[0].median, 3);
  EXPECT_DOUBLE_EQ(baseline.rows[0].least, 2);
  EXPECT_DOUBLE_EQ(baseline.rows[0].most, 5);
}

TEST(BaselineOfRuns, RefusesAFigureThatARunLacks) {
  const std::vector<std::vector<Guarded>> runs{{figure({1})}, {}};
  EXPECT_THROW((void)baseline_of(runs), Error);
}

TEST(BaselineOfRuns, RefusesANameThatTheFileCouldNotHold) {
  const std::vector<std::vector<Guarded>> runs{{{"first", "ours, to bare", "", Better::lower, {1}}}};
  EXPECT_THROW((void)baseline_of(runs), Error);
}

}  // namespace
}  // namespace pipeline::bench
