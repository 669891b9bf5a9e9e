#include "pipeline/base/file.h"

#include "page_stand.h"
#include "support/browser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

// The page in a real browser, without a network.
namespace pipeline::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Stands in a page beside the report and tells what the browser made of it.
constexpr std::string_view kHarness = R"(<!DOCTYPE html>
<meta charset="utf-8"><title>harness</title>
<iframe id="report" src="page.html" width="1200" height="800"></iframe>
<pre id="said"></pre>
<script>
const said = [];
const say = (name, value) => said.push(name + ': ' + value);
addEventListener('load', () => {
  const frame = document.getElementById('report');
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  const press = (target, key) => target.dispatchEvent(new view.KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  const click = (kind, value) => page.querySelector(`[data-${kind}=${value}]`).click();
  const colours = () => view.getComputedStyle(page.body).backgroundColor + view.getComputedStyle(page.body).color;
  // Hidden text has no place: a part that shows both languages, or none, is found by its height.
  const shown = (language) => [...page.querySelectorAll(`[lang=${language}]`)].filter((one) => one.getClientRects().length).length;

  say('policy', page.querySelector('meta[http-equiv]') !== null);
  say('ran', view.ran === true);
  click('language', 'ko');
  say('korean', [page.documentElement.lang, page.title, page.querySelector('h1').innerText, shown('ko') > 20, shown('en')]);
  say('korean text has English words', /[a-z]{3,} [a-z]{3,} [a-z]{3,}/i.test([...page.querySelectorAll('h2, h3, p.lead, th, p.quiet')].map((one) => one.innerText.replace(/--no-samples/g, '')).join('\n')));
  click('language', 'en');
  say('english', [page.documentElement.lang, page.title, page.querySelector('h1').innerText, shown('ko'), shown('en') > 20]);
  say('english text has Korean words', /[가-힣]/.test(page.querySelector('main').innerText));
  say('pressed', page.querySelector('[data-language=en]').getAttribute('aria-pressed') + page.querySelector('[data-language=ko]').getAttribute('aria-pressed'));

  click('theme', 'light');
  const light = colours();
  click('theme', 'dark');
  say('dark differs', light !== colours());

  const chart = page.querySelectorAll('.chart')[1];
  const svg = chart.querySelector('svg');
  const readout = chart.querySelector('.readout');
  svg.focus();
  say('chart has focus', page.activeElement === svg);
  say('live', readout.getAttribute('aria-live'));
  press(svg, 'Home');
  say('first run', readout.innerText);
  press(svg, 'ArrowRight');
  say('second run', readout.innerText);
  press(svg, 'End');
  say('last run', readout.innerText);
  press(svg, 'ArrowRight');
  say('beyond', readout.innerText);
  click('language', 'ko');
  say('last run in Korean', readout.innerText);
  press(svg, 'Escape');
  say('left', '[' + readout.innerText + ']');
  const names = (one) => one.getAttribute('aria-labelledby').split(' ').every((id) => page.getElementById(id)?.innerText);
  say('all named', [...page.querySelectorAll('[role=img]')].every(names));
  say('all tables', [...page.querySelectorAll('.chart')].every((one) => one.querySelectorAll('details tbody tr').length > 0));

  const lanes = page.querySelector('.lanes');
  click('language', 'en');
  press(lanes, 'Home');
  press(lanes, 'ArrowRight');
  for (let i = 0; i < 30; ++i) press(lanes, 'ArrowRight');
  say('moment', page.querySelector('.timeline .readout').innerText);

  const links = [...page.querySelectorAll('a')];
  say('skip first', links[0].className === 'skip' && page.querySelector(links[0].getAttribute('href')) !== null);
  say('links lead somewhere', links.every((one) => page.querySelector(one.getAttribute('href'))));
  for (const width of [360, 768, 1200]) {
    frame.width = width;
    for (const language of ['ko', 'en']) {
      click('language', language);
      say(`wide ${width} ${language}`, page.documentElement.scrollWidth > view.innerWidth);
    }
  }
  document.getElementById('said').textContent = said.join('\n');
});
</script>
)";

class PageBrowser : public testing::Test {
 protected:
  Outcome browse(const std::vector<std::string>& more) { return test::browse(stand_.made.path(), more); }

  PageStand stand_;
};

TEST_F(PageBrowser, SwitchesReadsOutAndFitsAPhone) {
  stand_.make_rich();
  (void)stand_.html(stand_.with_budget());
  stand_.made.write("harness.html", kHarness);
  const Outcome outcome = browse({"--dump-dom", (stand_.made.path() / "harness.html").string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* expected :
       {"policy: true",
        "ran: false",
        "korean: ko,실행 보고서,실행 보고서,true,0",
        "korean text has English words: false",
        "english: en,Run report,Run report,0,true",
        "english text has Korean words: false",
        "pressed: truefalse",
        "dark differs: true",
        "chart has focus: true",
        "live: polite",
        "first run: 2025-11-24 03:00 · Count 100 · p50 400 ms · p95 800 ms · p99 1.20 s · Max 1.20 s",
        "second run: 2025-11-25 03:00 · Count 100 · p50 500 ms · p95 1.00 s",
        "last run: 2025-11-29 03:00 · Count 100 · p50 9.50 s · p95 19.00 s",
        "beyond: 2025-11-29 03:00 · Count 100 · p50 9.50 s",
        "last run in Korean: 2025-11-29 03:00 · 횟수 100 · p50",
        "left: []",
        "all named: true",
        "all tables: true",
        "moment: +29.45 s · Details 2.0",
        "skip first: true",
        "links lead somewhere: true",
        "wide 360 ko: false",
        "wide 360 en: false",
        "wide 768 ko: false",
        "wide 768 en: false",
        "wide 1200 ko: false",
        "wide 1200 en: false"})
    EXPECT_THAT(outcome.out, HasSubstr(expected));
  EXPECT_THAT(outcome.err, Not(HasSubstr("CONSOLE"))) << "errors and broken rules of the page's policy are told there";
}

// What would run or load if it were let: the page forbids it by itself.
TEST_F(PageBrowser, LoadsNothingWhateverIsPutIntoIt) {
  stand_.make_rich();
  std::string page = stand_.html();
  page.insert(page.find("</main>"), "<img src=\"file://" + (stand_.made.path() / "x.png").string() +
                                        "\" onerror=\"document.title = 'loaded'\"><p id=\"tried\">tried</p>");
  stand_.made.write("tried.html", page);
  const Outcome outcome = browse({"--dump-dom", (stand_.made.path() / "tried.html").string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  EXPECT_THAT(outcome.out, HasSubstr("id=\"tried\""));
  EXPECT_THAT(outcome.err, HasSubstr("Content Security Policy"));
}

// Without scripts it is the same page: in its own language, without the switches that could do nothing.
TEST_F(PageBrowser, WorksWithoutScripts) {
  stand_.make_rich();
  std::string page = stand_.html({"--language", "en"});
  const auto script = page.find("<script>");
  page.erase(script, page.find("</script>") - script);
  constexpr std::string_view kLook =
      "<script>addEventListener('load', () => document.title = [getComputedStyle(document.querySelector('.switches'))"
      ".display, [...document.querySelectorAll('main [lang=ko]')].some((one) => one.getClientRects().length), "
      "/[가-힣]/.test(document.querySelector('main').innerText), document.querySelectorAll('.chart "
      "svg').length].join())";
  page.insert(script, kLook);
  stand_.made.write("bare.html", page);
  const Outcome outcome = browse({"--dump-dom", (stand_.made.path() / "bare.html").string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  EXPECT_THAT(outcome.out,
              HasSubstr("<title data-ko=\"실행 보고서\" data-en=\"Run report\">none,false,false,6</title>"));
}

TEST_F(PageBrowser, IsPrintedSectionBySection) {
  stand_.make_rich();
  (void)stand_.html(stand_.with_budget());
  const auto pdf = stand_.made.path() / "page.pdf";
  const Outcome outcome = browse({"--print-to-pdf=" + pdf.string(), stand_.page().string()});
  if (outcome.exit_code == 127) GTEST_SKIP() << "chromium is not installed";
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string bytes = read_file(pdf);
  std::size_t pages = 0;
  for (auto at = bytes.find("/Type /Page\n"); at != bytes.npos; at = bytes.find("/Type /Page\n", at + 1)) ++pages;
  EXPECT_GE(pages, 6u) << "each section but the first begins a page";
  EXPECT_LE(pages, 14u);
}

}  // namespace
}  // namespace pipeline::test
