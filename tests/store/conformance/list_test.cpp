#include "engines.h"

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The list of a run, on a store that was opened for reading.
class ListConformance : public ConformanceTest {
 protected:
  void prepare() override {
    catalogue::Product unparsed = product("failed");
    unparsed.parse_status = catalogue::ParseStatus::fail;
    catalogue::Product elsewhere = product("elsewhere");
    elsewhere.source = "OTHER";
    write({product("known"), unparsed, product("removed"), elsewhere});
    remove("removed");
    store_ = open(Opening::Mode::read);
    catalogue().begin_list("MY_STORE");
  }
  static catalogue::Product product(std::string sku) {
    catalogue::Product made = make_product(std::move(sku));
    made.list_hash = hash_of("same");
    return made;
  }
  static ListedProduct listed(std::string sku, std::string_view content = "same") {
    return {std::move(sku), hash_of(content), R"({"row":")" + std::string(content) + "\"}"};
  }
  std::vector<Standing> add(const std::vector<ListedProduct>& page, bool keep_all = false, int pass = 0) {
    return catalogue().compare(page, keep_all, pass);
  }
  std::vector<std::string> absent(bool whole, std::string_view after = "", int limit = 10) {
    std::vector<std::string> skus;
    for (const auto& candidate : catalogue().absent(whole, after, limit)) skus.push_back(candidate.sku);
    return skus;
  }
};
HOLD_EVERY_ENGINE(ListConformance);

TEST_P(ListConformance, EachRowIsComparedWithWhatIsStored) {
  EXPECT_THAT(
      add({listed("known"), listed("failed"), listed("removed"), listed("nobody"), listed("elsewhere")}),
      ElementsAre(Standing::unchanged, Standing::changed, Standing::unseen, Standing::unseen, Standing::unseen));
  catalogue().begin_list("MY_STORE");
  EXPECT_THAT(add({listed("known", "other")}), ElementsAre(Standing::changed));
  EXPECT_THAT(add({}), IsEmpty());
}

TEST_P(ListConformance, ARowThatIsListedTwiceIsDoubled) {
  EXPECT_THAT(add({listed("a", "first"), listed("a", "second")}), ElementsAre(Standing::unseen, Standing::doubled));
  EXPECT_THAT(add({listed("a", "third")}), ElementsAre(Standing::doubled));
  EXPECT_EQ(catalogue().count_listed(), 1);
  EXPECT_EQ(catalogue().take("a")->list_hash, hash_of("first"));
}

TEST_P(ListConformance, InAnotherPassARowComesAgainAndIsDoubledOnlyThere) {
  (void)add({listed("a"), listed("known")});
  EXPECT_THAT(add({listed("a"), listed("b"), listed("a")}, false, 1),
              ElementsAre(Standing::again, Standing::unseen, Standing::doubled));
  EXPECT_THAT(add({listed("b")}, false, 1), ElementsAre(Standing::doubled));
  EXPECT_EQ(catalogue().count_listed(), 3);
}

TEST_P(ListConformance, RowsThatWaitForTheirDetailAreKept) {
  (void)add({listed("known"), listed("nobody", "row")});
  EXPECT_FALSE(catalogue().take("known"));
  const auto kept = catalogue().take("nobody");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->list_hash, hash_of("row"));
  EXPECT_EQ(kept->json, R"({"row":"row"})");
  EXPECT_FALSE(catalogue().take("nobody"));
  EXPECT_FALSE(catalogue().take("never listed"));
  EXPECT_EQ(catalogue().count_listed(), 2);  // taken rows were seen all the same
}

TEST_P(ListConformance, AllAreKeptWhenAsked) {
  EXPECT_THAT(add({listed("known")}, true), ElementsAre(Standing::unchanged));
  EXPECT_TRUE(catalogue().take("known"));
}

TEST_P(ListConformance, TheStoredRowIsThatOfTheProduct) {
  EXPECT_EQ(catalogue().stored_row("known")->list_hash, hash_of("same"));
  EXPECT_EQ(catalogue().stored_row("known")->json, R"({"row":1})");
  EXPECT_EQ(catalogue().stored_row("failed")->list_hash, Sha256{});
  EXPECT_FALSE(catalogue().stored_row("elsewhere"));
  EXPECT_FALSE(catalogue().stored_row("nobody"));
}

TEST_P(ListConformance, AbsentAreThoseOfTheSourceThatAWholeListDoesNotHave) {
  EXPECT_THAT(absent(true), ElementsAre("failed", "known"));
  EXPECT_THAT(absent(true, "", 1), ElementsAre("failed"));
  EXPECT_THAT(absent(true, "failed", 1), ElementsAre("known"));
  EXPECT_EQ(catalogue().count_absent(true), 2);
  EXPECT_EQ(catalogue().absent(true, "", 1).at(0).name, "이름");
  (void)add({listed("known", "changed"), listed("elsewhere")});
  EXPECT_THAT(absent(true), ElementsAre("failed"));
  EXPECT_THAT(absent(true, "failed"), IsEmpty());
  EXPECT_EQ(catalogue().count_absent(true), 1);
  EXPECT_EQ(catalogue().count_absent(false), 0);
  EXPECT_THAT(absent(false), IsEmpty());
}

TEST_P(ListConformance, AndThoseThatSaidSoThemselvesWhateverTheList) {
  (void)add({listed("known", "changed"), listed("nobody")});
  for (const auto* sku : {"known", "known", "nobody", "removed", "elsewhere"}) catalogue().note_gone(sku);
  EXPECT_THAT(absent(false), ElementsAre("known"));
  EXPECT_EQ(catalogue().count_absent(false), 1);
  EXPECT_THAT(absent(true), ElementsAre("failed", "known"));
}

TEST_P(ListConformance, ProductsWithoutAListRowAreSeenNoMore) {
  catalogue().note_listed(std::vector<std::string_view>{"known", "new", "known"});
  EXPECT_EQ(catalogue().count_listed(), 2);
  EXPECT_FALSE(catalogue().take("known"));
  EXPECT_THAT(absent(true), ElementsAre("failed"));
}

TEST_P(ListConformance, TheOverlapIsOfProductsThatCameFromAList) {
  store_ = open();
  write(make_row("of a file"));
  catalogue().begin_list("MY_STORE");
  EXPECT_TRUE(catalogue().overlap().came_from_lists);
  EXPECT_EQ(catalogue().overlap().known, 2);
  EXPECT_EQ(catalogue().overlap().found, 0);
  (void)add({listed("known"), listed("removed"), listed("elsewhere"), listed("nobody"), listed("of a file")});
  EXPECT_EQ(catalogue().overlap().found, 1);
}

TEST_P(ListConformance, UnlessThereAreNone) {
  store_ = open();
  catalogue::Product row = make_row("of a file");
  row.source = "FILE";
  write(row);
  catalogue().begin_list("FILE");
  (void)add({listed("of a file"), listed("known")});
  EXPECT_FALSE(catalogue().overlap().came_from_lists);
  EXPECT_EQ(catalogue().overlap().known, 1);
  EXPECT_EQ(catalogue().overlap().found, 1);
}

TEST_P(ListConformance, AnotherListStartsEmpty) {
  (void)add({listed("a")});
  catalogue().note_gone("known");
  catalogue().begin_list("MY_STORE");
  EXPECT_EQ(catalogue().count_listed(), 0);
  EXPECT_FALSE(catalogue().take("a"));
  EXPECT_THAT(absent(false), IsEmpty());
}

TEST_P(ListConformance, AnotherStoreHasAListOfItsOwn) {
  (void)add({listed("a")});
  const Store other = open(Opening::Mode::read);
  other.catalogue->begin_list("MY_STORE");
  EXPECT_EQ(other.catalogue->count_listed(), 0);
  EXPECT_EQ(catalogue().count_listed(), 1);
}

TEST_P(ListConformance, ADatabaseThatIsNotThereIsAnEmptyOneAndIsNotMade) {
  const auto elsewhere = GetParam().make(dir_ / "elsewhere");
  EXPECT_FALSE(elsewhere->is_there());
  const Store nothing = elsewhere->open(clock_, {.mode = Opening::Mode::read});
  nothing.catalogue->begin_list("MY_STORE");
  const std::vector<ListedProduct> page{listed("a")};
  EXPECT_THAT(nothing.catalogue->compare(page, false, 0), ElementsAre(Standing::unseen));
  EXPECT_TRUE(nothing.catalogue->is_empty());
  EXPECT_FALSE(elsewhere->is_there());
  EXPECT_TRUE(database_->is_there());
}

}  // namespace
}  // namespace pipeline::store
