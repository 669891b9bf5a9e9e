#include "pipeline/base/file.h"
#include "pipeline/base/version.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/store_sqlite/database.h"

#include "page_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kStrictParse =
    "import sys, html5lib\n"
    "html5lib.HTMLParser(strict=True).parse(open(sys.argv[1], 'rb'), transport_encoding='utf-8')\n";

std::size_t count_of(const std::string& what, const std::string& text) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

class PageRun : public testing::Test {
 protected:
  PageStand stand_;
};

TEST_F(PageRun, ShowsAllOfARichHistory) {
  stand_.make_rich();
  const std::string page = stand_.html(stand_.with_budget());
  for (const char* id : {"glance", "budget", "history", "timeline", "slowest", "errors", "machine"})
    EXPECT_THAT(page, HasSubstr(fmt::format("<section id=\"{}\"", id)));
  EXPECT_THAT(page, AllOf(HasSubstr("1분 35초"), HasSubstr("1 min 35 s")));
  EXPECT_EQ(count_of("<figure class=\"chart\">", page), 6u) << "sync 4, upsert and package 1";
  EXPECT_EQ(count_of("<figure class=\"timeline\">", page), 2u);
  EXPECT_THAT(page, HasSubstr("--no-samples")) << "of the upsert";
  EXPECT_THAT(page, HasSubstr("<bdi>10300000001</bdi>"));
  EXPECT_THAT(page, HasSubstr("<span lang=\"ko\">API 응답 500 · detail</span>"));
  EXPECT_THAT(page, HasSubstr(fmt::format("pipeline {}", program_version())));
}

TEST_F(PageRun, JudgesTheLastRunAndDrawsTheLimits) {
  stand_.make_rich();
  const std::string page = stand_.html(stand_.with_budget());
  EXPECT_EQ(count_of("<tr class=\"over\">", page), 2u) << "one over, one without a value";
  EXPECT_EQ(count_of("<tr class=\"kept\">", page), 1u);
  EXPECT_EQ(count_of("<tr class=\"quiet\">", page), 1u);
  EXPECT_EQ(count_of("<path class=\"limit\"", page), 2u);
  EXPECT_THAT(page, HasSubstr("a detail &lt;b&gt; ≤ 500 ms</text>"));
  EXPECT_THAT(page, HasSubstr("Limit far above: the night ≤ 1 h"));
  EXPECT_THAT(stand_.html(), AllOf(Not(HasSubstr("id=\"budget\"")), Not(HasSubstr("class=\"limit\" d="))));
}

TEST_F(PageRun, IsValidHtml) {
  stand_.make_rich();
  (void)stand_.html(stand_.with_budget());
  const auto run = [&](const std::vector<std::string>& arguments) {
    return Process(arguments, {{"LC_ALL", "C.UTF-8"}}, stand_.made.path()).wait();
  };
  const Outcome tidy = run(
      {"/usr/bin/env", "tidy", "-quiet", "-errors", "-utf8", "--drop-empty-elements", "no", stand_.page().string()});
  EXPECT_EQ(tidy.exit_code, 0);
  EXPECT_EQ(tidy.err, "");
  const Outcome parsed = run({"/usr/bin/python3", "-c", std::string(kStrictParse), stand_.page().string()});
  EXPECT_EQ(parsed.exit_code, 0);
  EXPECT_EQ(parsed.err, "");
}

TEST_F(PageRun, EscapesWhatComesFromOutside) {
  stand_.make_rich();
  const std::string page = stand_.html(stand_.with_budget());
  EXPECT_THAT(page,
              AllOf(HasSubstr("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"),
                    HasSubstr("<bdi>POST&quot;'&lt;&amp;1</bdi>"), HasSubstr("{endpoint=&lt;i&gt;detail&lt;/i&gt;}"),
                    HasSubstr("<bdi>a detail &lt;b&gt;</bdi>")));
  EXPECT_EQ(count_of("<script", page), 1u) << "its own";
}

TEST_F(PageRun, RefersToNothingOutsideItself) {
  stand_.make_rich();
  const std::string page = stand_.html();
  EXPECT_THAT(page, AllOf(Not(HasSubstr("src=")), Not(HasSubstr("url(")), Not(HasSubstr("http:")),
                          Not(HasSubstr("https:")), Not(HasSubstr("@import"))));
  EXPECT_EQ(count_of("href=", page), count_of("href=\"#", page));
  EXPECT_THAT(page,
              HasSubstr("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"));
}

TEST_F(PageRun, GivesTheSameBytesButForTheTimeOfMaking) {
  stand_.make_rich();
  const auto without = [](std::string_view page) {  // the line that tells when it was made
    std::string rest;
    for (std::size_t end = 0; !page.empty(); page.remove_prefix(std::min(end + 1, page.size()))) {
      end = std::min(page.find('\n'), page.size());
      if (const auto line = page.substr(0, end); line.find("에 만듦") == std::string_view::npos) (rest += line) += '\n';
    }
    return rest;
  };
  const std::string first = stand_.html(stand_.with_budget());
  EXPECT_LT(without(first).size(), first.size());
  EXPECT_EQ(without(first), without(stand_.html(stand_.with_budget())));
}

TEST_F(PageRun, OpensInTheLanguageThatThePeopleAreSpokenToIn) {
  stand_.made.sync(0);
  const auto page = [&](const std::vector<std::string>& more, const std::map<std::string, std::string>& environment) {
    std::vector<std::string> call{
        pipeline_binary(), "report",  "html", "--metrics-dir", stand_.made.path().string(), "--db",
        stand_.db(),       "--weeks", "520",  "--out",         stand_.page().string()};
    call.insert(call.end(), more.begin(), more.end());
    const Outcome outcome = Process(call, environment, stand_.made.path()).wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return read_file(stand_.page());
  };
  const auto korean = AllOf(HasSubstr("<html lang=\"ko\">"), HasSubstr(">실행 보고서</title>"));
  const auto english = AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr(">Run report</title>"));
  EXPECT_THAT(page({"--language", "ko"}, {{"LC_ALL", "C.UTF-8"}}), korean);
  EXPECT_THAT(page({"--language", "en"}, {{"LC_ALL", "ko_KR.UTF-8"}}), english);
  EXPECT_THAT(page({}, {{"LC_ALL", "ko_KR.UTF-8"}}), korean);
  EXPECT_THAT(page({}, {{"LC_ALL", "C.UTF-8"}}), english);
  EXPECT_THAT(page({}, {{"LC_ALL", "C.UTF-8"}, {"PIPELINE_LANGUAGE", "ko"}}), korean);
  stand_.made.write("pipeline.toml", "language = \"ko\"\n");
  EXPECT_THAT(page({"--config", (stand_.made.path() / "pipeline.toml").string()}, {{"LC_ALL", "C.UTF-8"}}), korean);
}

TEST_F(PageRun, NamesProductsAndOutcomesFromTheDatabase) {
  stand_.make_rich();
  {
    const SystemClock clock;
    const store::Store store = store::sqlite::file_database(stand_.db())->open(clock);
    store.runs->start({.run_id = "run-0006", .trace_id = "t", .command = "sync", .options_json = "{}", .at = {}});
    store.runs->end({.status = "PARTIAL", .exit_code = 3, .counts_json = "{}", .at = {}});
    catalogue::Product product;
    product.source = "MY_STORE";
    product.sku = "10300000001";
    product.name = "텀블러 <b>굵게</b>";
    const std::vector<store::Delivery> deliveries{{&product}};
    (void)store.catalogue->write({.products = deliveries}, {.run_id = "run-0006"});
  }
  const std::string page = stand_.html();
  EXPECT_THAT(page, HasSubstr("<bdi>텀블러 &lt;b&gt;굵게&lt;/b&gt;</bdi>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"bad\">! <span lang=\"ko\">일부 실패</span>"));
}

TEST_F(PageRun, GoesOnWithoutADatabaseThatCanBeRead) {
  stand_.make_rich();
  stand_.made.write("store.db", "this is no database, but it is long enough to be taken for one by its name alone");
  const Outcome outcome = stand_.report();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("lacks product names"));
}

TEST_F(PageRun, TellsOfDamagedLines) {
  stand_.made.sync(0);
  stand_.made.append("history.csv", "2025,<script>torn\r\n");
  stand_.made.sync(1);
  const Outcome outcome = stand_.report({"--json"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("\"warn"), HasSubstr("history.csv:8")));
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["damaged_lines"], 1);
  EXPECT_EQ(json["runs"], 2);
  const std::string page = read_file(stand_.page());
  EXPECT_THAT(page, AllOf(HasSubstr("읽을 수 없는 줄 1개는 뺐습니다."), HasSubstr("history.csv:8")));
}

TEST_F(PageRun, SaysThatThereWereNoErrors) {
  stand_.made.sync(0);
  EXPECT_THAT(stand_.html(), HasSubstr("No error and no retry was recorded"));
}

TEST_F(PageRun, SumsItselfUpAsJson) {
  stand_.made.sync(0);
  const Outcome outcome = stand_.report({"--json"});
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["command"], "report html");
  EXPECT_EQ(json["status"], "ok");
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["runs"], 1);
  EXPECT_EQ(json["out"], stand_.page().string());
  EXPECT_EQ(json["bytes"], std::filesystem::file_size(stand_.page()));
  EXPECT_EQ(json["trace_id"].get<std::string>().size(), 32u);
}

TEST_F(PageRun, IsQuietWhenAsked) {
  stand_.made.sync(0);
  const Outcome outcome = stand_.report({"--quiet"});
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(PageRun, SaysWhatToDoWithoutAHistory) {
  const Outcome outcome = stand_.report();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("history.csv"), HasSubstr("--metrics-dir")));
  EXPECT_FALSE(std::filesystem::exists(stand_.page()));
}

TEST_F(PageRun, SaysWhatToDoWhenThePeriodIsEmpty) {
  stand_.made.add("sync", -9000, {timer_row("sync_total_seconds", 1, 1, 1, 1)});
  const Outcome outcome = stand_.report();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("no run of the last 520 weeks"), HasSubstr("--weeks")));
}

TEST_F(PageRun, LeavesAnOldPageAloneWhenItFails) {
  stand_.made.write("page.html", "old");
  EXPECT_EQ(stand_.report().exit_code, 2);
  EXPECT_EQ(read_file(stand_.page()), "old");
  stand_.made.sync(0);
  const Outcome outcome = stand_.report({"--out", "/nowhere/at/all/page.html"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no folder /nowhere/at/all"));
}

// A year of nights, each with more stages than a sync has.
TEST_F(PageRun, StaysSmallOverAYear) {
  for (int night = 0; night < 364; ++night) {
    std::vector<metrics::Row> more;
    for (int stage = 0; stage < 12; ++stage)
      more.push_back(timer_row(fmt::format("stage{}_seconds", stage), 50, 0.1 + night * 0.001, 0.7, 0.9));
    for (const char* command : {"sync", "upsert", "package"}) {
      more.push_back(timer_row(fmt::format("{}_total_seconds", command), 1, 4, 4, 4));
      stand_.made.add(command, night, more);
      more.pop_back();
    }
  }
  const std::string page = stand_.html();
  EXPECT_THAT(page, HasSubstr("grouped by week"));
  EXPECT_LT(page.size(), 1'500'000u);
}

}  // namespace
}  // namespace pipeline::test
