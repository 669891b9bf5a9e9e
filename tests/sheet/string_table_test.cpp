#include "string_table.h"

#include <gtest/gtest.h>

#include <random>

namespace pipeline::sheet {
namespace {

std::string text(std::size_t number) {
  return "글 " + std::to_string(number * 7919) + std::string(number % 50, 'x');
}

TEST(PagedBytes, AreReadAsTheyWereWrittenThoughFewPagesAreInMemory) {
  constexpr std::size_t kPages = 40;
  PagedBytes bytes(3);
  std::string all;
  std::mt19937 random(7);
  while (all.size() < kPages * PagedBytes::kPage) {
    const std::string piece(random() % 3000, static_cast<char>('a' + random() % 26));
    bytes.append(piece);
    all += piece;
  }
  ASSERT_EQ(bytes.size(), all.size());
  for (int i = 0; i < 3000; ++i) {
    const std::size_t offset = random() % all.size();
    const std::size_t size = std::min<std::size_t>(random() % (3 * PagedBytes::kPage), all.size() - offset);
    std::string read = "kept";
    bytes.read(offset, size, read);
    ASSERT_TRUE(read == "kept" + all.substr(offset, size)) << offset << " " << size;
  }
}

TEST(PagedBytes, MayBeReadWhileTheyGrow) {
  PagedBytes bytes(2);
  std::string read;
  for (std::size_t i = 0; i < 10 * PagedBytes::kPage; ++i) {
    bytes.append("x");
    if (i % 1000 == 0) bytes.read(0, 1, read);
  }
  EXPECT_EQ(read, std::string(read.size(), 'x'));
}

TEST(StringTable, GivesATextByItsNumber) {
  constexpr std::size_t kTexts = 300'000;
  StringTable table;
  for (std::size_t i = 0; i < kTexts; ++i) table.add(text(i));
  EXPECT_EQ(table.size(), kTexts);
  std::string read;
  for (const std::size_t i :
       {std::size_t{0}, std::size_t{1}, std::size_t{4095}, std::size_t{4096}, kTexts / 2, kTexts - 1}) {
    read.clear();
    EXPECT_TRUE(table.append(i, read));
    EXPECT_EQ(read, text(i)) << i;
  }
  EXPECT_FALSE(table.append(kTexts, read));
  EXPECT_FALSE(StringTable().append(0, read));
}

}  // namespace
}  // namespace pipeline::sheet
