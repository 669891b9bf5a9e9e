#include "header_search.h"

#include "named_cells.h"

#include <gtest/gtest.h>

namespace pipeline::sheet {
namespace {

using Found = HeaderPlace::Found;

HeaderPlace find(std::string_view text, bool complete = true, char separator = '\0', std::int64_t row = 0) {
  const NamedCells columns;
  return HeaderSearch{columns, separator, row}.find(text, 1, complete);
}

TEST(HeaderSearch, TheFirstRecordMayNameTheKeyAlone) {
  EXPECT_EQ(find("\nsku\n1\n").line, 2);
  EXPECT_EQ(find("\nsku,x\n").found, Found::yes);
  EXPECT_EQ(find("a title\nsku,x\n").found, Found::no) << "a title may speak of the key";
  EXPECT_EQ(find("a title\nsku,name\n").line, 2);
}

TEST(HeaderSearch, WhereSeveralSeparatorsFitTheOneThatMakesMostOfTheNamesIsTaken) {
  EXPECT_EQ(find("sku;name;brand,x\n").separator, ';');
  EXPECT_EQ(find("sku|name|a;b;c;d\n").separator, '|');
  EXPECT_EQ(find("sku\n").separator, ',');
  EXPECT_EQ(find("sku;name\n", true, ',').found, Found::no);
}

TEST(HeaderSearch, WaitsForTheEndOfALineAndOfARecord) {
  EXPECT_EQ(find("sku,na", false).found, Found::too_early);
  EXPECT_EQ(find("sku,na").found, Found::yes);
  EXPECT_EQ(find("sku,\"a\n", false).found, Found::too_early);
  EXPECT_EQ(find("sku,\"a\nb\",name\n", false).found, Found::yes);
  EXPECT_EQ(find("", false).found, Found::too_early);
  EXPECT_EQ(find("").found, Found::no);
}

TEST(HeaderSearch, SaysWhyTheFirstLineIsNone) {
  EXPECT_NE(find("sku,\"a\" b\n1,2\n").fault.find("text behind its closing quote"), std::string::npos);
  EXPECT_NE(find("sku,\"a\n1,2\n").fault.find("never closed"), std::string::npos);
  EXPECT_EQ(find("a,b\n1,2\n").fault, "");
}

TEST(HeaderSearch, ALineThatIsNamedIsTakenForTheHeaderWhateverItSays) {
  EXPECT_EQ(find("sku,name\nx,y,z\n", true, '\0', 2).line, 2);
  EXPECT_EQ(find("sku,name\nx,y,z\n", true, '\0', 3).found, Found::no);
  EXPECT_EQ(find("sku,name\nx,y", false, '\0', 2).found, Found::too_early);
}

TEST(SeparatorLine, NamesOneSign) {
  EXPECT_EQ(separator_line("sep=;"), ';');
  EXPECT_EQ(separator_line("sep=\t"), '\t');
  EXPECT_EQ(separator_line("sep="), '\0');
  EXPECT_EQ(separator_line("sep=;x"), '\0');
  EXPECT_EQ(separator_line("step=;"), '\0');
}

}  // namespace
}  // namespace pipeline::sheet
