#include "pipeline/base/file.h"

#include "package_stand.h"
#include "support/browser.h"
#include "support/sync_stand.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <thread>
#include <vector>

namespace fs = std::filesystem;

// The page that the operator opens in the morning, through the executable, on a store where all kinds of things are to
// be done.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MorningRun : public testing::Test {
 protected:
  Outcome pipeline(std::vector<std::string> arguments, const std::string& before = "") const {
    std::vector<std::string> all;
    if (!before.empty()) all.push_back(before);
    all.push_back(pipeline_binary());
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--db", stand_.db().string()});
    return stand_.tool(all);
  }
  Outcome report(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"report",        "html",          "--out",
                                 page().string(), "--metrics-dir", stand_.metrics().string()};
    all.insert(all.end(), more.begin(), more.end());
    return pipeline(all);
  }
  std::string html(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"--language", "ko"};  // the last one counts
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = report(all);
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
    return read_file(page());
  }
  void night() const { (void)stand_.summary({"--from-queue", "--posts", stand_.posts().string()}); }
  void make(const std::string& content_id, int scene, const std::string& body, const std::string& sku = "1001") const {
    PostFiles post = stand_.post(content_id, {scene, scene + 1}, sku);
    post.json["title"] = content_id + "의 이야기";
    post.json["body"] = "body.md";
    post.json["cta"] = {{"text", "보기"}, {"url", "https://smartstore.naver.com/example/products/" + sku}};
    post.write().put("body.md", body);
  }
  // Something of each kind.
  void make_everything() const {
    stand_.upsert(R"({"sku":"1001","name":"보냉 텀블러 1호","sale_price":20002})");
    make("WRITE", 1, "가격은 20,002원입니다.\n");
    make("DOWN", 3, "글\n", "1002");
    make("UP", 5, "글\n", "1003");
    night();
    (void)pipeline({"post", "published", "WRITE", "DOWN"});
    stand_.upsert(R"({"sku":"1001","name":"보냉 텀블러 일호","sale_price":55500})");
    stand_.upsert(R"({"sku":"1002","name":"보냉 텀블러 2호","stock_quantity":0})");
    make("MEND", 7, "{{판매까}}\n");
    night();
    stand_.execute("UPDATE products SET parse_status = 'PARSE_FAIL', parse_error = 'no JSON' WHERE sku = '1004'");
    stand_.execute("UPDATE runs SET status = 'KILLED', exit_code = NULL, ended_at = NULL WHERE command = 'package'");
  }
  // `write WRITE stale_words`, in the order of the list.
  std::vector<std::string> todo_of_status() const {
    const auto status = nlohmann::json::parse(pipeline({"status", "--json"}).out);
    std::vector<std::string> all;
    for (const char* kind : {"write", "upload", "take_down", "mend", "look"})
      for (const auto& one : status["todo"][kind]) {
        const std::string id = one.value("content_id", one.value("product", one.value("command", "")));
        all.push_back(fmt::format("{} {} {}", kind, id, one["kind"].get<std::string>()));
      }
    return all;
  }
  static std::vector<std::string> todo_of(const std::string& html) {
    static const std::regex kTask(
        R"re(<li class="task" data-kind="([^"]*)" data-id="([^"]*)" data-reason="([^"]*)">)re");
    std::vector<std::string> all;
    for (std::sregex_iterator at(html.begin(), html.end(), kTask), end; at != end; ++at)
      all.push_back(fmt::format("{} {} {}", at->str(1), at->str(2), at->str(3)));
    return all;
  }
  fs::path page() const { return stand_.folder() / "page.html"; }

  PackageStand stand_;
};

TEST_F(MorningRun, SaysWhatStatusSays) {
  make_everything();
  const auto expected = todo_of_status();
  ASSERT_GE(expected.size(), 6U);
  const std::string morning = html();
  EXPECT_THAT(todo_of(morning), ElementsAreArray(expected));
  EXPECT_THAT(morning, HasSubstr(fmt::format("<span lang=\"ko\">오늘 할 일이 {}건 있습니다</span>", expected.size())));
  EXPECT_THAT(morning, AllOf(HasSubstr("<mark>20,002원</mark>"), HasSubstr("<ins>55,500원</ins>"),
                             HasSubstr("body.md:1"), HasSubstr("WRITE의 이야기"),
                             HasSubstr("href=\"https://smartstore.naver.com/example/products/1002\"")));
}

TEST_F(MorningRun, TellsWhatChangedWithNamesAndBothValues) {
  make_everything();
  const std::string morning = html();
  EXPECT_THAT(morning, AllOf(HasSubstr("20,002원"), HasSubstr("20,002 won"), HasSubstr("▲"),
                             HasSubstr("보냉 텀블러 <del>1호</del>"), HasSubstr("보냉 텀블러 <ins>일호</ins>")));
}

TEST_F(MorningRun, AKilledNightIsOnTheCalendar) {
  make_everything();
  EXPECT_THAT(html(), AllOf(HasSubstr("data-command=\"package\""), HasSubstr("data-state=\"stopped\"")));
  stand_.execute("UPDATE runs SET status = 'FAILED' WHERE command = 'package'");
  EXPECT_THAT(html(), HasSubstr("data-state=\"failed\""));
}

TEST_F(MorningRun, HasASmallPictureOfEachPostThatHasOne) {
  make_everything();
  std::ofstream(stand_.posts() / "UP" / "images" / "1.jpg", std::ios::binary) << "no picture";
  const std::string morning = html();
  const auto count = [&](const std::string& what) {
    std::size_t n = 0;
    for (auto at = morning.find(what); at != morning.npos; at = morning.find(what, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("<img class=\"picture\" src=\"data:image/jpeg;base64,"), 3U)
      << "WRITE, DOWN and MEND; UP's can't be read";
  static const std::regex kPicture(R"re(src="(data:[^"]*)" width="(\d+)" height="(\d+)")re");
  for (std::sregex_iterator at(morning.begin(), morning.end(), kPicture), end; at != end; ++at) {
    EXPECT_LE(at->length(1), 10'000 + 40);
    EXPECT_EQ(at->str(2), "128");
    EXPECT_EQ(at->str(3), "96");
  }
}

TEST_F(MorningRun, NothingToDoIsSaid) {
  make("A", 1, "글\n");
  night();
  (void)pipeline({"post", "published", "A"});
  const std::string morning = html({"--language", "en"});
  EXPECT_THAT(todo_of(morning), IsEmpty());
  EXPECT_THAT(morning, HasSubstr("<span lang=\"en\">Nothing to do today</span>"));
}

// Neither a history nor a database is needed for the other.
TEST_F(MorningRun, NeedsNoMeasurements) {
  make_everything();
  fs::remove_all(stand_.metrics());
  const Outcome outcome = report({"--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["runs"], 0);
  EXPECT_EQ(json["todo"], todo_of_status().size());
  EXPECT_THAT(read_file(page()), AllOf(Not(HasSubstr("id=\"performance\"")), HasSubstr("id=\"nights\"")));
}

TEST_F(MorningRun, NeedsNoDatabase) {
  make("A", 1, "글\n");
  night();
  fs::remove(stand_.db());
  const Outcome outcome = report({"--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(nlohmann::json::parse(outcome.out)["todo"].is_null());
  EXPECT_THAT(read_file(page()), AllOf(Not(HasSubstr("id=\"todo\"")), HasSubstr("id=\"glance\"")));
  EXPECT_FALSE(fs::exists(stand_.db()));
}

TEST_F(MorningRun, WritesNothingIntoTheDatabase) {
  make_everything();
  (void)stand_.query("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = read_file(stand_.db());
  (void)html();
  EXPECT_EQ(read_file(stand_.db()), before);
}

// Made again the same morning it says the same: what changed since yesterday, not since a moment ago.
TEST_F(MorningRun, SaysTheSameWhenItIsMadeAgain) {
  make_everything();
  const auto changes = [](const std::string& page) {
    const auto from = page.find("<div class=\"kinds\">");
    return page.substr(from, page.find("<section id=\"nights\"") - from);
  };
  const std::string first = html();
  EXPECT_EQ(changes(html()), changes(first));
}

TEST_F(MorningRun, TellsOfAllSinceThePageBefore) {
  make_everything();
  stand_.execute("UPDATE refresh_queue SET enqueued_at = enqueued_at - 3 * 86400000");
  EXPECT_THAT(html(), HasSubstr("바뀐 상품이 없습니다"));
  std::string old = read_file(page());
  const std::string mark = "name=\"pipeline-made\" content=\"";
  const auto at = old.find(mark);
  ASSERT_NE(at, old.npos);
  const auto days_ago = std::chrono::system_clock::now() - std::chrono::days(5);
  old.replace(at + mark.size(), 10, fmt::format("{:%F}", std::chrono::floor<std::chrono::seconds>(days_ago)));
  std::ofstream(page(), std::ios::binary) << old;
  EXPECT_THAT(html(), AllOf(HasSubstr("지난번 페이지를 만든"), HasSubstr("보냉 텀블러 <ins>일호</ins>")));
}

TEST_F(MorningRun, IsValidHtml) {
  make_everything();
  (void)html({"--budget", PIPELINE_BUDGET});
  const Outcome tidy =
      stand_.tool({"tidy", "-quiet", "-errors", "-utf8", "--drop-empty-elements", "no", page().string()});
  EXPECT_EQ(tidy.err, "");
  EXPECT_EQ(tidy.exit_code, 0);
  const Outcome parsed =
      stand_.tool({"/usr/bin/python3", "-c",
                   "import sys, html5lib\n"
                   "html5lib.HTMLParser(strict=True).parse(open(sys.argv[1], 'rb'), transport_encoding='utf-8')\n",
                   page().string()});
  EXPECT_EQ(parsed.exit_code, 0);
  EXPECT_EQ(parsed.err, "");
}

// The opener is whatever is called xdg-open; where there is no desktop the page is written all the same.
TEST_F(MorningRun, IsHandedToTheBrowserWhereThereIsOne) {
  make("A", 1, "글\n");
  night();
  const fs::path programs = stand_.folder() / "programs";
  const fs::path told = stand_.folder() / "told";
  fs::create_directory(programs);
  std::ofstream(programs / "xdg-open") << "#!/bin/sh\nprintf %s \"$1\" >" << told.string() << ".new\nmv "
                                       << told.string() << ".new " << told.string() << "\n";
  fs::permissions(programs / "xdg-open", fs::perms::owner_all);
  const auto opened = [&](const std::string& display) {
    return stand_.tool({"env", fmt::format("PATH={}:/usr/bin:/bin", programs.string()), display, pipeline_binary(),
                        "report", "html", "--out", page().string(), "--db", stand_.db().string(), "--open"});
  };
  const Outcome none = opened("DISPLAY=");
  EXPECT_EQ(none.exit_code, 0) << none.err;
  EXPECT_THAT(none.err, HasSubstr("no desktop"));
  EXPECT_EQ(opened("DISPLAY=:99").exit_code, 0);
  for (int i = 0; i < 500 && !fs::exists(told); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(read_file(told), page().string());
  fs::remove(programs / "xdg-open");
  const Outcome missing = stand_.tool({"env", "PATH=" + programs.string(), "DISPLAY=:99", pipeline_binary(), "report",
                                       "html", "--out", page().string(), "--db", stand_.db().string(), "--open"});
  EXPECT_EQ(missing.exit_code, 0);
  EXPECT_THAT(missing.err, HasSubstr("xdg-open can't be started"));
}

// Stands in a page beside the morning and tells what the browser made of it.
constexpr std::string_view kHarness = R"(<!DOCTYPE html>
<meta charset="utf-8"><title>harness</title>
<iframe id="report" src="page.html" width="1280" height="800"></iframe>
<pre id="said"></pre>
<script>
const said = [];
addEventListener('load', () => {
  const frame = document.getElementById('report');
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  const say = (name, value) => said.push(name + ': ' + value);
  const fold = page.getElementById('performance');
  say('folded', fold.open === false);
  page.querySelector('nav a[href="#performance"]').click();
  say('unfolded by its link', fold.open);
  say('links lead somewhere', [...page.querySelectorAll('a[href^="#"]')].every((one) => page.querySelector(one.getAttribute('href'))));
  for (const one of page.querySelectorAll('details')) one.open = true;
  say('pictures', [...page.images].every((one) => one.naturalWidth > 0) && page.images.length > 0);
  say('signs', [...page.querySelectorAll('td[data-state] .sign')].every((one) => one.getBoundingClientRect().width > 10));
  // What is drawn beyond the right edge of what holds it is cut off or has to be scrolled to.
  const cut = () => [...page.querySelectorAll('table, .task, .news li, h1, h2, h3, p')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > view.innerWidth || one.parentElement.scrollWidth > one.parentElement.clientWidth + 1);
  });
  for (const width of [360, 768, 1280]) {
    frame.width = width;
    for (const language of ['ko', 'en'])
      for (const theme of ['light', 'dark']) {
        page.querySelector(`[data-language=${language}]`).click();
        page.querySelector(`[data-theme=${theme}]`).click();
        const wide = page.documentElement.scrollWidth > view.innerWidth;
        say(`${width} ${language} ${theme}`, wide ? 'scrolls' : cut().map((one) => one.tagName + ' ' + one.className).join() || 'fits');
      }
  }
  const heading = page.querySelector('h1').innerText;
  page.querySelector('[data-language=ko]').click();
  say('both', /to do/.test(heading) && /할 일/.test(page.querySelector('h1').innerText));
  document.getElementById('said').textContent = said.join('\n');
});
</script>
)";

TEST_F(MorningRun, FitsEveryScreenInBothLanguagesAndColours) {
  make_everything();
  (void)html({"--budget", PIPELINE_BUDGET});
  std::ofstream(stand_.folder() / "harness.html", std::ios::binary) << kHarness;
  const Outcome outcome = browse(stand_.folder().path(), {"--dump-dom", (stand_.folder() / "harness.html").string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* expected : {"folded: true", "unfolded by its link: true", "links lead somewhere: true",
                               "pictures: true", "signs: true", "both: true"})
    EXPECT_THAT(outcome.out, HasSubstr(expected));
  for (const int width : {360, 768, 1280})
    for (const char* language : {"ko", "en"})
      for (const char* theme : {"light", "dark"})
        EXPECT_THAT(outcome.out, HasSubstr(fmt::format("{} {} {}: fits", width, language, theme)));
  EXPECT_THAT(outcome.err, Not(HasSubstr("CONSOLE"))) << "errors and broken rules of the page's policy are told there";
}

TEST_F(MorningRun, IsPrintedWithoutWhatIsFolded) {
  make_everything();
  (void)html();
  const auto pdf = stand_.folder() / "page.pdf";
  const Outcome outcome = browse(stand_.folder().path(), {"--print-to-pdf=" + pdf.string(), page().string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string bytes = read_file(pdf);
  std::size_t pages = 0;
  for (auto at = bytes.find("/Type /Page\n"); at != bytes.npos; at = bytes.find("/Type /Page\n", at + 1)) ++pages;
  EXPECT_GE(pages, 1U);
  EXPECT_LE(pages, 4U);
}

}  // namespace
}  // namespace pipeline::test
