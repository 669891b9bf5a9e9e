#include "pipeline/naver/credentials.h"

#include "pipeline/base/error.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

namespace pipeline::naver {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

const std::string kSecret = "$2a$10$abcdefghijklmnopqrstuv";

using Variables = std::map<std::string, std::string>;

Credentials read(const Variables& variables) {
  return read_credentials([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

class CredentialsTest : public testing::Test {
 protected:
  std::string file_with(const std::string& content) {
    const auto path = dir_ / ("file" + std::to_string(++files_));
    std::ofstream(path) << content;
    return path.string();
  }

  Variables set_{{"NAVER_COMMERCE_CLIENT_ID", "client"}, {"NAVER_COMMERCE_CLIENT_SECRET", kSecret}};
  const test::TempDir dir_;
  int files_ = 0;
};

TEST(ClientSecret, IsABcryptSalt) {
  for (const std::string good : {"$2a$10$abcdefghijklmnopqrstuv", "$2b$04$./AZaz0123456789ABCDEF",
                                 "$2y$31$abcdefghijklmnopqrstuv", "$2a$10$abcdefghijklmnopqrstuvwxyz"})
    EXPECT_TRUE(is_client_secret(good)) << good;
}

TEST(ClientSecret, NothingElse) {
  const std::pair<std::string, std::string_view> bad[] = {
      {"", "empty"},
      {"0", "a dotenv file that expands all variables"},
      {"a0abcdefghijklmnopqrstuv", "a shell that takes $2, $1 and $a for its own"},
      {"2a10abcdefghijklmnopqrstuv", "the $ signs deleted"},
      {"\\$2a\\$10\\$abcdefghijklmnopqrstuv", "backslashes kept"},
      {"'$2a$10$abcdefghijklmnopqrstuv'", "quotes kept"},
      {" $2a$10$abcdefghijklmnopqrstuv", "a space in front"},
      {"$2a$10$abcdefghijklmnopqrstu", "one character short"},
      {"$2x$10$abcdefghijklmnopqrstuv", "another scheme"},
      {"$1a$10$abcdefghijklmnopqrstuv", "another scheme"},
      {"$2a$1$abcdefghijklmnopqrstuvw", "a cost of one digit"},
      {"$2a$1x$abcdefghijklmnopqrstuv", "a cost that is no number"},
      {"$2a$10-abcdefghijklmnopqrstuv", "no third $"},
      {"$2a$10$abcdefghijklmnopqrst+v", "a character outside of bcrypt's alphabet"},
  };
  for (const auto& [text, what] : bad) EXPECT_FALSE(is_client_secret(text)) << what;
}

TEST_F(CredentialsTest, ComeFromTheEnvironment) {
  const auto own = read(set_);
  EXPECT_EQ(own.client_id, "client");
  EXPECT_EQ(own.client_secret, kSecret);
  EXPECT_EQ(own.account_id, "");
  set_["NAVER_COMMERCE_ACCOUNT_ID"] = "seller";
  EXPECT_EQ(read(set_).account_id, "seller");
}

TEST_F(CredentialsTest, ComeFromFilesWithoutTheLineEndEditorsAdd) {
  const auto credentials = read({{"NAVER_COMMERCE_CLIENT_ID_FILE", file_with("client\r\n")},
                                 {"NAVER_COMMERCE_CLIENT_SECRET_FILE", file_with(kSecret + "\n")},
                                 {"NAVER_COMMERCE_ACCOUNT_ID_FILE", file_with("seller")}});
  EXPECT_EQ(credentials.client_id, "client");
  EXPECT_EQ(credentials.client_secret, kSecret);
  EXPECT_EQ(credentials.account_id, "seller");
}

TEST_F(CredentialsTest, TheVariableGoesBeforeItsFile) {
  set_["NAVER_COMMERCE_CLIENT_ID_FILE"] = file_with("other");
  EXPECT_EQ(read(set_).client_id, "client");
  set_["NAVER_COMMERCE_CLIENT_ID"] = "";
  EXPECT_EQ(read(set_).client_id, "other");
}

TEST_F(CredentialsTest, WhatIsMissingIsNamed) {
  for (const std::string name : {"NAVER_COMMERCE_CLIENT_ID", "NAVER_COMMERCE_CLIENT_SECRET"}) {
    auto variables = set_;
    variables.erase(name);
    EXPECT_THAT([&] { (void)read(variables); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr(name + " is not set"), HasSubstr(name + "_FILE"))));
    variables[name + "_FILE"] = file_with("\n");
    EXPECT_THAT([&] { (void)read(variables); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr(variables[name + "_FILE"] + " is empty"), HasSubstr(name))));
  }
}

TEST_F(CredentialsTest, AFileThatCannotBeReadIsNamed) {
  set_.erase("NAVER_COMMERCE_CLIENT_ID");
  set_["NAVER_COMMERCE_CLIENT_ID_FILE"] = (dir_ / "none").string();
  EXPECT_THAT([&] { (void)read(set_); }, ThrowsMessage<UsageError>(AllOf(HasSubstr("NAVER_COMMERCE_CLIENT_ID_FILE"),
                                                                         HasSubstr((dir_ / "none").string()))));
}

TEST_F(CredentialsTest, AWrongSecretIsRefusedWithTheLikelyCauseAndWithoutShowingIt) {
  set_["NAVER_COMMERCE_CLIENT_SECRET"] = "0bcdefghijklmnopqrstuv";  // $2a, $1 and $a eaten by a shell
  EXPECT_THAT([&] { (void)read(set_); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("NAVER_COMMERCE_CLIENT_SECRET"), HasSubstr("$ signs"),
                                              HasSubstr("single quotes"), Not(HasSubstr("bcdefgh")))));
}

TEST_F(CredentialsTest, WhatStandsAroundAValueIsDropped) {
  const std::string mark = "\xEF\xBB\xBF";  // of byte order
  const std::string no_break = "\xC2\xA0", wide = "\xE3\x80\x80", zero_width = "\xE2\x80\x8B";
  const std::pair<std::string, std::string> around[] = {
      {mark, ""},           {mark, "\r\n"},     {"", "  "}, {"\n", ""},     {"\r\n\r\n", "\n"}, {"\t ", " \t"},
      {no_break, no_break}, {wide, zero_width}, {"'", "'"}, {"\"", "\"\n"}, {" ' ", " ' "},     {mark + "\n\"", "\""}};
  for (const auto& [before, behind] : around) {
    const auto in = [&before = before, &behind = behind](const std::string& value) { return before + value + behind; };
    const auto of_variables = read({{"NAVER_COMMERCE_CLIENT_ID", in("client")},
                                    {"NAVER_COMMERCE_CLIENT_SECRET", in(kSecret)},
                                    {"NAVER_COMMERCE_ACCOUNT_ID", in("seller")}});
    const auto of_files = read({{"NAVER_COMMERCE_CLIENT_ID_FILE", file_with(in("client"))},
                                {"NAVER_COMMERCE_CLIENT_SECRET_FILE", file_with(in(kSecret))},
                                {"NAVER_COMMERCE_ACCOUNT_ID_FILE", file_with(in("seller"))}});
    for (const auto& credentials : {of_variables, of_files}) {
      EXPECT_EQ(credentials.client_id, "client") << before << behind;
      EXPECT_EQ(credentials.client_secret, kSecret) << before << behind;
      EXPECT_EQ(credentials.account_id, "seller") << before << behind;
    }
  }
}

TEST_F(CredentialsTest, AVariableOfBlanksIsNotSet) {
  set_["NAVER_COMMERCE_ACCOUNT_ID"] = " \n";
  EXPECT_EQ(read(set_).account_id, "");
  set_["NAVER_COMMERCE_ACCOUNT_ID_FILE"] = file_with("seller");
  EXPECT_EQ(read(set_).account_id, "seller");
}

TEST_F(CredentialsTest, AFileInUtf16IsRefusedWithWhatToDo) {
  using namespace std::string_literals;
  set_.erase("NAVER_COMMERCE_CLIENT_ID");
  for (const auto& content : {"\xFF\xFE"
                              "c\0l\0"s,
                              "\xFE\xFF\0c\0l"s, "c\0l\0"s}) {
    set_["NAVER_COMMERCE_CLIENT_ID_FILE"] = file_with(content);
    EXPECT_THAT([&] { (void)read(set_); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("NAVER_COMMERCE_CLIENT_ID_FILE"), HasSubstr("UTF-16"),
                                                HasSubstr("save it as UTF-8"))));
  }
}

TEST_F(CredentialsTest, MoreThanTheValueIsRefusedWithoutShowingIt) {
  set_.erase("NAVER_COMMERCE_CLIENT_SECRET");
  for (const auto& content : {"NAVER_COMMERCE_CLIENT_SECRET=" + kSecret, kSecret + "\n" + kSecret, "id " + kSecret}) {
    set_["NAVER_COMMERCE_CLIENT_SECRET_FILE"] = file_with(content);
    EXPECT_THAT([&] { (void)read(set_); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("the value alone"), Not(HasSubstr("abcdefgh")))));
  }
}

TEST(Identity, TellsIdsApartAndHoldsNoSecret) {
  const auto one = identity_of({"client-1234", kSecret, ""});
  EXPECT_EQ(one.client_id_end, "1234");
  EXPECT_EQ(one.account_id_end, "");
  EXPECT_EQ(one.digest, identity_of({"client-1234", "$2a$10$zzzzzzzzzzzzzzzzzzzzzz", ""}).digest);
  EXPECT_NE(one.digest, identity_of({"client-1235", kSecret, ""}).digest);
  EXPECT_NE(one.digest, identity_of({"client-1234", kSecret, "seller"}).digest);
  EXPECT_NE(identity_of({"ab", kSecret, "c"}).digest, identity_of({"a", kSecret, "bc"}).digest);
  EXPECT_EQ(identity_of({"abc", kSecret, "x"}).client_id_end, "abc");
}

TEST(ProcessEnvironment, TellsUnsetFromEmpty) {
  ::setenv("PIPELINE_TEST_VARIABLE", "", 1);
  EXPECT_EQ(process_environment("PIPELINE_TEST_VARIABLE"), "");
  ::unsetenv("PIPELINE_TEST_VARIABLE");
  EXPECT_EQ(process_environment("PIPELINE_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace pipeline::naver
