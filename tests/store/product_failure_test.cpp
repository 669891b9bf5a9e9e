#include "pipeline/store/product_writer.h"

#include "store_fixture.h"

namespace pipeline::store {
namespace {

using namespace std::chrono_literals;

class ProductFailureTest : public StoreTest {
 protected:
  static catalogue::Product failed(std::string_view body = "{\"half\":") {
    catalogue::Product product = make_product("1");
    product.parse_status = catalogue::ParseStatus::fail;
    product.parse_error = "unexpected end";
    product.raw_json = body;
    product.name = "name of the list";
    return product;
  }
  WriteOutcome write(const catalogue::Product& product) {
    Transaction transaction(database_);
    const WriteOutcome outcome = writer_.write(product);
    transaction.commit();
    return outcome;
  }
  std::string row() {
    return text(database_,
                "SELECT json_array(parse_status, parse_error, raw_json, name, content_hash IS NULL, list_hash IS NULL, "
                "updated_at - 1775000001000) FROM products");
  }
  std::string queue() {
    return text(database_, "SELECT coalesce(group_concat(reason || ' ' || status), '') FROM refresh_queue");
  }
  void settle_queue() { database_.execute("test", "UPDATE refresh_queue SET status = 'DONE'"); }

  int compared_ = 0;
  Database database_{path_, Database::Mode::read_write, clock_, metrics_};
  ProductWriter writer_{database_, metrics_,
                        [this](std::string_view, std::string_view) {
                          ++compared_;
                          return std::vector<catalogue::Change>{};
                        },
                        "run-1"};
};

TEST_F(ProductFailureTest, ANewProductThatCannotBeParsedIsStoredButNotQueued) {
  EXPECT_EQ(write(failed()), WriteOutcome::inserted);
  EXPECT_EQ(row(), R"(["PARSE_FAIL","unexpected end","{\"half\":","name of the list",1,1,0])");
  EXPECT_EQ(queue(), "");
}

TEST_F(ProductFailureTest, ABodyThatIsNoTextIsStoredAsBytes) {
  write(failed("\xff\xfe\x01"));
  EXPECT_EQ(text(database_, "SELECT typeof(raw_json) || hex(raw_json) FROM products"), "blobFFFE01");
  EXPECT_EQ(write(failed("\xff\xfe\x01")), WriteOutcome::unchanged);
  EXPECT_EQ(write(failed("\xff\xfe\x02")), WriteOutcome::updated);
  EXPECT_EQ(text(database_, "SELECT hex(raw_json) FROM products"), "FFFE02");
}

TEST_F(ProductFailureTest, AKnownProductKeepsWhatIsKnown) {
  write(make_product("1"));
  clock_.advance(1s);
  EXPECT_EQ(write(failed()), WriteOutcome::updated);
  EXPECT_EQ(row(), R"(["PARSE_FAIL","unexpected end","{\"half\":","이름",0,1,1000])");
  EXPECT_EQ(queue(), "NEW PENDING");
}

TEST_F(ProductFailureTest, TheSameFailureAgainIsNotWritten) {
  write(make_product("1"));
  write(failed());
  clock_.advance(1s);
  EXPECT_EQ(write(failed()), WriteOutcome::unchanged);
  EXPECT_EQ(row(), R"(["PARSE_FAIL","unexpected end","{\"half\":","이름",0,1,0])");
  catalogue::Product otherwise = failed();
  otherwise.parse_error = "another reason";
  EXPECT_EQ(write(otherwise), WriteOutcome::updated);
  EXPECT_EQ(metric("no_change_skip_total"), 1);
}

TEST_F(ProductFailureTest, ParsedForTheFirstTimeItIsNew) {
  write(failed());
  EXPECT_EQ(write(make_product("1")), WriteOutcome::updated);
  EXPECT_EQ(row(), R"(["OK",null,"{\"body\":1}","이름",0,0,0])");
  EXPECT_EQ(queue(), "NEW PENDING");
  EXPECT_EQ(compared_, 0);
}

TEST_F(ProductFailureTest, ParsedAgainWithTheSameContentItIsRestored) {
  write(make_product("1"));
  settle_queue();
  write(failed());
  EXPECT_EQ(write(make_product("1")), WriteOutcome::updated);
  EXPECT_EQ(row(), R"(["OK",null,"{\"body\":1}","이름",0,0,0])");
  EXPECT_EQ(queue(), "NEW DONE");
}

TEST_F(ProductFailureTest, ParsedAgainWithAnotherContentItsColumnsAreCompared) {
  write(make_product("1"));
  settle_queue();
  write(failed());
  catalogue::Product product = make_product("1", "second");
  product.sale_price = 1;
  write(product);
  EXPECT_EQ(queue(), "NEW DONE,PRICE PENDING");
  EXPECT_EQ(compared_, 0);  // there is no body to compare with
  write(failed());
  settle_queue();
  product.content_hash = hash_of("third");
  write(product);
  EXPECT_EQ(queue(), "NEW DONE,PRICE DONE,CONTENT PENDING");
}

TEST_F(ProductFailureTest, ARemovedProductIsBackWhenItParses) {
  write(make_product("1"));
  {
    Transaction transaction(database_);
    writer_.remove({"MY_STORE", "1"});
    transaction.commit();
  }
  settle_queue();
  write(failed());
  EXPECT_EQ(number(database_, "SELECT removed_at IS NOT NULL FROM products"), 1);
  EXPECT_EQ(queue(), "REMOVED DONE");
  write(make_product("1"));
  EXPECT_EQ(number(database_, "SELECT removed_at IS NULL FROM products"), 1);
  EXPECT_EQ(queue(), "REMOVED DONE,NEW PENDING");
}

}  // namespace
}  // namespace pipeline::store
