#include "number_format.h"

#include <gtest/gtest.h>

namespace pipeline::sheet {
namespace {

using Kind = NumberFormat::Kind;

TEST(NumberFormat, TellsDatesFromNumbersByTheCode) {
  const std::pair<std::string_view, Kind> cases[] = {{"yyyy\\-mm\\-dd", Kind::date},
                                                     {"yyyy\"년\" m\"월\" d\"일\"", Kind::date},
                                                     {"[$-412]yyyy/mm/dd;@", Kind::date},
                                                     {"m\"월\" d\"일\"", Kind::date},
                                                     {"d-mmm", Kind::date},
                                                     {"YY/MM/DD hh:mm", Kind::date_time},
                                                     {"h:mm:ss", Kind::time},
                                                     {"[h]:mm", Kind::time},
                                                     {"General", Kind::number},
                                                     {"#,##0", Kind::number},
                                                     {"#,##0\"원\"", Kind::number},
                                                     {"[Red]\\-#,##0", Kind::number},
                                                     {"\"day \"0", Kind::number},
                                                     {"0.00E+00", Kind::number},
                                                     {"@", Kind::number},
                                                     {"0", Kind::number},
                                                     {"\"never closed", Kind::number},
                                                     {"[never closed", Kind::number},
                                                     {"\\", Kind::number},
                                                     {"00000", Kind::zeros}};
  for (const auto& [code, kind] : cases) EXPECT_EQ(number_format(170, code).kind, kind) << code;
  EXPECT_EQ(number_format(170, "00000").digits, 5);
}

TEST(NumberFormat, ZerosAreShownWithTheWordsAroundThem) {
  const auto shown = [](std::string_view code, std::string_view number) {
    return zeros_text(number, number_format(170, code));
  };
  EXPECT_EQ(shown("00000", "42"), "00042");
  EXPECT_EQ(shown("\"SKU-\"0000", "42"), "SKU-0042");
  EXPECT_EQ(shown("\"SKU-\"0000", "123456"), "SKU-123456");
  EXPECT_EQ(shown("000\\-0000", "1234567"), "123-4567");
  EXPECT_EQ(shown("000-0000", "12345678"), "1234-5678");
  EXPECT_EQ(shown("[Red]000\"번\";@", "7"), "007번");
  EXPECT_EQ(shown("00000", "4.5"), "4.5");
  EXPECT_EQ(number_format(170, "\"day \"0").kind, Kind::number) << "one zero says nothing of digits";
  EXPECT_EQ(number_format(170, "0000\"never closed").kind, Kind::number);
}

TEST(NumberFormat, KnowsThoseThatHaveNoCode) {
  EXPECT_EQ(number_format(0, "").kind, Kind::number);
  EXPECT_EQ(number_format(3, "").kind, Kind::number);
  EXPECT_EQ(number_format(14, "").kind, Kind::date);
  EXPECT_EQ(number_format(22, "").kind, Kind::date_time);
  EXPECT_EQ(number_format(31, "").kind, Kind::date);  // of Asian programs
  EXPECT_EQ(number_format(46, "").kind, Kind::time);
  EXPECT_EQ(number_format(49, "").kind, Kind::number);
}

TEST(DateText, CountsFromTheEndOf1899) {
  EXPECT_EQ(date_text("46027", Kind::date, false), "2026-01-05");
  EXPECT_EQ(date_text("1", Kind::date, false), "1900-01-01");
  EXPECT_EQ(date_text("59", Kind::date, false), "1900-02-28");
  EXPECT_EQ(date_text("61", Kind::date, false), "1900-03-01");
  EXPECT_EQ(date_text("44565", Kind::date, true), "2026-01-05");
}

TEST(DateText, HasTheTimeWhereThereIsOne) {
  EXPECT_EQ(date_text("46027.424444444441", Kind::date_time, false), "2026-01-05 10:11:12");
  EXPECT_EQ(date_text("46027.424444444441", Kind::date, false), "2026-01-05 10:11:12");
  EXPECT_EQ(date_text("46027", Kind::date_time, false), "2026-01-05 00:00:00");
  EXPECT_EQ(date_text("46026.9999999999", Kind::date, false), "2026-01-05");
  EXPECT_EQ(date_text("0.5", Kind::time, false), "12:00:00");
}

TEST(DateText, LeavesWhatIsNoDateAsItIs) {
  for (const std::string_view number : {"-1", "2958466", "1e300", "nan", "abc", "", "46027x"})
    EXPECT_EQ(date_text(number, Kind::date, false), number);
}

}  // namespace
}  // namespace pipeline::sheet
