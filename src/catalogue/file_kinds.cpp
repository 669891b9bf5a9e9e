#include "pipeline/catalogue/file_kinds.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace pipeline::catalogue {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

constexpr Word kSold[] = {{"Y", "SALE"}, {"N", "SUSPENSION"}};
constexpr Word kShown[] = {{"Y", "ON"}, {"N", "SUSPENSION"}};
constexpr Word kAvailability[] = {{"in_stock", "SALE"},           {"in stock", "SALE"},
                                  {"in-stock", "SALE"},           {"instock", "SALE"},
                                  {"out_of_stock", "OUTOFSTOCK"}, {"out of stock", "OUTOFSTOCK"},
                                  {"out-of-stock", "OUTOFSTOCK"}, {"outofstock", "OUTOFSTOCK"}};
// New, changed, and no longer sold.
constexpr Word kClass[] = {{"I", "SALE"}, {"U", "SALE"}, {"D", "OUTOFSTOCK"}};

// What is known and has no column, and the parts of a category.
constexpr FileColumn also(std::string_view name) {
  return {name, std::nullopt, 0, {}};
}
constexpr FileColumn level(std::string_view name, int number) {
  return {name, std::nullopt, number, {}};
}
constexpr FileColumn is(std::string_view name, Column column, std::span<const Word> words = {}) {
  return {name, column, 0, words};
}

// clang-format off

// 상품조회/수정 of the seller centre, and the sheet with which products are changed in bulk.
constexpr FileColumn kSmartStore[] = {
    is("상품번호(스마트스토어)", Column::channel_product_no), is("상품번호", Column::channel_product_no),
    is("판매자상품코드", Column::seller_management_code), is("상품명", Column::name),
    is("판매상태", Column::status), is("전시상태", Column::display_status),
    is("재고수량", Column::stock_quantity), is("판매가", Column::sale_price),
    is("할인가(PC)", Column::discounted_price),
    level("대분류", 1), level("중분류", 2), level("소분류", 3), level("세분류", 4),
    is("카테고리코드", Column::category_id), is("카테고리ID", Column::category_id), is("카테고리명", Column::category_name),
    is("제조사", Column::manufacturer), is("제조사명", Column::manufacturer), is("브랜드", Column::brand), is("브랜드명", Column::brand),
    is("대표이미지 URL", Column::image_url), is("대표이미지", Column::image_url), is("최종수정일", Column::modified_at),
    also("할인가(모바일)"), also("판매자할인"), also("판매자 즉시할인(PC)"), also("판매자 즉시할인(모바일)"), also("그룹상품번호"),
    also("상품번호(윈도)"), also("스마트스토어전용 상품명"), also("채널"), also("상품상태"), also("모델명"), also("상품등록일"),
    also("판매시작일"), also("판매종료일"), also("복수구매할인"), also("배송비"), also("배송비유형"), also("기본배송비"), also("배송방법"),
    also("배송속성"), also("배송비 템플릿코드"), also("반품배송비"), also("교환배송비"), also("원산지"), also("원산지코드"), also("부가세"),
    also("옵션"), also("옵션형태"), also("옵션명"), also("옵션값"), also("옵션가"), also("옵션 재고수량"), also("직접입력 옵션"),
    also("추가상품"), also("추가이미지"), also("상세설명"), also("판매자 바코드"), also("구매평 노출여부"), also("네이버쇼핑"),
    also("포인트"), also("무이자할부"), also("사은품"), also("알림받기"), also("스토어찜회원 전용여부"), also("A/S 전화번호"), also("A/S 안내"),
    also("판매자 특이사항"), also("미성년자 구매"), also("상품정보제공고시"), also("인증정보"), also("검색설정"), also("태그"),
};

// 상품 엑셀 다운로드.
constexpr FileColumn kCafe24[] = {
    is("상품코드", Column::sku), is("자체 상품코드", Column::seller_management_code),
    is("진열상태", Column::display_status, kShown), is("판매상태", Column::status, kSold),
    is("상품분류 번호", Column::category_id), is("상품명", Column::name), is("판매가", Column::sale_price),
    is("재고수량", Column::stock_quantity), is("이미지등록(상세)", Column::image_url),
    is("제조사", Column::manufacturer), is("브랜드", Column::brand),
    also("상품번호"), also("상품분류 신상품영역"), also("상품분류 추천상품영역"), also("영문 상품명"), also("상품명(관리용)"), also("공급사 상품명"),
    also("모델명"), also("상품 요약설명"), also("상품 간략설명"), also("상품 상세설명"), also("모바일 상품 상세설명 설정"),
    also("모바일 상품 상세설명"), also("검색어설정"), also("과세구분"), also("소비자가"), also("공급가"), also("상품가"),
    also("판매가 대체문구 사용"), also("판매가 대체문구"), also("주문수량 제한 기준"), also("최소 주문수량(이상)"), also("최대 주문수량(이하)"),
    also("적립금"), also("적립금 구분"), also("공통이벤트 정보"), also("성인인증"), also("옵션사용"), also("품목 구성방식"), also("옵션 표시방식"),
    also("옵션세트명"), also("옵션입력"), also("옵션 스타일"), also("버튼이미지 설정"), also("색상 설정"), also("필수여부"), also("품절표시 문구"),
    also("추가입력옵션"), also("추가입력옵션 명칭"), also("추가입력옵션 선택/필수여부"), also("입력글자수(자)"), also("이미지등록(목록)"),
    also("이미지등록(작은목록)"), also("이미지등록(축소)"), also("이미지등록(추가)"), also("공급사"), also("트렌드"), also("자체분류 코드"),
    also("제조일자"), also("출시일자"), also("유효기간 사용여부"), also("유효기간"), also("원산지"), also("상품부피(cm)"), also("상품결제안내"),
    also("상품배송안내"), also("교환/반품안내"), also("서비스문의/안내"), also("배송정보"), also("배송방법"), also("국내/해외배송"), also("배송지역"),
    also("배송비 선결제 설정"), also("배송기간"), also("배송비 구분"), also("배송비입력"), also("스토어픽업 설정"), also("상품 전체중량(kg)"),
    also("HS코드"), also("상품 구분(해외통관)"), also("상품소재"), also("영문 상품소재(해외통관)"), also("옷감(해외통관)"),
    also("검색엔진최적화(SEO) 검색엔진 노출 설정"), also("검색엔진최적화(SEO) Title"), also("검색엔진최적화(SEO) Author"),
    also("검색엔진최적화(SEO) Description"), also("검색엔진최적화(SEO) Keywords"), also("검색엔진최적화(SEO) 상품 이미지 Alt 텍스트"),
    also("개별결제수단설정"), also("상품배송유형 코드"), also("메모"),
};

// 가격/재고 and 쿠팡상품정보 of Wing: a row is an option, and its number the only one that no other row has.
constexpr FileColumn kCoupang[] = {
    is("옵션 ID", Column::sku), is("등록상품ID", Column::origin_product_no), is("업체상품 ID", Column::origin_product_no),
    is("업체상품코드", Column::seller_management_code), is("쿠팡 노출상품명", Column::name), is("노출상품명", Column::name),
    is("업체 등록 상품명", Column::name), is("등록상품명", Column::name),
    is("판매상태", Column::status), is("판매가격", Column::sale_price), is("판매가", Column::sale_price),
    is("잔여수량(재고)", Column::stock_quantity), is("잔여수량", Column::stock_quantity), is("재고수량", Column::stock_quantity),
    is("카테고리", Column::category_name), is("제조사", Column::manufacturer), is("브랜드", Column::brand),
    is("대표이미지", Column::image_url),
    also("Product ID"), also("노출상품ID"), also("등록 옵션명"), also("할인율기준가"), also("판매수량"), also("승인상태"), also("모델번호"),
    also("바코드"), also("검색어"), also("성인상품여부(Y/N)"), also("판매방식"), also("판매시작일시"), also("판매종료일시"), also("노출상태"),
};

// The product data specification of Google Merchant Center: `price` is the regular one, `sale_price` that of a sale.
constexpr FileColumn kGoogle[] = {
    is("id", Column::sku), is("title", Column::name), is("price", Column::sale_price), is("sale_price", Column::discounted_price),
    is("availability", Column::status, kAvailability), is("image_link", Column::image_url), is("brand", Column::brand),
    is("product_type", Column::category_name), is("quantity", Column::stock_quantity),
    is("sell_on_google_quantity", Column::stock_quantity),
    also("description"), also("link"), also("mobile_link"), also("additional_image_link"), also("availability_date"),
    also("expiration_date"), also("sale_price_effective_date"), also("unit_pricing_measure"), also("unit_pricing_base_measure"),
    also("cost_of_goods_sold"), also("google_product_category"), also("gtin"), also("mpn"), also("identifier_exists"), also("condition"),
    also("adult"), also("multipack"), also("is_bundle"), also("age_group"), also("color"), also("gender"), also("material"),
    also("pattern"), also("size"), also("size_type"), also("size_system"), also("item_group_id"), also("shipping"),
    also("shipping_label"), also("shipping_weight"), also("tax"), also("custom_label_0"), also("custom_label_1"),
    also("custom_label_2"), also("custom_label_3"), also("custom_label_4"), also("product_highlight"), also("product_detail"),
};

// The product database of Naver Shopping (EP 3.0).
constexpr FileColumn kNaverEp[] = {
    is("id", Column::sku), is("title", Column::name), is("price_pc", Column::sale_price), is("image_link", Column::image_url),
    level("category_name1", 1), level("category_name2", 2), level("category_name3", 3), level("category_name4", 4),
    is("naver_category", Column::category_id), is("brand", Column::brand), is("maker", Column::manufacturer),
    is("class", Column::status, kClass), is("seller_id", Column::seller_management_code), is("update_time", Column::modified_at),
    also("price_mobile"), also("normal_price"), also("link"), also("mobile_link"), also("add_image_link"), also("naver_product_id"),
    also("condition"), also("import_flag"), also("parallel_import"), also("order_made"), also("product_flag"), also("adult"),
    also("goods_type"), also("barcode"), also("manufacture_define_number"), also("model_number"), also("origin"), also("card_event"),
    also("event_words"), also("coupon"), also("partner_coupon_download"), also("interest_free_event"), also("point"),
    also("installation_costs"), also("search_tag"), also("group_id"), also("vendor_id"), also("coordi_id"),
    also("minimum_purchase_quantity"), also("review_count"), also("shipping"), also("delivery_grade"), also("delivery_detail"),
    also("attribute"), also("option_detail"), also("age_group"), also("gender"), also("shipping_settings"),
};

constexpr FileKind kKinds[] = {
    {"a SmartStore product list", "", {{{"상품번호(스마트스토어)"}, {"상품번호", "판매자상품코드", "상품명"}}}, kSmartStore},
    {"a Coupang product list", "COUPANG", {{{"옵션 ID", "판매가격"}, {"옵션 ID", "등록상품ID"}, {"옵션 ID", "등록상품명"}}}, kCoupang},
    {"a Cafe24 product list", "CAFE24", {{{"상품코드", "자체 상품코드"}, {"상품코드", "진열상태"}}}, kCafe24},
    {"a Naver Shopping feed (EP)", "", {{{"id", "title", "price_pc"}}}, kNaverEp},
    {"a Google Merchant feed", "", {{{"id", "title", "price"}, {"id", "title", "availability"}}}, kGoogle},
};

// clang-format on

// Each kind with its names as they are compared.
struct KindKeys {
  const FileKind* kind;
  std::vector<std::vector<std::string>> signs;
  std::map<std::string, const FileColumn*, std::less<>> columns;
};

const std::vector<KindKeys>& kind_keys() {
  static const std::vector<KindKeys> kKeys = [] {
    std::vector<KindKeys> all;
    for (const FileKind& kind : kKinds) {
      KindKeys keys{&kind, {}, {}};
      for (const auto& names : kind.signs) {
        std::vector<std::string> signs;
        for (const std::string_view name : names)
          if (!name.empty()) signs.push_back(header_key(name));
        if (!signs.empty()) keys.signs.push_back(std::move(signs));
      }
      for (const FileColumn& column : kind.columns) keys.columns.emplace(header_key(column.name), &column);
      all.push_back(std::move(keys));
    }
    return all;
  }();
  return kKeys;
}

}  // namespace

const FileKind* file_kind_of(const std::vector<std::string>& keys) {
  const auto has = [&](const std::string& sign) { return std::ranges::find(keys, sign) != keys.end(); };
  for (const KindKeys& kind : kind_keys())
    for (const auto& signs : kind.signs)
      if (std::ranges::all_of(signs, has)) return kind.kind;
  return nullptr;
}

const FileColumn* find_column(const FileKind& kind, std::string_view key) {
  const auto of = std::ranges::find(kind_keys(), &kind, &KindKeys::kind);
  const auto found = of->columns.find(key);
  return found == of->columns.end() ? nullptr : found->second;
}

}  // namespace pipeline::catalogue
