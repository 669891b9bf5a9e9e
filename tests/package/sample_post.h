#pragma once

#include "pipeline/package/alt_text.h"
#include "pipeline/package/body.h"
#include "pipeline/package/documents.h"
#include "pipeline/package/post.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// A post with the pictures images/<name> and this body.
inline Post post_of(std::string_view body, const std::vector<std::string>& names = {},
                    BodyFormat format = BodyFormat::html) {
  Post post;
  post.content_id = "POST001";
  post.skus = {"1001"};
  post.title = "여름을 함께한 <텀블러> & 보냉 이야기";
  post.body = body;
  post.body_format = format;
  for (const std::string& name : names) post.images.push_back({"images/" + name, "/nowhere/" + name, "", ""});
  return post;
}

// The body with `[[0]]` at the place of the first picture of Post::images, and so on.
inline std::string shown(const Body& body) {
  std::string text = body.html.front();
  for (std::size_t i = 0; i < body.images.size(); ++i) text += fmt::format("[[{}]]", body.images[i]) + body.html[i + 1];
  return text;
}

// All that the documents of a post are made of, with every field filled.
struct SamplePackage {
  explicit SamplePackage(Post from) : post(std::move(from)), body(make_body(post)) {
    catalogue::Product product;
    product.sku = "1001";
    product.source = "MY_STORE";
    product.name = "보냉 텀블러 500ml";
    product.brand = "물결";
    product.sale_price = 12900;
    product.modified_at = "2026-11-20T09:00:00+09:00";
    products.push_back(std::move(product));
    for (std::size_t i = 0; i < body.images.size(); ++i) {
      Picture picture;
      picture.source = post.images[body.images[i]].file;
      picture.name = fmt::format("images/{:02}.jpg", i + 1);
      picture.selected_name = "selected_" + picture.name;
      picture.alt = body.alts[i];
      picture.alt_by_author = !picture.alt.empty();
      picture.width = 640;
      picture.height = 480;
      images.push_back(std::move(picture));
    }
    alt_faults = complete_alt_texts(images, post, *products.front().name);
  }

  [[nodiscard]] Content content() const {
    return {.post = post,
            .body = body,
            .products = products,
            .images = images,
            .keyframes = keyframes,
            .videos = videos,
            .duplicate_ratio = 0,
            .max_duplicate_ratio = 0.4,
            .counted_images = static_cast<int>(images.size()),
            .min_images = 2};
  }

  Post post;
  Body body;
  std::vector<catalogue::Product> products;
  std::vector<Picture> images;
  std::vector<Picture> keyframes;
  std::vector<VideoResult> videos;
  std::vector<Fault> alt_faults;
};

// A post as sellers write them: every kind of text, pictures in all sorts of places.
inline Post rich_post() {
  Post post = post_of(
      "## 첫인상\n\n손에 쥐면 **묵직한** 느낌이 먼저 옵니다. ~~플라스틱~~ 스테인리스라 그렇습니다.\n\n"
      "![식탁 위에 놓인 은색 텀블러와 얼음](images/front.jpg)\n\n"
      "뚜껑은 이렇게 ![뚜껑을 연 텀블러를 위에서 본 모습](./images/lid.jpg) 열립니다.\n\n"
      "| 항목 | 값 |\n|:--|--:|\n| 용량 | 500ml |\n| 무게 | 310g |\n\n"
      "- 얼음 여섯 시간\n- 식기세척기 가능\n  1. 뚜껑을 분리하고\n  2. 위 칸에 넣습니다\n\n"
      "> 물때는 구연산으로 지웁니다.\n\n"
      "더 보기: https://example.com/tumbler?색=은색&n=1 또는 [문의](mailto:help@example.com)\n\n"
      "<div align=\"center\">가운데 <a href=\"https://example.com/ad\" rel=\"nofollow sponsored\" "
      "target=\"_blank\">광고 링크</a></div>\n\n```\n코드 < 글\n```\n",
      {"front.jpg", "lid.jpg", "box.jpg"}, BodyFormat::markdown);
  post.disclosure = {true, "이 글은 업체에서 제품을 제공받아 작성했습니다.\n구매 시 수수료를 받을 수 있습니다."};
  post.cta = Post::CallToAction{"지금 \"할인가\"로 보기", "https://smartstore.example.com/p/1001?a=1&b=2"};
  post.faq = {{"식기세척기에 넣어도 되나요?", "네.\n뚜껑은 위 칸에 넣어 주세요."}, {"무게는?", "310g <가볍습니다>"}};
  post.tags = {"텀블러", "#보냉", "여름 준비물"};
  post.facts = {{"무게", "\"310g\"", "$.facts.무게"}, {"브랜드", "\"파도\"", "$.facts.브랜드"}};
  return post;
}

}  // namespace pipeline::package
