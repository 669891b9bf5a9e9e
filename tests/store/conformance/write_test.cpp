#include "engines.h"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace pipeline::store {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum WriteOutcome;

class WriteConformance : public ConformanceTest {
 protected:
  json changes() {
    const auto all = entries({.statuses = {catalogue::QueueStatus::pending}});
    return all.size() == 1 ? json::parse(all.front().changes) : json("not one entry");
  }

  std::vector<catalogue::Change> body_changes_;
  std::vector<std::pair<std::string, std::string>> compared_;
  const Writing how_{.run_id = "run", .body_diff = [this](std::string_view before, const catalogue::Product& after) {
                       compared_.emplace_back(before, after.raw_json);
                       return body_changes_;
                     }};
};
HOLD_EVERY_ENGINE(WriteConformance);

TEST_P(WriteConformance, ANewProductIsStoredAndQueued) {
  const auto written = write(std::vector{make_product("1")});
  EXPECT_THAT(written.outcomes, ElementsAre(inserted));
  EXPECT_EQ(written.enqueued, 1);
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
  EXPECT_EQ(changes(), json::parse(R"([{"field":"product","old":null,"new":"이름","reason":"NEW"}])"));
  EXPECT_EQ(entries().at(0).enqueued_at, clock_.wall());
}

TEST_P(WriteConformance, OfAProductWithoutANameTheSkuIsTold) {
  catalogue::Product product = make_product("1");
  product.name.reset();
  write(product);
  EXPECT_EQ(changes()[0]["new"], "1");
}

TEST_P(WriteConformance, AnUnchangedProductIsLeftAlone) {
  write(make_product("1"));
  settle_queue();
  const auto written = write(std::vector{make_product("1")}, how_);
  EXPECT_THAT(written.outcomes, ElementsAre(unchanged));
  EXPECT_EQ(written.enqueued, 0);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_THAT(compared_, IsEmpty());
}

TEST_P(WriteConformance, TheListIsFollowedWithoutRewritingTheContent) {
  catalogue::Product product = make_product("1");
  write(product);
  product.list_hash = hash_of("another list row");
  product.list_json = "{}";
  product.modified_at = "later";
  EXPECT_EQ(write(product), unchanged);
  EXPECT_EQ(stored("1").product.modified_at, "later");
  catalogue().begin_list("MY_STORE");
  EXPECT_EQ(catalogue().stored_row("1")->list_hash, hash_of("another list row"));
  EXPECT_EQ(catalogue().stored_row("1")->json, "{}");
}

TEST_P(WriteConformance, UnlessItIsNotToBe) {
  write(make_product("1"));
  catalogue::Product moved = make_product("1");
  moved.modified_at = "later";
  EXPECT_EQ(write(moved, {.run_id = "run", .follow_list = false}), unchanged);
  EXPECT_EQ(stored("1").product.modified_at, make_product("1").modified_at);
}

TEST_P(WriteConformance, AChangeIsFoundColumnByColumn) {
  write(make_product("1"));
  settle_queue();
  catalogue::Product product = make_product("1", "second");
  product.sale_price = 1100;
  product.discounted_price = std::nullopt;
  product.stock_quantity = 4;
  product.status = "OUTOFSTOCK";
  product.display_status = "SUSPENSION";
  product.name = "새 \"이름\"";
  product.seller_management_code = std::nullopt;
  product.category_id = "2";
  product.category_name = "c";
  product.brand = "b2";
  product.manufacturer = "m2";
  product.image_url = "https://example.com/2.jpg";
  EXPECT_EQ(write(product), updated);
  EXPECT_THAT(waiting(), ElementsAre("1 PRICE,STOCK,CONTENT,STATUS"));
  EXPECT_EQ(changes(), json::parse(R"([
      {"field":"sale_price","old":1000,"new":1100,"reason":"PRICE"},
      {"field":"discounted_price","old":900,"new":null,"reason":"PRICE"},
      {"field":"stock_quantity","old":5,"new":4,"reason":"STOCK"},
      {"field":"status","old":"SALE","new":"OUTOFSTOCK","reason":"STATUS"},
      {"field":"display_status","old":"ON","new":"SUSPENSION","reason":"STATUS"},
      {"field":"seller_management_code","old":"CODE-1","new":null,"reason":"CONTENT"},
      {"field":"name","old":"이름","new":"새 \"이름\"","reason":"CONTENT"},
      {"field":"category_id","old":"50000001","new":"2","reason":"CONTENT"},
      {"field":"category_name","old":"a>b","new":"c","reason":"CONTENT"},
      {"field":"brand","old":"brand","new":"b2","reason":"CONTENT"},
      {"field":"manufacturer","old":"maker","new":"m2","reason":"CONTENT"},
      {"field":"image_url","old":"https://example.com/1.jpg","new":"https://example.com/2.jpg","reason":"CONTENT"}])"));
  EXPECT_EQ(stored("1").product.name, product.name);
  EXPECT_EQ(stored("1").product.seller_management_code, std::nullopt);
}

TEST_P(WriteConformance, TheBodiesAreComparedToo) {
  write(make_product("1"));
  settle_queue();
  body_changes_ = {{catalogue::Reason::option, "options", "1", "2"}};
  catalogue::Product product = make_product("1", "second");
  product.raw_json = R"({"body":2})";
  write(product, how_);
  EXPECT_THAT(compared_, ElementsAre(std::pair(R"({"body":1})", R"({"body":2})")));
  EXPECT_EQ(changes(), json::parse(R"([{"field":"options","old":1,"new":2,"reason":"OPTION"}])"));
}

TEST_P(WriteConformance, AChangeThatNobodyCanNameIsContent) {
  write(make_product("1"));
  settle_queue();
  write(make_product("1", "second"), how_);
  EXPECT_EQ(changes(), (json{{{"field", "content"},
                              {"old", to_hex(hash_of("first"))},
                              {"new", to_hex(hash_of("second"))},
                              {"reason", "CONTENT"}}}));
}

TEST_P(WriteConformance, ALongTextIsToldByItsDigest) {
  write(make_product("1"));
  settle_queue();
  catalogue::Product product = make_product("1", "second");
  product.name = std::string(257, 'x');
  write(product);
  EXPECT_EQ(changes()[0]["old"], "이름");
  EXPECT_EQ(changes()[0]["new"], (json{{"bytes", 257}, {"sha256", to_hex(hash_of(*product.name))}}));
}

TEST_P(WriteConformance, WithoutSkippingAnEqualProductIsRewrittenButNotQueued) {
  const Writing all{.run_id = "run", .skip_equal = false};
  write(make_product("1"), all);
  settle_queue();
  EXPECT_EQ(write(make_product("1"), all), updated);
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_P(WriteConformance, WhatMayNotBeNewIsNotInserted) {
  const catalogue::Product product = make_product("1");
  const std::vector<Delivery> deliveries{{.product = &product, .may_be_new = false}};
  EXPECT_THAT(catalogue().write({.products = deliveries}, how_).outcomes, ElementsAre(unknown));
  EXPECT_TRUE(catalogue().is_empty());
  write(product);
  EXPECT_THAT(catalogue().write({.products = deliveries}, how_).outcomes, ElementsAre(unchanged));
  EXPECT_FALSE(catalogue().is_empty());
}

// --- two sources ---

TEST_P(WriteConformance, ANumberThatTwoSourcesGiveIsOfTwoProducts) {
  write(make_product("1"));
  catalogue::Product other = make_product("1", "second");
  other.source = "OTHER";
  other.name = "other";
  EXPECT_EQ(write(other), inserted);
  other.sale_price = 5;
  other.content_hash = hash_of("third");
  EXPECT_EQ(write(other), updated);
  EXPECT_EQ(stored("MY_STORE:1").product.sale_price, 1000);
  EXPECT_EQ(stored("OTHER:1").product.sale_price, 5);
  EXPECT_EQ(write(make_product("1")), unchanged);
  EXPECT_THAT(waiting(), ElementsAre("MY_STORE:1 NEW", "OTHER:1 NEW,PRICE"));
  EXPECT_TRUE(remove("1", "OTHER"));
  EXPECT_FALSE(stored("MY_STORE:1").removed_at);
  EXPECT_TRUE(stored("OTHER:1").removed_at);
  EXPECT_EQ(catalogue().count_present("MY_STORE"), 1);
  EXPECT_EQ(catalogue().count_present("OTHER"), 0);
}

// --- batches ---

TEST_P(WriteConformance, NewAndKnownProductsMayComeInAnyOrder) {
  write(std::vector{make_product("b"), make_product("d")});
  settle_queue();
  std::vector<catalogue::Product> products;
  for (const char* sku : {"a", "b", "c", "d", "e"}) products.push_back(make_product(sku));
  products.push_back(make_product("b", "second"));
  products.push_back(make_product("f"));
  const auto written = write(products);
  EXPECT_THAT(written.outcomes, ElementsAre(inserted, unchanged, inserted, unchanged, inserted, updated, inserted));
  EXPECT_EQ(written.count(inserted), 4);
  EXPECT_EQ(written.enqueued, 5);
  EXPECT_THAT(waiting(), ElementsAre("a NEW", "c NEW", "e NEW", "b CONTENT", "f NEW"));
}

TEST_P(WriteConformance, AProductDeliveredTwiceIsComparedWithItself) {
  catalogue::Product second = make_product("1", "second");
  second.sale_price = 2000;
  const auto written = write({make_product("1"), make_product("1"), second, make_product("2")});
  EXPECT_THAT(written.outcomes, ElementsAre(inserted, unchanged, updated, inserted));
  EXPECT_EQ(stored("1").product.sale_price, 2000);
  EXPECT_THAT(waiting(), ElementsAre("1 NEW,PRICE", "2 NEW"));
}

TEST_P(WriteConformance, ABatchThatFailsIsNotThereAtAll) {
  write(make_product("2"));
  settle_queue();
  const Writing dies{.run_id = "run", .body_diff = [](std::string_view, const catalogue::Product&) {
                       throw std::runtime_error("in mid-batch");
                       return std::vector<catalogue::Change>{};
                     }};
  EXPECT_THROW(write({make_product("1"), make_product("2", "second"), make_product("3")}, dies), std::runtime_error);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_THAT(catalogue().find("1"), IsEmpty());
  EXPECT_EQ(stored("2").product.content_hash, hash_of("first"));
  EXPECT_THAT(write({make_product("1"), make_product("2", "second")}).outcomes, ElementsAre(inserted, updated));
}

TEST_P(WriteConformance, AnotherWriterIsWaitedForNoLongerThanSaid) {
  const Writing meanwhile{.run_id = "run", .body_diff = [&](std::string_view, const catalogue::Product&) {
                            Store other = open();
                            const auto late = make_product("9");
                            const std::vector<Delivery> deliveries{{&late}};
                            EXPECT_THROW((void)other.catalogue->write({.products = deliveries}, {}), TryLaterError);
                            return std::vector<catalogue::Change>{};
                          }};
  write(make_product("1"));
  EXPECT_EQ(write(make_product("1", "second"), meanwhile), updated);
  EXPECT_THAT(catalogue().find("9"), IsEmpty());
}

TEST_P(WriteConformance, AStoreThatWasOpenedForReadingRefusesIt) {
  write(make_product("1"));
  const Store reader = open(Opening::Mode::read);
  const auto product = make_product("2");
  const std::vector<Delivery> deliveries{{&product}};
  EXPECT_THAT(message_of([&] { (void)reader.catalogue->write({.products = deliveries}, {}); }),
              ::testing::HasSubstr("read-only"));
  EXPECT_THAT(reader.catalogue->preview(deliveries, {}).at(0).outcome, inserted);
}

// --- parts ---

TEST_P(WriteConformance, WhatCannotBeCompletedIsLeftAlone) {
  write(make_row("1"));
  const Writing how{.run_id = "run", .completion = [](const auto&, const auto&) { return Completed{nullptr, true}; }};
  EXPECT_EQ(write(make_row("1", "other row", "second"), how), unusable);
  EXPECT_EQ(stored("1").product.content_hash, hash_of("first"));
}

TEST_P(WriteConformance, ACompletedProductIsWhatIsComparedAndWritten) {
  write(make_row("1"));
  settle_queue();
  catalogue::Product whole;
  const Writing how{.run_id = "run", .completion = [&](const auto& before, const auto& delivered) {
                      whole = before;
                      whole.sale_price = delivered.sale_price;
                      whole.content_hash = delivered.content_hash;
                      whole.row_hash = part_of(*delivered.row_hash);
                      return Completed{&whole, true};
                    }};
  catalogue::Product part = make_row("1", "a part", "second");
  part.name = "not said";
  part.sale_price = 7;
  EXPECT_EQ(write(part, how), updated);
  EXPECT_EQ(stored("1").product.name, "이름");
  EXPECT_EQ(stored("1").product.sale_price, 7);
  EXPECT_THAT(waiting(), ElementsAre("1 PRICE"));
  const std::vector<RowProof> proof{{{"MY_STORE", "1"}, fingerprint_of("a part")}};
  EXPECT_THAT(catalogue().are_made_of(proof, how), ElementsAre(true));
  EXPECT_THAT(catalogue().are_made_of(proof, {}), ElementsAre(false));
}

TEST_P(WriteConformance, APartWithoutNewsChangesNothing) {
  write(make_row("1"));
  const Writing how{.run_id = "run", .completion = [](const auto&, const auto& delivered) {
                      return Completed{&delivered, false};
                    }};
  EXPECT_EQ(write(make_row("1", "other row", "second"), how), unchanged);
}

// --- rows of files ---

TEST_P(WriteConformance, ARowIsKnownByItsHash) {
  const auto is_made_of = [&](std::string_view row, const catalogue::ProductKey& product) -> bool {
    return catalogue().are_made_of(std::vector<RowProof>{{product, fingerprint_of(row)}}, {}).at(0);
  };
  EXPECT_FALSE(is_made_of("row", {"MY_STORE", "1"}));
  write(make_row("1"));
  EXPECT_TRUE(is_made_of("row", {"MY_STORE", "1"}));
  EXPECT_FALSE(is_made_of("row", {"OTHER", "1"}));
  EXPECT_FALSE(is_made_of("another row", {"MY_STORE", "1"}));
  EXPECT_FALSE(is_made_of("row", {"MY_STORE", "2"}));
  EXPECT_EQ(write(make_row("1", "another row"), {.run_id = "run", .follow_list = false}), unchanged);
  EXPECT_TRUE(is_made_of("row", {"MY_STORE", "1"}));
  EXPECT_EQ(write(make_row("1", "another row")), unchanged);
  EXPECT_TRUE(is_made_of("another row", {"MY_STORE", "1"}));
  remove("1");
  EXPECT_FALSE(is_made_of("another row", {"MY_STORE", "1"}));
}

TEST_P(WriteConformance, TheAnswersStandInTheOrderOfTheRows) {
  write({make_row("1", "a"), make_row("3", "c")});
  std::vector<RowProof> rows;
  for (const auto& [sku, row] : {std::pair("3", "c"), std::pair("2", "b"), std::pair("1", "a"), std::pair("1", "b")})
    rows.push_back({{"MY_STORE", sku}, fingerprint_of(row)});
  EXPECT_THAT(catalogue().are_made_of(rows, {}), ElementsAre(true, false, true, false));
  EXPECT_THAT(catalogue().are_made_of({}, {}), IsEmpty());
}

// --- without writing ---

TEST_P(WriteConformance, APreviewSaysWhatAWriteThenDoes) {
  const auto preview = [&](const catalogue::Product& product) {
    const std::vector<Delivery> deliveries{{&product}};
    const auto all = catalogue().preview(deliveries, how_);
    std::string told = all.at(0).outcome == inserted ? "inserted" : all.at(0).outcome == updated ? "updated" : "";
    for (const auto& change : all.at(0).changes) told += " " + change.field + " " + change.before + " " + change.after;
    return told;
  };
  EXPECT_EQ(preview(make_product("1")), "inserted product null \"이름\"");
  EXPECT_TRUE(catalogue().is_empty());
  write(make_product("1"));
  EXPECT_EQ(preview(make_product("1")), "");
  catalogue::Product product = make_product("1", "second");
  product.sale_price = 2000;
  EXPECT_EQ(preview(product), "updated sale_price 1000 2000");
  EXPECT_EQ(stored("1").product.sale_price, 1000);
  remove("1");
  EXPECT_EQ(preview(make_product("1")), "updated product null \"이름\"");
  EXPECT_TRUE(stored("1").removed_at);
}

// --- bodies that can't be parsed ---

class FailureConformance : public WriteConformance {
 protected:
  static catalogue::Product failed() {
    catalogue::Product product = make_product("1");
    product.parse_status = catalogue::ParseStatus::fail;
    product.parse_error = "unexpected end";
    product.raw_json = "\xff{\"half\":";
    product.name = "name of the list";
    return product;
  }
  // What is known of product 1.
  std::string known() {
    const auto [product, name, removed_at] = stored("1");
    return std::string(product.parse_status == catalogue::ParseStatus::ok ? "OK " : "FAIL ") + *product.name +
           (product.content_hash ? "" : " without content") + (removed_at ? " removed" : "");
  }
};
HOLD_EVERY_ENGINE(FailureConformance);

TEST_P(FailureConformance, ANewProductIsStoredButNotQueued) {
  EXPECT_EQ(write(failed()), inserted);
  EXPECT_EQ(known(), "FAIL name of the list without content");
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_P(FailureConformance, AKnownProductKeepsWhatIsKnown) {
  write(make_product("1"));
  EXPECT_EQ(write(failed()), updated);
  EXPECT_EQ(known(), "FAIL 이름");
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
  EXPECT_EQ(write(failed()), unchanged);
}

TEST_P(FailureConformance, ItIsFetchedAgain) {
  write(make_product("1"));
  write(failed());
  catalogue().begin_list("MY_STORE");
  const std::vector<ListedProduct> page{{"1", hash_of("list"), "{}"}};
  EXPECT_THAT(catalogue().compare(page, false, 0), ElementsAre(Standing::changed));
}

TEST_P(FailureConformance, ParsedForTheFirstTimeItIsNew) {
  write(failed());
  EXPECT_EQ(write(make_product("1"), how_), updated);
  EXPECT_EQ(known(), "OK 이름");
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
  EXPECT_THAT(compared_, IsEmpty());
}

TEST_P(FailureConformance, ParsedAgainWithTheSameContentItIsRestored) {
  write(make_product("1"));
  settle_queue();
  write(failed());
  EXPECT_EQ(write(make_product("1")), updated);
  EXPECT_EQ(known(), "OK 이름");
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_P(FailureConformance, ParsedAgainWithAnotherContentItsColumnsAreCompared) {
  write(make_product("1"));
  settle_queue();
  write(failed());
  catalogue::Product product = make_product("1", "second");
  product.sale_price = 1;
  write(product, how_);
  EXPECT_THAT(waiting(), ElementsAre("1 PRICE"));
  EXPECT_THAT(compared_, IsEmpty());  // there is no body to compare with
}

TEST_P(FailureConformance, ARemovedProductIsBackWhenItParses) {
  write(make_product("1"));
  remove("1");
  settle_queue();
  write(failed());
  EXPECT_EQ(known(), "FAIL 이름 removed");
  EXPECT_THAT(waiting(), IsEmpty());
  write(make_product("1"));
  EXPECT_EQ(known(), "OK 이름");
  EXPECT_THAT(waiting(), ElementsAre("1 NEW"));
}

}  // namespace
}  // namespace pipeline::store
