#include "config_stand.h"
#include "support/sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;

// Several stores in one config file.
namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class StoreRun : public testing::Test {
 protected:
  StoreRun() {
    std::ofstream(stand_.path("secret")) << stand_.store.environment.at("NAVER_COMMERCE_CLIENT_SECRET") << "\n";
    client_id_ = stand_.store.environment.at("NAVER_COMMERCE_CLIENT_ID");
  }

  [[nodiscard]] std::string store(const std::string& name, const std::string& secret_file = "secret") const {
    return fmt::format("[store.{}]\nclient-id = \"{}\"\n", name, client_id_) + stand_.line("db", name + ".db") +
           stand_.line("metrics-dir", name + "-metrics") + stand_.line("client-secret-file", secret_file);
  }
  [[nodiscard]] std::string products(const std::string& db) const {
    return sql_value(stand_.path(db), "SELECT count(*) FROM products");
  }

  ConfigStand stand_;
  std::string client_id_;
};

TEST_F(StoreRun, AStoreHasItsOwnFilesAndCredentials) {
  stand_.write_config(stand_.line("db", "other.db") + store("mugs"));
  stand_.store.environment.erase("NAVER_COMMERCE_CLIENT_ID");
  stand_.store.environment["NAVER_COMMERCE_CLIENT_SECRET"] = "of another store";
  EXPECT_EQ(stand_.run({"sync", "--store", "mugs"}).exit_code, 0);
  EXPECT_NE(products("mugs.db"), "0");
  EXPECT_TRUE(fs::exists(stand_.path("mugs-metrics")));
  EXPECT_FALSE(fs::exists(stand_.path("other.db")));
}

TEST_F(StoreRun, WhatItSaysCountsMoreThanTheEnvironmentAndLessThanTheCommandLine) {
  stand_.write_config(store("mugs"));
  stand_.store.environment["PIPELINE_DB"] = stand_.path("environment.db").string();
  EXPECT_EQ(stand_.run({"sync", "--store", "mugs"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(stand_.path("mugs.db")));
  EXPECT_EQ(stand_.run({"sync", "--store", "mugs", "--db", stand_.path("line.db").string()}).exit_code, 0);
  EXPECT_TRUE(fs::exists(stand_.path("line.db")));
}

TEST_F(StoreRun, ATableWithinItIsACommandsOfThatStore) {
  stand_.write_config(store("mugs") + "[store.mugs.sync]\nlimit = 3\n");
  EXPECT_EQ(stand_.json({"sync", "--store", "mugs", "--dry-run"})["listed"], 3);
}

TEST_F(StoreRun, AWrongOneIsRefusedWithTheNearest) {
  stand_.write_config(store("mugs"));
  const Outcome wrong = stand_.run({"sync", "--store", "mug"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("there is no store mug"), HasSubstr("did you mean mugs?")));
}

TEST_F(StoreRun, ASecretInTheConfigIsRefused) {
  stand_.write_config("[store.mugs]\n" + stand_.line("db", "mugs.db") +
                      "client-secret = \"$2a$04$abcdefghijklmnopqrstuv\"\n");
  const Outcome wrong = stand_.run({"sync", "--store", "mugs"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("client-secret-file"), Not(HasSubstr("$2a$"))));
}

TEST_F(StoreRun, AllOfThemAreRunAndABrokenOneTouchesNoOther) {
  stand_.write_config(store("a") + store("b", "no-such-file") + store("c"));
  for (const std::string parallel : {"1", "3"}) {
    const auto all = stand_.json({"sync", "--all", "--parallel", parallel});
    EXPECT_EQ(all["exit_code"], 2) << "the worst";
    ASSERT_EQ(all["stores"].size(), 3U);
    EXPECT_EQ(all["stores"][0]["store"], "a") << "in the order of the file";
    EXPECT_EQ(all["stores"][0]["exit_code"], 0);
    EXPECT_EQ(all["stores"][0]["summary"]["command"], "sync");
    EXPECT_EQ(all["stores"][1]["exit_code"], 2);
    EXPECT_EQ(all["stores"][2]["exit_code"], 0);
  }
  EXPECT_EQ(products("a.db"), products("c.db"));
  const Outcome table = stand_.run({"status", "--all"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("STORE"), HasSubstr("\na "), HasSubstr("\nb "), HasSubstr("\nc ")));
}

TEST_F(StoreRun, AllMixesNoTwoStores) {
  stand_.write_config(store("a") + store("b"));
  const Outcome line = stand_.run({"sync", "--all", "--db", stand_.path("one.db").string()});
  EXPECT_EQ(line.exit_code, 2);
  EXPECT_THAT(line.err, HasSubstr("--db is one store's, and --all means each"));
  stand_.write_config(store("a") + "[store.b]\nclient-id = \"other\"\n" + stand_.line("db", "./a.db"));
  const Outcome shared = stand_.run({"sync", "--all"});
  EXPECT_EQ(shared.exit_code, 2);
  EXPECT_THAT(shared.err, HasSubstr("the stores a and b have one database"));
  for (const char* const db : {"one.db", "a.db"}) EXPECT_FALSE(fs::exists(stand_.path(db)));
}

TEST_F(StoreRun, AllWritesNoStoresPageOrMetricsOverAnothers) {
  const std::string both = store("a") + store("b");
  stand_.write_config("[night]\n" + stand_.line("page", "page.html") + both);
  const Outcome page = stand_.run({"night", "--all"});
  EXPECT_EQ(page.exit_code, 2) << page.err;
  EXPECT_THAT(page.err, AllOf(HasSubstr("the stores a and b would write one file"), HasSubstr("page.html"),
                              HasSubstr("its own `page`")));
  stand_.write_config(stand_.line("prometheus", "x.prom") + both);
  for (const char* command : {"sync", "night"}) {
    const Outcome metrics = stand_.run({command, "--all"});
    EXPECT_EQ(metrics.exit_code, 2) << metrics.err;
    EXPECT_THAT(metrics.err, AllOf(HasSubstr("x.prom"), HasSubstr("its own `prometheus`")));
  }
  for (const char* const file : {"a.db", "b.db", "page.html", "x.prom"}) EXPECT_FALSE(fs::exists(stand_.path(file)));
  EXPECT_THAT(stand_.run({"status", "--all"}).out, HasSubstr("\nb ")) << "writes neither";

  stand_.write_config(stand_.line("prometheus", "x.prom") + store("a") + stand_.line("prometheus", "a.prom") +
                      store("b"));
  EXPECT_EQ(stand_.run({"sync", "--all"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(stand_.path("a.prom")) && fs::exists(stand_.path("x.prom")));
}

TEST_F(StoreRun, AllOfNoneIsSaid) {
  stand_.write_config(stand_.places());
  const Outcome none = stand_.run({"sync", "--all"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("has no stores"));
}

TEST_F(StoreRun, RemovingOneKeepsTheCommentsOfTheNext) {
  const std::string rest = "\n# of cups\n" + store("cups");
  stand_.write_config("# of mugs\n[ store.\"mugs\" ]\ndb = \"m.db\"\n# old\nmetrics-dir = \"m\"\n" + rest);
  ASSERT_EQ(stand_.run({"store", "remove", "mugs"}).exit_code, 0);
  EXPECT_TRUE(read_file(stand_.config()).starts_with("# of mugs\n" + rest)) << read_file(stand_.config());
}

TEST_F(StoreRun, OneThatIsWrittenInAnotherWayIsNotSaidToBeRemoved) {
  stand_.write_config("[store]\nmugs = {db = \"m.db\"}\n");
  const std::string before = read_file(stand_.config());
  const Outcome outcome = stand_.run({"store", "remove", "mugs"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("store mugs does not stand in a table [store.mugs] of its own: take it out by hand"));
  EXPECT_EQ(read_file(stand_.config()), before);
}

// A night that starts in another folder finds the same files.
TEST_F(StoreRun, PlacesOfANewOneAreWholeNames) {
  stand_.write_config(stand_.places());
  const auto here = [&](const char* name) { return fs::relative(stand_.path(name)).string(); };
  ASSERT_EQ(stand_
                .run({"store", "add", "cups", "--folder", here("cups"), "--posts", here("posts"),
                      "--client-secret-file", here("s")})
                .exit_code,
            0);
  const auto values = stand_.json({"store", "list"})["stores"][0]["values"];
  EXPECT_EQ(values["db"], stand_.path("cups/store.db").string());
  EXPECT_EQ(values["posts"], stand_.path("posts").string());
  EXPECT_EQ(values["client-secret-file"], stand_.path("s").string());
}

// One that a link leads to is another's as well.
TEST_F(StoreRun, TwoInOneDatabaseAreFoundBehindALink) {
  std::ofstream(stand_.path("a.db")) << "";
  fs::create_symlink("a.db", stand_.path("b.db"));
  stand_.write_config(store("a") + store("b"));
  const Outcome outcome = stand_.run({"sync", "--all"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the stores a and b have one database"));
}

TEST_F(StoreRun, AreAddedListedAndRemovedWithoutTouchingTheRest) {
  stand_.write_config("# 주석\n" + stand_.places() + store("mugs") + "[store.mugs.sync]\nlimit = 3\n");
  const std::string before = read_file(stand_.config());
  ASSERT_EQ(stand_
                .run({"store", "add", "cups", "--client-id", client_id_, "--client-secret-file",
                      stand_.path("secret").string(), "--folder", stand_.path("cups").string()})
                .exit_code,
            0);
  EXPECT_TRUE(read_file(stand_.config()).starts_with(before));
  const auto list = stand_.json({"store", "list"})["stores"];
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[1]["store"], "cups");
  EXPECT_EQ(stand_.run({"sync", "--store", "cups"}).exit_code, 0);

  ASSERT_EQ(stand_.run({"store", "remove", "mugs"}).exit_code, 0);
  const std::string after = read_file(stand_.config());
  EXPECT_THAT(
      after, AllOf(HasSubstr("# 주석\ndb = "), HasSubstr("[sync]"), HasSubstr("[store.cups]"), Not(HasSubstr("mugs"))));
  EXPECT_EQ(stand_.run({"store", "add", "cups"}).exit_code, 2) << "it is there";
  EXPECT_EQ(stand_.run({"store", "remove", "plates"}).exit_code, 2);
  EXPECT_EQ(stand_.run({"store", "add", "../x"}).exit_code, 2);
}

}  // namespace
}  // namespace pipeline::test
