#include "pipeline/store/listing.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Standing = Listing::Standing;

class ListingTest : public StoreTest {
 protected:
  ListingTest() {
    Database database(path_, Database::Mode::read_write, clock_, metrics_);
    Statement insert(database, "test",
                     "INSERT INTO products (sku, source, list_hash, parse_status, removed_at, created_at, updated_at, "
                     "last_seen_run, raw_json) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, '', '')");
    const Sha256 same = hash_of("same");
    const auto add = [&](std::string_view sku, std::string_view source, bool hashed, std::string_view status,
                         bool removed) {
      insert.bind(1, sku).bind(2, source).bind(4, status);
      hashed ? insert.bind(3, same) : insert.bind(3, std::nullopt);
      removed ? insert.bind(5, std::int64_t{1}) : insert.bind(5, std::nullopt);
      insert.run();
    };
    add("known", "MY_STORE", true, "OK", false);
    add("failed", "MY_STORE", false, "PARSE_FAIL", false);
    add("removed", "MY_STORE", true, "OK", true);
    add("elsewhere", "OTHER", true, "OK", false);
  }
  static ListedProduct listed(std::string sku, std::string_view content = "same") {
    return {std::move(sku), hash_of(content), R"({"row":")" + std::string(content) + "\"}"};
  }
  static std::vector<Standing> add(Listing& listing, const std::vector<ListedProduct>& page, bool keep_all = false) {
    return listing.add(page, keep_all);
  }
};

TEST_F(ListingTest, ComparesEachRowWithWhatIsStored) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  EXPECT_THAT(add(listing, {listed("known"), listed("failed"), listed("removed"), listed("nobody")}),
              ElementsAre(Standing::unchanged, Standing::changed, Standing::unseen, Standing::unseen));
  Listing again(database, "MY_STORE");
  EXPECT_THAT(add(again, {listed("known", "other")}), ElementsAre(Standing::changed));
  EXPECT_THAT(add(again, {}), IsEmpty());
}

TEST_F(ListingTest, ARowThatIsListedTwiceIsDoubled) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  EXPECT_THAT(add(listing, {listed("a", "first"), listed("a", "second")}),
              ElementsAre(Standing::unseen, Standing::doubled));
  EXPECT_THAT(add(listing, {listed("a", "third")}), ElementsAre(Standing::doubled));
  EXPECT_EQ(listing.size(), 1);
  EXPECT_EQ(listing.take("a")->list_hash, hash_of("first"));
}

TEST_F(ListingTest, KeepsTheRowsThatWaitForTheirDetail) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  (void)add(listing, {listed("known"), listed("nobody", "row")});
  EXPECT_FALSE(listing.take("known"));
  const auto kept = listing.take("nobody");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->list_hash, hash_of("row"));
  EXPECT_EQ(kept->json, R"({"row":"row"})");
  EXPECT_FALSE(listing.take("nobody"));
  EXPECT_FALSE(listing.take("never listed"));
  EXPECT_EQ(listing.size(), 2);  // taken rows were seen all the same
}

TEST_F(ListingTest, KeepsAllWhenAsked) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  EXPECT_THAT(add(listing, {listed("known")}, true), ElementsAre(Standing::unchanged));
  EXPECT_TRUE(listing.take("known"));
}

std::vector<std::string> skus_of(const std::vector<RemovalCandidate>& candidates) {
  std::vector<std::string> skus;
  for (const auto& candidate : candidates) skus.push_back(candidate.sku);
  return skus;
}

TEST_F(ListingTest, AbsentAreThoseOfTheSourceThatAWholeListDoesNotHave) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  EXPECT_THAT(skus_of(listing.absent(true, "", 10)), ElementsAre("failed", "known"));
  EXPECT_THAT(skus_of(listing.absent(true, "", 1)), ElementsAre("failed"));
  EXPECT_THAT(skus_of(listing.absent(true, "failed", 1)), ElementsAre("known"));
  EXPECT_EQ(listing.count_absent(true), 2);
  (void)add(listing, {listed("known", "changed")});
  EXPECT_THAT(skus_of(listing.absent(true, "", 10)), ElementsAre("failed"));
  EXPECT_THAT(listing.absent(true, "failed", 10), IsEmpty());
  EXPECT_EQ(listing.count_absent(true), 1);
  EXPECT_EQ(listing.count_absent(false), 0);
  EXPECT_THAT(listing.absent(false, "", 10), IsEmpty());
}

TEST_F(ListingTest, AbsentAreAlsoThoseThatSaidSoThemselvesWhateverTheList) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  (void)add(listing, {listed("known", "changed"), listed("nobody")});
  for (const auto* sku : {"known", "known", "nobody", "removed", "elsewhere"}) listing.note_gone(sku);
  EXPECT_THAT(skus_of(listing.absent(false, "", 10)), ElementsAre("known"));
  EXPECT_EQ(listing.count_absent(false), 1);
  EXPECT_THAT(skus_of(listing.absent(true, "", 10)), ElementsAre("failed", "known"));
  EXPECT_EQ(listing.count_absent(true), 2);
}

TEST_F(ListingTest, InAnotherPassARowComesAgainAndIsDoubledOnlyThere) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  (void)add(listing, {listed("a"), listed("known")});
  EXPECT_THAT(listing.add(std::vector{listed("a"), listed("b"), listed("a")}, false, 1),
              ElementsAre(Standing::again, Standing::unseen, Standing::doubled));
  EXPECT_THAT(listing.add(std::vector{listed("b")}, false, 1), ElementsAre(Standing::doubled));
  EXPECT_EQ(listing.size(), 3);
}

TEST_F(ListingTest, TheOverlapIsOfProductsThatCameFromAList) {
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  {
    Listing listing(database, "MY_STORE");
    (void)add(listing, {listed("known"), listed("removed"), listed("elsewhere"), listed("nobody")});
    const auto of_files = listing.overlap();
    EXPECT_FALSE(of_files.came_from_lists);
    EXPECT_EQ(of_files.known, 2);
    EXPECT_EQ(of_files.found, 1);
  }
  database.execute("test", "UPDATE products SET list_json = '{}' WHERE sku IN ('known', 'removed', 'elsewhere')");
  Listing listing(database, "MY_STORE");
  EXPECT_TRUE(listing.overlap().came_from_lists);
  EXPECT_EQ(listing.overlap().known, 1);
  EXPECT_EQ(listing.overlap().found, 0);
  (void)add(listing, {listed("known")});
  EXPECT_EQ(listing.overlap().found, 1);
}

TEST_F(ListingTest, WorksInsideATransactionAndWithout) {
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  (void)add(listing, {listed("a")});
  EXPECT_FALSE(database.in_transaction());
  Transaction transaction(database);
  (void)add(listing, {listed("b")});
  EXPECT_TRUE(listing.take("a"));
  EXPECT_TRUE(database.in_transaction());
  transaction.commit();
  EXPECT_EQ(listing.size(), 2);
}

TEST_F(ListingTest, NeverWaitsForAWriterNorKeepsOneWaiting) {
  Database writer(path_, Database::Mode::read_write, clock_, metrics_);
  Database database(path_, Database::Mode::read_write, clock_, metrics_, std::chrono::milliseconds(0));
  Listing listing(database, "MY_STORE");
  Transaction transaction(writer);
  EXPECT_THAT(add(listing, {listed("known")}), ElementsAre(Standing::unchanged));
  transaction.commit();
}

TEST_F(ListingTest, ProductsWithoutAListRowAreSeenNoMore) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  EXPECT_EQ(listing.count_absent(true), 2);
  listing.note(std::vector<std::string_view>{"known", "new", "known"});
  EXPECT_EQ(listing.size(), 2);
  EXPECT_FALSE(listing.take("known"));
  EXPECT_EQ(listing.count_absent(true), 1);
  EXPECT_EQ(listing.absent(true, "", 10).at(0).sku, "failed");
}

TEST_F(ListingTest, AnotherListStartsEmpty) {
  Database database(path_, Database::Mode::read_only, clock_, metrics_);
  {
    Listing listing(database, "MY_STORE");
    (void)add(listing, {listed("a")});
  }
  Listing listing(database, "MY_STORE");
  EXPECT_EQ(listing.size(), 0);
  EXPECT_FALSE(listing.take("a"));
}

TEST_F(ListingTest, WritesNothingToTheDatabase) {
  Database database(path_, Database::Mode::read_write, clock_, metrics_);
  Listing listing(database, "MY_STORE");
  std::vector<ListedProduct> page;
  for (int i = 0; i < 1000; ++i) page.push_back(listed(std::to_string(i)));
  (void)add(listing, page);
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
}

}  // namespace
}  // namespace pipeline::store
