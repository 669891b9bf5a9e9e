#include "parse.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::parse;
using test::parse_as;
using test::ScopedEnvironment;
using test::usage_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Format = sheet::Format;

UpsertCommand parse_upsert(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "upsert");
  return parse_as<UpsertCommand>(arguments);
}

std::string upsert_error(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "upsert");
  return usage_error(arguments);
}

TEST(UpsertOptions, HaveTheDocumentedDefaults) {
  const auto upsert = parse_upsert({"a.jsonl"});
  EXPECT_THAT(upsert.inputs, ElementsAre("a.jsonl"));
  EXPECT_EQ(upsert.options.layout.format, Format::automatic);
  EXPECT_EQ(upsert.options.batch_size, 1000);
  EXPECT_FALSE(upsert.options.row_commits);
  EXPECT_TRUE(upsert.options.hash_skip);
  EXPECT_TRUE(upsert.key_index);
  EXPECT_EQ(upsert.options.source, "MY_STORE");
  EXPECT_EQ(upsert.options.rejects, "");
  EXPECT_FALSE(upsert.common.dry_run);
  EXPECT_FALSE(upsert.options.replace);
  EXPECT_FALSE(upsert.options.complete);
  EXPECT_EQ(store::to_string(upsert.options.max_removals), "10%");
  EXPECT_EQ(upsert.common.lock_wait, seconds(30));
  EXPECT_EQ(upsert.common.db, "pipeline.db");
  EXPECT_EQ(upsert.common.metrics_dir, "metrics");
}

TEST(UpsertOptions, SayHowATableIsRead) {
  const auto upsert =
      parse_upsert({"--map", "a=b=name", "--map", "메모=raw_json", "상품.csv", "--sheet", "2", "--header-row", "3",
                    "--delimiter", "tab", "--encoding", "cp949", "--sku-from", "seller_management_code"});
  EXPECT_THAT(upsert.inputs, ElementsAre("상품.csv")) << "is no rule";
  ASSERT_EQ(upsert.options.columns.map.size(), 2U);
  EXPECT_EQ(upsert.options.columns.map[0].name, "a=b");
  EXPECT_EQ(upsert.options.columns.map[0].column, catalogue::Column::name);
  EXPECT_EQ(upsert.options.columns.map[1].column, std::nullopt);
  EXPECT_EQ(upsert.options.columns.sku_from, catalogue::Column::seller_management_code);
  EXPECT_EQ(upsert.options.layout.sheet, "2");
  EXPECT_EQ(upsert.options.layout.header_row, 3);
  EXPECT_EQ(upsert.options.layout.separator, '\t');
  EXPECT_EQ(upsert.options.layout.encoding, "cp949");
  for (const auto& [word, sign] : std::vector<std::pair<std::string, char>>{{";", ';'}, {"bar", '|'}, {"^", '^'}})
    EXPECT_EQ(parse_upsert({"--delimiter", word, "a"}).options.layout.separator, sign);
}

TEST(UpsertOptions, EachReachesItsField) {
  const auto upsert = parse_upsert({"--format",
                                    "csv",
                                    "--batch-size=7",
                                    "--commit",
                                    "row",
                                    "--hash-skip",
                                    "off",
                                    "b.csv",
                                    "--sku-index",
                                    "off",
                                    "--source",
                                    "OTHER",
                                    "--reject-file",
                                    "bad",
                                    "-",
                                    "--dry-run",
                                    "--lock-wait",
                                    "200ms",
                                    "--db",
                                    "a.db",
                                    "--json",
                                    "--replace",
                                    "--complete",
                                    "--max-removals",
                                    "25"});
  EXPECT_TRUE(upsert.options.replace);
  EXPECT_TRUE(upsert.options.complete);
  EXPECT_EQ(store::to_string(upsert.options.max_removals), "25");
  EXPECT_THAT(upsert.inputs, ElementsAre("b.csv", "-"));
  EXPECT_EQ(upsert.options.layout.format, Format::csv);
  EXPECT_EQ(upsert.options.batch_size, 7);
  EXPECT_TRUE(upsert.options.row_commits);
  EXPECT_FALSE(upsert.options.hash_skip);
  EXPECT_FALSE(upsert.key_index);
  EXPECT_EQ(upsert.options.source, "OTHER");
  EXPECT_EQ(upsert.options.rejects, "bad");
  EXPECT_TRUE(upsert.common.dry_run);
  EXPECT_EQ(upsert.common.lock_wait, milliseconds(200));
  EXPECT_EQ(upsert.common.db, "a.db");
  EXPECT_TRUE(upsert.common.json);
}

TEST(UpsertOptions, ChoicesHaveTheirOtherWords) {
  EXPECT_EQ(parse_upsert({"-", "--format", "jsonl"}).options.layout.format, Format::jsonl);
  EXPECT_EQ(parse_upsert({"-", "--format", "csv", "--format", "auto"}).options.layout.format, Format::automatic);
  EXPECT_FALSE(parse_upsert({"-", "--commit", "row", "--commit", "batch"}).options.row_commits);
  EXPECT_TRUE(parse_upsert({"-", "--hash-skip", "off", "--hash-skip", "on"}).options.hash_skip);
  EXPECT_TRUE(parse_upsert({"-", "--sku-index", "off", "--sku-index", "on"}).key_index);
}

TEST(UpsertOptions, FilesStandInTheirOrderAndMayLookLikeOptions) {
  EXPECT_THAT(parse_upsert({"b", "-", "a", "b"}).inputs, ElementsAre("b", "-", "a", "b"));
  EXPECT_THAT(parse_upsert({"--", "--json", "-x"}).inputs, ElementsAre("--json", "-x"));
}

TEST(UpsertOptions, AWrongValueNamesItsOption) {
  const std::pair<std::string, std::vector<std::string>> cases[] = {
      {"--format", {"xml", "JSONL", ""}},    {"--batch-size", {"0", "-1", "100001", "x", "1.5", ""}},
      {"--commit", {"never", "on", ""}},     {"--hash-skip", {"yes", "true", ""}},
      {"--sku-index", {"none", "0", ""}},    {"--source", {""}},
      {"--lock-wait", {"0", "soon", "-1s"}},
  };
  for (const auto& [option, values] : cases)
    for (const auto& value : values)
      EXPECT_THAT(upsert_error({"a.jsonl", option + "=" + value}), HasSubstr(option)) << option << " " << value;
}

TEST(UpsertOptions, WhatWouldCountForNothingIsRefused) {
  EXPECT_THAT(upsert_error({"a", "--max-removals", "5"}), HasSubstr("--max-removals: goes with --complete"));
  EXPECT_EQ(parse_upsert({"a", "--max-removals", "5", "--complete"}).options.max_removals.products, 5);
  EXPECT_THAT(upsert_error({"a", "--map", "메모=brand", "--map", "메 모=name"}),
              HasSubstr("--map: says twice what the column 메 모 is"));
  for (const char* option : {"--db", "--metrics-dir", "--reject-file", "--prometheus", "--source"})
    EXPECT_THAT(upsert_error({"a", option, ""}), HasSubstr(std::string(option) + ": is empty"));
  EXPECT_EQ(parse_upsert({"a", "--source", " COUPANG "}).options.source, "COUPANG");
}

TEST(UpsertOptions, WhatIsMissingOrUnknownIsNamed) {
  EXPECT_THAT(upsert_error({}), HasSubstr("FILE"));
  EXPECT_THAT(upsert_error({"a", "--batchsize", "5"}), HasSubstr("--batchsize"));
}

TEST(UpsertOptions, MayStandInTheEnvironment) {
  const ScopedEnvironment set({{"PIPELINE_UPSERT_BATCH_SIZE", "9"},
                               {"PIPELINE_UPSERT_FORMAT", "csv"},
                               {"PIPELINE_UPSERT_HASH_SKIP", "off"},
                               {"PIPELINE_UPSERT_SOURCE", "OTHER"},
                               {"PIPELINE_UPSERT_REJECT_FILE", "bad"},
                               {"PIPELINE_UPSERT_LOCK_WAIT", "1s"},
                               {"PIPELINE_DB", "env.db"}});
  const auto upsert = parse_upsert({"a", "--source", "MINE"});
  EXPECT_EQ(upsert.options.batch_size, 9);
  EXPECT_EQ(upsert.options.layout.format, Format::csv);
  EXPECT_FALSE(upsert.options.hash_skip);
  EXPECT_EQ(upsert.options.source, "MINE");
  EXPECT_EQ(upsert.options.rejects, "bad");
  EXPECT_EQ(upsert.common.lock_wait, seconds(1));
  EXPECT_EQ(upsert.common.db, "env.db");
}

TEST(UpsertOptions, TheConfigFileHasATableForThem) {
  const test::TempDir folder;
  const auto path = (folder / "pipeline.toml").string();
  std::ofstream(path) << "db = \"toml.db\"\n[upsert]\nbatch-size = 11\ncommit = \"row\"\n";
  const auto upsert = parse_upsert({"a", "--config", path});
  EXPECT_EQ(upsert.common.db, "toml.db");
  EXPECT_EQ(upsert.options.batch_size, 11);
  EXPECT_TRUE(upsert.options.row_commits);
  std::ofstream(path) << "[upsert]\nworkers = 3\n";
  EXPECT_THAT(upsert_error({"a", "--config", path}), HasSubstr(path + ":2: upsert has no option workers"));
}

TEST(UpsertOptions, HaveTheirHelp) {
  const auto help = parse({"upsert", "--help"}).text;
  for (const auto* option :
       {"--format auto|csv|jsonl", "--batch-size N", "[1000]", "--commit batch|row", "[batch]", "--hash-skip off|on",
        "--sku-index off|on", "--source NAME", "[MY_STORE]", "--reject-file FILE", "--dry-run", "--lock-wait TIME",
        "[30s]", "--db", "--metrics-dir", "sale_price", "PIPELINE_UPSERT_<OPTION>", "Exit codes:"})
    EXPECT_THAT(help, HasSubstr(option));
  EXPECT_THAT(parse({"--help"}).text, HasSubstr("upsert"));
}

}  // namespace
}  // namespace pipeline::cli
