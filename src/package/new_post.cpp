#include "pipeline/package/new_post.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/package/post.h"
#include "pipeline/package/post_schema.h"

#include "content_id.h"
#include "json.h"
#include "media_files.h"
#include "post_folder.h"
#include "post_limits.h"
#include "text_rules.h"

#include <fmt/format.h>

#include <iterator>
#include <system_error>
#include <utility>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBodyFile = "body.md";

// What the law and Naver want said first of all, of whoever earns by the post.
constexpr const char* kOwn = "이 글은 판매자가 직접 쓴 자기 상품의 소개입니다.";
constexpr const char* kAffiliate =
    "이 글은 네이버 쇼핑 커넥트 활동의 일환으로, 판매가 일어나면 일정액의 수수료를 제공받습니다.";

std::string name_of(const catalogue::Product& product) {
  if (!product.name || !line_objection(*product.name).empty() || count_characters(*product.name) > kLongestTitle)
    return product.sku;
  return *product.name;
}

// As Markdown shows it letter for letter: a name may have `*`, `<b>` or `_` in it.
std::string as_markdown(std::string_view name) {
  constexpr std::string_view kMarks = "\\*_`<&~=";
  const bool may_link = name.find("](") != name.npos || name.find("[[") != name.npos;
  std::string text;
  for (const char c : name) {
    const bool begins_heading = text.empty() && (c == '#' || c == '>' || c == '-' || c == '+');
    if (kMarks.find(c) != kMarks.npos || begins_heading || (c == '[' && may_link)) text += '\\';
    text += c;
  }
  return text;
}

std::string post_json(const std::string& content_id, const catalogue::Product& product, const std::string& sku) {
  Json json = {{"content_id", content_id},
               {"sku", sku},
               {"title", name_of(product)},
               {"body", kBodyFile},
               {"tags", Json::array()}};
  const bool affiliate = product.source.starts_with("AFFILIATE");
  json["disclosure"] = {{"required", true}, {"text", affiliate ? kAffiliate : kOwn}};
  if (product.channel_product_no)
    json["cta"] = {{"text", "스마트스토어에서 보기"},
                   {"url", fmt::format("https://smartstore.naver.com/main/products/{}", *product.channel_product_no)}};
  json["faq"] = Json::array();
  json["facts"] = Json::object();
  return json.dump(2) + "\n";
}

// Behind each picture's place a hint for what to write.
std::string body_md(const catalogue::Product& product, const std::vector<std::string>& pictures) {
  constexpr const char* kHints[] = {"첫인상: 언제, 어디에 쓰려고 골랐는지",
                                    "써 본 느낌: 무엇이 좋았고 무엇이 아쉬웠는지",
                                    "누구에게 어울리는지, 사기 전에 알아 둘 것"};
  std::string text = fmt::format("{} 이야기입니다.\n", as_markdown(name_of(product)));
  std::size_t hint = 0;
  for (const std::string& picture : pictures) {
    text += fmt::format("\n![](<{}>)\n", picture);
    if (hint < std::size(kHints)) text += fmt::format("\n<!-- {} -->\n", kHints[hint++]);
  }
  return text;
}

std::string readme(const std::string& content_id) {
  std::string text = fmt::format(
      "이 폴더는 블로그 글 하나입니다 ({}).\n\n"
      "  post.json   제목, 상품, 표시 문구, 단추 (메모장에서 UTF-8로 저장하세요)\n"
      "  body.md     본문. <!-- 이런 줄 -->은 글쓴이만 보는 메모이고 발행되지 않습니다\n"
      "  images/     사진: jpg, png, webp, gif. 두 장 이상\n"
      "  video/      동영상이 있으면 (없어도 됩니다)\n\n"
      "1. images 폴더에 사진을 넣습니다. 본문의 ![](<images/01.jpg>)는 그 사진이 놓일 자리입니다. 이름이 다르면 "
      "본문을\n"
      "   고치세요. 본문에 없는 사진은 글 끝에 붙습니다.\n"
      "2. 본문을 씁니다.\n"
      "3. 살펴보기:   pipeline post check 이폴더\n"
      "4. 패키지 만들기:   pipeline package 이폴더\n\n"
      "post.json에 쓸 수 있는 것\n\n",
      content_id);
  for (const PostField& field : post_fields()) text += fmt::format("  {}\n      {}\n", field.name, field.meaning);
  return text + "\n이 밖의 이름은 글쓴이의 메모로 두고 건드리지 않습니다. 이 README.txt는 지워도 됩니다.\n";
}

std::vector<std::string> pictures_in(const fs::path& folder) {
  std::vector<Fault> ignored;  // `post check` tells them
  std::vector<std::string> names;
  if (const auto files = PostFolder::open(folder, ignored))
    for (PostFolder::File& file : find_media(*files).images) names.push_back(std::move(file.name));
  if (names.empty()) names = {"images/01.jpg", "images/02.jpg"};
  return names;
}

}  // namespace

std::vector<std::string> write_new_post(const fs::path& folder, const catalogue::Product& product,
                                        const std::string& sku) {
  if (is_there(folder / kPostFile))
    throw UsageError(fmt::format("{} is a post already: it has a post.json; name another folder", folder.string()));
  make_folder(folder / "images");
  const std::string id = content_id_of_folder(fs::canonical(folder).filename().string());
  std::vector<std::string> written;
  const auto write = [&](const char* name, const std::string& text) {
    if (is_there(folder / name)) return;
    AtomicFile file(folder / name);
    file.write(text);
    file.commit();
    written.emplace_back(name);
  };
  // post.json last: with it the folder is a post.
  write(kBodyFile, body_md(product, pictures_in(folder)));
  write("README.txt", readme(id));
  write(kPostFile, post_json(id, product, sku));
  return written;
}

}  // namespace pipeline::package
