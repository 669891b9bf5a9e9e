#include "config_stand.h"
#include "support/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
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

// The same for what is not a help text, more strictly: not one English word. Names are none: of files, options,
// commands, columns, metrics with the values of their labels, runs, states in capitals.
std::vector<std::string> english_words(const std::string& text) {
  static const std::regex names(
      R"re(`[^`]*`|"[^"]*"|^[a-z]+ [a-z]+: |pipeline [a-z]+( [a-z]+)*|파일 시스템 +\S+|--[a-z-]+: \S+|…\S+|\([a-z_]+\))re"
      R"re(|[a-z]+(_[a-z]+)+( [a-z0-9]+)*|--?[a-z][-a-z]*|\S*[/_.=]\S+|\S+:\S+|[A-Z][-A-Z0-9_]+|[0-9]\S*|[0-9a-f]{16,})re");
  static const std::regex words(R"re([A-Za-z]{2,})re");
  static const std::set<std::string> known{"sync",    "upsert", "package", "night",    "queue",   "post",
                                           "report",  "backup", "copy",    "prune",    "restore", "generate",
                                           "store",   "ms",     "max",     "zip",      "sku",     "source",
                                           "systemd", "cron",   "blog",    "pipeline", "csv",     "cups"};
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("trace_id=") != std::string::npos) continue;  // the log
    const std::string plain = std::regex_replace(line, names, "#");
    for (std::sregex_iterator word(plain.begin(), plain.end(), words), end; word != end; ++word)
      if (!known.contains(word->str())) found.push_back(word->str() + "  ←  " + line);
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
  // Of a command that shows what it did.
  Outcome expect_no_english(const std::vector<std::string>& arguments, int exit_code = 0) const {
    const Outcome outcome = stand_.run(arguments);
    const std::string command = testing::PrintToString(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code) << command << outcome.err;
    EXPECT_THAT(english_words(outcome.out), IsEmpty()) << command;
    EXPECT_THAT(english_words(outcome.err), IsEmpty()) << command;
    return outcome;
  }
  void edit(emulator::Edit::Kind kind, std::int64_t value) const {
    stand_.store.store().edit({.kind = kind, .channel_no = stand_.store.store().channel_nos().front(), .value = value});
  }
  void put_picture(const std::string& name, int scene) const {
    fs::create_directories(stand_.path(name).parent_path());
    std::ofstream(stand_.path(name), std::ios::binary) << photo({.seed = static_cast<std::uint64_t>(scene)}, 320, 240);
  }
  // A post of the first product that says its price.
  void write_post() const {
    for (int i : {1, 2}) put_picture(fmt::format("posts/A/images/{}.jpg", i), i);
    std::ofstream(stand_.path("posts/A/post.json")) << nlohmann::json{
        {"content_id", "A"}, {"sku", sku()}, {"title", "써 본 컵"}, {"body", "<p>값은 16,900원입니다.</p>"}};
  }
  [[nodiscard]] std::vector<std::string> reports(const std::string& command) const {
    std::vector<std::string> files;
    for (const auto& file : fs::directory_iterator(stand_.path("metrics")))
      if (const std::string name = file.path().filename().string();
          name.starts_with(command + "-") && name.find("samples") == std::string::npos)
        files.push_back(file.path().string());
    std::ranges::sort(files);
    return files;
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

TEST_F(KoreanRun, EachCommandOfTheMorning) {
  expect_no_english({"sync", "--dry-run", "--limit", "3"});
  expect_no_english({"sync", "--stats"});
  edit(emulator::Edit::Kind::set_price, 16'900);
  expect_no_english({"sync"});
  write_post();
  expect_no_english({"package", "--from-queue", "--stats"});
  expect_no_english({"post", "published", "A"});
  ASSERT_EQ(stand_.run({"post", "new", stand_.path("posts/C").string(), "--sku", sku()}).exit_code, 0);
  edit(emulator::Edit::Kind::set_price, 55'500);
  EXPECT_THAT(expect_no_english({"sync", "--dry-run"}).out, HasSubstr("판매가 16,900원 → 55,500원"));
  expect_no_english({"night"}, 3);
  EXPECT_THAT(expect_no_english({"status"}).out, HasSubstr("16,900원 → 지금은 55,500원"));
  expect_no_english({"status", "--brief"});
  expect_no_english({"post", "check", stand_.path("posts").string()}, 3);
  expect_no_english({"post", "list"});
  expect_no_english({"post", "keep", "A", "없는 말"}, 2);
  expect_no_english({"post", "keep", "A", "값은 16,900원"});
  edit(emulator::Edit::Kind::set_stock, 0);
  expect_no_english({"night"}, 3);
  expect_no_english({"status", "--check"}, 3);
  expect_no_english({"post", "forget", "C"}, 2);
  expect_no_english({"post", "forget", "A", "--dry-run"});
  expect_no_english({"report", "html", "--out", stand_.path("page.html").string()});
  expect_no_english({"check"});
}

TEST_F(KoreanRun, EachCommandOfTheQueue) {
  ASSERT_EQ(stand_.run({"sync", "--limit", "3"}).exit_code, 0);
  expect_no_english({"queue", "list"});
  expect_no_english({"queue", "claim", "--worker", "blog", "--limit", "2"});
  expect_no_english({"queue", "done", "1"});
  expect_no_english({"queue", "done", "1", "999"}, 3);
  expect_no_english({"queue", "fail", "2", "--reason", "사진 없음"});
  expect_no_english({"queue", "claim", "--worker", "blog"});
  expect_no_english({"queue", "fail", "2", "--reason", "사진 없음", "--max-attempts", "1"});
  expect_no_english({"queue", "list"});
  expect_no_english({"queue", "retry", "--all"});
  expect_no_english({"queue", "retry", "--all"});
}

TEST_F(KoreanRun, CopiesAndWhatIsOld) {
  ASSERT_EQ(stand_.run({"sync"}).exit_code, 0);
  const auto path = [&](const char* name) { return stand_.path(name).string(); };
  expect_no_english({"backup", path("a.db.zst")});
  expect_no_english({"restore", path("a.db.zst"), "--db", path("other.db")});
  expect_no_english({"restore", path("a.db.zst"), "--db", path("other.db")}, 2);
  expect_no_english({"restore", path("a.db.zst"), "--db", path("other.db"), "--force"});
  EXPECT_THAT(stand_.run({"copy", path("store.db"), path("copied.db")}).out,
              AllOf(HasSubstr("같음"), HasSubstr("복사하고 비교했습니다: 똑같습니다")));
  expect_no_english({"prune"}, 2);
  expect_no_english({"prune", "--dry-run"});
  expect_no_english({"prune", "--yes"});
  expect_no_english({"store", "list"});
  expect_no_english({"store", "add", "cups"});
  expect_no_english({"store", "list"});
  expect_no_english({"status", "--all"}, 2);
  expect_no_english({"store", "remove", "cups"});
  expect_no_english({"generate", "--man", path("man")});
  expect_no_english({"generate"}, 2);
}

TEST_F(KoreanRun, EachReport) {
  const std::string budget = (fs::path(PIPELINE_SOURCE_DIR) / "bench/budget.json").string();
  for (int i = 0; i < 3; ++i) ASSERT_EQ(stand_.run({"sync", "--full"}).exit_code, 0);
  const auto files = reports("sync");
  ASSERT_EQ(files.size(), 3U);
  const Outcome shown = expect_no_english({"report", "show", files[0]});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("시작 20"), HasSubstr("추적 번호 "), HasSubstr("종료 코드 0\n")));
  EXPECT_THAT(expect_no_english({"report", "compare", files[0], files[1], "--max-regression", "10000%"}).out,
              AllOf(HasSubstr("단계  "), HasSubstr("p50 이전"), HasSubstr("단계 ")));
  expect_no_english({"report", "compare", "--base", files[0], files[1], "--new", files[1]}, 2);
  EXPECT_THAT(expect_no_english({"report", "history"}).out, AllOf(HasSubstr("실행 수"), HasSubstr("주당 변화")));
  EXPECT_THAT(expect_no_english({"report", "history", "--format", "markdown"}).out,
              AllOf(HasSubstr("| 주당 변화 | 추세 |"), HasSubstr("| 실행 수 |")));
  EXPECT_THAT(
      expect_no_english({"report", "compare", files[0], files[1], "--max-regression", "10000%", "--format", "markdown"})
          .out,
      AllOf(HasSubstr("### sync: 이전 실행 1회, 지금 1회\n"), HasSubstr("| 단계 | 통계 | 이전 | 지금 | 변화 |")));
  // Names of rules are those of the budget's author, but for the program's own budget.
  const std::string judged = stand_.run({"report", "check", files[0], "--budget", budget}).out;
  EXPECT_THAT(judged, AllOf(HasSubstr("규칙"), HasSubstr("재는 값"), HasSubstr("해당 없음: "), HasSubstr("한도: 지킴 "),
                            Not(HasSubstr("does not apply")), Not(HasSubstr("kept"))));
  EXPECT_THAT(judged,
              AllOf(HasSubstr("계획: 상품 상세 한 건"), HasSubstr("자체: 트랜잭션 한 번"), Not(HasSubstr("a detail"))));
  EXPECT_THAT(stand_.run({"report", "history", "--budget", budget}).out,
              AllOf(HasSubstr("한도를 넘은 실행"), HasSubstr("계획: 429 응답 비율")));
  EXPECT_THAT(stand_.run({"report", "history", "--budget", budget, "--format", "markdown"}).out,
              AllOf(HasSubstr("| 한도를 넘은 실행 | 한도 |"), HasSubstr("| 계획: 429 응답 비율 |")));
  EXPECT_THAT(stand_.run({"report", "check", files[0], "--budget", budget, "--language", "en"}).out,
              HasSubstr("plan: a detail"));
}

TEST_F(KoreanRun, RemovalsThatAreHeldBack) {
  ASSERT_EQ(stand_.run({"sync"}).exit_code, 0);
  for (const auto no : stand_.store.store().channel_nos()) stand_.store.store().remove(no);
  const Outcome outcome = stand_.run({"sync"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("따로 지시하지 않으면 0개까지만"), HasSubstr(" 밖에 "),
                                 HasSubstr("--max-removals 100%을(를) 붙여"), Not(HasSubstr("more."))));
  EXPECT_THAT(stand_.run({"status"}).out,
              HasSubstr("개의 삭제 처리를 보류했습니다. 빠진 상품을 확인한 뒤 --max-removals를 쓰세요 (2"));
}

TEST_F(KoreanRun, AFileWithFaults) {
  std::ofstream(stand_.path("products.csv"))
      << "상품번호,상품명,판매가,재고수량,메모\n1.19E+10,머그,12900,3,\n1001,머그,12.90,3,\n1002,컵,12900,3,x\n";
  expect_korean(
      {"upsert", stand_.path("products.csv").string(), "--source", "SHOP", "--map", "상품번호=sku", "--dry-run"});
  expect_korean({"upsert", stand_.path("products.csv").string(), "--source", "SHOP", "--map", "상품번호=sku"});
  std::ofstream(stand_.path("rows.csv"))
      << "상품번호,상품명,판매가,재고수량,메모\n1001,컵,1.2E+4,3,x\n1002,컵,12900,3,x\n"
         "1003,컵,12900,3\n1004,컵,12900,3,x,y\n\"1005,컵,12900,3,x\n1006,컵,-1,3,x\n";
  for (const bool dry : {true, false}) {
    std::vector<std::string> arguments{"upsert", stand_.path("rows.csv").string(), "--source", "SHOP"};
    if (dry) arguments.emplace_back("--dry-run");
    EXPECT_THAT(expect_no_english(arguments, 3).out, HasSubstr("엑셀이 자릿수를 잘랐을 수 있는 숫자입니다"));
  }
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
