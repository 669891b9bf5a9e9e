#pragma once

#include <string_view>

namespace pipeline::package {

// The preview loads its own pictures and nothing else, whatever stands in it.
inline constexpr std::string_view kPreviewPolicy =
    "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

// A blog post as Korean readers know it: one column of 43 em at most, room between the lines, words kept whole. Fonts
// by name only, of what Windows, macOS, phones and Linux bring along.
inline constexpr std::string_view kPreviewStyle = R"(:root {
  color-scheme: light dark;
  --paper: #ffffff; --ground: #f4f5f6; --ink: #23272b; --soft: #6b737b; --line: #e4e7ea;
  --accent: #0a7d45; --accent-ink: #ffffff; --tint: #f1f8f4; --notice: #fff8e6; --notice-line: #f0d48a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1b1e21; --ground: #121416; --ink: #e6e8ea; --soft: #9aa3ab; --line: #32373c;
    --accent: #4cc38a; --accent-ink: #08130d; --tint: #1d2a23; --notice: #2b2618; --notice-line: #6b5a25;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 17px/1.8 "Pretendard", "Apple SD Gothic Neo", "Malgun Gothic", "맑은 고딕", "Noto Sans KR", "Noto Sans CJK KR",
    "NanumGothic", sans-serif;
  word-break: keep-all; overflow-wrap: break-word; -webkit-text-size-adjust: 100%;
}
.bar {
  display: flex; flex-wrap: wrap; gap: 0 1em; max-width: 760px; margin: 0 auto; padding: 14px 24px;
  color: var(--soft); font-size: 13px;
}
.bar b { color: var(--accent); }
main {
  max-width: 760px; margin: 0 auto 64px; padding: 48px 56px 56px; background: var(--paper);
  border: 1px solid var(--line); border-radius: 12px;
}
h1, h2, h3, h4, h5, h6 { line-height: 1.4; margin: 2em 0 .6em; letter-spacing: -.01em; }
h1 { font-size: 1.75em; }
main > h1 { margin: 0 0 1em; padding-bottom: .7em; border-bottom: 1px solid var(--line); }
h2 { font-size: 1.35em; padding-left: .6em; border-left: 4px solid var(--accent); }
h3 { font-size: 1.12em; }
h4, h5, h6 { font-size: 1em; }
p { margin: 0 0 1.1em; }
a { color: var(--accent); text-underline-offset: .2em; overflow-wrap: anywhere; }
ul, ol { margin: 0 0 1.2em; padding-left: 1.4em; }
li { margin: .25em 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.4em 0; }
blockquote { margin: 1.6em 0; padding: .2em 1.2em; border-left: 3px solid var(--line); color: var(--soft); }
blockquote > :last-child, .faq > :last-child, td > :last-child { margin-bottom: 0; }
pre, code, kbd, samp { font-family: "D2Coding", "Consolas", "Menlo", "Noto Sans Mono CJK KR", monospace;
  font-size: .9em; }
pre { overflow-x: auto; padding: 1em; background: var(--ground); border-radius: 8px; }
figure { margin: 1.6em 0; }
figcaption { color: var(--soft); font-size: .88em; text-align: center; margin-top: .6em; }
table { display: block; overflow-x: auto; border-collapse: collapse; margin: 1.6em 0; font-size: .94em;
  max-width: 100%; }
th, td { border: 1px solid var(--line); padding: .5em .9em; text-align: left; vertical-align: top; }
th { background: var(--ground); font-weight: 600; }
caption { color: var(--soft); font-size: .9em; padding-bottom: .5em; }
.disclosure {
  margin: 0 0 2em; padding: .9em 1.1em; background: var(--notice); border: 1px solid var(--notice-line);
  border-radius: 8px; font-size: .92em; line-height: 1.65;
}
.disclosure.sponsored::before {
  content: "광고·협찬 안내"; display: block; margin-bottom: .2em; font-weight: 700;
}
.photo { display: block; position: relative; width: fit-content; max-width: 100%; margin: 1.6em auto; }
.photo img { display: block; max-width: 100%; height: auto; border-radius: 6px; }
.photo::after {
  content: attr(data-number); position: absolute; left: 10px; top: 10px; padding: 2px 9px; border-radius: 99px;
  background: rgb(0 0 0 / .62); color: #fff; font-size: 12px; line-height: 1.6; font-weight: 600; text-indent: 0;
}
td .photo, li .photo { margin: .6em 0; }
.cta { margin: 2.4em 0; text-align: center; }
.cta a {
  display: inline-block; padding: .8em 2em; border-radius: 99px; background: var(--accent); color: var(--accent-ink);
  font-weight: 700; text-decoration: none;
}
.faq { margin: 3em 0 0; padding: 1.6em 1.8em; background: var(--tint); border-radius: 12px; }
.faq h2 { margin: 0 0 1em; padding: 0; border: 0; }
.faq h3 { margin: 1.2em 0 .3em; }
.tags { margin: 2.4em 0 0; color: var(--accent); font-size: .94em; word-spacing: .35em; }
@media (max-width: 640px) {
  body { font-size: 16px; }
  .bar { padding: 10px 20px; }
  main { margin: 0; padding: 28px 20px 40px; border-width: 1px 0 0; border-radius: 0; }
  h1 { font-size: 1.5em; }
  .faq { padding: 1.3em 1.2em; }
}
@media print {
  :root { --paper: #fff; --ground: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #000;
    --tint: #fff; --notice: #fff; }
  body { font-size: 11pt; }
  .bar, .photo::after { display: none; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  .faq { padding: 0; }
  .cta a { padding: 0; color: #000; background: none; text-decoration: underline; }
  h1, h2, h3 { break-after: avoid; }
  .photo, tr { break-inside: avoid; }
  .photo img { max-height: 16cm; width: auto; }
}
)";

}  // namespace pipeline::package
