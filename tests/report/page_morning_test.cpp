#include "page_morning.h"

#include "pipeline/report/page.h"

#include "page_runs.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::report::page {
namespace {

using std::chrono::days;
using test::MadeRuns;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Friday, 27 November 2026, 09:00 in Korea.
constexpr WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);

std::size_t count_of(const std::string& what, const std::string& text) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

Task post(const std::string& id) {
  return {.id = id,
          .reason = "built",
          .title = id + "의 글",
          .folder = "posts/" + id,
          .link = {},
          .product = {},
          .why = {"올립니다.", "To upload."}};
}

TEST(PageMorning, SaysHowMuchThereIsToDo) {
  Morning morning;
  EXPECT_EQ(todo_words(morning).ko, "오늘은 할 일이 없습니다");
  EXPECT_THAT(todo_part(morning, kNow), HasSubstr("✓ "));
  morning.look.tasks = {post("A")};
  EXPECT_EQ(todo_words(morning).en, "1 thing to do today");
  morning.upload.tasks = {post("B")};
  morning.upload.more = 2'000;
  EXPECT_EQ(todo_words(morning).ko, "오늘 할 일이 2,002건 있습니다");
  const std::string part = todo_part(morning, kNow);
  EXPECT_THAT(part, AllOf(HasSubstr("pipeline status --json"), HasSubstr("2,001")));
  EXPECT_LT(part.find("todo-upload"), part.find("todo-look")) << "in the order in which they are to be done";
}

TEST(PageMorning, FoldsALongList) {
  Morning morning;
  for (int i = 0; i < 30; ++i) morning.mend.tasks.push_back(post(fmt::format("P{}", i)));
  const std::string part = todo_part(morning, kNow);
  EXPECT_EQ(count_of("<li class=\"task\"", part), 30U);
  EXPECT_EQ(count_of("<details", part), 1U);
  EXPECT_THAT(part, HasSubstr("22건 더 보기"));
  EXPECT_LT(part.find("data-id=\"P7\""), part.find("<details"));
  EXPECT_GT(part.find("data-id=\"P8\""), part.find("<details"));
}

TEST(PageMorning, TellsWhereAPostIsOutdated) {
  Morning morning;
  Task task = post("A");
  task.outdated = {{.place = "body.md:3",
                    .sentence = "지금 <b>12,900원</b>입니다.",
                    .field = {"판매가", "price"},
                    .product = "1001",
                    .before = {"12,900원", "12,900원"},
                    .after = {"55,500원", "55,500원"}},
                   {.place = "$.title",
                    .sentence = "옛 이름",
                    .field = {"상품명", "name"},
                    .product = "1001",
                    .before = {"옛 이름", "옛 이름"},
                    .after = {}}};
  task.since = kNow - days(3);
  morning.write.tasks = {task};
  const std::string part = todo_part(morning, kNow);
  EXPECT_THAT(part, AllOf(HasSubstr("지금 &lt;b&gt;<mark>12,900원</mark>&lt;/b&gt;입니다."),
                          HasSubstr("<del>12,900원</del> → <ins>55,500원</ins>"), HasSubstr("body.md:3"),
                          HasSubstr("11월 24일부터 3일째"), HasSubstr("since 24 Nov, 3 days")));
  EXPECT_THAT(part, HasSubstr("<span lang=\"en\">gone</span>"));
}

TEST(PageMorning, LinksOnlyWhereABrowserMayGo) {
  Morning morning;
  morning.upload.tasks = {post("A"), post("B")};
  morning.upload.tasks[0].link = "https://smartstore.naver.com/x?a=1&b=\"2\"";
  morning.upload.tasks[1].link = "javascript:alert(1)";
  const std::string part = todo_part(morning, kNow);
  EXPECT_THAT(part, HasSubstr("href=\"https://smartstore.naver.com/x?a=1&amp;b=&quot;2&quot;\" rel=\"noopener"));
  EXPECT_THAT(part, Not(HasSubstr("javascript")));
}

TEST(PageMorning, EscapesWhatComesFromOutside) {
  Morning morning;
  Task task = post("A\"<");
  task.title = "<script>";
  task.details = {{"사유 <i>", "reason <i>"}};
  task.folder = "a\"b<c";
  morning.mend.tasks = {task};
  EXPECT_THAT(todo_part(morning, kNow), AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<i>")), Not(HasSubstr("b<c")),
                                              HasSubstr("data-id=\"A&quot;&lt;\"")));
}

TEST(PageMorning, ShowsPicturesWhereThereAreAny) {
  Morning morning;
  morning.upload.tasks = {post("A"), post("B")};
  morning.upload.tasks[0].picture = "foo";
  morning.upload.tasks[0].picture_width = 128;
  morning.upload.tasks[0].picture_height = 96;
  const std::string part = todo_part(morning, kNow);
  EXPECT_THAT(
      part,
      HasSubstr("<img class=\"picture\" src=\"data:image/jpeg;base64,Zm9v\" width=\"128\" height=\"96\" alt=\"\">"));
  EXPECT_EQ(count_of("<img", part), 1U);
}

TEST(PageMorning, TellsOfChangesWithBothValues) {
  Changes changes;
  changes.since = kNow - days(1);
  changes.since_page = true;
  changes.price = {.count = 3,
                   .latest = {{.product = "1001",
                               .name = "텀블러 <1>",
                               .field = {"판매가", "price"},
                               .before = {"12,900원", "12,900 won"},
                               .after = {"55,500원", "55,500 won"},
                               .direction = Direction::up}}};
  changes.words = {.count = 1,
                   .latest = {{.product = "2",
                               .name = "새 이름",
                               .field = {"상품명", "name"},
                               .before = {"옛 이름", "옛 이름"},
                               .after = {"새 이름", "새 이름"}}}};
  changes.fresh = {.count = 1, .latest = {{.product = "3", .name = "", .field = {}, .before = {}, .after = {}}}};
  changes.others = 4;
  const std::string part = changes_part(changes);
  EXPECT_THAT(part, AllOf(HasSubstr("지난번 페이지를 만든 2026-11-26 09:00 이후"), HasSubstr("텀블러 &lt;1&gt;"),
                          HasSubstr("▲"), HasSubstr("<span lang=\"en\">12,900 won</span></del> → "),
                          HasSubstr("<del>옛</del> 이름"), HasSubstr("<ins>새</ins> 이름"), HasSubstr("변경 4건")));
  EXPECT_THAT(part, HasSubstr("그 밖에 2건이 더 있습니다")) << "of the prices";
  EXPECT_THAT(changes_part({}), HasSubstr("바뀐 상품이 없습니다."));
}

TEST(PageMorning, ShowsEveryStateOfANightInMoreThanAColour) {
  CommandNights sync{"sync", {}};
  for (int state = 0; state <= static_cast<int>(NightState::missing); ++state)
    sync.nights.push_back({.day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 16) + days(state),
                           .state = static_cast<NightState>(state),
                           .runs = {},
                           .more_runs = 0});
  sync.nights[4].runs = {{kNow - days(7), NightState::failed}};
  const std::string part = nights_part({sync});
  for (const char* words : {"기록 없음", "끝남", "다시 실행해 끝남", "일부 실패", "실패", "강제 종료·중단",
                            "다음으로 미룸", "끝나지 않음", "실행되지 않음"})
    EXPECT_THAT(part, HasSubstr(words));
  const std::string signs = night_signs();
  for (const char* sign : {"ran", "ran-again", "partly", "failed", "stopped", "put-off", "unfinished", "missing"}) {
    EXPECT_THAT(signs, HasSubstr(fmt::format("<symbol id=\"n-{}\"", sign)));
    EXPECT_THAT(part, HasSubstr(fmt::format("<td class=\"n-{0}\" data-state=\"{0}\"", sign)));
  }
  EXPECT_EQ(count_of("<tr>", part), 3U) << "the days of the week, and two weeks";
  EXPECT_THAT(part, HasSubstr("<span lang=\"ko\">09:00 실패</span>")) << "when the run began";
  EXPECT_THAT(nights_part({}), HasSubstr("기록된 실행이 없습니다"));
}

TEST(PageMorning, TellsWhatWaits) {
  Backlog backlog{.today = 3, .this_week = 1, .longer = 0, .failed = 2, .oldest = kNow - days(2), .queued = {}};
  for (int i = 0; i < 5; ++i) backlog.queued.emplace_back(std::chrono::sys_days(days(20'000 + i)), i * 100);
  const std::string part = backlog_part(backlog);
  EXPECT_THAT(part, AllOf(HasSubstr("4건이 기다립니다."), HasSubstr("2026-11-25 09:00부터"),
                          HasSubstr("실패한 항목 2건"), HasSubstr("가장 많은 밤 400건")));
  EXPECT_EQ(count_of("<rect", part), 4U) << "a night without entries has no bar";
  EXPECT_THAT(backlog_part({}), AllOf(HasSubstr("기다리는 항목이 없습니다."), Not(HasSubstr("<svg"))));
}

class MorningPage : public ::testing::Test {
 protected:
  [[nodiscard]] PageRequest request() const {
    PageRequest request;
    request.metrics_dir = made_.path();
    request.now = MadeRuns::kFirst + days(1);
    request.morning = &morning_;
    return request;
  }

  MadeRuns made_;
  Morning morning_;
};

TEST_F(MorningPage, NeedsNoMeasurements) {
  const Page page = make_page(request());
  EXPECT_EQ(page.runs, 0U);
  EXPECT_THAT(page.html, AllOf(HasSubstr("<section id=\"todo\""), HasSubstr("<section id=\"nights\""),
                               HasSubstr("성능은 보여 드리지 못합니다"), Not(HasSubstr("id=\"performance\""))));
}

TEST_F(MorningPage, FoldsTheMeasurementsBehindItself) {
  made_.sync(0);
  const std::string page = make_page(request()).html;
  EXPECT_LT(page.find("<section id=\"backlog\""), page.find("<details id=\"performance\""));
  for (const char* id : {"glance", "history", "timeline", "slowest", "errors", "machine"})
    EXPECT_LT(page.find("<details id=\"performance\""), page.find(fmt::format("<section id=\"{}\"", id))) << id;
  EXPECT_THAT(page, HasSubstr("<title data-ko=\"오늘 할 일\" data-en=\"To do today\">오늘 할 일</title>"));
}

TEST_F(MorningPage, TellsTheNextOneWhenItWasMade) {
  const auto file = made_.path() / "page.html";
  EXPECT_EQ(when_made(file), std::nullopt);
  std::ofstream(file, std::ios::binary) << make_page(request()).html;
  EXPECT_EQ(when_made(file), MadeRuns::kFirst + days(1));
  std::ofstream(file, std::ios::binary) << "<meta name=\"pipeline-made\" content=\"yesterday\">";
  EXPECT_EQ(when_made(file), std::nullopt);
}

}  // namespace
}  // namespace pipeline::report::page
