#include "config_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

// What an operator reads in normal work has no English sentence left in it.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Lines with three English words in a row: names of files, options and commands are no words.
std::vector<std::string> english_lines(const std::string& text) {
  static const std::regex names(R"re((`[^`]*`)|("[^"]*")|(--?[a-z][-a-z]*)|(\S*[/_.=:]\S*)|([A-Z][-A-Z_|=<>a-z]*))re");
  static const std::regex words(R"re([a-z]{2,} [a-z]{2,} [a-z]{2,})re");
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool is_example = line.starts_with("  pipeline ") || line.starts_with("  cut ") ||
                            line.starts_with("사용법: ") || line.find("trace_id=") != std::string::npos;
    if (!is_example && std::regex_search(std::regex_replace(line, names, "#"), words)) found.push_back(line);
  }
  return found;
}

class KoreanRun : public testing::Test {
 protected:
  KoreanRun() {
    fs::create_directories(stand_.path("posts"));
    stand_.write_config("language = \"ko\"\n" + stand_.places() + "[package]\n" + stand_.line("posts", "posts") +
                        stand_.line("out", "packages"));
  }

  void expect_korean(const std::vector<std::string>& arguments) const {
    const Outcome outcome = stand_.run(arguments);
    EXPECT_THAT(english_lines(outcome.out), IsEmpty()) << arguments.front();
    EXPECT_THAT(english_lines(outcome.err), IsEmpty()) << arguments.front();
  }
  [[nodiscard]] std::string sku() const { return std::to_string(stand_.store.store().channel_nos().front()); }

  mutable ConfigStand stand_;
};

TEST_F(KoreanRun, TheHelpOfEveryCommand) {
  const Outcome root = stand_.run({"--help"});
  std::istringstream lines(root.out);
  std::vector<std::vector<std::string>> commands{{}};
  bool is_list = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "명령:")
      is_list = true;
    else if (line.empty())
      is_list = false;
    else if (is_list)
      commands.push_back({line.substr(2, line.find(' ', 2) - 2)});
  }
  ASSERT_GT(commands.size(), 5U) << root.out;
  for (std::vector<std::string> command : commands) {
    command.emplace_back("--help");
    expect_korean(command);
  }
  for (const char* within : {"new", "check", "list", "published", "keep", "schema", "forget"})
    expect_korean({"post", within, "--help"});
  for (const char* within : {"list", "claim", "done", "fail", "retry"}) expect_korean({"queue", within, "--help"});
  for (const char* within : {"show", "check", "compare", "history", "html"})
    expect_korean({"report", within, "--help"});
  for (const char* within : {"list", "add", "remove"}) expect_korean({"store", within, "--help"});
}

TEST_F(KoreanRun, ANightAndTheMorningAfterIt) {
  expect_korean({"sync", "--dry-run", "--limit", "3"});
  expect_korean({"night"});
  ASSERT_EQ(stand_.run({"post", "new", stand_.path("posts/A").string(), "--sku", sku()}).exit_code, 0);
  expect_korean({"post", "check", stand_.path("posts/A").string()});
  stand_.store.store().edit({.kind = emulator::Edit::Kind::set_price,
                             .channel_no = stand_.store.store().channel_nos().front(),
                             .value = 55'500});
  expect_korean({"night", "--stats"});
  expect_korean({"status"});
  expect_korean({"status", "--brief"});
  expect_korean({"post", "list"});
  expect_korean({"queue", "list"});
  expect_korean({"check"});
}

TEST_F(KoreanRun, TablesAndTheirWords) {
  const auto shown = [&](const std::vector<std::string>& arguments) { return stand_.run(arguments).out; };
  ASSERT_EQ(stand_.run({"sync"}).exit_code, 0);
  ASSERT_EQ(stand_.run({"post", "new", stand_.path("posts/A").string(), "--sku", sku()}).exit_code, 0);
  EXPECT_THAT(shown({"package", "--from-queue"}), AllOf(HasSubstr("글  상태  사진  키프레임"), HasSubstr("A   거절")));
  EXPECT_THAT(shown({"post", "list"}), AllOf(HasSubstr("글  상태  할 일"), HasSubstr("A   거절  바로잡기")));
  const std::string queue = shown({"queue", "list"});
  EXPECT_THAT(queue, AllOf(HasSubstr("번호  상태"), HasSubstr("이유"), HasSubstr("새 상품"), Not(HasSubstr("STATUS"))));
  EXPECT_EQ(shown({"queue", "list", "--json"}), shown({"queue", "list", "--json", "--language", "en"}));
  EXPECT_THAT(shown({"check"}), AllOf(HasSubstr("✓ 설정         "), HasSubstr("✓ 데이터베이스 ")));
  stand_.store.store().edit({.kind = emulator::Edit::Kind::set_price,
                             .channel_no = stand_.store.store().channel_nos().front(),
                             .value = 55'500});
  EXPECT_THAT(shown({"sync", "--dry-run", "--full"}), HasSubstr("전체    "));
  EXPECT_THAT(shown({"sync"}), AllOf(HasSubstr("단계  "), HasSubstr("횟수"), Not(HasSubstr("\nstage "))));
  std::ofstream(stand_.path("rows.csv")) << "상품번호,상품명,판매가,메모\n1002,컵,12900,x\n";
  EXPECT_THAT(shown({"upsert", stand_.path("rows.csv").string(), "--source", "SHOP", "--dry-run"}),
              AllOf(HasSubstr("열        항목\n"), HasSubstr("메모      raw_json(모르는 열)\n"),
                    HasSubstr("저장될 내용"), HasSubstr("2행"), HasSubstr("새 상품 1002")));
}

TEST_F(KoreanRun, AFileWithFaults) {
  std::ofstream(stand_.path("products.csv"))
      << "상품번호,상품명,판매가,재고수량,메모\n1.19E+10,머그,12900,3,\n1001,머그,12.90,3,\n1002,컵,12900,3,x\n";
  expect_korean(
      {"upsert", stand_.path("products.csv").string(), "--source", "SHOP", "--map", "상품번호=sku", "--dry-run"});
  expect_korean({"upsert", stand_.path("products.csv").string(), "--source", "SHOP", "--map", "상품번호=sku"});
}

TEST_F(KoreanRun, Refusals) {
  expect_korean({"snyc"});
  expect_korean({"sync", "--wokers", "3"});
  expect_korean({"sync", "--deadline", "6"});
  expect_korean({"sync", "--workers", "many"});
  expect_korean({"package"});
  expect_korean({"package", "--from-queue"});
  expect_korean({"status"});
  expect_korean({"post", "published", "NONE"});
  expect_korean({"upsert", "no-such-file.csv"});
  stand_.store.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "nonsense";
  expect_korean({"sync"});
  stand_.store.environment.erase("NAVER_COMMERCE_CLIENT_SECRET");
  expect_korean({"sync"});
}

TEST_F(KoreanRun, AShopThatRefuses) {
  stand_.store.store().add_fault({.target = emulator::Target::any, .kind = emulator::FaultKind::ip_not_allowed});
  expect_korean({"sync"});
  stand_.store.store().clear_faults();
  stand_.store.store().add_fault({.target = emulator::Target::any, .status = 503});
  expect_korean({"sync", "--retry-for", "1s"});
}

}  // namespace
}  // namespace pipeline::test
